/**
 * History can be checked: what was done is an event, an event cannot be changed, removed, added or moved without being found, and the keys and
 * files that prove it are on disk. The tampering is random; XF_ACCEPTANCE=1 tries a thousand on PostgreSQL.
 */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { transact, transactAsOwner, type Trx } from '../../server/database.ts';
import { readAnchorFiles, type SignedStatement } from '../../server/files/anchor-files.ts';
import { openHistoryKey, readPublicKeys } from '../../server/files/history-key.ts';
import { exportAnchors } from '../../server/services/history-export.ts';
import type { Signer } from '../../server/services/history-keys.ts';
import { listLedgers, sealLedger, type Ledger } from '../../server/services/history-seal.ts';
import { verifyHistory } from '../../server/services/history-verify.ts';
import { engines } from '../support/engines.ts';
import { aSave, aSubject, id, useServer, type Person } from './support/app.ts';
import { rewrite } from './support/rewrite.ts';
import { kindsOfTampering, tamper } from './support/tamper.ts';

const now = { atLeast: 1, orAfter: 0, lookBack: 3_600_000, settled: 0 };

describe.each(engines())('history, on $name', ({ name, fresh }) => {
  const store = fresh();
  const server = useServer(() => store.open);
  const folder = mkdtempSync(join(tmpdir(), 'xf-history-'));
  let siteId: string;
  let nurse: Person;
  let signer: Signer;
  let ledgers: Ledger[];
  let held: SignedStatement[];
  let numbered = 0;
  const verify = (db = store.db) => verifyHistory(db, { ledgers, keys: [signer.verifier], held });
  const see = <T>(work: (trx: Trx) => Promise<T>) => transact(store.db, { sites: [siteId] }, work);
  const seal = async () => {
    ledgers = await listLedgers(store.db);
    for (const ledger of ledgers) await sealLedger(store.db, signer, ledger, now);
  };

  /** What the site keeps: the last anchors, with the events of which they tell, can be removed from the database without a trace in it. */
  const hold = async () => {
    for (const ledger of ledgers) await exportAnchors(store.db, signer, ledger, join(folder, 'anchors'));
    held = await readAnchorFiles(join(folder, 'anchors'));
  };

  async function work(patients: number): Promise<void> {
    for (let index = 0; index < patients; index += 1) {
      const subject = await aSubject(nurse, siteId, { sex: '2', birthDate: '1961-03-05', name: `张${(numbered += 1)}` });
      const record = id();
      for (let version = 0; version < 4; version += 1) {
        const saved = await nurse.put(`/api/sites/${siteId}/records/${record}`, aSave(subject, [{ pointer: '/note', value: `canary ${version}` }, { pointer: '/measured', value: 'yes' }, { pointer: '/breslow', value: 1 + version }], { ...(version > 0 ? { reason: '更正' } : {}) }), { 'if-match': `"${version}"` });
        expect(saved.statusCode, saved.body).toBe(200);
      }
      expect((await nurse.get(`/api/sites/${siteId}/subjects/${subject}/identifiers`)).statusCode).toBe(200);
    }
    await nurse.post(`/api/sites/${siteId}/subjects/search`, { q: '张1' });
  }

  beforeAll(async () => {
    siteId = await server.site();
    nurse = await server.person({ siteId, role: 'investigator' }, { siteId, role: 'site-administrator' });
    signer = await openHistoryKey(folder);
    for (let round = 0; round < 3; round += 1) {
      await work(3);
      const account = { id: id(), username: `u${id().slice(-12)}`, displayName: 'U', password: 'a lake behind seven hills', memberships: [{ siteId, role: 'nurse' }] };
      expect((await nurse.post('/api/accounts', account)).statusCode).toBeLessThan(300);
      await seal();
    }
    await hold();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('is as it was written, all of it in anchors', async () => {
    const result = await verify();
    expect(result).toMatchObject({ breaches: [], isMore: false, open: 0, late: 0, versions: 36, anchors: 6 });
    expect(result.events).toBeGreaterThan(36);
  });

  test('checks what is in no anchor yet by itself', async () => {
    await work(1);
    const result = await verify();
    expect(result.breaches).toEqual([]);
    expect(result.open).toBeGreaterThan(4);
    await seal();
    expect((await verify()).open).toBe(0);
  });

  test('anchors nothing twice, and nothing where nothing happened', async () => {
    const before = await verify();
    await seal();
    expect((await verify()).anchors).toBe(before.anchors);
  });

  test('is signed with a key that only its owner reads, and that stays the same', async () => {
    expect(statSync(join(folder, 'history-key.pem')).mode & 0o777).toBe(0o600);
    const again = await openHistoryKey(folder);
    expect(again.id).toBe(signer.id);
    const [key] = await readPublicKeys(join(folder, 'history-key.public.pem'));
    expect(key?.verify('x', signer.sign('x'))).toBe(true);
    expect(key?.verify('y', signer.sign('x'))).toBe(false);
    expect(readFileSync(join(folder, 'history-key.public.pem'), 'utf8')).toContain('BEGIN PUBLIC KEY');
  });

  test('has no value in any event or file', async () => {
    const { rows } = await see((trx) => sql<{ text: string }>`select e::text as text from audit_event e`.execute(trx));
    expect(rows.map(({ text }) => text).join()).not.toMatch(/canary|张/);
    expect(held.map(({ statement }) => statement).join()).not.toMatch(/canary|张/);
  });

  test('says on which device, by which clock, and whether offline', async () => {
    const subject = await aSubject(nurse, siteId);
    const [record, device] = [id(), id()];
    const headers = { 'if-match': '"0"', 'user-agent': 'Mozilla/5.0 (Linux; Android 13; SM-T500) AppleWebKit/537.36 Chrome/120.0 Safari/537.36', 'x-device-id': device, 'x-device-time': '2026-11-22T08:00:00+08:00', 'x-device-offline': '1' };
    expect((await nurse.put(`/api/sites/${siteId}/records/${record}`, aSave(subject), headers)).statusCode).toBe(200);
    const events = await see((trx) => trx.selectFrom('audit_event').select('device').where('entity_id', '=', record).execute());
    expect(events).toEqual([{ device: { agent: 'chrome/android/tablet', id: device, at: '2026-11-22T08:00:00+08:00', offline: true } }]);
    const odd = { 'if-match': '"1"', 'x-device-id': "'; drop table x", 'x-device-time': 'yesterday '.repeat(30), 'x-device-offline': 'perhaps' };
    expect((await nurse.put(`/api/sites/${siteId}/records/${record}`, aSave(subject), odd)).statusCode).toBe(200);
    const after = await see((trx) => trx.selectFrom('audit_event').select('device').where('entity_id', '=', record).orderBy('id', 'desc').limit(1).execute());
    expect(after).toEqual([{ device: { agent: 'other/other/other' } }]);
    await seal();
  });

  test('is not changed, removed or switched off by those who work with it', async () => {
    const tries = [
      'update audit_event set action = action', 'delete from audit_event', 'truncate audit_event', 'update record_version set chain = chain', 'delete from history_anchor', 'update history_anchor set number = number',
      'truncate history_anchor', 'update security_event set action = action', 'delete from contribution', 'alter table audit_event disable trigger append_only', 'alter table history_anchor disable trigger all',
      'drop trigger append_only on audit_event', 'set session_replication_role = replica', 'drop table audit_event', 'alter table audit_event no force row level security',
      'create or replace function refuse_change() returns trigger language plpgsql as $$ begin return new; end $$', 'drop policy by_site on history_anchor', 'alter role xf_app superuser',
      'insert into record_version select * from record_version', "insert into audit_event (site_id, id, account_id, action, entity, entity_id) select site_id, gen_random_uuid(), account_id, action, entity, entity_id from audit_event limit 1",
    ];
    for (const text of tries) {
      const outcome = await see((trx) => sql.raw(text).execute(trx)).then(() => 'done', () => 'refused');
      expect([text, outcome]).toEqual([text, 'refused']);
    }
    expect((await verify()).breaches).toEqual([]);
  });

  test('shows a wrong key, a file that was changed, and anchors that are gone', async () => {
    const other = mkdtempSync(join(tmpdir(), 'xf-history-key-'));
    const stranger = await openHistoryKey(other);
    rmSync(other, { recursive: true });
    const foreign = await verifyHistory(store.db, { ledgers, keys: [stranger.verifier] });
    expect(foreign.breaches.filter(({ table }) => table === 'history_anchor')).toHaveLength(foreign.anchors);
    const forged = held.map((each, index) => (index === 0 ? { ...each, statement: each.statement.replace('"number":1', '"number":9') } : each));
    expect((await verifyHistory(store.db, { ledgers, keys: [signer.verifier], held: forged })).breaches.map(({ problem }) => problem)).toContain('the file has no right signature');
  });

  test('is found out by anchors alone where every digest was made anew', async () => {
    const undo = new Error('undone');
    await transactAsOwner(store.db, async (trx) => {
      await sql`set local session_replication_role = replica`.execute(trx);
      await rewrite(trx, siteId, 1, 2);
      const problems = (await verify(trx)).breaches.map(({ problem }) => problem);
      expect(problems).toHaveLength(3);
      for (const problem of problems) expect(problem).toMatch(/^is not what anchor \d+ says$/);
      throw undo;
    }).catch((error: unknown) => { if (error !== undo) throw error; });
  });

  const tries = process.env['XF_ACCEPTANCE'] === '1' && name === 'postgresql' ? 1000 : 30;
  test(`finds ${tries} of ${tries} tamperings`, { timeout: 3_600_000 }, async () => {
    await hold();
    const unseen: string[] = [];
    const seen = new Map<string, number>();
    for (let seed = 0; seed < tries; seed += 1) {
      const undo = new Error('undone');
      await transactAsOwner(store.db, async (trx) => {
        await sql`set local session_replication_role = replica`.execute(trx);
        const what = await tamper(trx, siteId, seed);
        const { breaches } = await verify(trx);
        if (breaches.length === 0) unseen.push(`${seed}: ${what}`);
        expect(JSON.stringify(breaches)).not.toContain('canary');
        seen.set(what, (seen.get(what) ?? 0) + 1);
        throw undo;
      }).catch((error: unknown) => { if (error !== undo) throw error; });
    }
    expect(unseen).toEqual([]);
    if (tries >= 1000) expect([...seen.keys()].sort()).toEqual([...kindsOfTampering].sort());
    expect((await verify()).breaches).toEqual([]);
  });
});
