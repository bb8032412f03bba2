/** One file of an export, as bytes: the header line, then page after page of `copy … to stdout`. */
import { copyOut, type Trx } from '../../database.ts';
import { listPageKeys } from '../../repositories/exports.ts';
import { inBlocks } from '../csv/blocks.ts';
import { createScan, type Scan } from '../csv/scan.ts';
import { byteOrderMark, csvLines, type Profile } from '../csv/write.ts';
import type { Context } from '../../services/context.ts';
import { cohortPages, type Cohort } from './cohort.ts';
import { giveKnown } from './known.ts';
import { conditions, pageQuery, type PageOf, type Table } from './table.ts';

export interface RowOptions {
  profile: Profile;
  sites: readonly { id: string }[];
  cohort: Cohort | undefined;
  /** Whether the database makes the whole answer before it gives the first byte. */
  paged: boolean;
}

export interface TableRows {
  chunks: AsyncIterable<Uint8Array>;
  /** Counts of what has gone through `chunks`. */
  scan: Scan;
}

/**
 * Small enough that the embedded database, which makes a page at once, needs some megabytes for it. PostgreSQL streams, and one query for
 * all of a site's rows costs half of what pages of this size cost: each page joins anew.
 */
const pageSize = 5000;

/** Each record's values are opened here first; the page must be small enough for one setting of the transaction. */
const pageSizeOfKnown = 1000;

export function tableRows(context: Pick<Context, 'keys'>, trx: Trx, table: Table, options: RowOptions): TableRows {
  const texts = table.columns.map(({ kind }) => kind === 'text');
  const scan = createScan({ columns: texts.length, ...(options.profile === 'excel' ? { guarded: texts } : {}) });
  return { scan, chunks: chunksOf(context, trx, table, options, scan) };
}

async function* chunksOf(context: Pick<Context, 'keys'>, trx: Trx, table: Table, options: RowOptions, scan: Scan): AsyncIterable<Uint8Array> {
  const { profile } = options;
  yield Buffer.from((profile === 'excel' ? byteOrderMark : '') + csvLines([table.columns.map(({ name }) => name)], profile));
  for await (const block of inBlocks(copied(context, trx, table, options))) yield scan.push(block);
  scan.end();
}

async function* copied(context: Pick<Context, 'keys'>, trx: Trx, table: Table, { profile, sites, cohort, paged }: RowOptions): AsyncIterable<Uint8Array> {
  const quoted = table.columns.flatMap(({ kind }, at) => (kind === 'text' ? [`x${at}`] : []));
  const format = profile === 'excel' && quoted.length > 0 ? `format csv, force_quote (${quoted.join(', ')})` : 'format csv';
  for (const { id } of sites) {
    const chosen = cohort?.get(id);
    const pages = chosen ? cohortPages(id, chosen, table.subDataset) : paged || table.known ? await keyPages(trx, table, id) : [{ siteId: id }];
    for (const page of pages) {
      if (table.known) await giveKnown(context, trx, table, table.known, page);
      yield* copyOut(trx, pageQuery(table, page), format);
    }
  }
}

async function keyPages(trx: Trx, table: Table, siteId: string): Promise<PageOf[]> {
  const keys = await listPageKeys(trx, table.base, conditions(table, { siteId }), table.known ? pageSizeOfKnown : pageSize);
  return keys.map((from, at): PageOf => {
    const before = keys[at + 1];
    return { siteId, ...(at === 0 ? {} : { from }), ...(before === undefined ? {} : { before }) };
  });
}
