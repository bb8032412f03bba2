import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { copyOut, DatabaseError, json, literal, runNamed, transact, type Db, type Trx } from '../../server/database.ts';
import { aPlace, aRecord, aSubject } from '../support/build.ts';
import { engines, type Store } from '../support/engines.ts';
import { select } from '../support/select.ts';

const none = { sites: [] };
const clinical = ['subject', 'record', 'record_version', 'contribution'] as const;
const count = async (trx: Trx, table: (typeof clinical)[number]): Promise<number> => (await trx.selectFrom(table).select('site_id').execute()).length;

describe.each(engines())('on $name', ({ fresh }) => {
  const store = fresh();
  describe('a transaction', () => aboutTransactions(store));
  describe('values', () => aboutValues(store));
  describe('copying out', () => aboutCopies(store));

  test('migrating again changes nothing', async () => {
    expect(await store.open.migrate()).toEqual([]);
  });
});

function aboutTransactions(store: Store): void {
  test('sees the rows of its sites, of no other site, and none without a scope', async () => {
    const [mine, theirs] = [await aPlace(store.db), await aPlace(store.db)];
    for (const place of [mine, theirs]) await aRecord(store.db, place, { subjectId: await aSubject(store.db, place) });
    const countAll = (sites: string[]) => transact(store.db, { sites }, async (trx) => [...new Set(await Promise.all(clinical.map((table) => count(trx, table))))]);

    expect(await countAll([mine.siteId])).toEqual([1]);
    expect(await countAll([mine.siteId, theirs.siteId])).toEqual([2]);
    expect(await countAll([randomUUID()])).toEqual([0]);
    expect(await countAll([])).toEqual([0]);
  });

  test('cannot write for a site it was not given', async () => {
    const [mine, theirs] = [await aPlace(store.db), await aPlace(store.db)];
    const write = transact(store.db, { sites: [mine.siteId] }, (trx) =>
      trx.insertInto('subject').values({ site_id: theirs.siteId, id: randomUUID(), study_number: 'x', created_by: mine.accountId }).execute());
    await expect(write).rejects.toMatchObject({ code: '42501' });
  });

  test('cannot change or remove what only grows', async () => {
    const place = await aPlace(store.db);
    await aRecord(store.db, place, { subjectId: await aSubject(store.db, place) });
    for (const statement of [`update record_version set digest = 'x'`, 'delete from record_version', 'truncate record_version', 'delete from contribution']) {
      const change = transact(store.db, { sites: [place.siteId] }, (trx) => select(trx, statement));
      await expect(change, statement).rejects.toMatchObject({ code: '42501' });
    }
    // Not even the owner of the tables, to whom no grant applies.
    await expect(changeAsOwner(store.db)).rejects.toMatchObject({ code: '55000', constraint: 'append_only' });
  });

  test('that throws leaves nothing behind and its connection usable', async () => {
    const place = await aPlace(store.db);
    for (let i = 0; i < 20; i += 1) {
      const work = transact(store.db, { sites: [place.siteId] }, async (trx) => {
        await trx.insertInto('subject').values({ site_id: place.siteId, id: randomUUID(), study_number: `lost-${i}`, created_by: place.accountId }).execute();
        throw new Error('changed my mind');
      });
      await expect(work).rejects.toThrow('changed my mind');
    }
    expect(await transact(store.db, { sites: [place.siteId] }, (trx) => count(trx, 'subject'))).toBe(0);
  });

  test('that swallowed the failure of a statement fails instead of storing half', async () => {
    const place = await aPlace(store.db);
    const work = transact(store.db, { sites: [place.siteId] }, async (trx) => {
      await select(trx, 'select 1 / 0').catch(() => {});
    });
    await expect(work).rejects.toMatchObject({ code: '25P02' });
  });

  test('inside another undoes its own part, and the outer scope holds again', async () => {
    const [outer, inner] = [await aPlace(store.db), await aPlace(store.db)];
    await aSubject(store.db, inner);
    const insert = (trx: Trx, studyNumber: string) =>
      trx.insertInto('subject').values({ site_id: outer.siteId, id: randomUUID(), study_number: studyNumber, created_by: outer.accountId }).execute();

    const seen = await transact(store.db, { sites: [outer.siteId] }, async (trx) => {
      await insert(trx, 'kept');
      const twice = transact(trx, { sites: [outer.siteId] }, async (nested) => {
        await insert(nested, 'undone');
        await insert(nested, 'kept');
      });
      await expect(twice).rejects.toMatchObject({ code: '23505', constraint: 'subject_site_id_study_number_key' });
      const other = await transact(trx, { sites: [inner.siteId] }, (nested) => count(nested, 'subject'));
      await expect(transact(trx, { sites: [inner.siteId] }, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
      return { other, own: await trx.selectFrom('subject').select('study_number').execute() };
    });
    expect(seen).toEqual({ other: 1, own: [{ study_number: 'kept' }] });
  });

  test.each([["a'; drop table site; --"], [''], ['00000000-0000-0000-0000-00000000000'], ['*']])('is refused for a scope that is no UUID: %j', async (id) => {
    await expect(transact(store.db, { sites: [id] }, async () => {})).rejects.toThrow(TypeError);
  });

  test('as a snapshot reads one moment and writes nothing', async () => {
    const place = await aPlace(store.db);
    await transact(store.db, { sites: [place.siteId] }, async (trx) => {
      expect(await count(trx, 'subject')).toBe(0);
      const write = trx.insertInto('subject').values({ site_id: place.siteId, id: randomUUID(), study_number: 'x', created_by: place.accountId }).execute();
      await expect(write).rejects.toMatchObject({ code: '25006' });
    }, { snapshot: true }).catch((error: unknown) => expect(error).toMatchObject({ code: '25P02' }));
  });
}

function aboutValues(store: Store): void {
  test('come out as the same types on every engine', async () => {
    const query = `select 9007199254740991::bigint as big, count(*) as n, sum(1) as sum, 1.50::numeric as exact, date '1960-03-01' as civil, '\\x00ff'::bytea as bytes,
      timestamptz '2026-01-02 03:04:05.678+08' as instant, '{"a": [1, null]}'::jsonb as json, null::text as nothing, array['a', 'b'] as list, gen_random_uuid() is not null as yes`;
    const [row] = await transact(store.db, none, (trx) => select(trx, query));
    expect(row).toEqual({
      big: Number.MAX_SAFE_INTEGER, n: 1, sum: 1, exact: '1.50', civil: '1960-03-01', bytes: new Uint8Array([0, 255]),
      instant: new Date('2026-01-01T19:04:05.678Z'), json: { a: [1, null] }, nothing: null, list: ['a', 'b'], yes: true,
    });
  });

  test('go in as JSON text, also a bare array or string', async () => {
    for (const value of [['甲', 1], 'text', { a: { b: null } }, 4.05]) {
      const [row] = await transact(store.db, none, (trx) => select<{ back: unknown }>(trx, 'select $1::jsonb as back', [json(value)]));
      expect(row?.back).toEqual(value);
    }
  });

  test('are not quoted in errors', async () => {
    const place = await aPlace(store.db);
    await aSubject(store.db, place, { studyNumber: 'SECRET-1' });
    const failures = [
      () => aSubject(store.db, place, { studyNumber: 'SECRET-1' }),
      () => transact(store.db, none, (trx) => select(trx, 'select $1::text::uuid', ['SECRET-1'])),
      () => transact(store.db, none, (trx) => select(trx, 'select $1::text::integer', ['SECRET-1'])),
    ];
    for (const fails of failures) {
      const error = await fails().catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(DatabaseError);
      expect(JSON.stringify(error) + String(error)).not.toContain('SECRET');
    }
  });

  test('pass through named queries, again and again', async () => {
    const answers = await transact(store.db, none, async (trx) => {
      const rows = [];
      for (const n of [1, 2, 3]) rows.push(...(await runNamed<{ twice: number }>(trx, 'twice', 'select $1::integer * 2 as twice', [n])));
      return rows;
    });
    expect(answers).toEqual([{ twice: 2 }, { twice: 4 }, { twice: 6 }]);
  });
}

function aboutCopies(store: Store): void {  const copy = async (trx: Trx, query: string, format?: string) => {
    const pieces = [];
    for await (const piece of copyOut(trx, query, format)) pieces.push(piece);
    return Buffer.concat(pieces).toString('utf8');
  };

  test('gives CSV, in the scope of the transaction', async () => {
    const [mine, theirs] = [await aPlace(store.db), await aPlace(store.db)];
    for (const place of [mine, theirs]) await aSubject(store.db, place, { studyNumber: '甲,"1"' });
    const text = await transact(store.db, { sites: [mine.siteId] }, (trx) => copy(trx, `select study_number, sex from subject where study_number = ${literal('甲,"1"')}`, 'format csv, header'));
    expect(text).toBe('study_number,sex\n"甲,""1""",\n');
  });

  test('gives many rows, and the transaction goes on', async () => {
    const [lines, after] = await transact(store.db, none, async (trx) => [
      (await copy(trx, 'select i, repeat(md5(i::text), 4) from generate_series(1, 20000) i')).trimEnd().split('\n').length,
      await select(trx, 'select 1 as one'),
    ]);
    expect(lines).toBe(20_000);
    expect(after).toEqual([{ one: 1 }]);
  });

  test('tells what was wrong with the query', async () => {
    await expect(transact(store.db, none, (trx) => copy(trx, 'select * from nowhere'))).rejects.toMatchObject({ code: '42P01' });
    await store.open.ping();
  });

  test('left in the middle spoils no later transaction', async () => {
    for (let i = 0; i < 3; i += 1) {
      await transact(store.db, none, async (trx) => {
        for await (const piece of copyOut(trx, 'select i from generate_series(1, 200000) i')) {
          expect(piece.length).toBeGreaterThan(0);
          throw new Error('the reader has gone');
        }
      }).catch((error: Error) => expect(error.message).toBe('the reader has gone'));
    }
    expect(await transact(store.db, none, (trx) => select(trx, 'select 1 as one'))).toEqual([{ one: 1 }]);
  });
}

/** Outside `transact`, as whoever connects. */
function changeAsOwner(db: Db): Promise<unknown> {
  return db.transaction().execute((trx) => select(trx as Trx, `update contribution set kind = 'x'`));
}
