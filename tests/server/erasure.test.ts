/** Erasure: the key goes, the shape stays, and nothing that is shown or exported fails. */
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import Papa from 'papaparse';
import { beforeAll, describe, expect, test } from 'vitest';
import type { FormContext, FormRecord, KnownFact, KnownVisit, Page, Subject, SubjectSummary } from '../../schemas/http/api.ts';
import { transact, type Trx } from '../../server/database.ts';
import { insertFacts } from '../../server/repositories/subjects.ts';
import { openErasureLedger } from '../../server/files/erasure-ledger.ts';
import { eraseAgain, eraseSubject } from '../../server/services/erase.ts';
import { seal } from '../../server/services/identifier-keys.ts';
import { beginRotation, finishKeys } from '../../server/services/rotate-keys.ts';
import { engines } from '../support/engines.ts';
import { aFolder } from '../support/folders.ts';
import { select } from '../support/select.ts';
import { aSave, aSubject, id, problemOf, useServer, type Person } from './support/app.ts';

describe.each(engines())('erasure, on $name', ({ fresh }) => {
  const store = fresh();
  const server = useServer(() => store.open);
  let siteId: string;
  let nurse: Person;
  let manager: Person;

  beforeAll(async () => {
    siteId = await server.site('XY01');
    nurse = await server.person({ siteId, role: 'investigator' });
    manager = await server.person({ siteId, role: 'data-manager' });
  });

  const at = (rest = '') => `/api/sites/${siteId}${rest}`;
  const see = <T>(work: (trx: Trx) => Promise<T>) => transact(server.context.db, { sites: [siteId] }, work);
  const erase = (subjectId: string, more: object = {}, person = manager) => person.post(at(`/subjects/${subjectId}/erasure`), { contribution: id(), reason: 'Letter of 2026-11-20', ...more });
  const found = async (q: string) => (await nurse.post(at('/subjects/search'), { q })).json<Page<SubjectSummary>>().items.map((each) => each.id);

  async function aFile(tag: string) {
    const subjectId = await aSubject(nurse, siteId, { sex: '2', birthDate: '1961-03-05', name: `擦除${tag}`, idNumber: `ER-${tag}`, phone: `1380013800${tag}` });
    const visit = { id: id(), contribution: id(), kind: 'inpatient', visitDate: '2026-01-02', details: { inpatientNumber: `ZY-${tag}`, bed: '12' } };
    expect((await nurse.post(at(`/subjects/${subjectId}/visits`), visit)).statusCode).toBe(201);
    const recordId = id();
    const saved = await nurse.put(at(`/records/${recordId}`), aSave(subjectId, [{ pointer: '/note', value: 'stays' }], { subDataset: 'knowing', visitId: visit.id }), { 'if-match': '"0"' });
    expect(saved.statusCode, saved.body).toBe(200);
    return { subjectId, visitId: visit.id, recordId };
  }

  test('leaves nothing that identifies, and everything else', async () => {
    const { subjectId, visitId, recordId } = await aFile('1');
    const events = () => see((trx) => select<{ action: string }>(trx, `select action from audit_event order by id`));
    const before = (await events()).length;
    const reply = await erase(subjectId);
    expect(reply.statusCode, reply.body).toBe(200);
    expect(reply.json<Subject>()).toMatchObject({ erasedAt: expect.any(String) as string, sex: '2', birthDate: '1961-03-05', identifierKeys: [] });
    expect((await events()).slice(before).map(({ action }) => action)).toEqual(['subject.erase']);
    const [rows] = await see((trx) => select<{ keys: number; digests: number; facts: number; states: number }>(trx, `select (select count(wrapped)::int from subject_key where subject_id = '${subjectId}') as keys,
      (select count(*)::int from subject_blind_index where subject_id = '${subjectId}') as digests, (select count(*)::int from subject_fact where subject_id = '${subjectId}') as facts,
      (select count(*)::int from visit_state where visit_id = '${visitId}') as states`));
    expect(rows).toEqual({ keys: 0, digests: 0, facts: 3, states: 1 });
    expect([await found('ER-1'), await found('ZY-1')]).toEqual([[], []]);
    expect((await nurse.get(at(`/subjects/${subjectId}/identifiers`))).json()).toEqual({});
    expect((await nurse.get(at(`/subjects/${subjectId}/identifiers/history`))).json<Page<KnownFact>>().items.every(({ value }) => value === undefined)).toBe(true);
    expect((await nurse.get(at(`/subjects/${subjectId}/visits/${visitId}/details`))).json<KnownVisit>()).toEqual({ now: {}, states: [], withheld: [] });
    const context = (await nurse.get(at(`/subjects/${subjectId}/context?subDataset=knowing&version=1.0.0&visitId=${visitId}`))).json<FormContext>().context.bound ?? {};
    expect([context['subject.name'], context['visit.inpatientNumber'], context['visit.bed']]).toEqual([undefined, undefined, undefined]);
    expect((await nurse.get(at(`/records/${recordId}`))).json<FormRecord>()).toMatchObject({ data: { note: 'stays' } });
    expect((await nurse.get(at(`/records/${recordId}/history`))).statusCode).toBe(200);
    expect((await nurse.get(at('/subjects'))).json<Page<SubjectSummary>>().items.find((each) => each.id === subjectId)?.erasedAt).toBeDefined();
  });

  test('takes sex and date of birth too when asked', async () => {
    const { subjectId } = await aFile('2');
    const reply = await erase(subjectId, { anonymise: true });
    expect(reply.json<Subject>()).not.toHaveProperty('sex');
    expect(reply.json<Subject>()).not.toHaveProperty('birthDate');
  });

  test('happens once; nothing identifying can be said of this patient again', async () => {
    const { subjectId, visitId } = await aFile('3');
    const act = { contribution: id() };
    const [first, again, other] = [await erase(subjectId, act), await erase(subjectId, act), await erase(subjectId)];
    expect([first.statusCode, again.statusCode, problemOf(other)]).toEqual([200, 200, 'subject-erased']);
    expect(problemOf(await nurse.put(at(`/subjects/${subjectId}`), { contribution: id(), identity: { name: '新' } }))).toBe('subject-erased');
    expect(problemOf(await nurse.put(at(`/subjects/${subjectId}/visits/${visitId}/details`), { contribution: id(), details: { bed: '3' } }))).toBe('subject-erased');
  });

  test('is for data managers, with a reason', async () => {
    const { subjectId } = await aFile('4');
    expect(problemOf(await erase(subjectId, {}, nurse))).toBe('not-permitted');
    expect((await manager.post(at(`/subjects/${subjectId}/erasure`), { contribution: id() })).statusCode).toBe(400);
    expect(problemOf(await erase(id()))).toBe('subject-not-found');
  });

  test('reaches what the ring itself sealed, and who has nothing sealed at all', async () => {
    const { keys } = server.context;
    const [old, empty] = [await aSubject(nurse, siteId), await aSubject(nurse, siteId)];
    const { keyId, ciphertext } = seal(keys, { siteId, subjectId: old, key: 'name' }, '旧法');
    await see((trx) => insertFacts(trx, { site_id: siteId, subject_id: old, created_by: nurse.accountId }, [{ key: 'name', version: 1, valid_from: null, key_id: keyId, ciphertext, subject_key: null }]));
    for (const subjectId of [old, empty]) expect((await erase(subjectId)).statusCode).toBe(200);
    expect((await nurse.get(at(`/subjects/${old}/identifiers`))).json()).toEqual({});
    expect(await see((trx) => select(trx, `select key_id from subject_fact where subject_id = '${old}'`))).toEqual([{ key_id: 'subject' }]);
  });

  test('keys are replaced afterwards as if nothing were there', async () => {
    for (const purpose of ['subjects', 'index'] as const) await beginRotation(server.context, siteId, purpose);
    expect((await finishKeys(server.context, siteId)).retired).toHaveLength(2);
  });

  test('survives a backup that is restored: the list beside the key ring erases again', async () => {
    const erasures = openErasureLedger(join(aFolder(), 'erasures.jsonl'));
    const context = { ...server.context, erasures };
    const actor = { accountId: manager.accountId, username: manager.username, displayName: 'x', memberships: [{ siteId, role: 'data-manager' as const }] };
    const { subjectId } = await aFile('7');
    const [saved] = await see((trx) => select<{ site_key_id: string; wrapped: Uint8Array }>(trx, `select site_key_id, wrapped from subject_key where subject_id = '${subjectId}'`));
    await eraseSubject(context, actor, siteId, subjectId, { contribution: id(), reason: 'Letter of 2026-11-20' });
    await transact(server.context.db, { sites: [siteId] }, (trx) => select(trx, 'update subject_key set wrapped = $1, site_key_id = $2, destroyed_at = null where subject_id = $3', [saved?.wrapped, saved?.site_key_id, subjectId]), { keeper: true });
    expect((await nurse.get(at(`/subjects/${subjectId}/identifiers`))).json()).toMatchObject({ name: '擦除7' });
    expect(await eraseAgain(context, siteId)).toBe(1);
    expect((await nurse.get(at(`/subjects/${subjectId}/identifiers`))).json()).toEqual({});
    expect(await eraseAgain(context, siteId)).toBe(0);
    // All who were erased before there was a list are on it now.
    expect((await erasures.list(siteId)).size).toBeGreaterThan(3);
    expect(await see((trx) => select(trx, `select 1 from audit_event where action = 'subject.erase-again' and entity_id = '${subjectId}'`))).toHaveLength(1);
  });

  test('an export says when, and never fails', async () => {
    const { subjectId } = await aFile('6');
    await erase(subjectId);
    const release = (await nurse.get('/api/health')).json<{ release: string }>().release;
    const reply = await manager.post('/api/exports', { release, siteIds: [siteId], subDatasets: ['patient-basic-info'], profile: 'analysis', language: 'en' });
    expect(reply.statusCode, reply.body.slice(0, 300)).toBe(200);
    const rows = Papa.parse<{ [column: string]: string }>(Buffer.from(unzipSync(reply.rawPayload)['subjects.csv'] ?? []).toString(), { header: true }).data;
    expect(rows.find((row) => row['subject_id'] === subjectId)?.['erased_at']).toMatch(/^\d{4}-.*Z$/);
  });
});
