/** The tables of migrations/, written by hand; a test compares them with the real ones. Instants are Dates, civil dates text. */
import type { ColumnType } from 'kysely';
import type { Data, Missing, Pointer, Value } from '../schemas/form.ts';
import type { Device } from '../schemas/history/device.ts';
import type { Origin, RecordStatus, Role, VisitKind } from '../schemas/http/api.ts';

declare const isJson: unique symbol;
/** JSON text, made by `json()`: the two drivers disagree about bare arrays, so nothing else is taken. */
export type Json = string & { readonly [isJson]: true };

/** A value with a default. */
type Defaulted<T> = ColumnType<T, T | undefined, T>;
type Jsonb<T> = ColumnType<T, Json, never>;
/** Never changed after it is inserted. */
type Fixed<T> = ColumnType<T, T, never>;
type Stamp = ColumnType<Date, Date | undefined, never>;

export interface Database {
  site: SiteTable;
  account: AccountTable;
  account_name: AccountNameTable;
  membership: MembershipTable;
  session: SessionTable;
  sign_in_attempt: SignInAttemptTable;
  former_password: FormerPasswordTable;
  totp: TotpTable;
  recovery_code: RecoveryCodeTable;
  passkey: PasskeyTable;
  identity_link: IdentityLinkTable;
  one_time_token: OneTimeTokenTable;
  access_opening: AccessOpeningTable;
  setup_token: SetupTokenTable;
  security_event: SecurityEventTable;
  subject: SubjectTable;
  subject_fact: SubjectFactTable;
  subject_blind_index: SubjectBlindIndexTable;
  site_key: SiteKeyTable;
  subject_key: SubjectKeyTable;
  visit: VisitTable;
  visit_state: VisitStateTable;
  lesion: LesionTable;
  specimen: SpecimenTable;
  image: ImageTable;
  contribution: ContributionTable;
  record: RecordTable;
  record_version: RecordVersionTable;
  audit_event: AuditEventTable;
  history_anchor: HistoryAnchorTable;
  import_file: ImportFileTable;
  import_row: ImportRowTable;
  protocol_run: ProtocolRunTable;
  protocol_record: ProtocolRecordTable;
  protocol_aliquot: ProtocolAliquotTable;
  protocol_event: ProtocolEventTable;
  value_set_import: ValueSetImportTable;
  value_set_code: ValueSetCodeTable;
}

export interface SiteTable {
  id: Fixed<string>;
  code: string;
  name: string;
  name_en: string | null;
  status: Defaulted<'active' | 'closed'>;
  numbered: Defaulted<number>;
  created_at: Stamp;
  /** Of WS 218. */
  organisation_code: string | null;
}

export interface AccountTable {
  id: Fixed<string>;
  username: string;
  display_name: string;
  /** Null for somebody who is named in records and never signs in. */
  password_hash: string | null;
  status: Defaulted<'active' | 'disabled'>;
  created_at: Stamp;
  password_changed_at: Date | null;
}

/** A former name. */
export interface AccountNameTable {
  account_id: Fixed<string>;
  /** Civil date of the first day on which it was no longer the name. */
  valid_to: Fixed<string>;
  name: Fixed<string>;
  created_at: Stamp;
}

export interface MembershipTable {
  id: Fixed<string>;
  account_id: string;
  /** Null is the whole network. */
  site_id: string | null;
  role: Role;
  created_at: Stamp;
}

export interface SessionTable {
  token_hash: Fixed<Uint8Array>;
  account_id: Fixed<string>;
  created_at: Stamp;
  expires_at: Date;
  id: ColumnType<string, string | undefined, never>;
  method: ColumnType<SignInMethod, SignInMethod | undefined, never>;
  /** Browser, system and shape, as schemas/history/device.ts has it. */
  device: ColumnType<string, string | undefined, never>;
  address: Defaulted<string>;
  last_seen_at: Defaulted<Date>;
  /** When the person last showed who they are. */
  proven_at: Defaulted<Date>;
  /** What must be done before anything else. */
  pending: 'second-factor' | null;
}

export type SignInMethod = 'password' | 'password+code' | 'password+recovery-code' | 'passkey' | 'provider';

export interface FormerPasswordTable {
  account_id: Fixed<string>;
  created_at: Stamp;
  password_hash: Fixed<string>;
}

export interface TotpTable {
  account_id: Fixed<string>;
  key_id: string;
  ciphertext: Uint8Array;
  confirmed_at: Date | null;
  /** The last step of thirty seconds of which a code was taken. */
  last_step: Defaulted<number>;
  created_at: Stamp;
}

export interface RecoveryCodeTable {
  account_id: Fixed<string>;
  code_hash: Fixed<Uint8Array>;
}

export interface PasskeyTable {
  id: Fixed<string>;
  account_id: Fixed<string>;
  /** Base64url. */
  credential_id: Fixed<string>;
  public_key: Fixed<Uint8Array>;
  counter: number;
  /** With commas between. */
  transports: ColumnType<string, string | undefined, never>;
  name: string;
  created_at: Stamp;
  last_used_at: Date | null;
}

