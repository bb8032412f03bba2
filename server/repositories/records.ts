/** Records and their versions. Saving is the hot path: two prepared statements, one to read, one to write. */
import { sql } from 'kysely';
import type { Data, Missing, Pointer, Value } from '../../schemas/form.ts';
import type { Origin, RecordStatus } from '../../schemas/http/api.ts';
import { runLast, runNamed, type Db, type SubjectTable, type Trx } from '../database.ts';
import { keyOf, type SubjectKey } from './keys.ts';

export interface VersionRow {
  version: number;
  status: RecordStatus;
  data: Data;
  missing: Missing;
  parked: { [pointer: Pointer]: Value };
  digest: string;
  created_at: Date;
}

/** What is known before a save, of whatever is there; all members are null where it is not. */
export interface SaveState {
  subject_id: string | null;
  study_number: string | null;
  sex: string | null;
  birth_date: string | null;
  sex_by_day: SubjectTable['sex_by_day']['__select__'];
  site_code: string;
  site_name: string;
  organisation_code: string | null;
  visit_subject: string | null;
  visit_kind: string | null;
  visit_date: string | null;
  lesion_subject: string | null;
  /** Of the visit, in the order of saying; read only where a form asks for them. */
  visit_states: [from: string | null, keyId: string, ciphertext: string][] | null;
  /** Likewise of the subject, by key. Ciphertexts are base64. */
  facts: [key: string, version: number, from: string | null, keyId: string | null, ciphertext: string | null][] | null;
  /** What opens them, when the patient's key sealed them. */
  subject_key: SubjectKey | null;
  record_subject: string | null;
  record_created_at: Date | null;
  record_created_by: string | null;
  sub_dataset: string | null;
  standard_version: string | null;
  status: RecordStatus | null;
  version: number | null;
  data: Data | null;
  missing: Missing | null;
  parked: { [pointer: Pointer]: Value } | null;
  /** Of the current version. */
  chain: Uint8Array | null;
  contribution_kind: string | null;
  contribution_digest: Uint8Array | null;
  contribution_response: { version?: number } | null;
}

/** Most records are of no visit and no lesion, many forms show nothing that is sealed; each table that is not asked is time saved. */
const readState = (placed: boolean, sealed: boolean) => `
  select s.id as subject_id, s.study_number, s.sex, s.birth_date, s.sex_by_day, si.code as site_code, si.name as site_name, si.organisation_code,
    ${placed ? 'vi.subject_id as visit_subject, vi.kind as visit_kind, vi.visit_date, le.subject_id as lesion_subject,' : ''}
    ${sealed ? `${keyOf('s.site_id', 's.id')} as subject_key, (select json_agg(json_build_array(f.key, f.version, f.valid_from, f.key_id, encode(f.ciphertext, 'base64')) order by f.key, f.version)
      from subject_fact f where f.site_id = s.site_id and f.subject_id = s.id and f.key = any (string_to_array($${placed ? 7 : 5}, ','))) as facts,` : ''}
    ${placed && sealed ? `(select json_agg(json_build_array(to_char(vs.valid_from at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), vs.key_id, encode(vs.ciphertext, 'base64')) order by vs.version)
      from visit_state vs where vs.site_id = vi.site_id and vs.visit_id = vi.id) as visit_states,` : ''}
    r.subject_id as record_subject, r.created_at as record_created_at, r.created_by as record_created_by, r.sub_dataset, r.standard_version, r.status, r.version, v.data, v.missing, v.parked, v.chain,
    c.kind as contribution_kind, c.request_digest as contribution_digest, c.response as contribution_response
  from site si
  left join subject s on s.site_id = si.id and s.id = $2
  left join record r on r.site_id = si.id and r.id = $3
  left join record_version v on v.site_id = si.id and v.record_id = r.id and v.version = r.version
  left join contribution c on c.site_id = si.id and c.id = $4
  ${placed ? 'left join visit vi on vi.site_id = si.id and vi.id = $5 left join lesion le on le.site_id = si.id and le.id = $6' : ''}
  where si.id = $1`;
/** A prepared statement is known by its name. */
const statements = { plain: readState(false, false), placed: readState(true, false), sealed: readState(false, true), placed_sealed: readState(true, true) };
const unread = { visit_subject: null, visit_kind: null, visit_date: null, lesion_subject: null, visit_states: null, facts: null, subject_key: null };

export interface SavePlace {
  siteId: string;
  subjectId: string;
  visitId: string | undefined;
  lesionId: string | undefined;
  recordId: string;
  contributionId: string | undefined;
}

