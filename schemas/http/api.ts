/**
 * The shapes that cross the wire, in one place for both sides. Every path begins with `/api`.
 * Failures are RFC 9457 `application/problem+json`: `{ type, title, status, instance, errors?: [{ pointer, detail }], conflicts? }`,
 * where `type` is `/problems/<key>` of `schemas/problem.ts`. Writes send the header `X-Requested-With: xiangya-forms` (with a
 * SameSite=Strict cookie this is what keeps other origins out). Lists page by key: `?after=<id>&limit=<n>`, reply `{ items, next? }`.
 */
import type { Context, Finding, Form, Missing, Pointer, StandardRef, Text, Value, Data } from '../form.ts';

export type Role =
  | 'nurse' | 'investigator' | 'monitor' | 'data-manager' | 'standards-editor' | 'analyst' | 'site-administrator' | 'system-administrator'
  /** Named in records, and never signs in. */
  | 'staff';

/** What a role allows; handlers and menus ask for these, never for a role. */
export type Permission =
  | 'subject:read' | 'subject:write' | 'subject:read-identifiers' | 'subject:erase' | 'record:read' | 'record:write' | 'image:read' | 'image:write'
  | 'export:run' | 'standard:read' | 'account:write' | 'site:write' | 'audit:read'
  /** To read at another site, or to read identifiers, for a while and against a written reason. */
  | 'access:open';

export interface Page<T> {
  items: T[];
  /** Pass as `after` for the next page; absent on the last. */
  next?: string;
}

// GET /api/health → Health (no sign-in)
export interface Health {
  status: 'ok' | 'failing';
  database: 'embedded' | 'postgresql';
  version: string;
  release: string;
  /** The patients here are invented. */
  demo?: true;
}

// GET /api/setup → { open: boolean };  POST /api/setup SetupRequest → Me (sets the session cookie)
export interface SetupRequest {
  /** The one-time token of the link printed at the first start. */
  token: string;
  username: string;
  displayName: string;
  password: string;
  site: { code: string; name: string; nameEn?: string; organisationCode?: string };
}

// POST /api/session SignInRequest → Me;  GET /api/session → Me (401 when signed out);  DELETE /api/session → 204
// 401 second-factor-needed: again with `code`; 403 password-expired: again with `newPassword`. More of it: account-api.ts
export interface SignInRequest {
  username: string;
  password: string;
  /** Of the app, or a recovery code. */
  code?: string;
  newPassword?: string;
}
export interface Me {
  accountId: string;
  username: string;
  displayName: string;
  sites: { id: string; code: string; name: string; nameEn?: string; roles: Role[]; permissions: Permission[] }[];
  /** Permissions over the whole network (system administrator, network analyst). */
  network: Permission[];
  /** What must be done before anything else answers. */
  pending?: 'second-factor';
  /** What is open for a while, against a written reason. */
  openings?: { id: string; siteId: string; level: 'records' | 'identifiers'; until: string }[];
  /** After so long without a touch the page is to be locked. */
  idleSeconds?: number;
}

// GET /api/sites → Page<Site>;  POST /api/sites SiteRequest → Site;  PUT /api/sites/:id EditSiteRequest → Site
export interface Site {
  id: string;
  code: string;
  name: string;
  nameEn?: string;
  /** Under which it is registered (WS 218). */
  organisationCode?: string;
}
export interface SiteRequest extends EditSiteRequest {
  id: string;
  code: string;
}
/** All that is said of a site but its code, which stands in the study numbers. */
export interface EditSiteRequest {
  name: string;
  nameEn?: string;
  organisationCode?: string;
}