export interface IdentityLinkTable {
  issuer: Fixed<string>;
  subject: Fixed<string>;
  account_id: Fixed<string>;
  created_at: Stamp;
  last_used_at: Date | null;
}

export interface OneTimeTokenTable {
  token_hash: Fixed<Uint8Array>;
  purpose: Fixed<OneTimePurpose>;
  account_id: Fixed<string | null>;
  session_id: Fixed<string | null>;
  detail: ColumnType<{ [key: string]: unknown }, Json | undefined, never>;
  created_at: Stamp;
  expires_at: Fixed<Date>;
}

export type OneTimePurpose = 'password-reset' | 'passkey-registration' | 'passkey-sign-in' | 'passkey-proof' | 'provider' | 'proof';

/** What somebody opened for a while, against a written reason. */
export interface AccessOpeningTable {
  id: Fixed<string>;
  site_id: Fixed<string>;
  account_id: Fixed<string>;
  level: Fixed<'records' | 'identifiers'>;
  reason: Fixed<string>;
  opened_at: Stamp;
  until: Date;
  closed_at: Date | null;
}

export interface SignInAttemptTable {
  username_hash: Fixed<Uint8Array>;
  failures: number;
  locked_until: Date | null;
  last_at: Defaulted<Date>;
}

export interface SetupTokenTable {
  token_hash: Fixed<Uint8Array>;
  created_at: Stamp;
  expires_at: Date;
  used_at: Date | null;
}

export interface SecurityEventTable {
  id: Fixed<string>;
  at: Stamp;
  account_id: Fixed<string | null>;
  action: Fixed<string>;
  detail: ColumnType<{ [key: string]: unknown }, Json | undefined, never>;
  device: ColumnType<Device | null, Json | null, never>;
  digest: Fixed<Uint8Array>;
}

interface Clinical {
  site_id: Fixed<string>;
}
interface Created {
  created_at: Stamp;
  created_by: Fixed<string>;
}

export interface SubjectTable extends Clinical, Created {
  id: Fixed<string>;
  study_number: string;
  sex: string | null;
  birth_date: string | null;
  /** Null while it is the same on all days. */
  sex_by_day: ColumnType<[from: string | null, sex: string | null][] | null, Json | null, Json | null>;
}

/** What was said of a subject, never changed; the two are null where it was that nothing is known. */
export interface SubjectFactTable extends Clinical, Created {
  subject_id: Fixed<string>;
  key: Fixed<string>;
  version: Fixed<number>;
  /** Civil date; null is on all days. */
  valid_from: Fixed<string | null>;
  key_id: string | null;
  ciphertext: Uint8Array | null;
}

export interface SubjectBlindIndexTable extends Clinical {
  kind: Fixed<string>;
  digest: Fixed<Uint8Array>;
  subject_id: Fixed<string>;
  index_key_id: Fixed<string>;
}

/** A key of a site, wrapped by a key of the ring; null once it is retired. */
export interface SiteKeyTable extends Clinical {
  id: Fixed<string>;
  purpose: Fixed<'subjects' | 'index'>;
  master_id: string;
  wrapped: Uint8Array | null;
  status: Defaulted<'active' | 'retiring' | 'retired'>;
  created_at: Stamp;
  retired_at: Date | null;
}

/** A patient's key, wrapped by a key of the site; null once it is destroyed. */
export interface SubjectKeyTable extends Clinical {
  subject_id: Fixed<string>;
  site_key_id: string;
  wrapped: Uint8Array | null;
  created_at: Stamp;
  destroyed_at: Date | null;
}

export interface VisitTable extends Clinical, Created {
  id: Fixed<string>;
  subject_id: Fixed<string>;
  kind: VisitKind;
  visit_date: string;
}

export interface VisitStateTable extends Clinical, Created {
  visit_id: Fixed<string>;
  version: Fixed<number>;
  /** Null is the whole visit. */
  valid_from: ColumnType<Date | null, Date | null, never>;
  key_id: string;
  ciphertext: Uint8Array;
}

export interface LesionTable extends Clinical, Created {
  id: Fixed<string>;
  subject_id: Fixed<string>;
  ordinal: number;
  label: string;
}

export interface SpecimenTable extends Clinical, Created {
  id: Fixed<string>;
  subject_id: Fixed<string>;
  lesion_id: string | null;
  code: string;
}

export interface ImageTable extends Clinical, Created {
  id: Fixed<string>;
  subject_id: Fixed<string>;
  lesion_id: string | null;
  sha256: Fixed<string>;
  thumbnail_sha256: Fixed<string>;
  media_type: Fixed<'image/jpeg' | 'image/png' | 'image/webp' | 'image/tiff' | 'image/heic'>;
  width: Fixed<number>;
  height: Fixed<number>;
  bytes: Fixed<number>;
  metadata: ColumnType<{ [key: string]: unknown }, Json | undefined, never>;
}

export interface ContributionTable extends Clinical, Created {
  id: Fixed<string>;
  kind: Fixed<string>;
  request_digest: Fixed<Uint8Array>;
  response: ColumnType<unknown, Json, never>;
  reason: Fixed<string | null>;
}

