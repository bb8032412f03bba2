/**
 * ISO-3: the database itself keeps hospitals apart. Which tables there are is read from the catalogue, so that a new one without a policy
 * fails here, and one without a row in the seeded hospitals does too.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { transact, transactAsOwner, type Scope, type Trx } from '../../server/database.ts';
import { requireSafeVersion } from '../../server/postgresql.ts';
import { engines } from '../support/engines.ts';
import { select } from '../support/select.ts';
import { useServer } from './support/app.ts';
import { aWholeSite, type WholeSite } from './support/whole-site.ts';

/** They say who may do what where, are read before anybody is known, and hold nothing of a patient. */
const aboutPeopleWhoWork = ['access_opening', 'membership'];

const tablesWithSite = `select table_name as name from information_schema.columns where table_schema = 'public' and column_name = 'site_id' and table_name <> all ('{${aboutPeopleWhoWork.join(',')}}')`;
/** Tables of hospitals that lack any of it: security on, also for the owner, and a policy by site for every command. */
const unguarded = `select c.relname as name from pg_class c where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace and c.relname in (${tablesWithSite})
  and not (c.relrowsecurity and c.relforcerowsecurity and exists (select from pg_policy p where p.polrelid = c.oid and p.polcmd = '*' and p.polpermissive and p.polroles = '{0}'
    and pg_get_expr(p.polqual, p.polrelid) like '%site_id = ANY%current_sites()%' and pg_get_expr(p.polwithcheck, p.polrelid) like '%site_id = ANY%current_sites()%')
    and not exists (select from pg_policy p where p.polrelid = c.oid and (p.polcmd <> '*' or p.polname <> 'by_site'))) order by 1`;

test.for([[149_999, false], [150_008, false], [150_009, true], [160_004, false], [160_005, true], [170_000, false], [170_001, true], [180_000, true], [Number.NaN, false]] as const)('PostgreSQL %d keeps to them: %s', ([version, safe]) => {
  if (safe) expect(() => requireSafeVersion(version)).not.toThrow();
  else expect(() => requireSafeVersion(version)).toThrow(/version/);
});