// GET /api/accounts → Page<Account>;  POST /api/accounts AccountRequest → Account
// PUT /api/accounts/:id RenameRequest → Account;  PUT /api/accounts/:id/memberships { memberships } → Account
export interface Account {
  id: string;
  username: string;
  displayName: string;
  status: 'active' | 'disabled';
  /** False for somebody who is named in records and never signs in; the user name is then one that the server made. */
  signsIn: boolean;
  memberships: { siteId?: string; role: Role }[];
}
/** Without user name and password: somebody who never signs in, with the role `staff`. */
export interface AccountRequest {
  id: string;
  username?: string;
  displayName: string;
  password?: string;
  memberships: { siteId?: string; role: Role }[];
}
/** With `from` (civil date) a new name from this day on, and the old one stays for the days before; without it a correction. */
export interface RenameRequest {
  displayName: string;
  from?: string;
}

// POST /api/sites/:siteId/people/search PeopleSearch → Page<SitePerson>   (those who work at the site, by name)
// POST /api/sites/:siteId/people/names NamesRequest → { [id]: name }      (of ids that records name; with the name of that day)
export interface SitePerson {
  id: string;
  name: string;
}
export interface PeopleSearch {
  /** Part of a name or the beginning of a user name; absent or empty lists everybody. */
  q?: string;
  after?: string;
  limit?: number;
}
export interface NamesRequest {
  ids: string[];
  /** Civil date; absent is today. */
  day?: string;
}

// GET /api/standards → StandardSummary[] (those of the release);  GET /api/standards/:subDataset/:version → the document
// GET /api/forms/:subDataset/:version → Form (compiled; immutable, cached by digest)
// GET /api/forms/:subDataset/:version/structure.js → JavaScript module, default export: StructureCheck (see schemas/prepare.ts)
export interface StandardSummary extends StandardRef {
  title: Text;
  datasetTitle: Text;
  per: string;
  elements: number;
  sha256: string;
  /** `annex`: describes the running of the network, beside the ten datasets. */
  part: 'core' | 'annex';
}
export type FormReply = Form;

// GET /api/sites/:siteId/subjects?after&limit → Page<SubjectSummary>, by study number
// POST /api/sites/:siteId/subjects/search SubjectSearch → Page<SubjectSummary>   (a body, because no URL may hold an identifier)
// POST /api/sites/:siteId/subjects EnrolRequest → Subject | 409 possible-duplicate with `duplicates: SubjectSummary[]`
// GET /api/sites/:siteId/subjects/:id → Subject;  PUT …/:id EditSubjectRequest → Subject
// GET /api/sites/:siteId/subjects/:id/identifiers → { [key]: string }   (in clear, as of today; needs subject:read-identifiers; audited)
// GET /api/sites/:siteId/subjects/:id/identifiers/history → Page<KnownFact>   (all that was ever said, by key; likewise)
// GET /api/identity → IdentitySheet   (what may be known of a patient, as a form; GET /api/identity/structure.js its StructureCheck)
export interface IdentitySheet {
  /** Every element that a standard of the release binds to `subject.…`, under the name after the dot. */
  form: Form;
  /** Keys asked when somebody is enrolled; the others can be added at any time. */
  enrol: string[];
}
export interface KnownFact {
  key: string;
  /** Civil date from which it held; absent is on all days. */
  from?: string;
  /** Absent: that nothing is known. */
  value?: string;
  at: string;
  by: string;
}
export interface SubjectSearch {
  /** Beginning of a study number, or a whole identifier (looked up through the blind index). */
  q: string;
  after?: string;
  limit?: number;
}
export interface SubjectSummary {
  id: string;
  siteId: string;
  studyNumber: string;
  /** Code of GB/T 2261.1. */
  sex?: string;
  /** Civil or partial date. */
  birthDate?: string;
  createdAt: string;
  records: number;
  drafts: number;
  /** What identified this patient was erased then, and cannot be had back. */
  erasedAt?: string;
}
export interface EnrolRequest {
  id: string;
  contribution: string;
  studyNumber?: string;
  /** Values by key of the identity sheet. All but sex and date of birth are encrypted. */
  identity: { [bindKey: string]: Value };
  /** True when the person has seen the duplicates and still enrols. */
  confirmedNotDuplicate?: boolean;
}
export interface EditSubjectRequest {
  contribution: string;
  /** Civil date from which this is so, as for a new name or address; absent: a correction, for all days. A date of birth is always for all days. */
  from?: string;
  identity: { [bindKey: string]: Value | null };
  reason?: string;
}
// POST /api/sites/:siteId/subjects/:id/erasure ErasureRequest → Subject   (needs subject:erase; cannot be undone)
export interface ErasureRequest {
  contribution: string;
  /** Who asked for it and when, never a value. */
  reason: string;
  /** Sex and date of birth go too. */
  anonymise?: boolean;
}
export interface Subject extends SubjectSummary {
  /** Keys of the identifiers that are on file; values only by the identifiers route. */
  identifierKeys: string[];
  visits: Visit[];
  lesions: Lesion[];
  specimens: Specimen[];
  recordList: RecordSummary[];
  images: ImageSummary[];
}

