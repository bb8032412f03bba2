/** Hospitals. The table belongs to no site: everybody may see names and codes of those they are given. */
import { sql } from 'kysely';
import type { Db, Trx } from '../database.ts';

export interface SiteRow {
  id: string;
  code: string;
  name: string;
  name_en: string | null;
  organisation_code: string | null;
}

const columns = ['id', 'code', 'name', 'name_en', 'organisation_code'] as const;

export function findSite(db: Db, id: string): Promise<SiteRow | undefined> {
  return db.selectFrom('site').select(columns).where('id', '=', id).executeTakeFirst();
}

/** By code; undefined lists all. One more than `limit`. */
export function listSites(db: Db, ids: readonly string[] | undefined, after: string | undefined, limit: number): Promise<SiteRow[]> {
  if (ids?.length === 0) return Promise.resolve([]);
  return db.selectFrom('site').select(columns)
    .$if(ids !== undefined, (query) => query.where('id', 'in', [...(ids ?? [])]))
    .$if(after !== undefined, (query) => query.where('code', '>', after ?? ''))
    .orderBy('code').limit(limit + 1).execute();
}

export async function insertSite(trx: Trx, site: Omit<SiteRow, 'organisation_code'> & Partial<SiteRow>): Promise<void> {
  await trx.insertInto('site').values(site).execute();
}

/** Undefined when there is no such site. */
export function updateSite(trx: Trx, id: string, names: Omit<SiteRow, 'id' | 'code'>): Promise<SiteRow | undefined> {
  return trx.updateTable('site').set(names).where('id', '=', id).returning(columns).executeTakeFirst();
}

/** The next number for a subject, never given twice; others who ask wait until this transaction ends. */
export async function takeSubjectNumber(trx: Trx, siteId: string): Promise<{ code: string; number: number } | undefined> {
  const site = await trx.updateTable('site').set({ numbered: sql`numbered + 1` }).where('id', '=', siteId).returning(['code', 'numbered']).executeTakeFirst();
  return site && { code: site.code, number: site.numbered };
}