describe.each(engines())('policies, on $name', ({ fresh }) => {
  const store = fresh();
  const server = useServer(() => store.open);
  let [mine, theirs]: WholeSite[] = [];
  let tables: string[] = [];

  const see = <R>(query: string, scope: Scope = { sites: [] }, options: { keeper?: true } = {}) => transact(server.context.db, scope, (trx: Trx) => select<R>(trx, query), options);
  const asOwner = <R>(query: string) => transactAsOwner(server.context.db, (trx) => select<R>(trx, query));
  const count = async (table: string, scope?: Scope, where = 'true') => (await see<{ rows: number }>(`select count(*)::int as rows from ${table} where ${where}`, scope))[0]?.rows;

  beforeAll(async () => {
    [mine, theirs] = [await aWholeSite(server, '41'), await aWholeSite(server, '73')];
    tables = (await asOwner<{ name: string }>(`${tablesWithSite} order by 1`)).map(({ name }) => name);
  });

  test('are there for every command on every table of hospitals', async () => {
    expect(tables.length).toBeGreaterThanOrEqual(20);
    expect(await asOwner(unguarded)).toEqual([]);
  });

  test('a table that somebody adds without them is named', async () => {
    const found = transactAsOwner(server.context.db, async (trx) => {
      await select(trx, 'create table forgotten (site_id uuid not null)');
      throw Object.assign(new Error('undo'), { rows: await select(trx, unguarded) });
    });
    await expect(found).rejects.toMatchObject({ rows: [{ name: 'forgotten' }] });
  });

  test('bind roles that own nothing and can neither bypass them nor become anybody else', async () => {
    expect(await asOwner(`select rolname as name, rolsuper or rolbypassrls or rolcreaterole or rolcanlogin as more, (select count(*)::int from pg_class where relowner = r.oid) as owned from pg_roles r where rolname like 'xf\\_%' and rolname in ('xf_app', 'xf_keeper') order by 1`))
      .toEqual([{ name: 'xf_app', more: false, owned: 0 }, { name: 'xf_keeper', more: false, owned: 0 }]);
    expect(await asOwner(`select 1 from pg_auth_members m join pg_roles r on r.oid = m.member where r.rolname = 'xf_app'`)).toEqual([]);
    expect(await asOwner(`select proname from pg_proc where pronamespace = 'public'::regnamespace and prosecdef`)).toEqual([]);
    expect(await asOwner(`select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('v', 'm')`)).toEqual([]);
  });

  test('without a context there is no row in any of them, and each has some', async () => {
    for (const table of tables) {
      expect([table, await count(table)]).toEqual([table, 0]);
      for (const site of [mine, theirs]) expect([table, (await count(table, { sites: [site?.siteId ?? ''] })) ?? 0]).toEqual([table, expect.toSatisfy((rows: number) => rows > 0)]);
    }
  });

  test('with one hospital there is no row of the other, whoever asks', async () => {
    const scope = { sites: [mine?.siteId ?? ''] };
    for (const table of tables) {
      expect([table, await count(table, scope, `site_id <> '${mine?.siteId}'`)]).toEqual([table, 0]);
      expect([table, await see(`select 1 from ${table} where site_id = '${theirs?.siteId}' limit 1`, scope, { keeper: true })]).toEqual([table, []]);
    }
  });

  test('no row is written to, changed in, moved to or removed from the other hospital', async () => {
    const scope = { sites: [mine?.siteId ?? ''] };
    for (const table of tables) {
      const [privileges] = await see<{ insert: boolean; update: boolean; delete: boolean; columns: string[] }>(`select has_table_privilege('${table}', 'insert') as insert, has_any_column_privilege('${table}', 'update') as update, has_table_privilege('${table}', 'delete') as delete,
        (select json_agg(quote_ident(column_name)) from information_schema.columns where table_schema = 'public' and table_name = '${table}') as columns`);
      const columns = privileges?.columns ?? [];
      const copied = columns.map((column) => (column === 'site_id' ? `'${theirs?.siteId}'` : column)).join(', ');
      if (privileges?.insert) await expect(see(`insert into ${table} (${columns.join(', ')}) select ${copied} from ${table} limit 1`, scope), table).rejects.toMatchObject({ code: '42501' });
      if (privileges?.update) expect([table, await see(`with changed as (update ${table} set ${await aColumnToUpdate(table)} where site_id = '${theirs?.siteId}' returning 1) select * from changed`, scope)]).toEqual([table, []]);
      if (privileges?.delete) expect([table, await see(`with gone as (delete from ${table} where site_id = '${theirs?.siteId}' returning 1) select * from gone`, scope)]).toEqual([table, []]);
      expect([table, (await count(table, { sites: [theirs?.siteId ?? ''] })) ?? 0]).toEqual([table, expect.toSatisfy((rows: number) => rows > 0)]);
    }
  });

  const aColumnToUpdate = async (table: string) => {
    const [column] = await see<{ name: string }>(`select quote_ident(column_name) as name from information_schema.columns where table_schema = 'public' and table_name = '${table}' and column_name <> 'site_id' and has_column_privilege('${table}', column_name, 'update') order by ordinal_position limit 1`);
    return `${column?.name} = ${column?.name}`;
  };

  test('what a transaction was shown is not shown to the next on the same connection', async () => {
    const size = process.env['XF_ACCEPTANCE'] === '1' ? 10_000 : 300;
    const sites = [mine, theirs].map((site) => site?.siteId ?? '');
    const look = async (turn: number) => {
      const own = turn % 3 === 2 ? [] : [sites[turn % 3] ?? ''];
      const [row] = await see<{ foreign: number; own: number }>(`select (count(*) filter (where site_id <> all ('{${own.join(',')}}')))::int as foreign, (count(*) filter (where site_id = any ('{${own.join(',')}}')))::int as own from subject`, { sites: own });
      expect(row).toEqual({ foreign: 0, own: own.length === 0 ? 0 : 2 });
    };
    // Many at once, and never so many that the last would wait too long for its turn.
    for (let from = 0; from < size; from += 100) await Promise.all(Array.from({ length: 100 }, (_, at) => look(from + at)));
    expect(await see(`select nullif(current_setting('xf.sites', true), '') as sites`)).toEqual([{ sites: null }]);
  });
});
