/** The keys of sites and patients, wrapped. Changing them is the keeper's: whoever rotates or erases. */
import { sql, type RawBuilder } from 'kysely';
import type { Db, SiteKeyTable, Trx } from '../database.ts';

export type KeyPurpose = SiteKeyTable['purpose']['__select__'];

/** As `keyOf` reads it: patient, wrapped key, then id, master and wrapped key of the site. Base64; null is gone. */
export type SubjectKey = readonly [subjectId: string, wrapped: string | null, siteKeyId: string, masterId: string, siteWrapped: string | null];

export interface SiteKey {
  id: string;
  master_id: string;
  wrapped: Uint8Array;
}

/** SQL of what opens a patient's rows; site and subject are SQL too. No function of the database, which would plan it anew at every call. */
export const keyOf = (site: string, subject: string): string => `(select json_build_array(k.subject_id, encode(k.wrapped, 'base64'), sk.id, sk.master_id, encode(sk.wrapped, 'base64'))
  from subject_key k join site_key sk on sk.site_id = k.site_id and sk.id = k.site_key_id where k.site_id = ${site} and k.subject_id = ${subject})`;

/** The same for one patient, read once for all rows of a query. */
export const keyOfOne = (siteId: string, subjectId: string): RawBuilder<SubjectKey | null> =>
  sql<SubjectKey | null>`(select key from (select ${siteId}::uuid as site_id, ${subjectId}::uuid as id) one, lateral ${sql.raw(keyOf('one.site_id', 'one.id'))} found (key))`;

/** Rows of one patient with one key between them, which is unwrapped once. */
export function shareKey<Row extends { subject_key: SubjectKey | null }>(rows: readonly Row[]): Row[] {
  const subject_key = rows[0]?.subject_key ?? null;
  return rows.map((row) => ({ ...row, subject_key }));
}

/** What opens a patient's rows; undefined before anything was sealed. */
export async function findSubjectKey(db: Db, siteId: string, subjectId: string): Promise<SubjectKey | undefined> {
  const { rows } = await sql<{ key: SubjectKey | null }>`select ${keyOfOne(siteId, subjectId)} as key`.execute(db);
  return rows[0]?.key ?? undefined;
}

export async function listSubjectKeys(db: Db, siteId: string, subjectIds: readonly string[]): Promise<Map<string, SubjectKey>> {
  if (subjectIds.length === 0) return new Map();
  const { rows } = await sql<{ id: string; key: SubjectKey }>`select s.subject_id as id, ${sql.raw(keyOf('s.site_id', 's.subject_id'))} as key from subject_key s
    where s.site_id = ${siteId}::uuid and s.subject_id = any (${`{${subjectIds.join(',')}}`}::uuid[])`.execute(db);
  return new Map(rows.map(({ id, key }) => [id, key]));
}

/** False when another had one already. */
export async function insertSubjectKey(trx: Trx, siteId: string, [subject_id, wrapped, site_key_id]: SubjectKey): Promise<boolean> {
  const { numInsertedOrUpdatedRows = 0n } = await trx.insertInto('subject_key').values({ site_id: siteId, subject_id, site_key_id, wrapped: Buffer.from(wrapped ?? '', 'base64') })
    .onConflict((conflict) => conflict.doNothing()).executeTakeFirst();
  return numInsertedOrUpdatedRows > 0n;
}

export interface SiteKeyRow extends SiteKey {
  purpose: KeyPurpose;
  status: 'active' | 'retiring';
}

/** Those that still open something; the active one of each purpose first. */
export async function listSiteKeys(db: Db, siteId: string, purpose?: KeyPurpose): Promise<SiteKeyRow[]> {
  const rows = await db.selectFrom('site_key').select(['id', 'master_id', 'wrapped', 'purpose', 'status']).where('site_id', '=', siteId).where('status', '<>', 'retired')
    .$if(purpose !== undefined, (query) => query.where('purpose', '=', purpose ?? 'subjects')).orderBy('status').orderBy('created_at').execute();
  return rows as SiteKeyRow[];
}