/** `sealed`: the keys of the subject's sealed facts to read along, with what is known of the visit; undefined reads none. Undefined when there is no such site. */
export async function findSaveState(trx: Trx, place: SavePlace, sealed?: readonly string[]): Promise<SaveState | undefined> {
  const { siteId, subjectId, recordId, contributionId, visitId, lesionId } = place;
  const isPlaced = visitId !== undefined || lesionId !== undefined;
  const kind = sealed ? (isPlaced ? 'placed_sealed' : 'sealed') : isPlaced ? 'placed' : 'plain';
  const values = [siteId, subjectId, recordId, contributionId ?? null, ...(isPlaced ? [visitId ?? null, lesionId ?? null] : []), ...(sealed ? [sealed.join()] : [])];
  const row = (await runNamed<SaveState>(trx, `read_${kind}_state`, statements[kind], values))[0];
  return row && { ...unread, ...row };
}

/** Makes other saves of this record wait until the transaction ends. */
export async function lockRecord(trx: Trx, siteId: string, id: string): Promise<void> {
  await trx.selectFrom('record').select('id').where('site_id', '=', siteId).where('id', '=', id).forUpdate().execute();
}

export interface NewVersion {
  place: SavePlace;
  contributionId: string;
  accountId: string;
  auditId: string;
  subDataset: string;
  standardVersion: string;
  /** The version that this one follows; 0 for a new record. */
  base: number;
  status: RecordStatus;
  /** Canonical JSON texts. */
  data: string;
  missing: string;
  parked: string;
  disabled: string;
  hardFindings: number;
  softFindings: number;
  origin: string | null;
  digest: string;
  requestDigest: Uint8Array;
  reason: string | null;
  /** Canonical JSON: the changed pointers. */
  detail: string;
  /** Canonical JSON: what the device says of itself. */
  device: string | null;
  /** Of the version before. */
  previousChain: Uint8Array | null;
  /** SHA-256 of the texts of the version and of the event; see schemas/history/texts.ts. */
  versionHash: Uint8Array;
  eventHash: Uint8Array;
}

const zeros = new Uint8Array(32);

const contribution = `contribution_row as (
    insert into contribution (site_id, id, kind, request_digest, response, reason, created_at, created_by)
    select $1, $2, 'record.save', $3, jsonb_build_object('version', head.version), $4, head.updated_at, $5 from head)`;
/** Named twice, so it is made once. */
const link = `link as (select version, updated_at, timestamptz_send(updated_at) as moment, sha256($19::bytea || $20::bytea || timestamptz_send(updated_at)) as chain from head)`;
const version = `version_row as (
    insert into record_version (site_id, record_id, version, contribution_id, standard_version, status, data, missing, parked, disabled,
      hard_findings, soft_findings, origin, digest, chain, created_at, created_by)
    select $1, $6, link.version, $2, $7, $8, $9::jsonb, $10::jsonb, $11::jsonb, $12::jsonb, $13, $14, $15::jsonb, $16, link.chain, link.updated_at, $5 from link)`;
const event = `event_row as (
    insert into audit_event (site_id, id, at, account_id, action, entity, entity_id, contribution_id, detail, device, digest)
    select $1, $17, link.updated_at, $5, 'record.save', 'record', $6, $2, $18::jsonb, $22::jsonb, sha256($21::bytea || link.moment || link.chain) from link)`;
const writeFirst = `with head as (
    insert into record (site_id, id, subject_id, visit_id, lesion_id, sub_dataset, standard_version, status, version, created_by)
    values ($1, $6, $23, $24, $25, $26, $7, $8, 1, $5) on conflict do nothing returning version, updated_at),
  ${link}, ${contribution}, ${version}, ${event} select version, updated_at from head`;
const writeNext = `with head as (
    update record set version = $23 + 1, status = $8, updated_at = clock_timestamp()
    where site_id = $1 and id = $6 and version = $23 and standard_version = $7 returning version, updated_at),
  ${link}, ${contribution}, ${version}, ${event} select version, updated_at from head`;

