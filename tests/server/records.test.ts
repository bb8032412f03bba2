/** Saving, merging and history through HTTP, on every engine. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Change, ClassificationOrigin, FormRecord, HistoryEntry, Page, SaveReply } from '../../schemas/http/api.ts';
import { engines } from '../support/engines.ts';
import { aSave, aSubject, id, problemOf, useServer, type Person } from './support/app.ts';

describe.each(engines())('records, on $name', ({ fresh }) => {
  const store = fresh();
  const server = useServer(() => store.open);
  let siteId: string;
  let nurse: Person;
  let colleague: Person;
  let subjectId: string;

  beforeAll(async () => {
    siteId = await server.site();
    nurse = await server.person({ siteId, role: 'nurse' });
    colleague = await server.person({ siteId, role: 'investigator' });
    subjectId = await aSubject(nurse, siteId, { sex: '2', birthDate: '1961-03-05', name: '张三' });
  });

  const at = (recordId: string) => `/api/sites/${siteId}/records/${recordId}`;
  const save = (person: Person, recordId: string, base: number, request = aSave(subjectId)) => person.put(at(recordId), request, { 'if-match': `"${base}"` });
  const saved = async (base: number, recordId: string, changes: Change[], person = nurse) => {
    const reply = await save(person, recordId, base, aSave(subjectId, changes));
    expect(reply.statusCode, reply.body).toBe(200);
    return reply.json<SaveReply>();
  };

  test('keeps a draft, calculates, and answers with findings and an ETag', async () => {
    const recordId = id();
    const reply = await save(nurse, recordId, 0, aSave(subjectId, [{ pointer: '/measured', value: 'yes' }, { pointer: '/breslow', value: 4.05 }, { pointer: '/rounded', value: 99 }]));
    expect(reply.statusCode, reply.body).toBe(200);
    expect(reply.headers['etag']).toBe('"1"');
    expect(reply.json<SaveReply>()).toMatchObject({ id: recordId, version: 1, status: 'in-progress', data: { measured: 'yes', breslow: 4.05, rounded: 4.1 }, findings: [] });

    const read = await nurse.get(at(recordId));
    expect(read.headers['etag']).toBe('"1"');
    expect(read.json<FormRecord>()).toMatchObject({ data: { measured: 'yes', breslow: 4.05, rounded: 4.1 }, context: { bound: { 'subject.id': subjectId, 'subject.name': '张三' } }, withheld: [] });
  });

  test('keeps what is out of range or of no known code, with hard findings', async () => {
    const reply = await saved(0, id(), [{ pointer: '/measured', value: 'perhaps' }, { pointer: '/note', missing: 'not-done' }]);
    expect(reply).toMatchObject({ data: { measured: 'perhaps' }, missing: { '/note': 'not-done' } });
    expect(reply.findings.map(({ pointer, rule }) => `${pointer} ${rule}`)).toContain('/measured value-set');
  });

  test('parks what logic switches off, and brings it back', async () => {
    const recordId = id();
    await saved(0, recordId, [{ pointer: '/measured', value: 'yes' }, { pointer: '/breslow', value: 2 }]);
    expect(await saved(1, recordId, [{ pointer: '/measured', value: 'no' }])).toMatchObject({ data: { measured: 'no' }, parked: { '/breslow': 2 } });
    const back = await saved(2, recordId, [{ pointer: '/measured', value: 'yes' }]);
    expect(back).toMatchObject({ data: { measured: 'yes', breslow: 2, rounded: 2 }, parked: {} });
  });

  test('never stores what is bound', async () => {
    const reply = await saved(0, id(), [{ pointer: '/name', value: '李四' }, { pointer: '/note', value: 'x' }]);
    expect(reply.data).toEqual({ note: 'x' });
  });

  test.for<{ name: string; change: Change; pointer: string }>([
    { name: 'an item that the form does not have', change: { pointer: '/nothing', value: 1 }, pointer: '/changes/0/pointer' },
    { name: 'text where a number is asked', change: { pointer: '/breslow', value: 'thick' }, pointer: '/changes/0/value' },
    { name: 'a row where a number is asked', change: { pointer: '/breslow', value: { rowId: id() } }, pointer: '/changes/0/value' },
    { name: 'one code where a list is asked', change: { pointer: '/colours', value: 'brown' }, pointer: '/changes/0/value' },
    { name: 'a row that is named by its index', change: { pointer: '/orders/0/dose', value: 1 }, pointer: '/changes/0/pointer' },
    { name: 'a repeat as a whole', change: { pointer: '/orders', value: ['a'] }, pointer: '/changes/0/value' },
  ])('refuses $name, and stores nothing', async ({ change, pointer }) => {
    const recordId = id();
    const reply = await save(nurse, recordId, 0, aSave(subjectId, [change]));
    expect([reply.statusCode, problemOf(reply)]).toEqual([422, 'data-invalid']);
    expect(reply.json<{ errors: { pointer: string }[] }>().errors[0]?.pointer).toBe(pointer);
    expect((await nurse.get(at(recordId))).statusCode).toBe(404);
  });

  test('completes only without hard findings', async () => {
    const recordId = id();
    const early = await save(nurse, recordId, 0, aSave(subjectId, [{ pointer: '/measured', value: 'yes' }], { status: 'complete' }));
    expect([early.statusCode, problemOf(early)]).toEqual([422, 'record-incomplete']);
    expect(early.json<SaveReply>().findings).toMatchObject([{ pointer: '/breslow', rule: 'required' }]);

    const late = await save(nurse, recordId, 0, aSave(subjectId, [{ pointer: '/measured', value: 'yes' }, { pointer: '/breslow', missing: 'not-done' }], { status: 'complete' }));
    expect(late.json<SaveReply>()).toMatchObject({ version: 1, status: 'complete', missing: { '/breslow': 'not-done' } });
  });

  test('keeps a record of a visit and a lesion, whose facts the form may be bound to', async () => {
    const [recordId, visitId, lesionId] = [id(), id(), id()];
    const under = `/api/sites/${siteId}/subjects/${subjectId}`;
    await nurse.post(`${under}/visits`, { id: visitId, contribution: id(), kind: 'follow-up', visitDate: '2026-10-01' });
    await nurse.post(`${under}/lesions`, { id: lesionId, contribution: id(), label: '左足底' });
    expect((await save(nurse, recordId, 0, aSave(subjectId, [{ pointer: '/note', value: 'a' }], { visitId, lesionId }))).statusCode).toBe(200);
    expect((await save(nurse, recordId, 1, aSave(subjectId, [{ pointer: '/note', value: 'b' }], { visitId, lesionId }))).json()).toMatchObject({ version: 2 });
    expect((await nurse.get(at(recordId))).json()).toMatchObject({ visitId, lesionId, context: { bound: { 'visit.date': '2026-10-01', 'visit.kind': 'follow-up' } } });
    expect((await nurse.get(under)).json()).toMatchObject({ recordList: expect.arrayContaining([expect.objectContaining({ id: recordId, visitId, lesionId, version: 2 })]) as object[] });
  });

  test('keeps how a version was made when it was not typed, and gives it back whole', async () => {
    const recordId = id();
    const origin: ClassificationOrigin = {
      kind: 'classification', model: { name: 'skin-net', version: '0.1.0', sha256: 'a'.repeat(64) }, runtime: 'wasm', inputSha256: 'b'.repeat(64), scores: { mel: 0.7, nv: 0.3 },
      ranked: ['mel', 'nv'], thresholds: { abstain: 0.4 }, quality: { version: '1', focus: 1, brightness: 0.5, clipped: 0, glare: 0, passed: true }, latencyMs: 31.5, decision: 'overridden', decidedAt: '2026-11-22T08:00:00Z',
    };
    expect((await save(nurse, recordId, 0, aSave(subjectId, [], { origin }))).statusCode).toBe(200);
    expect((await nurse.get(at(recordId))).json<FormRecord>().origin).toEqual(origin);
  });

  test.for([
    { name: 'no version', match: undefined, status: 428, problem: 'precondition-required' },
    { name: 'a version without quotes', match: '1', status: 400, problem: 'request-invalid' },
    { name: 'a version that is not there yet', match: '"7"', status: 412, problem: 'record-version-conflict' },
  ])('refuses a save that names $name', async ({ match, status, problem }) => {
    const recordId = id();
    await saved(0, recordId, [{ pointer: '/note', value: 'a' }]);
    const reply = await nurse.put(at(recordId), aSave(subjectId), match === undefined ? {} : { 'if-match': match });
    expect([reply.statusCode, problemOf(reply)]).toEqual([status, problem]);
  });

  test('merges what two people changed in different places', async () => {
    const recordId = id();
    await saved(0, recordId, [{ pointer: '/measured', value: 'yes' }]);
    await saved(1, recordId, [{ pointer: '/note', value: 'hers' }]);
    const reply = await saved(1, recordId, [{ pointer: '/breslow', value: 1 }], colleague);
    expect(reply).toMatchObject({ version: 3, data: { measured: 'yes', note: 'hers', breslow: 1 } });
  });

  test('shows both values where two people changed the same place, and keeps the first', async () => {
    const recordId = id();
    await saved(0, recordId, [{ pointer: '/note', value: 'a' }, { pointer: '/measured', value: 'no' }]);
    await saved(1, recordId, [{ pointer: '/note', value: 'hers' }], colleague);
    const reply = await save(nurse, recordId, 1, aSave(subjectId, [{ pointer: '/note', value: 'mine' }, { pointer: '/measured', value: 'yes' }]));
    expect([reply.statusCode, problemOf(reply)]).toEqual([409, 'record-conflict']);
    expect(reply.json<{ conflicts: object[] }>().conflicts).toMatchObject([{ pointer: '/note', yours: 'mine', theirs: 'hers', by: expect.stringContaining('Person') as string }]);
    expect((await nurse.get(at(recordId))).json<FormRecord>()).toMatchObject({ version: 2, data: { note: 'hers', measured: 'no' } });
  });

  test('takes it for no conflict when both meant the same', async () => {
    const recordId = id();
    await saved(0, recordId, [{ pointer: '/note', value: 'a' }]);
    await saved(1, recordId, [{ pointer: '/note', value: 'b' }], colleague);
    expect(await saved(1, recordId, [{ pointer: '/note', value: 'b' }])).toMatchObject({ version: 3, data: { note: 'b' } });
  });

  test('takes a value in a row that somebody removed for a conflict', async () => {
    const [recordId, rowId] = [id(), id()];
    await saved(0, recordId, [{ pointer: `/orders/${rowId}`, value: { rowId } }, { pointer: `/orders/${rowId}/drug`, value: 'x' }]);
    await saved(1, recordId, [{ pointer: `/orders/${rowId}` }], colleague);
    const reply = await save(nurse, recordId, 1, aSave(subjectId, [{ pointer: `/orders/${rowId}/dose`, value: 2 }]));
    expect(problemOf(reply)).toBe('record-conflict');
  });

  test('keeps the rows that two people added at once', async () => {
    const [recordId, mine, hers] = [id(), id(), id()];
    await saved(0, recordId, [{ pointer: '/note', value: 'a' }]);
    await saved(1, recordId, [{ pointer: `/orders/${hers}`, value: { rowId: hers } }, { pointer: `/orders/${hers}/dose`, value: 1 }], colleague);
    const { data } = await saved(1, recordId, [{ pointer: `/orders/${mine}`, value: { rowId: mine } }, { pointer: `/orders/${mine}/dose`, value: 2 }]);
    expect(data['orders']).toEqual([{ rowId: hers, dose: 1 }, { rowId: mine, dose: 2 }]);
  });

  test('stores a contribution once, however often it is sent', async () => {
    const recordId = id();
    const request = aSave(subjectId, [{ pointer: '/note', value: 'once' }]);
    const first = await save(nurse, recordId, 0, request);
    await saved(1, recordId, [{ pointer: '/note', value: 'twice' }]);
    const second = await save(nurse, recordId, 0, request);
    expect(second.json()).toEqual(first.json());
    const other = await save(nurse, recordId, 0, { ...request, changes: [{ pointer: '/note', value: 'thrice' }] });
    expect([other.statusCode, problemOf(other)]).toEqual([409, 'contribution-reused']);
  });

  test('stores it once also when it is sent ten times at the same moment', async () => {
    const recordId = id();
    const request = aSave(subjectId, [{ pointer: '/note', value: 'once' }]);
    const replies = await Promise.all(Array.from({ length: 10 }, () => save(nurse, recordId, 0, request)));
    expect(replies.map((reply) => [reply.statusCode, reply.json<SaveReply>().version])).toEqual(replies.map(() => [200, 1]));
  });

  test('loses nothing when ten people save different places of one record at the same moment', async () => {
    const [recordId, rows] = [id(), Array.from({ length: 10 }, id)];
    await saved(0, recordId, [{ pointer: '/note', value: 'a' }]);
    const replies = await Promise.all(rows.map((rowId) => save(nurse, recordId, 1, aSave(subjectId, [{ pointer: `/orders/${rowId}`, value: { rowId } }, { pointer: `/orders/${rowId}/dose`, value: 1 }]))));
    expect(replies.map(({ statusCode }) => statusCode)).toEqual(replies.map(() => 200));
    const record = (await nurse.get(at(recordId))).json<FormRecord>();
    expect([record.version, (record.data['orders'] as unknown[]).length]).toEqual([11, 10]);
  });

  test('tells the history of one place and of all, newest first, page by page', async () => {
    const recordId = id();
    await saved(0, recordId, [{ pointer: '/note', value: 'a' }, { pointer: '/measured', value: 'no' }]);
    await saved(1, recordId, [{ pointer: '/measured', value: 'yes' }], colleague);
    await saved(2, recordId, [{ pointer: '/note', missing: 'refused' }]);
    const history = async (query: string) => (await nurse.get(`${at(recordId)}/history${query}`)).json<Page<HistoryEntry>>();

    const note = await history('?pointer=/note');
    expect(note.items.map(({ version, changes }) => ({ version, changes }))).toEqual([
      { version: 3, changes: [{ pointer: '/note', old: 'a', newMissing: 'refused' }] },
      { version: 1, changes: [{ pointer: '/note', new: 'a' }] },
    ]);
    const first = await history('?limit=2');
    expect(first.items.map(({ version }) => version)).toEqual([3, 2]);
    const rest = await history(`?limit=2&after=${first.next}`);
    expect([rest.items.map(({ version }) => version), rest.next]).toEqual([[1], undefined]);
  });

  test.for([
    { name: 'an unknown sub-dataset', more: { subDataset: 'nothing' }, status: 404, problem: 'standard-not-found' },
    { name: 'an unknown version', more: { standardVersion: '9.9.9' }, status: 404, problem: 'standard-not-found' },
    { name: 'a patient who is not there', more: { subjectId: id() }, status: 404, problem: 'subject-not-found' },
    { name: 'a visit of somebody else', more: { visitId: id() }, status: 422, problem: 'data-invalid' },
    { name: 'a status that only signing gives', more: { status: 'signed' as 'complete' }, status: 400, problem: 'request-invalid' },
    { name: 'a member that is not known', more: { colour: 'red' } as object, status: 400, problem: 'request-invalid' },
  ])('refuses $name', async ({ more, status, problem }) => {
    const reply = await save(nurse, id(), 0, aSave(subjectId, [], more));
    expect([reply.statusCode, problemOf(reply)]).toEqual([status, problem]);
  });

  test('refuses to make another patient’s record of one that is there', async () => {
    const recordId = id();
    await saved(0, recordId, [{ pointer: '/note', value: 'a' }]);
    const other = await aSubject(nurse, siteId);
    const reply = await save(nurse, recordId, 1, aSave(other, [{ pointer: '/note', value: 'b' }]));
    expect([reply.statusCode, problemOf(reply)]).toEqual([422, 'data-invalid']);
  });

  test('withholds identifiers from those who may not read them', async () => {
    const recordId = id();
    await saved(0, recordId, [{ pointer: '/note', value: 'a' }]);
    const monitor = await server.person({ siteId, role: 'monitor' });
    const reply = await monitor.get(at(recordId));
    expect(reply.json<FormRecord>()).toMatchObject({ withheld: ['subject.name'] });
    expect(reply.body).not.toContain('张三');
    const fresh = await monitor.get(`/api/sites/${siteId}/subjects/${subjectId}/context?subDataset=example&version=1.0.0`);
    expect(fresh.json()).toMatchObject({ context: { bound: { 'subject.sex': '2', 'subject.birthDate': '1961-03-05' } }, withheld: ['subject.name'] });
    expect((await monitor.put(at(recordId), aSave(subjectId), { 'if-match': '"1"' })).statusCode).toBe(403);
  });
});