/** Nothing when there is an active one for its purpose already. */
export async function insertSiteKey(trx: Trx, siteId: string, purpose: KeyPurpose, key: SiteKey): Promise<void> {
  await trx.insertInto('site_key').values({ site_id: siteId, purpose, ...key }).onConflict((conflict) => conflict.doNothing()).execute();
}

/** Who writes with the keys of a site shares this until the transaction ends; who retires one waits for them and has it alone. */
export async function lockKeys(trx: Trx, siteId: string, mode: 'shared' | 'alone'): Promise<void> {
  await (mode === 'shared'
    ? sql`select pg_advisory_xact_lock_shared(hashtextextended(${`keys ${siteId}`}, 0))`
    : sql`select pg_advisory_xact_lock(hashtextextended(${`keys ${siteId}`}, 0))`).execute(trx);
}

/** What follows is the keeper's. */

/** The keys that are still wrapped by another key of the site than this one, by patient. */
export async function listSubjectKeysNaming(trx: Trx, siteId: string, siteKeyId: string, limit: number): Promise<SubjectKey[]> {
  const { rows } = await sql<{ key: SubjectKey }>`select ${sql.raw(keyOf('s.site_id', 's.subject_id'))} as key from subject_key s
    where s.site_id = ${siteId}::uuid and s.site_key_id = ${siteKeyId} and s.wrapped is not null order by s.subject_id limit ${limit}`.execute(trx);
  return rows.map(({ key }) => key);
}

/** Nothing when it was replaced or destroyed meanwhile. */
export async function replaceSubjectKey(trx: Trx, siteId: string, before: SubjectKey, [subjectId, wrapped, siteKeyId]: SubjectKey): Promise<void> {
  await trx.updateTable('subject_key').set({ site_key_id: siteKeyId, wrapped: Buffer.from(wrapped ?? '', 'base64') })
    .where('site_id', '=', siteId).where('subject_id', '=', subjectId).where('wrapped', '=', Buffer.from(before[1] ?? '', 'base64')).execute();
}

/** For ever. */
export async function destroySubjectKey(trx: Trx, siteId: string, subjectId: string): Promise<void> {
  await trx.updateTable('subject_key').set({ wrapped: null, destroyed_at: sql`clock_timestamp()` }).where('site_id', '=', siteId).where('subject_id', '=', subjectId).execute();
}

export async function markRetiring(trx: Trx, siteId: string, purpose: KeyPurpose): Promise<void> {
  await trx.updateTable('site_key').set({ status: 'retiring' }).where('site_id', '=', siteId).where('purpose', '=', purpose).where('status', '=', 'active').execute();
}

/** Throws the retiring keys away that nothing names any more; gives their ids. The caller has the keys alone. */
export async function retireSiteKeys(trx: Trx, siteId: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`update site_key k set status = 'retired', wrapped = null, retired_at = clock_timestamp()
    where k.site_id = ${siteId}::uuid and k.status = 'retiring'
      and not exists (select from subject_key s where s.site_id = k.site_id and s.site_key_id = k.id and s.wrapped is not null)
      and not exists (select from subject_blind_index b where b.site_id = k.site_id and b.index_key_id = k.id) returning k.id`.execute(trx);
  return rows.map(({ id }) => id);
}

export async function replaceSiteKey(trx: Trx, siteId: string, { id, ...wrapping }: SiteKey): Promise<void> {
  await trx.updateTable('site_key').set(wrapping).where('site_id', '=', siteId).where('id', '=', id).where('status', '<>', 'retired').execute();
}

