import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { transact, type Trx } from '../../server/database.ts';
import { engines } from '../support/engines.ts';
import { select } from '../support/select.ts';

/** Tables that hold nothing about a patient: who may do what, and where. */
const notClinical = ['access_opening', 'account', 'account_name', 'former_password', 'identity_link', 'membership', 'one_time_token', 'passkey', 'recovery_code', 'security_event', 'session', 'setup_token', 'sign_in_attempt', 'site', 'totp', 'value_set_code', 'value_set_import'];
const appendOnly = ['audit_event', 'contribution', 'history_anchor', 'import_file', 'import_row', 'protocol_aliquot', 'protocol_event', 'protocol_record', 'record_version', 'security_event', 'subject_fact', 'value_set_import', 'visit_state'];

describe.each(engines())('the tables, on $name', ({ fresh }) => {
  const store = fresh();
  const ask = <R>(query: string): Promise<R[]> => transact(store.db, { sites: [] }, (trx: Trx) => select<R>(trx, query));

  test('are those that server/tables.ts describes', async () => {
    const rows = await ask<Column & { table: string }>(`
      select c.relname as table, a.attname as name, format_type(a.atttypid, a.atttypmod) as type, not a.attnotnull as nullable, a.atthasdef as defaulted
      from pg_attribute a join pg_class c on c.oid = a.attrelid
      where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and a.attnum > 0 and not a.attisdropped and c.relname not like 'kysely_%'`);
    const real: { [table: string]: { [column: string]: string } } = {};
    for (const { table, name, ...column } of rows) (real[table] ??= {})[name] = describeReal(column);
    expect(described()).toEqual(real);
  });

  // Who created a row is the exception: accounts are never deleted, and the index would cost every save.
  test('have an index for every foreign key', async () => {
    const missing = await ask(`
      select f.conrelid::regclass::text as table, f.conname as key from pg_constraint f
      where f.contype = 'f' and f.conname not like '%\\_created\\_by\\_fkey' and not exists (
        select from pg_index i where i.indrelid = f.conrelid and (i.indkey::int2[])[0:array_length(f.conkey, 1) - 1] @> f.conkey)`);
    expect(missing).toEqual([]);
  });

  test('begin every key with the site where they are clinical', async () => {
    const wrong = await ask(`
      select k.conrelid::regclass::text as table, k.conname as key from pg_constraint k
      where k.connamespace = 'public'::regnamespace and k.contype in ('p', 'u', 'f') and k.conrelid::regclass::text <> all ('{${notClinical.join(',')}}') and k.conrelid::regclass::text not like 'kysely_%'
        and not (k.contype = 'f' and k.confrelid in ('site'::regclass, 'account'::regclass))
        and (select attname from pg_attribute where attrelid = k.conrelid and attnum = k.conkey[1]) <> 'site_id'`);
    expect(wrong).toEqual([]);
  });

  test('are closed by site, also to their owner, where they are clinical', async () => {
    const open = await ask<{ name: string }>(`
      select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace
        and not (relrowsecurity and relforcerowsecurity) and relname not like 'kysely_%' order by relname`);
    expect(open.map(({ name }) => name)).toEqual(notClinical);
  });

  test('only grow where they are history', async () => {
    const guarded = await ask<{ name: string }>(`
      select tgrelid::regclass::text as name from pg_trigger
      where tgfoid in ('refuse_change'::regproc, 'refuse_change_but_sealing'::regproc) and not tgisinternal group by 1 having bit_or(tgtype::int) & (8 + 16 + 32) = 56 order by 1`);
    expect(guarded.map(({ name }) => name)).toEqual(appendOnly);
  });
});

interface Column {
  name: string;
  type: string;
  nullable: boolean;
  defaulted: boolean;
}

function describeReal({ type, nullable, defaulted }: Omit<Column, 'name'>): string {
  const types: { [name: string]: string } = { uuid: 'string', text: 'string', integer: 'number', bigint: 'number', bytea: 'Uint8Array', 'timestamp with time zone': 'Date', jsonb: 'json' };
  return `${types[type] ?? type}${nullable ? ' or null' : ''}${defaulted ? ', defaulted' : ''}`;
}

/** The interfaces as written: types leave nothing behind at run time, so the text is read. */
function described(): { [table: string]: { [column: string]: string } } {
  const source = readFileSync(new URL('../../server/tables.ts', import.meta.url), 'utf8');
  const interfaces = new Map([...source.matchAll(/interface (\w+)(?: extends ([\w, ]+))? \{\n(.*?)\n\}/gs)].map(([, name = '', parents = '', body = '']) => [name, { parents, body }]));
  const columnsOf = (name: string): [string, string][] => {
    const { parents = '', body = '' } = interfaces.get(name) ?? {};
    const own = [...body.matchAll(/^ {2}(\w+): (.+);$/gm)].map(([, column = '', type = '']): [string, string] => [column, describeWritten(type)]);
    return [...parents.split(', ').filter(Boolean).flatMap(columnsOf), ...own];
  };
  const tables = [...(interfaces.get('Database')?.body ?? '').matchAll(/^ {2}(\w+): (\w+);$/gm)];
  return Object.fromEntries(tables.map(([, table = '', name = '']) => [table, Object.fromEntries(columnsOf(name))]));
}

function describeWritten(type: string): string {
  const base = /Json/.test(type) ? 'json' : /Stamp|Date/.test(type) ? 'Date' : /Uint8Array/.test(type) ? 'Uint8Array' : /\bnumber\b/.test(type) ? 'number' : 'string';
  return `${base}${type.includes('| null') ? ' or null' : ''}${/Stamp|Defaulted|undefined/.test(type) ? ', defaulted' : ''}`;
}