// GET /api/sites/:siteId/subjects/:id/context?subDataset&version&visitId&lesionId → FormContext, for a record that does not exist yet
export interface FormContext {
  context: Context;
  /** Bind paths whose value exists but is withheld. */
  withheld: string[];
}

// POST /api/sites/:siteId/subjects/:subjectId/visits VisitRequest → Visit (same for lesions, specimens)
// GET …/visits/:id/details → KnownVisit;  PUT …/visits/:id/details VisitDetailsRequest → KnownVisit
export type VisitKind = 'baseline' | 'follow-up' | 'treatment' | 'operation' | 'unplanned' | 'outpatient' | 'emergency' | 'inpatient';
export interface Visit { id: string; kind: VisitKind; visitDate: string }
export interface VisitRequest extends Visit { contribution: string; details?: VisitDetails }
/** What is known of an encounter besides its kind and day. The two numbers identify, and are told only to those who may read identifiers. */
export interface VisitDetails {
  outpatientNumber?: string;
  inpatientNumber?: string;
  department?: string;
  ward?: string;
  room?: string;
  bed?: string;
  /** RFC 3339, with offset; without one +08:00. */
  admittedAt?: string;
  dischargedAt?: string;
  admissionCount?: number;
}
export interface VisitDetailsRequest {
  contribution: string;
  /** What is added or changed; null clears. */
  details: { [key in keyof VisitDetails]: VisitDetails[key] | null };
  /** Instant from which this is so, as for another bed; absent: for the whole visit. */
  from?: string;
}
export interface KnownVisit {
  /** As it is now. */
  now: VisitDetails;
  /** By the instant from which it held, the first without one; only what changed. */
  states: { from?: string; details: { [key in keyof VisitDetails]: VisitDetails[key] | null } }[];
  /** Keys with a value that is withheld from this reader. */
  withheld: string[];
}
export interface Lesion { id: string; ordinal: number; label: string }
export interface LesionRequest { id: string; contribution: string; label: string }
export interface Specimen { id: string; code: string; lesionId?: string }
export interface SpecimenRequest extends Specimen { contribution: string }

// POST /api/sites/:siteId/subjects/:subjectId/images  multipart: field `meta` (JSON ImageRequest) then file `file` → ImageSummary
// GET /api/sites/:siteId/images/:id → bytes;  GET …/:id/thumbnail → bytes (webp)
export interface ImageRequest { id: string; contribution: string; lesionId?: string }
export interface ImageSummary {
  id: string;
  lesionId?: string;
  sha256: string;
  mediaType: string;
  width: number;
  height: number;
  bytes: number;
  createdAt: string;
}

// GET /api/models → CurrentModel;  GET <folder>manifest.json, GET <folder><file>
export interface CurrentModel {
  /** Address of the model folder in use, ending in a slash; absent when the classifier is off. */
  folder?: string;
}

export type RecordStatus = 'in-progress' | 'complete' | 'signed' | 'locked';