/** Patients of whom something is sealed by the ring itself, as it was before patients had keys. */
export async function listSealedByRing(trx: Trx, siteId: string, limit: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select subject_id as id from subject_fact where site_id = ${siteId}::uuid and key_id <> 'subject'
    union select v.subject_id from visit_state s join visit v on v.site_id = s.site_id and v.id = s.visit_id where s.site_id = ${siteId}::uuid and s.key_id <> 'subject' limit ${limit}`.execute(trx);
  return rows.map(({ id }) => id);
}

/** Patients with entries of the blind index that another key made. */
export async function listIndexedByOthers(trx: Trx, siteId: string, indexKeyId: string, limit: number): Promise<string[]> {
  const rows = await trx.selectFrom('subject_blind_index').select('subject_id').distinct().where('site_id', '=', siteId).where('index_key_id', '<>', indexKeyId).limit(limit).execute();
  return rows.map(({ subject_id }) => subject_id);
}

/** All entries of a patient, or those that other keys made. */
export async function deleteFromBlindIndex(trx: Trx, siteId: string, subjectId: string, keep?: string): Promise<void> {
  await trx.deleteFrom('subject_blind_index').where('site_id', '=', siteId).where('subject_id', '=', subjectId)
    .$if(keep !== undefined, (query) => query.where('index_key_id', '<>', keep ?? '')).execute();
}

export interface SealedAnew {
  key_id: string;
  ciphertext: Uint8Array;
}

export async function sealFactAnew(trx: Trx, siteId: string, subjectId: string, { key, version }: { key: string; version: number }, sealed: SealedAnew): Promise<void> {
  await trx.updateTable('subject_fact').set(sealed).where('site_id', '=', siteId).where('subject_id', '=', subjectId).where('key', '=', key).where('version', '=', version).execute();
}

export async function sealVisitStateAnew(trx: Trx, siteId: string, { visit_id, version }: { visit_id: string; version: number }, sealed: SealedAnew): Promise<void> {
  await trx.updateTable('visit_state').set(sealed).where('site_id', '=', siteId).where('visit_id', '=', visit_id).where('version', '=', version).execute();
}

/** Of all visits of a patient, in the order of saying. */
export function listStatesOfSubject(trx: Trx, siteId: string, subjectId: string) {
  return trx.selectFrom('visit_state as s').innerJoin('visit as v', (join) => join.onRef('v.site_id', '=', 's.site_id').onRef('v.id', '=', 's.visit_id'))
    .select(['s.visit_id', 's.version', 's.key_id', 's.ciphertext']).where('s.site_id', '=', siteId).where('v.subject_id', '=', subjectId).orderBy('s.visit_id').orderBy('s.version').execute();
}

/** For a person: every key of a site with how many patients name it. */
export async function describeKeys(db: Db, siteId: string): Promise<{ id: string; purpose: KeyPurpose; status: string; master_id: string; created_at: Date; named: number }[]> {
  return db.selectFrom('site_key as k').select(['k.id', 'k.purpose', 'k.status', 'k.master_id', 'k.created_at', sql<number>`case k.purpose
    when 'subjects' then (select count(*) from subject_key s where s.site_id = k.site_id and s.site_key_id = k.id and s.wrapped is not null)
    else (select count(distinct subject_id) from subject_blind_index b where b.site_id = k.site_id and b.index_key_id = k.id) end`.as('named')])
    .where('k.site_id', '=', siteId).orderBy('k.purpose').orderBy('k.created_at').execute();
}

/** Keys of the ring that anything at the sites of this transaction, or the secret of an account, still needs. */
export async function listMastersNamed(db: Db): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select master_id as id from site_key where status <> 'retired' and length(wrapped) > 0
    union select key_id from subject_fact where key_id <> 'subject' union select key_id from visit_state where key_id <> 'subject' union select key_id from totp`.execute(db);
  return rows.map(({ id }) => id);
}

/** Patients whose key was destroyed. */
export async function listErased(db: Db, siteId: string): Promise<string[]> {
  const rows = await db.selectFrom('subject_key').select('subject_id').where('site_id', '=', siteId).where('destroyed_at', 'is not', null).execute();
  return rows.map(({ subject_id }) => subject_id);
}
