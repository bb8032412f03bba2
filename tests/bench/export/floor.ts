/** What PostgreSQL does with the same columns when nothing else is asked of it: COPY out of the JSONB, and of a typed table. */
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { Form, Item } from '../../../schemas/form.ts';
import { execute, type BenchDatabase } from '../lib/database.ts';

export interface Copied {
  seconds: number;
  bytes: number;
}

const head = 'r.id, s.study_number, vi.visit_date, le.ordinal, r.status';
const joined = `from record r
  join record_version v on v.site_id = r.site_id and v.record_id = r.id and v.version = r.version
  join subject s on s.site_id = r.site_id and s.id = r.subject_id
  join visit vi on vi.site_id = r.site_id and vi.id = r.visit_id
  join lesion le on le.site_id = r.site_id and le.id = r.lesion_id`;
const itemsOf = (form: Form) => form.items.filter(({ bind }) => bind === undefined);
const text = ({ key }: Item) => `v.data ->> '${key}'`;

export const fromJsonb = (form: Form) => `select ${head}, ${itemsOf(form).map((item) => `${text(item)} as "${item.key}"`).join(', ')} ${joined} order by r.site_id, r.id`;
export const fromTyped = 'select * from bench_typed order by id';

export async function makeTyped({ url }: BenchDatabase, form: Form): Promise<void> {
  const types: { readonly [type: string]: string } = { integer: 'integer', number: 'numeric', boolean: 'boolean' };
  await execute(url, `create table bench_typed as select ${head}, ${itemsOf(form).map((item) => `(${text(item)})::${types[item.type] ?? 'text'} as "${item.key}"`).join(', ')} ${joined} order by r.site_id, r.id`);
  await execute(url, 'alter table bench_typed add primary key (id)');
  await execute(url, 'vacuum analyze bench_typed');
}

export async function copyOut({ url }: BenchDatabase, query: string): Promise<Copied> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const began = performance.now();
    let bytes = 0;
    for await (const chunk of client.query(copyTo(`copy (${query}) to stdout with (format csv, header)`)) as AsyncIterable<Uint8Array>) bytes += chunk.length;
    return { seconds: (performance.now() - began) / 1000, bytes };
  } finally {
    await client.end();
  }
}
