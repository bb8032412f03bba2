/** How much an export would hold, without writing it. */
import type { ExportPreview, ExportRequest } from '../../../schemas/http/api.ts';
import { transact, type Trx } from '../../database.ts';
import { countRows } from '../../repositories/exports.ts';
import type { Context } from '../../services/context.ts';
import type { Actor } from '../../services/permissions.ts';
import { cohortPages } from './cohort.ts';
import { prepareExport, type Prepared } from './run.ts';
import { conditions, type PageOf, type Table } from './table.ts';

/** Call `checkExport` before. @throws Problem `filter-invalid` */
export function previewExport(context: Context, actor: Actor, request: ExportRequest): Promise<ExportPreview> {
  return transact(context.db, { accountId: actor.accountId, sites: request.siteIds }, async (trx) => {
    const prepared = await prepareExport(context, trx, actor, request);
    const tables: ExportPreview['tables'] = [];
    for (const { table } of prepared.plan.tables) tables.push({ table: table.file, rows: await rowsOf(trx, table, prepared), columns: table.columns.length });
    const subjects = tables.find(({ table }) => table === 'subjects.csv')?.rows ?? 0;
    return { tables, subjects, withheldColumns: prepared.plan.withheld.length };
  }, { snapshot: true });
}

async function rowsOf(trx: Trx, table: Table, { sites, cohort }: Prepared): Promise<number> {
  let rows = 0;
  for (const { id: siteId } of sites) {
    const chosen = cohort?.get(siteId);
    const pages: PageOf[] = chosen ? cohortPages(siteId, chosen, table.subDataset) : [{ siteId }];
    // Every join but that of a repeat finds one row for each.
    const from = table.then === undefined ? `from ${table.base} b` : table.from;
    for (const page of pages) rows += await countRows(trx, from, conditions(table, page));
  }
  return rows;
}
