import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { openDatabase, runNamed, transact, type OpenDatabase } from '../../server/database.ts';
import { aPlace } from '../support/build.ts';
import { engines, withDatabase } from '../support/engines.ts';
import { select } from '../support/select.ts';

const none = { sites: [] };
const server = engines().find(({ name }) => name === 'postgresql');

/** A database of the test's own; each test here does something to its connections. */
async function aDatabase(connections = 3): Promise<OpenDatabase & { url: string }> {
  const { config, drop } = (await server?.create()) ?? {};
  const database = await openDatabase({ ...config, connections });
  onTestFinished(async () => {
    await database.close();
    await drop?.();
  });
  return { ...database, url: config?.url ?? '' };
}

const openTransactions = async ({ db }: OpenDatabase) => {
  const [row] = await transact(db, none, (trx) => select<{ n: number }>(trx, `select count(*) as n from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`));
  return row?.n;
};

describe.runIf(server)('a PostgreSQL server', () => {
  test('that ends a connection fails the transaction on it, not the process', async () => {
    const database = await aDatabase();
    const cut = transact(database.db, none, async (trx) => {
      const [row] = await select<{ pid: number }>(trx, 'select pg_backend_pid() as pid');
      await withDatabase(inject('postgresqlUrl') ?? '', `select pg_terminate_backend(${row?.pid})`);
      await select(trx, 'select 1');
    });
    await expect(cut).rejects.toThrow();
    for (let i = 0; i < 4; i += 1) await database.ping();
  });

  test('that ends idle connections is connected to again', async () => {
    const database = await aDatabase();
    await Promise.all([database.ping(), database.ping(), database.ping()]);
    await withDatabase(inject('postgresqlUrl') ?? '', `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${new URL(database.url).pathname.slice(1)}'`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    for (let i = 0; i < 4; i += 1) await database.ping();
  });

  test('keeps the plan of a named query for its connection', async () => {
    const database = await aDatabase(1);
    const run = () => transact(database.db, none, (trx) => runNamed(trx, 'plan-of-one', 'select $1::integer as n', [1]));
    await run();
    await run();
    const prepared = await transact(database.db, none, (trx) => select(trx, `select name, generic_plans + custom_plans as runs from pg_prepared_statements where name = 'plan-of-one'`));
    expect(prepared).toEqual([{ name: 'plan-of-one', runs: 2 }]);
  });

  test('is left without an open transaction when work throws, hangs up or is undone', async () => {
    const database = await aDatabase();
    const place = await aPlace(database.db);
    for (let i = 0; i < 30; i += 1) {
      await transact(database.db, { sites: [place.siteId] }, async (trx) => {
        await select(trx, i % 2 ? 'select 1' : 'select 1 / 0');
        throw new Error('gone');
      }).catch(() => {});
    }
    expect(await openTransactions(database)).toBe(0);
  });

  test('serves a user who is no superuser, by row-level security and all', async () => {
    const url = new URL((await aDatabase()).url);
    const owner = `owner_${url.pathname.slice(4, 12)}`;
    await withDatabase(url.href, `create role ${owner} login createrole password 'owner'`, `create database ${owner} owner ${owner}`);
    Object.assign(url, { username: owner, password: 'owner', pathname: `/${owner}` });
    onTestFinished(() => withDatabase(inject('postgresqlUrl') ?? '', `drop database ${owner} with (force)`, `revoke xf_app from ${owner}`, `drop role ${owner}`));
    const database = await openDatabase({ url: url.href, connections: 2 });
    try {
      expect((await database.migrate()).length).toBeGreaterThan(0);
      await aPlace(database.db);
      expect(await transact(database.db, none, (trx) => trx.selectFrom('subject').selectAll().execute())).toEqual([]);
    } finally {
      await database.close();
    }
  });

  test('migrated by two at once is migrated once', async () => {
    const { config, drop } = (await server?.create()) ?? {};
    await withDatabase(config?.url ?? '', 'drop schema public cascade', 'create schema public');
    const [one, two] = await Promise.all([openDatabase({ ...config }), openDatabase({ ...config })]);
    const ran = await Promise.all([one.migrate(), two.migrate()]);
    await Promise.all([one.close(), two.close()]);
    await drop?.();
    expect(ran.map((names) => names.length).sort()).toEqual([0, expect.any(Number)]);
    expect(ran.flat().length).toBeGreaterThan(0);
  });
});

describe('a PostgreSQL that cannot be reached', () => {
  const secret = 'a-secret-password';

  test('is named with host and port, without the password', async () => {
    const listener = createServer().listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const { port } = listener.address() as AddressInfo;
    listener.close();
    const error = await openDatabase({ url: `postgresql://user:${secret}@127.0.0.1:${port}/clinic` }).catch((thrown: Error) => thrown);
    expect(String(error)).toContain(`PostgreSQL at 127.0.0.1:${port}/clinic cannot be used`);
    expect(String(error)).toContain('ECONNREFUSED');
    expect(String(error)).toContain('DATABASE_URL');
    expect(String(error)).not.toContain(secret);
  });

  test('because the name is unknown is told so', async () => {
    await expect(openDatabase({ url: `postgresql://user:${secret}@no-such-host.invalid/clinic` })).rejects.toThrow(/no-such-host\.invalid:5432\/clinic cannot be used: getaddrinfo/);
  });

  test.runIf(server)('because the password is wrong is told so', async () => {
    const url = new URL(inject('postgresqlUrl') ?? '');
    url.password = secret;
    const error = await openDatabase({ url: url.href }).catch((thrown: Error) => thrown);
    expect(String(error)).toContain('password authentication failed');
    expect(String(error)).not.toContain(secret);
  });
});
