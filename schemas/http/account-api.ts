/** Signing in, one's own account and its security, as they cross the wire. Beside `api.ts`, and under the same rules. */
export type SignInMethod = 'password' | 'password+code' | 'password+recovery-code' | 'passkey' | 'provider';

// GET /api/session/ways → SignInWays (no sign-in)
export interface SignInWays {
  passwords: { least: number; isMixed: boolean };
  /** The address of the page that passkeys are bound to; absent where there are none. */
  passkeysAt?: string;
  /** What the button of the provider says; GET /api/session/provider leads there. */
  provider?: string;
}

// POST /api/session/passkey/options → options for the browser;  POST /api/session/passkey { response } → Me
// GET /api/session/provider → 302;  GET /api/session/provider/callback → 302 to `/`, or to `/?refused=provider`
// POST /api/password-reset PasswordReset → 204
export interface PasswordReset {
  /** Of the link of an administrator. */
  token: string;
  newPassword: string;
}

// POST /api/session/proof ProofRequest → Proof;  POST /api/session/proof/options → options for the browser
/** To show again who one is: a password, a code of the app, both, or a passkey. */
export interface ProofRequest {
  /** What it is for, as `record.sign:<id>`; `account` for one's own factors. */
  act: string;
  password?: string;
  code?: string;
  passkey?: object;
}
/** Good once, for two minutes, for this act, in this session. */
export interface Proof {
  proof: string;
  until: string;
}

// GET /api/account → AccountSecurity
export interface AccountSecurity {
  hasPassword: boolean;
  passwordChangedAt?: string;
  needsSecondFactor: boolean;
  /** Absent without an app. */
  totpSince?: string;
  /** How many are left. */
  recoveryCodes: number;
  passkeys: Passkey[];
  mayAddPasskeys: boolean;
  /** Who one is at the provider. */
  links: { issuer: string; subject: string }[];
  /** The newest first. */
  sessions: SessionEntry[];
}
export interface Passkey {
  id: string;
  name: string;
  createdAt: string;
  usedAt?: string;
}
export interface SessionEntry {
  id: string;
  startedAt: string;
  seenAt: string;
  method: SignInMethod;
  /** Browser, system and shape, as `chrome/windows/desktop`. */
  device: string;
  address: string;
  isThis: boolean;
}

// PUT /api/account/password PasswordChange → 204
export interface PasswordChange {
  password: string;
  newPassword: string;
}
// These ask for a proof of the last ten minutes (403 proof-required):
// POST /api/account/totp → TotpOffer;  PUT /api/account/totp { code } → RecoveryCodes;  DELETE /api/account/totp → 204
// POST /api/account/recovery-codes → RecoveryCodes
// POST /api/account/passkeys/options → options;  POST /api/account/passkeys { name, response } → Passkey
// PUT /api/account/passkeys/:id { name } → 204;  DELETE /api/account/passkeys/:id → 204
export interface TotpOffer {
  /** Base32, to be typed where no picture can be taken. */
  secret: string;
  uri: string;
  /** The `uri` as a QR code, an SVG document. */
  picture: string;
}
export interface RecoveryCodes {
  recoveryCodes: string[];
}
// DELETE /api/account/sessions → 204 (all but this one);  DELETE /api/account/sessions/:id → 204

// PUT /api/accounts/:id/status { status } → 204;  POST /api/accounts/:id/reset { factors? } → ResetLink
// GET /api/accounts/:id/sessions → { items: SessionEntry[] };  DELETE /api/accounts/:id/sessions → 204;  PUT /api/accounts/:id/provider { subject } → 204
export interface ResetLink {
  /** Goes behind the `#` of `/reset`. */
  token: string;
  until: string;
}

// GET /api/openings/sites → { items: Site[] };  POST /api/openings OpeningRequest → { id, until };  DELETE /api/openings/:id → 204
// GET /api/sites/:siteId/openings → Page<OpeningEntry> (for who reads the audit trail there)
export interface OpeningRequest {
  siteId: string;
  level: 'records' | 'identifiers';
  /** 5 to 240. */
  minutes: number;
  /** 10 to 500 characters, and nothing of a patient. */
  reason: string;
}
export interface OpeningEntry {
  id: string;
  accountId: string;
  by: string;
  level: 'records' | 'identifiers';
  reason: string;
  openedAt: string;
  until: string;
  /** Before its time. */
  isClosed: boolean;
  /** What was done at the site meanwhile, the first two hundred. */
  done: { at: string; action: string; entity: string; entityId: string }[];
}
