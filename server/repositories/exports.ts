/** What an export needs to know before it copies, and the keys by which it pages. All reads; the copying itself is `copyOut`. */
import { sql } from 'kysely';
import type { Data } from '../../schemas/form.ts';
import type { Db, SubjectTable } from '../database.ts';
import type { FactRow } from './subjects.ts';
import type { VisitStateRow } from './visit-states.ts';

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
  sex_by_day: SubjectTable['sex_by_day']['__select__'];
  created_at: Date;
  visit_date: string | null;
  visit_kind: string | null;
}

/** The records of a sub-dataset with what a filter may name, by key, after `after`. */
export function listForFilter(db: Db, siteId: string, subDataset: string, after: string | undefined, limit: number): Promise<FilteredRow[]> {
  return db.selectFrom('record as b')
    .innerJoin('record_version as v', (join) => join.onRef('v.site_id', '=', 'b.site_id').onRef('v.record_id', '=', 'b.id').onRef('v.version', '=', 'b.version'))
    .innerJoin('subject as s', (join) => join.onRef('s.site_id', '=', 'b.site_id').onRef('s.id', '=', 'b.subject_id'))
    .leftJoin('visit', (join) => join.onRef('visit.site_id', '=', 'b.site_id').onRef('visit.id', '=', 'b.visit_id'))
    .select(['b.id', 'b.subject_id', 'v.data', 's.sex', 's.birth_date', 's.sex_by_day', 'b.created_at', 'visit.visit_date', 'visit.kind as visit_kind'])
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

/** What of a record says by which day it is told. */
export interface DatedRecord {
  id: string;
  subject_id: string;
  visit_id: string | null;
  visit_date: string | null;
  birth_date: string | null;
  created_at: Date;
}

/** `conditions` are SQL over `b`, the record. */
export async function listRecordsOf(db: Db, conditions: readonly string[]): Promise<DatedRecord[]> {
  const { rows } = await sql.raw<DatedRecord>(`select b.id, b.subject_id, b.visit_id, visit.visit_date, s.birth_date, b.created_at from record b
    join subject s on s.site_id = b.site_id and s.id = b.subject_id left join visit on visit.site_id = b.site_id and visit.id = b.visit_id
    where ${conditions.join(' and ')}`).execute(db);
  return rows;
}

/** In the order of saying. */
export function listFactsOf(db: Db, siteId: string, subjectIds: readonly string[], keys: readonly string[]): Promise<(Omit<FactRow, 'subject_key'> & { subject_id: string })[]> {
  if (subjectIds.length === 0 || keys.length === 0) return Promise.resolve([]);
  return db.selectFrom('subject_fact').select(['subject_id', 'key', 'version', 'valid_from', 'key_id', 'ciphertext'])
    .where('site_id', '=', siteId).where('subject_id', 'in', [...subjectIds]).where('key', 'in', [...keys]).orderBy('subject_id').orderBy('key').orderBy('version').execute();
}

export async function listVisitStatesOf(db: Db, siteId: string, visitIds: readonly string[]): Promise<(Omit<VisitStateRow, 'subject_key'> & { visit_id: string })[]> {
  if (visitIds.length === 0) return [];
  const rows = await db.selectFrom('visit_state').select(['visit_id', 'valid_from', 'key_id', 'ciphertext'])
    .where('site_id', '=', siteId).where('visit_id', 'in', [...visitIds]).orderBy('visit_id').orderBy('version').execute();
  return rows.map((row) => ({ ...row, valid_from: row.valid_from?.toISOString() ?? null }));
}

/** For the rest of the transaction: JSON, values by bind path by record id. A setting, because COPY takes no parameters. */
export async function setKnown(db: Db, known: string): Promise<void> {
  await sql`select set_config('xf.known', ${known}, true)`.execute(db);
}
