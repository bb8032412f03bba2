/** What a file of an export is made of: columns, each an SQL expression with what the codebook says of it, and the query that they stand in. */
import type { Item } from '../../../schemas/form.ts';

/** Text cells are quoted and guarded against formulas in the Excel profile; numbers never are. */
export type CellKind = 'text' | 'number';

export interface Column {
  name: string;
  kind: CellKind;
  /** SQL over the columns of `Table.inner`. Null is an empty cell. */
  sql: string;
  /** What the column says of its item; `key` for columns that no item stands behind. */
  role: 'key' | 'value' | 'code' | 'label' | 'null' | 'utc' | 'from' | 'to' | 'source';
  item?: Item;
  /** For `role: 'code'`: the code of which the column says whether it was chosen. */
  code?: string;
  /** What a key column holds. */
  note?: { zh: string; en: string };
}

export interface Table {
  /** Name of the file. */
  file: string;
  title: { zh: string; en: string };
  columns: Column[];
  /** SQL expressions that several columns share, worked out once for each row: `[name, expression]`. */
  inner: [string, string][];
  /** `from …` with its joins; `b` is the table that is paged by key. */
  from: string;
  /** The table of the store that `b` is, and conditions on it. */
  base: 'subject' | 'visit' | 'lesion' | 'image' | 'record' | 'import_row';
  where: string[];
  /** Order inside the rows of one `b`. */
  then?: string;
  /** Column of `b` that names the patient. */
  subject: string;
  /** The records of which sub-dataset `b` holds, for a filter. */
  subDataset?: string;
  /** Bind paths whose values the database is given for each page (`known.ts`). */
  known?: readonly string[];
}

/** The rows of one site that a page takes: from the key, before the key, or of certain patients and records. */
export interface PageOf {
  siteId: string;
  from?: string;
  before?: string;
  subjects?: readonly string[];
  records?: readonly string[];
}

/** SQL text in quotes. The strings come from standards and mappings, never from a request. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/**
 * The query of a page. Values are taken out of JSON once, in the inner query, which `offset 0` keeps apart: labels and reasons then
 * read a column instead of the JSON again, which takes half the time.
 */
export function pageQuery(table: Table, page: PageOf): string {
  const inner = table.inner.map(([name, sql]) => `${sql} as ${name}`).join(', ');
  const outer = table.columns.map(({ sql }, at) => `${sql} as x${at}`).join(', ');
  const order = [...(table.then === undefined ? [] : [table.then])];
  return `select ${outer} from (select ${inner} ${table.from} where ${conditions(table, page).join(' and ')} order by b.id${order.map((next) => `, ${next}`).join('')} offset 0) q`;
}

export function conditions({ where, subject }: Pick<Table, 'where' | 'subject'>, { siteId, from, before, subjects, records }: PageOf): string[] {
  return [
    `b.site_id = ${uuid(siteId)}`,
    ...where,
    ...(from === undefined ? [] : [`b.id >= ${uuid(from)}`]),
    ...(before === undefined ? [] : [`b.id < ${uuid(before)}`]),
    ...(subjects === undefined ? [] : [`b.${subject} = any (${uuids(subjects)})`]),
    ...(records === undefined ? [] : [`b.id = any (${uuids(records)})`]),
  ];
}

/** COPY takes no parameters, so ids are written out; only what is a UUID is. */
function uuid(id: string): string {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) throw new TypeError('Not a UUID');
  return `'${id}'::uuid`;
}

function uuids(ids: readonly string[]): string {
  for (const id of ids) uuid(id);
  return `'{${ids.join(',')}}'::uuid[]`;
}