/** Moves a record on from `base`, with contribution and audit event, in one statement, the last of its transaction; undefined means someone was faster, and nothing was written. */
export async function advanceRecord(trx: Trx, next: NewVersion): Promise<{ version: number; updated_at: Date } | undefined> {
  const { place } = next;
  const values = [
    place.siteId, next.contributionId, next.requestDigest, next.reason, next.accountId, place.recordId, next.standardVersion, next.status,
    next.data, next.missing, next.parked, next.disabled, next.hardFindings, next.softFindings, next.origin, next.digest, next.auditId, next.detail,
    next.previousChain?.length ? next.previousChain : zeros, next.versionHash, next.eventHash, next.device,
  ];
  const written = next.base === 0
    ? await runLast<{ version: number; updated_at: Date }>(trx, 'write_first_version', writeFirst, [...values, place.subjectId, place.visitId ?? null, place.lesionId ?? null, next.subDataset])
    : await runLast<{ version: number; updated_at: Date }>(trx, 'write_next_version', writeNext, [...values, next.base]);
  return written[0];
}

export function findVersion(db: Db, siteId: string, recordId: string, version: number): Promise<VersionRow | undefined> {
  return db.selectFrom('record_version').select(['version', 'status', 'data', 'missing', 'parked', 'digest', 'created_at'])
    .where('site_id', '=', siteId).where('record_id', '=', recordId).where('version', '=', version).executeTakeFirst();
}

export function findRecord(db: Db, siteId: string, id: string) {
  return db.selectFrom('record as r')
    .innerJoin('record_version as v', (join) => join.onRef('v.site_id', '=', 'r.site_id').onRef('v.record_id', '=', 'r.id').onRef('v.version', '=', 'r.version'))
    .select(['r.id', 'r.subject_id', 'r.visit_id', 'r.lesion_id', 'r.sub_dataset', 'r.standard_version', 'r.status', 'r.version', 'r.updated_at',
      'v.hard_findings', 'v.soft_findings', 'v.data', 'v.missing', 'v.parked', 'v.origin'])
    .where('r.site_id', '=', siteId).where('r.id', '=', id).executeTakeFirst();
}

export type RecordRow = NonNullable<Awaited<ReturnType<typeof findRecord>>>;
export type RecordSummaryRow = Omit<RecordRow, 'data' | 'missing' | 'parked' | 'origin'>;

export function listRecords(db: Db, siteId: string, subjectId: string): Promise<RecordSummaryRow[]> {
  return db.selectFrom('record as r')
    .innerJoin('record_version as v', (join) => join.onRef('v.site_id', '=', 'r.site_id').onRef('v.record_id', '=', 'r.id').onRef('v.version', '=', 'r.version'))
    .select(['r.id', 'r.subject_id', 'r.visit_id', 'r.lesion_id', 'r.sub_dataset', 'r.standard_version', 'r.status', 'r.version', 'r.updated_at', 'v.hard_findings', 'v.soft_findings'])
    .where('r.site_id', '=', siteId).where('r.subject_id', '=', subjectId).orderBy('r.id').execute();
}

export interface HistoryRow extends VersionRow {
  by: string;
  reason: string | null;
  origin: Origin | null;
}

/** Versions below `before` (all when undefined), newest first. */
export function listVersions(db: Db, siteId: string, recordId: string, { before, from, limit }: { before?: number; from?: number; limit: number }): Promise<HistoryRow[]> {
  return db.selectFrom('record_version as v')
    .innerJoin('account as a', 'a.id', 'v.created_by')
    .innerJoin('contribution as c', (join) => join.onRef('c.site_id', '=', 'v.site_id').onRef('c.id', '=', 'v.contribution_id'))
    .select(['v.version', 'v.status', 'v.data', 'v.missing', 'v.parked', 'v.digest', 'v.created_at', 'v.origin', 'a.display_name as by', 'c.reason'])
    .where('v.site_id', '=', siteId).where('v.record_id', '=', recordId)
    .$if(before !== undefined, (query) => query.where('v.version', '<', before ?? 0))
    .$if(from !== undefined, (query) => query.where('v.version', '>=', from ?? 0))
    .orderBy('v.version', 'desc').limit(limit).execute();
}

/** The newest version that an import made. */
export function findImportedVersion(db: Db, siteId: string, recordId: string) {
  return db.selectFrom('record_version').select(['version', 'standard_version', 'status', 'data', 'missing', 'parked'])
    .where('site_id', '=', siteId).where('record_id', '=', recordId).where(sql<boolean>`origin ->> 'kind' = 'import'`)
    .orderBy('version', 'desc').limit(1).executeTakeFirst();
}

/** Whether the record is at this site at all. */
export async function hasRecord(db: Db, siteId: string, id: string): Promise<boolean> {
  return (await db.selectFrom('record').select(sql`1`.as('one')).where('site_id', '=', siteId).where('id', '=', id).executeTakeFirst()) !== undefined;
}
