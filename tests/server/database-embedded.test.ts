import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, inject, test } from 'vitest';
import { openDatabase, transact } from '../../server/database.ts';
import { openEmbedded } from '../../server/embedded/embedded.ts';
import { createHousekeeper } from '../../server/embedded/housekeeping.ts';
import { lockFolder } from '../../server/embedded/lock.ts';
import { createSpaceGuard } from '../../server/embedded/space.ts';
import { aFolder } from '../support/folders.ts';
import { start } from '../support/processes.ts';
import { select } from '../support/select.ts';

const writer = fileURLToPath(new URL('../support/writer.ts', import.meta.url));
const template = () => readFileSync(inject('embeddedTemplate'));

describe('the data folder', () => {
  test('is made, migrated once and kept', async () => {
    const folder = join(aFolder(), 'not', 'there', 'yet');
    const first = await openDatabase({ folder, template: template() });
    expect(await first.migrate()).toEqual([]);
    await transact(first.db, { sites: [] }, (trx) => trx.insertInto('site').values({ id: randomUUID(), code: 'XY01', name: '湘雅' }).execute());
    await first.close();
    expect(existsSync(join(folder, 'lock'))).toBe(false);

    const second = await openDatabase({ folder });
    const sites = await transact(second.db, { sites: [] }, (trx) => trx.selectFrom('site').select('name').execute());
    await second.close();
    expect(sites).toEqual([{ name: '湘雅' }]);
  });

  test('is refused to a second process, which says who has it', async () => {
    const folder = aFolder();
    const database = await openDatabase({ folder, template: template() });
    const second = start(process.execPath, [writer, folder]);
    expect(await second.ended).toBe(1);
    expect(second.lines).toEqual([`failed Data folder ${folder} is in use by process ${process.pid}; stop it, or set XF_DATA to another folder.`]);
    await database.ping();
    await database.close();
  });

  test('loses nothing that was acknowledged when the process is killed while it writes', async () => {
    const folder = aFolder();
    await (await openDatabase({ folder, template: template() })).close();
    let acknowledged: string[] = [];
    for (const writes of [20, 90]) {
      const process_ = start(process.execPath, [writer, folder]);
      await process_.line(new RegExp(` ${'ABCDEFGHIJ'[Math.floor(writes / 100)]}X${String(writes % 100).padStart(2, '0')}$`));
      await process_.kill('SIGKILL');
      acknowledged = process_.lines.filter((line) => line.includes(' ')).map((line) => line.split(' ')[1] ?? '');
    }
    const database = await openDatabase({ folder });
    const stored = await transact(database.db, { sites: [] }, (trx) => trx.selectFrom('site').select('code').execute());
    await database.close();
    expect(acknowledged.length).toBeGreaterThan(90);
    expect(acknowledged.filter((code) => !stored.some((site) => site.code === code))).toEqual([]);
  });

  test('written by another major version is left alone, and the message says so', async () => {
    const folder = aFolder();
    mkdirSync(join(folder, 'database'));
    writeFileSync(join(folder, 'database', 'PG_VERSION'), '17\n');
    await expect(openDatabase({ folder })).rejects.toThrow(/was written by PostgreSQL 17, and this release has 18/);
    expect(existsSync(join(folder, 'lock'))).toBe(false);
  });

  test('whose making was cut off is made again', async () => {
    const folder = aFolder();
    const making = start(process.execPath, [writer, folder]);
    await expect.poll(() => existsSync(join(folder, 'database', 'PG_VERSION')), { timeout: 50_000, interval: 20 }).toBe(true);
    await making.kill('SIGKILL');
    expect(making.lines).toEqual([]);
    const database = await openDatabase({ folder, template: template() });
    await database.ping();
    await database.close();
    expect(readdirSync(folder)).toEqual(['database']);
  });

  test('that is damaged gives a message with its name', async () => {
    const folder = aFolder();
    mkdirSync(join(folder, 'database'));
    writeFileSync(join(folder, 'database', 'PG_VERSION'), '18\n');
    await expect(openDatabase({ folder })).rejects.toThrow(`The database in data folder ${folder} does not open`);
  });

  test('that cannot be made gives a message with its name', async () => {
    const file = join(aFolder(), 'a-file');
    writeFileSync(file, '');
    await expect(openDatabase({ folder: join(file, 'data') })).rejects.toThrow(/Data folder .*a-file.* cannot be made/);
  });

  test('is of the version that the code expects of the engine', async () => {
    const database = await openDatabase({ template: template() });
    const [row] = await transact(database.db, { sites: [] }, (trx) => select<{ version: string }>(trx, `select current_setting('server_version_num') as version`));
    await database.close();
    expect(row?.version).toMatch(/^18/);
  });
});