export interface RecordTable extends Clinical, Created {
  id: Fixed<string>;
  subject_id: Fixed<string>;
  visit_id: string | null;
  lesion_id: string | null;
  sub_dataset: Fixed<string>;
  standard_version: string;
  status: RecordStatus;
  version: number;
  updated_at: Defaulted<Date>;
}

export interface RecordVersionTable extends Clinical, Created {
  record_id: Fixed<string>;
  version: Fixed<number>;
  contribution_id: Fixed<string>;
  standard_version: Fixed<string>;
  status: Fixed<RecordStatus>;
  data: Jsonb<Data>;
  missing: Jsonb<Missing>;
  parked: Jsonb<{ [pointer: Pointer]: Value }>;
  /** `Evaluation.disabled` when this version was saved. */
  disabled: ColumnType<Pointer[], Json | undefined, never>;
  hard_findings: Fixed<number>;
  soft_findings: Fixed<number>;
  origin: ColumnType<Origin | null, Json | null, never>;
  digest: Fixed<string>;
  /** Empty in rows from before there were chains; see schemas/history/texts.ts. */
  chain: Fixed<Uint8Array>;
}

export interface AuditEventTable extends Clinical {
  id: Fixed<string>;
  at: Stamp;
  account_id: Fixed<string>;
  action: Fixed<string>;
  entity: Fixed<string>;
  entity_id: Fixed<string>;
  contribution_id: Fixed<string | null>;
  detail: ColumnType<{ [key: string]: unknown }, Json | undefined, never>;
  subject_id: Fixed<string | null>;
  device: ColumnType<Device | null, Json | null, never>;
  digest: Fixed<Uint8Array>;
}

/** The site is the nil UUID for events of the network. */
export interface HistoryAnchorTable extends Clinical {
  number: Fixed<number>;
  statement: Fixed<string>;
  digest: Fixed<Uint8Array>;
  signature: Fixed<Uint8Array>;
  members: Fixed<Uint8Array>;
  first_id: Fixed<string>;
  created_at: Stamp;
}

export interface ImportFileTable extends Clinical, Created {
  id: Fixed<string>;
  /** `name/version`. */
  mapping: Fixed<string>;
  mapping_sha256: Fixed<string>;
  file_sha256: Fixed<string>;
  /** Names as the mapping addresses them, in the order of the file. */
  columns: ColumnType<string[], Json, never>;
}

export interface ImportRowTable extends Clinical, Created {
  id: Fixed<string>;
  version: Fixed<number>;
  import_file_id: Fixed<string>;
  line: Fixed<number>;
  subject_id: Fixed<string>;
  visit_id: Fixed<string | null>;
  contribution_id: Fixed<string>;
  cells: ColumnType<{ [column: string]: string }, Json, never>;
  missing: ColumnType<{ [column: string]: string }, Json, never>;
  refused: ColumnType<{ [column: string]: string }, Json, never>;
  digest: Fixed<string>;
}

/** An edition of a code list that a hospital brought in. */
export interface ValueSetImportTable {
  id: Fixed<string>;
  value_set: Fixed<string>;
  edition: Fixed<string>;
  file_sha256: Fixed<string>;
  added: Fixed<number>;
  changed: Fixed<number>;
  retired: Fixed<number>;
  created_at: Stamp;
}

export interface ValueSetCodeTable {
  value_set: Fixed<string>;
  code: Fixed<string>;
  ordinal: number;
  zh: string;
  /** Empty when the file has none. */
  en: string;
  pinyin: string;
  synonyms: ColumnType<string[], Json, Json>;
  status: 'active' | 'retired';
  /** The last that changed it. */
  value_set_import_id: string;
}

export interface ProtocolRunTable extends Clinical, Created {
  id: Fixed<string>;
  subject_id: Fixed<string>;
  visit_id: Fixed<string>;
  lesion_id: Fixed<string | null>;
  protocol: Fixed<string>;
  protocol_version: Fixed<string>;
  status: Defaulted<'running' | 'finished' | 'abandoned'>;
  closed_at: Date | null;
}

/** Which record is of which run, and of which of its steps. */
export interface ProtocolRecordTable extends Clinical, Created {
  record_id: Fixed<string>;
  run_id: Fixed<string>;
  step: Fixed<string | null>;
}

export interface ProtocolAliquotTable extends Clinical, Created {
  specimen_id: Fixed<string>;
  run_id: Fixed<string>;
  record_id: Fixed<string>;
  kind: Fixed<string>;
}

export interface ProtocolEventTable extends Clinical {
  id: Fixed<string>;
  run_id: Fixed<string>;
  kind: Fixed<'step-completed' | 'step-skipped' | 'deviation' | 'deviation-explained' | 'finished' | 'abandoned'>;
  step: Fixed<string | null>;
  /** Of a deviation. */
  key: Fixed<string | null>;
  detail: ColumnType<{ [key: string]: unknown }, Json | undefined, never>;
  reason: Fixed<string | null>;
  at: Stamp;
  created_by: Fixed<string>;
}
