/** The requests of signing in by other ways, and of accounts; typed by `schemas/http/account-api.ts`. */
import type { AccountSecurity, OpeningEntry, OpeningRequest, Passkey, PasswordChange, PasswordReset, Proof, ProofRequest, RecoveryCodes, ResetLink, SessionEntry, SignInWays, TotpOffer } from '../schemas/http/account-api.ts';
import type { Me, Page, Site } from '../schemas/http/api.ts';
import { json } from './request.ts';

type Signal = AbortSignal | undefined;
const post = (body?: unknown) => ({ method: 'POST', ...(body === undefined ? {} : { body }) }) as const;
const put = (body: unknown) => ({ method: 'PUT', body }) as const;
const remove = { method: 'DELETE' } as const;

export const getSignInWays = () => json<SignInWays>('/api/session/ways', { renews: false });
export const beginPasskeySignIn = () => json<object>('/api/session/passkey/options', { ...post(), renews: false });
export const signInWithPasskey = (response: object) => json<Me>('/api/session/passkey', { ...post({ response }), renews: false });
export const resetPassword = (request: PasswordReset) => json<void>('/api/password-reset', { ...post(request), renews: false });

export const beginProof = () => json<object>('/api/session/proof/options', post());
/** @throws Problem `sign-in-refused`, `second-factor-refused`, `passkey-refused`, `account-locked` */
export const prove = (request: ProofRequest) => json<Proof>('/api/session/proof', post(request));

export const getAccount = (signal?: Signal) => json<AccountSecurity>('/api/account', { signal });
export const changePassword = (request: PasswordChange) => json<void>('/api/account/password', put(request));
export const beginTotp = () => json<TotpOffer>('/api/account/totp', post());
export const confirmTotp = (code: string) => json<RecoveryCodes>('/api/account/totp', put({ code }));
export const removeTotp = () => json<void>('/api/account/totp', remove);
export const renewRecoveryCodes = () => json<RecoveryCodes>('/api/account/recovery-codes', post());
export const beginPasskey = () => json<object>('/api/account/passkeys/options', post());
export const addPasskey = (name: string, response: object) => json<Passkey>('/api/account/passkeys', post({ name, response }));
export const renamePasskey = (id: string, name: string) => json<void>(`/api/account/passkeys/${id}`, put({ name }));
export const removePasskey = (id: string) => json<void>(`/api/account/passkeys/${id}`, remove);
/** Without an id all but this one. */
export const endSessions = (id?: string) => json<void>(`/api/account/sessions${id ? `/${id}` : ''}`, remove);

export const setAccountStatus = (accountId: string, status: 'active' | 'disabled') => json<void>(`/api/accounts/${accountId}/status`, put({ status }));
export const openReset = (accountId: string, factors: boolean) => json<ResetLink>(`/api/accounts/${accountId}/reset`, post({ factors }));
export const listSessionsOf = (accountId: string, signal?: Signal) => json<{ items: SessionEntry[] }>(`/api/accounts/${accountId}/sessions`, { signal });
export const endSessionsOf = (accountId: string) => json<void>(`/api/accounts/${accountId}/sessions`, remove);

export const listSitesToOpen = (signal?: Signal) => json<{ items: Site[] }>('/api/openings/sites', { signal });
export const openAccess = (request: OpeningRequest) => json<{ id: string; until: string }>('/api/openings', post(request));
export const closeAccess = (id: string) => json<void>(`/api/openings/${id}`, remove);
export const listOpenings = (siteId: string, after?: string, signal?: Signal) => json<Page<OpeningEntry>>(`/api/sites/${siteId}/openings?limit=50${after ? `&after=${after}` : ''}`, { signal });
