/** Keys of sites and patients: replaced while everything goes on, cut off and finished, and unreadable ciphertexts that end nothing. */
import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import type { KnownVisit, Page, SubjectSummary } from '../../schemas/http/api.ts';
import { transact, type Trx } from '../../server/database.ts';
import { keepKeys } from '../../server/key-keeper.ts';
import { listSiteKeys, lockKeys } from '../../server/repositories/keys.ts';
import { addToBlindIndex, insertFacts } from '../../server/repositories/subjects.ts';
import type { Context } from '../../server/services/context.ts';
import { seal, type KeyRing } from '../../server/services/identifier-keys.ts';
import { indexKeysOf } from '../../server/services/keys-of.ts';
import { blindIndexOf } from '../../server/services/matching.ts';
import { beginRotation, finishKeys } from '../../server/services/rotate-keys.ts';
import { engines } from '../support/engines.ts';
import { select } from '../support/select.ts';
import { aSubject, id, problemOf, useServer, type Person } from './support/app.ts';

describe.each(engines())('keys, on $name', ({ fresh }) => {
  const store = fresh();
  const server = useServer(() => store.open);
  let siteId: string;
  let nurse: Person;

  beforeAll(async () => {
    siteId = await server.site('XY01');
    nurse = await server.person({ siteId, role: 'investigator' });
  });

  const at = (rest = '') => `/api/sites/${siteId}${rest}`;
  const see = <T>(work: (trx: Trx) => Promise<T>) => transact(server.context.db, { sites: [siteId] }, work);
  const known = async (subjectId: string) => (await nurse.get(at(`/subjects/${subjectId}/identifiers`))).json<{ [key: string]: string }>();
  const found = async (q: string) => (await nurse.post(at('/subjects/search'), { q })).json<Page<SubjectSummary>>().items.map((each) => each.id);
  const bed = async (subjectId: string, visitId: string) => (await nurse.get(at(`/subjects/${subjectId}/visits/${visitId}/details`))).json<KnownVisit>().now.bed;
  const aVisit = async (subjectId: string, details: object) => {
    const visit = { id: id(), contribution: id(), kind: 'inpatient', visitDate: '2026-01-02', details };
    expect((await nurse.post(at(`/subjects/${subjectId}/visits`), visit)).statusCode).toBe(201);
    return visit.id;
  };
  const statuses = () => see((trx) => select<{ purpose: string; status: string; count: number }>(trx, 'select purpose, status, count(*)::int as count from site_key group by 1, 2 order by 1, 2'));
  /** Somebody as of before patients had keys. */
  const asBefore = async (name: string, idNumber: string) => {
    const subjectId = await aSubject(nurse, siteId, { sex: '1', birthDate: '1950-01-01' });
    const { keys, matching } = server.context;
    const row = (key: string, value: string) => {
      const { keyId, ciphertext } = seal(keys, { siteId, subjectId, key }, value);
      return { key, version: 1, valid_from: null, key_id: keyId, ciphertext, subject_key: null };
    };
    await see(async (trx) => {
      await insertFacts(trx, { site_id: siteId, subject_id: subjectId, created_by: nurse.accountId }, [row('name', name), row('idNumber', idNumber)]);
      await addToBlindIndex(trx, siteId, subjectId, blindIndexOf(matching.rules, await indexKeysOf(keys, trx, siteId), { name, idNumber, birthDate: '1950-01-01' }));
    });
    return subjectId;
  };

  test('what the ring itself sealed stays readable, and is sealed anew with the patient’s key', async () => {
    const subjectId = await asBefore('旧法', 'OLD-1');
    expect(await known(subjectId)).toEqual({ name: '旧法', idNumber: 'OLD-1' });
    expect(await finishKeys(server.context, siteId)).toMatchObject({ resealed: 1, rewrapped: 0 });
    expect(await see((trx) => select(trx, `select distinct key_id from subject_fact where subject_id = '${subjectId}'`))).toEqual([{ key_id: 'subject' }]);
    expect(await known(subjectId)).toEqual({ name: '旧法', idNumber: 'OLD-1' });
    expect(await finishKeys(server.context, siteId)).toEqual({ resealed: 0, rewrapped: 0, reindexed: 0, retired: [] });
  });

  test('are replaced while patients are read and enrolled, and no read fails', async () => {
    const subjects = await Promise.all(Array.from({ length: 12 }, (_, n) => aSubject(nurse, siteId, { name: `换钥${n}`, idNumber: `ROT-${n}`, birthDate: `196${n % 10}-01-01` })));
    const visitId = await aVisit(subjects[0] ?? '', { bed: '7', inpatientNumber: 'ZY-ROT' });
    await nurse.put(at(`/subjects/${subjects[1]}`), { contribution: id(), identity: { idNumber: 'ROT-NEW' } });
    let reads = 0;
    let stopped = false;
    const reading = (async () => {
      for (; !stopped; reads += 1) {
        const n = reads % subjects.length;
        const reply = await nurse.get(at(`/subjects/${subjects[n]}/identifiers`));
        expect([reply.statusCode, reply.json<{ name?: string }>().name]).toEqual([200, `换钥${n}`]);
        expect((await found(n === 1 ? 'ROT-NEW' : `ROT-${n}`))[0]).toBe(subjects[n]);
      }
    })();
    const late: string[] = [];
    const pause = async () => void late.push(await aSubject(nurse, siteId, { name: `迟到${late.length}`, idNumber: `LATE-${late.length}` }));
    for (const purpose of ['subjects', 'index'] as const) await beginRotation(server.context, siteId, purpose);
    const work = await finishKeys(server.context, siteId, { batch: 3, pause });
    stopped = true;
    await reading;
    expect(work.rewrapped).toBeGreaterThanOrEqual(12);
    expect(work.reindexed).toBeGreaterThanOrEqual(12);
    expect(work.retired).toHaveLength(2);
    expect(reads).toBeGreaterThan(0);
    expect(await statuses()).toEqual([
      { purpose: 'index', status: 'active', count: 1 }, { purpose: 'index', status: 'retired', count: 1 }, { purpose: 'subjects', status: 'active', count: 1 }, { purpose: 'subjects', status: 'retired', count: 1 },
    ]);
    expect(await found('ROT-1')).toEqual([subjects[1]]);
    expect(await found('ZY-ROT')).toEqual([subjects[0]]);
    expect(await bed(subjects[0] ?? '', visitId)).toBe('7');
    for (const [n, subjectId] of late.entries()) expect([await found(`LATE-${n}`), (await known(subjectId))['name']]).toEqual([[subjectId], `迟到${n}`]);
    const twin = await nurse.post(at('/subjects'), { id: id(), contribution: id(), identity: { idNumber: 'ROT-5' } });
    expect(problemOf(twin)).toBe('possible-duplicate');
  });

  test('cut off in the middle, it is finished by whoever comes next', async () => {
    await beginRotation(server.context, siteId, 'subjects');
    const cut = finishKeys(server.context, siteId, { batch: 2, pause: () => Promise.reject(new Error('cut')) });
    await expect(cut).rejects.toThrow('cut');
    expect((await see((trx) => listSiteKeys(trx, siteId, 'subjects'))).map(({ status }) => status)).toEqual(['active', 'retiring']);
    expect((await finishKeys(server.context, siteId)).retired).toHaveLength(1);
    expect((await known((await found('ROT-3'))[0] ?? ''))['name']).toBe('换钥3');
  });

  test('the running server goes on by itself, and reads a ring that changed', async () => {
    await beginRotation(server.context, siteId, 'subjects');
    let refreshed = 0;
    const warnings: string[] = [];
    const keys = { ...server.context.keys, refresh: async () => void (refreshed += 1) };
    const keeper = keepKeys({ context: server.context, ring: keys, warn: (error) => void warnings.push(error) }, { ringEveryMs: 20, workEveryMs: 100 });
    await expect.poll(async () => (await statuses()).filter(({ status }) => status === 'retiring'), { timeout: 10_000 }).toEqual([]);
    await keeper.stop();
    expect([refreshed > 0, warnings]).toEqual([true, []]);
  });

  test('another master wraps the keys of the site, and then the old one is not needed', async () => {
    const { keys } = server.context;
    const both: KeyRing = { ...keys, active: 'k2', keys: new Map([...keys.keys, ['k2', new Uint8Array(randomBytes(32))]]) };
    await finishKeys({ ...server.context, keys: both }, siteId);
    expect((await see((trx) => listSiteKeys(trx, siteId))).map(({ master_id }) => master_id)).toEqual(['k2', 'k2']);
    const context = server.context as { keys: Context['keys'] };
    context.keys = { ...both, keys: new Map([...both.keys].filter(([name]) => name === 'k2')) };
    try {
      expect(await finishKeys(server.context, siteId)).toEqual({ resealed: 0, rewrapped: 0, reindexed: 0, retired: [] });
    } finally {
      context.keys = keys;
      await finishKeys({ ...server.context, keys: { ...both, active: 'k1' } }, siteId);
    }
  });

  test('of one site open nothing at another', async () => {
    const [there, elsewhere] = [await server.site('XY07'), await server.person()];
    const rows = await see((trx) => select<{ id: string }>(trx, 'select id from site_key'));
    expect(rows.length).toBeGreaterThan(0);
    expect(await transact(server.context.db, { sites: [there], accountId: elsewhere.accountId }, (trx) => select(trx, 'select id from site_key union all select site_key_id from subject_key'))).toEqual([]);
  });

  test('a request cannot change a key, destroy one or seal a row anew', async () => {
    const subjectId = await aSubject(nurse, siteId, { name: '甲' });
    for (const statement of [
      `update subject_key set wrapped = null, destroyed_at = now() where subject_id = '${subjectId}'`, `delete from subject_key where subject_id = '${subjectId}'`,
      `update site_key set master_id = 'x'`, `update subject_fact set ciphertext = '\\x00' where subject_id = '${subjectId}'`, `delete from subject_blind_index`,
    ]) await expect(see((trx) => select(trx, statement)), statement).rejects.toMatchObject({ code: '42501' });
  });

  test('the keeper seals a row anew, and can change nothing else of it', async () => {
    const subjectId = await aSubject(nurse, siteId, { name: '乙' });
    const asKeeper = (statement: string) => transact(server.context.db, { sites: [siteId] }, (trx) => select(trx, statement), { keeper: true });
    for (const change of [`version = 2`, `valid_from = '2020-01-01'`, `created_at = now()`]) {
      await expect(asKeeper(`update subject_fact set ${change} where subject_id = '${subjectId}'`), change).rejects.toMatchObject({ code: '42501' });
    }
    await expect(asKeeper(`update subject_fact set key_id = null, ciphertext = null where subject_id = '${subjectId}'`)).rejects.toMatchObject({ code: '55000' });
  });

  test.for([
    { name: 'changed', statement: `update subject_fact set ciphertext = set_byte(ciphertext, 30, get_byte(ciphertext, 30) # 1) where subject_id =` },
    { name: 'of an unknown key', statement: `update subject_fact set key_id = 'k99' where subject_id =` },
    { name: 'of an unknown format', statement: `update subject_fact set ciphertext = '\\x0203' where subject_id =` },
  ])('a ciphertext that was $name is a problem with a name, and the server goes on', async ({ statement }) => {
    const subjectId = await aSubject(nurse, siteId, { name: '丙' });
    await transact(server.context.db, { sites: [siteId] }, (trx) => select(trx, `${statement} '${subjectId}'`), { keeper: true });
    const reply = await nurse.get(at(`/subjects/${subjectId}/identifiers`));
    expect([reply.statusCode, problemOf(reply)]).toEqual([500, 'identifiers-unreadable']);
    expect(reply.body).not.toContain('丙');
    expect((await nurse.get(at(`/subjects/${subjectId}`))).statusCode).toBe(200);
    // So that what comes after finds only what can be opened.
    await transact(server.context.db, { sites: [siteId] }, (trx) => select(trx, `update subject_fact set key_id = 'subject' where subject_id = '${subjectId}'`), { keeper: true });
  });

  test('who writes keeps a key from being retired until the end', async () => {
    await see(async (trx) => {
      await lockKeys(trx, siteId, 'shared');
      const [row] = await select<{ granted: boolean }>(trx, `select granted from pg_locks where locktype = 'advisory'`);
      expect(row?.granted).toBe(true);
    });
  });
});
