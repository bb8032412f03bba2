/** Tables that were imported, and their rows as they stood in the file. Each row keeps its versions. */
import { sql } from 'kysely';
import { json, type Db, type Trx } from '../database.ts';

export interface ImportFile {
  id: string;
  /** `name/version`. */
  mapping: string;
  mappingSha256: string;
  fileSha256: string;
  columns: readonly string[];
}

/** Once; the same file by the same mapping is there already. */
export async function keepImportFile(trx: Trx, siteId: string, accountId: string, file: ImportFile): Promise<void> {
  await trx.insertInto('import_file').values({
    site_id: siteId, id: file.id, mapping: file.mapping, mapping_sha256: file.mappingSha256, file_sha256: file.fileSha256, columns: json(file.columns), created_by: accountId,
  }).onConflict((conflict) => conflict.columns(['site_id', 'id']).doNothing()).execute();
}

export interface ImportRow {
  id: string;
  version: number;
  importFileId: string;
  line: number;
  subjectId: string;
  visitId?: string | undefined;
  contributionId: string;
  cells: { [column: string]: string };
  missing: { [column: string]: string };
  refused: { [column: string]: string };
  digest: string;
}

export async function insertImportRow(trx: Trx, siteId: string, accountId: string, row: ImportRow): Promise<void> {
  await trx.insertInto('import_row').values({
    site_id: siteId, id: row.id, version: row.version, import_file_id: row.importFileId, line: row.line, subject_id: row.subjectId, visit_id: row.visitId ?? null,
    contribution_id: row.contributionId, cells: json(row.cells), missing: json(row.missing), refused: json(row.refused), digest: row.digest, created_by: accountId,
  }).execute();
}

export interface KnownRow {
  id: string;
  version: number;
  digest: string;
  subject_id: string;
  visit_id: string | null;
}

/** The newest version of each of these rows that is there. */
export async function listImportRows(db: Db, siteId: string, ids: readonly string[]): Promise<KnownRow[]> {
  if (ids.length === 0) return [];
  return db.selectFrom('import_row as b').distinctOn('b.id').select(['b.id', 'b.version', 'b.digest', 'b.subject_id', 'b.visit_id'])
    .where('b.site_id', '=', siteId).where(sql<boolean>`b.id = any (${`{${ids.join(',')}}`}::uuid[])`).orderBy('b.id').orderBy('b.version', 'desc').execute();
}

export function findImportCells(db: Db, siteId: string, id: string, version: number) {
  return db.selectFrom('import_row').select(['cells']).where('site_id', '=', siteId).where('id', '=', id).where('version', '=', version).executeTakeFirst();
}

/** Mappings by which rows came in, each with the columns of its newest file. */
export async function listImportedMappings(db: Db, siteIds: readonly string[]): Promise<{ mapping: string; columns: string[] }[]> {
  const rows = await db.selectFrom('import_file').select(['mapping', 'columns']).where('site_id', 'in', [...siteIds]).orderBy('created_at').orderBy('id').execute();
  const byName = new Map<string, { mapping: string; columns: string[] }>();
  for (const { mapping, columns } of rows) {
    const name = mapping.split('/')[0] ?? mapping;
    const known = byName.get(name)?.columns ?? [];
    byName.set(name, { mapping: name, columns: [...columns, ...known.filter((column) => !columns.includes(column))] });
  }
  return [...byName.values()].sort((a, b) => (a.mapping < b.mapping ? -1 : 1));
}

/** After many new rows: the embedded database has nobody who would look at them by itself, and without statistics its plans are bad. */
export async function refreshStatistics(db: Db): Promise<void> {
  await sql`analyze subject, visit, record, record_version, contribution, audit_event, import_row`.execute(db);
}
