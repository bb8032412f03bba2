/** What an export needs to know before it copies, and the keys by which it pages. All reads; the copying itself is `copyOut`. */
import { sql } from 'kysely';
import type { Data } from '../../schemas/form.ts';
import type { Db } from '../database.ts';

export type PagedTable = 'subject' | 'visit' | 'lesion' | 'image' | 'record' | 'import_row';

/**
 * Settings of the transaction that copies. One statement may take as long as a large site needs; the connection's own limit is made for what people
 * wait for. In pages each row is looked up by its key, where the planner would read whole tables once for every page.
 */
export async function prepareCopying(db: Db, { inPages }: { inPages: boolean }): Promise<void> {
  await sql.raw(`set local statement_timeout = '1h'${inPages ? '; set local enable_hashjoin = off; set local enable_seqscan = off' : ''}`).execute(db);
}

/** Versions of each sub-dataset that the current records of these sites have. */
export async function listVersionsInUse(db: Db, siteIds: readonly string[], subDatasets: readonly string[]): Promise<{ sub_dataset: string; standard_version: string }[]> {
  if (siteIds.length === 0 || subDatasets.length === 0) return [];
  return db.selectFrom('record').select(['sub_dataset', 'standard_version']).distinct()
    .where('site_id', 'in', [...siteIds]).where('sub_dataset', 'in', [...subDatasets]).orderBy('sub_dataset').orderBy('standard_version').execute();
}

/** The first key of every page of `size` rows; none for an empty table. `conditions` are SQL over `b`, and leave one row for a key. */
export async function listPageKeys(db: Db, table: PagedTable, conditions: readonly string[], size: number): Promise<string[]> {
  const from = `select b.id, row_number() over (order by b.id) as n from ${table} b where ${conditions.join(' and ')}`;
  const { rows } = await sql.raw<{ id: string }>(`select id from (${from}) k where n % ${size} = 1 order by id`).execute(db);
  return rows.map(({ id }) => id);
}

export async function countRows(db: Db, from: string, conditions: readonly string[]): Promise<number> {
  const { rows } = await sql.raw<{ count: number }>(`select count(*) as count ${from} where ${conditions.join(' and ')}`).execute(db);
  return Number(rows[0]?.count ?? 0);
}

export interface FilteredRow {
  id: string;
  subject_id: string;
  data: Data;
  sex: string | null;
  birth_date: string | null;
  visit_date: string | null;
  visit_kind: string | null;
}

/** The records of a sub-dataset with what a filter may name, by key, after `after`. */
export function listForFilter(db: Db, siteId: string, subDataset: string, after: string | undefined, limit: number): Promise<FilteredRow[]> {
  return db.selectFrom('record as b')
    .innerJoin('record_version as v', (join) => join.onRef('v.site_id', '=', 'b.site_id').onRef('v.record_id', '=', 'b.id').onRef('v.version', '=', 'b.version'))
    .innerJoin('subject as s', (join) => join.onRef('s.site_id', '=', 'b.site_id').onRef('s.id', '=', 'b.subject_id'))
    .leftJoin('visit', (join) => join.onRef('visit.site_id', '=', 'b.site_id').onRef('visit.id', '=', 'b.visit_id'))
    .select(['b.id', 'b.subject_id', 'v.data', 's.sex', 's.birth_date', 'visit.visit_date', 'visit.kind as visit_kind'])
    .where('b.site_id', '=', siteId).where('b.sub_dataset', '=', subDataset)
    .$if(after !== undefined, (query) => query.where('b.id', '>', after ?? ''))
    .orderBy('b.id').limit(limit).execute();
}

/** By how much the store of a site has grown: two exports over the same state are the same bytes. */
export async function readDataState(db: Db, siteId: string): Promise<{ contributions: number; last: string | undefined }> {
  const row = await db.selectFrom('contribution').select((eb) => [eb.fn.countAll<number>().as('count'), eb.fn.max('created_at').as('last')]).where('site_id', '=', siteId).executeTakeFirst();
  return { contributions: Number(row?.count ?? 0), last: row?.last ? new Date(row.last).toISOString() : undefined };
}

export function listSitesOf(db: Db, siteIds: readonly string[]): Promise<{ id: string; code: string; name: string }[]> {
  if (siteIds.length === 0) return Promise.resolve([]);
  return db.selectFrom('site').select(['id', 'code', 'name']).where('id', 'in', [...siteIds]).orderBy('code').execute();
}
