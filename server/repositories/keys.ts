/** The keys of sites and patients, wrapped. Changing them is the keeper's: whoever rotates or erases. */
import { sql } from 'kysely';
import type { Db, SiteKeyTable, Trx } from '../database.ts';

export type KeyPurpose = SiteKeyTable['purpose']['__select__'];

/** As the database hands it out (`key_of`): patient, wrapped key, then id, master and wrapped key of the site. Base64; null is gone. */
export type SubjectKey = readonly [subjectId: string, wrapped: string | null, siteKeyId: string, masterId: string, siteWrapped: string | null];

export interface SiteKey {
  id: string;
  master_id: string;
  wrapped: Uint8Array;
}

/** What opens a patient's rows; undefined before anything was sealed. */
export async function findSubjectKey(db: Db, siteId: string, subjectId: string): Promise<SubjectKey | undefined> {
  const { rows } = await sql<{ key: SubjectKey | null }>`select key_of(${siteId}::uuid, ${subjectId}::uuid) as key`.execute(db);
  return rows[0]?.key ?? undefined;
}

export async function listSubjectKeys(db: Db, siteId: string, subjectIds: readonly string[]): Promise<Map<string, SubjectKey>> {
  if (subjectIds.length === 0) return new Map();
  const { rows } = await sql<{ id: string; key: SubjectKey }>`select subject_id as id, key_of(site_id, subject_id) as key from subject_key
    where site_id = ${siteId}::uuid and subject_id = any (${`{${subjectIds.join(',')}}`}::uuid[])`.execute(db);
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