// Listed in Subject.recordList
export interface RecordSummary {
  id: string;
  subjectId: string;
  visitId?: string;
  lesionId?: string;
  subDataset: string;
  standardVersion: string;
  status: RecordStatus;
  version: number;
  updatedAt: string;
  hardFindings: number;
  softFindings: number;
}

// GET /api/sites/:siteId/records/:id → FormRecord (ETag "<version>")
export interface FormRecord extends RecordSummary {
  data: Data;
  missing: Missing;
  parked: { [pointer: Pointer]: Value };
  findings: Finding[];
  origin?: Origin;
  /** What the form's bound items resolve to, for this reader; identifiers are withheld without the permission. */
  context: Context;
  /** Bind paths whose value exists but is withheld. */
  withheld: string[];
  /** Names of the people that the data refer to, by id, as they were called on the day of the record. */
  people: { [id: string]: string };
}

/** A change of one place: a value, a reason, or neither (cleared). A repeat's row is added by a value at `/repeat/<rowId>` being `{ rowId }`, removed by clearing it. */
export interface Change {
  pointer: Pointer;
  value?: Value | { rowId: string };
  missing?: string;
}

// PUT /api/sites/:siteId/records/:id SaveRequest, If-Match: "<version started from>" ("0" for a new record) → SaveReply
// Untouched places merge; a place that both changed: 409 record-conflict with `conflicts: Conflict[]`. Completing with hard findings: 422 record-incomplete with `findings`.
export interface SaveRequest {
  contribution: string;
  subjectId: string;
  visitId?: string;
  lesionId?: string;
  subDataset: string;
  standardVersion: string;
  changes: Change[];
  status: 'in-progress' | 'complete';
  reason?: string;
  origin?: Origin;
}
export interface SaveReply {
  id: string;
  version: number;
  status: RecordStatus;
  digest: string;
  data: Data;
  missing: Missing;
  parked: { [pointer: Pointer]: Value };
  findings: Finding[];
  savedAt: string;
}
export interface Conflict {
  pointer: Pointer;
  yours?: Value;
  theirs?: Value;
  by: string;
  at: string;
}

// GET /api/sites/:siteId/records/:id/history?pointer=/breslow → Page<HistoryEntry>, newest first (all pointers when none is named)
export interface HistoryEntry {
  version: number;
  at: string;
  by: string;
  status: RecordStatus;
  reason?: string;
  changes: { pointer: Pointer; old?: Value; new?: Value; oldMissing?: string; newMissing?: string }[];
}

/** How a version was made when it was not typed. */
export type Origin = ImportOrigin | ClassificationOrigin;
export interface ImportOrigin { kind: 'import'; fileSha256: string; mapping: string; row: number }
export interface ClassificationOrigin {
  kind: 'classification';
  model: { name: string; version: string; sha256: string };
  runtime: string;
  /** SHA-256 of the picture that was analysed. */
  inputSha256: string;
  /** Calibrated probability by label id of the model's manifest. */
  scores: { [label: string]: number };
  /** The ranked label ids, best first; empty when the model abstained. */
  ranked: string[];
  abstained?: string;
  thresholds: { [name: string]: number };
  quality: { version: string; focus: number; brightness: number; clipped: number; glare: number; passed: boolean };
  latencyMs: number;
  shownAt?: string;
  decision: 'accepted' | 'overridden' | 'ignored';
  decidedAt: string;
}

// POST /api/exports/preview ExportRequest → ExportPreview;  POST /api/exports ExportRequest → application/zip, streamed
export interface ExportRequest {
  release: string;
  siteIds: string[];
  subDatasets: string[];
  /** CEL over the keys of one sub-dataset; only records for which it is true. */
  filter?: { subDataset: string; expression: string };
  statuses?: RecordStatus[];
  profile: 'analysis' | 'excel';
  language: 'zh' | 'en';
}
export interface ExportPreview {
  tables: { table: string; rows: number; columns: number }[];
  subjects: number;
  withheldColumns: number;
}