describe('the lock of a data folder', () => {
  const held = async (folder: string, content: string, ageSeconds = 0) => {
    writeFileSync(join(folder, 'lock'), content);
    const time = Date.now() / 1000 - ageSeconds;
    utimesSync(join(folder, 'lock'), time, time);
    return lockFolder(folder);
  };
  const dead = 2 ** 22 + 1;

  test('of a process that has died is taken over', async () => {
    const folder = aFolder();
    const lock = await held(folder, JSON.stringify({ pid: dead, host: hostname(), started: 'then' }));
    expect(JSON.parse(readFileSync(join(folder, 'lock'), 'utf8'))).toMatchObject({ pid: process.pid });
    await lock.release();
  });

  test('of a process whose number another one has now is taken over', async () => {
    const lock = await held(aFolder(), JSON.stringify({ pid: process.pid, host: hostname(), started: 'before the restart' }));
    await lock.release();
  });

  test('of another machine holds as long as that one shows life', async () => {
    const content = JSON.stringify({ pid: 7, host: 'another-machine', started: '' });
    await expect(held(aFolder(), content, 20)).rejects.toThrow('in use by process 7 on another-machine');
    await (await held(aFolder(), content, 40)).release();
  });

  test('half-written is taken over only when nobody finishes it', async () => {
    await expect(held(aFolder(), '')).rejects.toThrow('in use');
    await (await held(aFolder(), '', 5)).release();
  });

  test('goes to one of many that want it', async () => {
    const folder = aFolder();
    writeFileSync(join(folder, 'lock'), JSON.stringify({ pid: dead, host: hostname(), started: 'then' }));
    const results = await Promise.allSettled(Array.from({ length: 10 }, () => lockFolder(folder)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});

describe('the one session', () => {
  test('is waited for in line, and a caller inside a transaction that asks for a second one is told', async () => {
    const database = await openDatabase({ template: template(), patience: 300 });
    const order: number[] = [];
    await Promise.all([1, 2, 3].map((n) => transact(database.db, { sites: [] }, async (trx) => {
      await select(trx, 'select 1');
      order.push(n);
    })));
    expect(order).toEqual([1, 2, 3]);
    const locked = transact(database.db, { sites: [] }, () => database.ping());
    await expect(locked).rejects.toMatchObject({ code: '53300' });
    await database.ping();
    await database.close();
    await expect(database.ping()).rejects.toMatchObject({ code: '57P01' });
  });
});

describe('a statement', () => {
  test('that takes too long is ended, and the next one finds what was stored before', async () => {
    const folder = aFolder();
    const database = await openDatabase({ folder, template: template(), statementLimit: 1_500 });
    await transact(database.db, { sites: [] }, (trx) => trx.insertInto('site').values({ id: randomUUID(), code: 'XY01', name: '湘雅' }).execute());
    const slow = transact(database.db, { sites: [] }, async (trx) => {
      await trx.insertInto('site').values({ id: randomUUID(), code: 'XY02', name: 'lost' }).execute();
      await select(trx, 'select count(*) from generate_series(1, 1000000000)');
    });
    await expect(slow).rejects.toMatchObject({ code: '57014' });
    const sites = await transact(database.db, { sites: [] }, (trx) => trx.selectFrom('site').select('code').execute());
    await database.close();
    expect(sites).toEqual([{ code: 'XY01' }]);
  });

  test.each([
    ['select 1', true], ['select count(*) from deletes', true], ['with a as (select 1) select * from a', true], ['rollback', true],
    ['insert into site default values', false], [' update site set name = null', false], ['with a as (insert into site default values returning id) select 1', false],
  ])('is refused on a full disk only when it writes: %s', (text, allowed) => {
    const guard = createSpaceGuard('/', () => 0);
    if (allowed) guard(text);
    else expect(() => guard(text)).toThrow(expect.objectContaining({ code: '53100' }));
    createSpaceGuard('/', () => 1e9)(text);
  });
});

describe('the housekeeper', () => {
  test('keeps the log of changes from growing for ever', async () => {
    const folder = aFolder();
    const engine = await openEmbedded({ folder, template: template() });
    const session = await engine.acquire();
    const keepHouse = createHousekeeper();
    const size = () => readdirSync(join(folder, 'database', 'pg_wal')).filter((name) => /^[0-9A-F]{24}$/.test(name)).length;
    await session.query('create table filler (text text)', []);
    const sizes: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      await session.query(`insert into filler select repeat('x', 1900) || i from generate_series(1, 16000) i`, []);
      await session.query('truncate filler', []);
      await keepHouse(session, true);
      sizes.push(size());
    }
    session.release(false);
    await engine.close();
    // 16 MB each; without checkpoints every round adds as many as the first.
    expect(Math.max(...sizes)).toBeLessThan(2 * (sizes[0] ?? 0));
  });
});
