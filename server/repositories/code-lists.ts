/** Codes that were imported into open value sets. Reads are of requests; writes are the owner's (`transactAsOwner`). */
import { sql } from 'kysely';
import { json, type Db, type Trx } from '../database.ts';

export interface CodeRow {
  code: string;
  zh: string;
  /** Empty when there is none. */
  en: string;
  pinyin: string;
  synonyms: readonly string[];
  status: 'active' | 'retired';
  ordinal: number;
}

export interface ImportedEdition {
  id: string;
  valueSet: string;
  edition: string;
  fileSha256: string;
  added: number;
  changed: number;
  retired: number;
}

/** In the order of the file they came in. */
export function listImportedCodes(db: Db, valueSet: string): Promise<CodeRow[]> {
  return db.selectFrom('value_set_code').select(['code', 'zh', 'en', 'pinyin', 'synonyms', 'status', 'ordinal'])
    .where('value_set', '=', valueSet).orderBy('ordinal').orderBy('code').execute();
}

/** The newest import of a set; undefined when nothing was imported. */
export function findLastImport(db: Db, valueSet: string) {
  return db.selectFrom('value_set_import').select(['id', 'edition', 'file_sha256', 'created_at'])
    .where('value_set', '=', valueSet).orderBy('created_at', 'desc').orderBy('id', 'desc').limit(1).executeTakeFirst();
}

export async function listImportedSets(db: Db): Promise<string[]> {
  return (await db.selectFrom('value_set_import').select('value_set').distinct().orderBy('value_set').execute()).map(({ value_set }) => value_set);
}

/** How many codes of each set were imported, and how many of those are still offered. */
export function countImportedCodes(db: Db): Promise<{ value_set: string; codes: number; active: number }[]> {
  return db.selectFrom('value_set_code').select(['value_set', sql<number>`count(*)::int`.as('codes'), sql<number>`(count(*) filter (where status = 'active'))::int`.as('active')])
    .groupBy('value_set').orderBy('value_set').execute();
}

/** One import of a set at a time; others wait. */
export async function lockImports(trx: Trx): Promise<void> {
  await sql`lock table value_set_import in share row exclusive mode`.execute(trx);
}

export async function insertImport(trx: Trx, { id, valueSet, edition, fileSha256, added, changed, retired }: ImportedEdition): Promise<void> {
  await trx.insertInto('value_set_import').values({ id, value_set: valueSet, edition, file_sha256: fileSha256, added, changed, retired }).execute();
}

/** Rows of one statement: large enough to be quick, small enough for the memory of the embedded database. */
const BATCH = 2_000;

/** Inserts, or overwrites by code. */
export async function putCodes(trx: Trx, valueSet: string, importId: string, rows: readonly CodeRow[]): Promise<void> {
  for (let at = 0; at < rows.length; at += BATCH) {
    await sql`
      insert into value_set_code (value_set, code, ordinal, zh, en, pinyin, synonyms, status, value_set_import_id)
      select ${valueSet}, r.code, r.ordinal, r.zh, r.en, r.pinyin, r.synonyms, r.status, ${importId}::uuid
      from jsonb_to_recordset(${json(rows.slice(at, at + BATCH))}::jsonb) as r (code text, ordinal integer, zh text, en text, pinyin text, synonyms jsonb, status text)
      on conflict (value_set, code) do update set ordinal = excluded.ordinal, zh = excluded.zh, en = excluded.en, pinyin = excluded.pinyin,
        synonyms = excluded.synonyms, status = excluded.status, value_set_import_id = excluded.value_set_import_id`.execute(trx);
  }
}

/** Still valid in what was recorded, no longer offered. */
export async function retireCodes(trx: Trx, valueSet: string, importId: string, codes: readonly string[]): Promise<void> {
  for (let at = 0; at < codes.length; at += BATCH) {
    await sql`
      update value_set_code set status = 'retired', value_set_import_id = ${importId}::uuid
      where value_set = ${valueSet} and code in (select jsonb_array_elements_text(${json(codes.slice(at, at + BATCH))}::jsonb))`.execute(trx);
  }
}
