import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openJournal } from '../../../client/controllers/draft.ts';
import { RecordController } from '../../../client/controllers/record.ts';
import type { FormRecord } from '../../../schemas/http/api.ts';
import { Problem } from '../../../schemas/problem.ts';
import { aServer, aStorage, identity, recordId } from '../support/a-server.ts';

const aHost = () => ({ addController: () => {}, removeController: () => {}, requestUpdate: () => {}, updateComplete: Promise.resolve(true) });

function aRecord({ server = aServer(), storage = aStorage(), record }: { server?: ReturnType<typeof aServer>; storage?: Storage; record?: FormRecord } = {}) {
  const journal = openJournal('account', storage);
  const controller = new RecordController(aHost(), { identity, journal, save: server.save, load: server.load, ...(record ? { record } : {}) });
  return { controller, server, journal, storage };
}
const settle = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a record being filled in', () => {
  test('saves a draft by itself after two seconds of rest, all changes in one contribution', async () => {
    const { controller, server } = aRecord();
    controller.change({ pointer: '/a', value: 1 });
    await vi.advanceTimersByTimeAsync(1500);
    controller.change({ pointer: '/b', value: 2 });
    controller.change({ pointer: '/a', value: 3 });
    expect(controller.state).toBe('unsaved');
    await vi.advanceTimersByTimeAsync(1900);
    expect(server.requests).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(200);
    expect(server.requests.map(({ request, base }) => [base, request.status, request.changes])).toEqual([[0, 'in-progress', [{ pointer: '/a', value: 3 }, { pointer: '/b', value: 2 }]]]);
    expect(controller).toMatchObject({ state: 'saved', version: 1, isUnsaved: false, savedAt: '2026-05-14T02:42:00Z' });
  });

  test('journals a change before anything else, and forgets it with the receipt', async () => {
    const { controller, journal } = aRecord();
    controller.change({ pointer: '/a', value: 1 });
    expect(journal.read(recordId)).toEqual({ base: 0, status: 'in-progress', changes: [{ pointer: '/a', value: 1 }] });
    await controller.flush();
    expect(journal.read(recordId)).toBeUndefined();
    expect(journal.list()).toEqual([]);
  });

  test('sends the same act again when its answer was lost, and it is stored once', async () => {
    const { controller, server } = aRecord();
    server.next.push('lost-answer', 'lost');
    controller.change({ pointer: '/a', value: 1 });
    await controller.flush();
    expect(controller.state).toBe('offline');
    controller.change({ pointer: '/b', value: 2 }); // entered meanwhile: another act
    await vi.advanceTimersByTimeAsync(2000 + 4000);
    await vi.advanceTimersByTimeAsync(2000);
    expect(new Set(server.requests.slice(0, 3).map(({ request }) => request.contribution)).size).toBe(1);
    expect(server.requests.slice(0, 3).map(({ request }) => request.changes)).toEqual(Array(3).fill([{ pointer: '/a', value: 1 }]));
    expect(server.versions).toHaveLength(2);
    expect(server.latest().data).toEqual({ a: 1, b: 2 });
    expect(controller).toMatchObject({ state: 'saved', isUnsaved: false });
  });

  test('goes on after a reload with what was unsent, under the same contribution id', async () => {
    const [server, storage] = [aServer(), aStorage()];
    const first = aRecord({ server, storage });
    server.next.push('lost-answer');
    first.controller.change({ pointer: '/a', value: 1 });
    await first.controller.flush();
    first.controller.change({ pointer: '/b', value: 2 });
    vi.clearAllTimers(); // the page is gone
    const second = aRecord({ server, storage, record: await server.load() });
    expect(second.controller.answers.data).toEqual({ a: 1, b: 2 });
    await vi.advanceTimersByTimeAsync(5000);
    expect(server.requests[1]?.request.contribution).toBe(server.requests[0]?.request.contribution);
    expect(server.versions).toHaveLength(2);
    expect(second.controller.isUnsaved).toBe(false);
  });

  test('takes in what somebody else entered elsewhere in the record', async () => {
    const { controller, server } = aRecord();
    controller.change({ pointer: '/a', value: 1 });
    await controller.flush();
    server.others({ pointer: '/z', value: 9 });
    const before = controller.answers;
    controller.change({ pointer: '/b', value: 2 });
    await controller.flush();
    expect(controller.answers).not.toBe(before);
    expect(controller.answers.data).toEqual({ a: 1, b: 2, z: 9 });
    expect(controller.version).toBe(3);
  });

  test('does not open the form anew for its own saves', async () => {
    const { controller } = aRecord();
    const before = controller.answers;
    controller.change({ pointer: '/a', value: 1 });
    await controller.flush();
    expect(controller.answers).toBe(before);
  });

  test.for([
    { keep: 'mine' as const, data: { a: 1, b: 2 } },
    { keep: 'theirs' as const, data: { a: 7, b: 2 } },
  ])('shows both values of a clash and keeps $keep', async ({ keep, data }) => {
    const { controller, server } = aRecord();
    server.others({ pointer: '/a', value: 7 });
    controller.change({ pointer: '/a', value: 1 });
    controller.change({ pointer: '/b', value: 2 });
    await controller.flush();
    expect(controller.state).toBe('conflict');
    expect(controller.conflicts).toEqual([{ pointer: '/a', yours: 1, theirs: 7, by: '李医生', at: '2026-05-14T02:40:00Z' }]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(server.versions).toHaveLength(1); // nothing is overwritten while the person chooses
    controller.resolve('/a', keep);
    await settle();
    expect(server.latest().data).toEqual(data);
    expect(controller.answers.data).toEqual(data);
    expect(controller).toMatchObject({ state: 'saved', isUnsaved: false });
  });

  test('keeps what is unsaved when the session has run out, and saves it after signing in', async () => {
    const { controller, server, journal } = aRecord();
    server.next.push(new Problem('not-signed-in'));
    controller.change({ pointer: '/a', value: 1 });
    await controller.flush();
    expect(controller.state).toBe('signed-out');
    expect(journal.read(recordId)?.sent?.request.changes).toEqual([{ pointer: '/a', value: 1 }]);
    controller.retry();
    await settle();
    expect(server.latest().data).toEqual({ a: 1 });
  });

  test('keeps the changes of a save that was refused, for the next one', async () => {
    const { controller, server } = aRecord();
    const finding = { pointer: '/a', severity: 'hard', rule: 'E-1', message: { zh: '不对', en: 'wrong' } };
    server.next.push(new Problem('record-incomplete', undefined, { findings: [finding] }));
    controller.change({ pointer: '/a', value: 1 });
    await controller.save(true);
    expect(controller).toMatchObject({ state: 'refused', findings: [finding], isUnsaved: true });
    await controller.save(false);
    expect(server.latest().data).toEqual({ a: 1 });
    expect(new Set(server.requests.map(({ request }) => request.contribution)).size).toBe(2);
  });

  test('does not save what is complete by itself, and carries the reason when asked', async () => {
    const server = aServer();
    server.others({ pointer: '/a', value: 1 });
    const { controller, journal } = aRecord({ server, record: { ...(await server.load()), status: 'complete' } });
    controller.change({ pointer: '/a', value: 2 });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(controller.state).toBe('manual');
    expect(server.requests).toHaveLength(0);
    expect(journal.read(recordId)?.changes).toEqual([{ pointer: '/a', value: 2 }]);
    await controller.save(true, '抄写错误');
    expect(server.requests[0]).toMatchObject({ base: 1, request: { status: 'complete', reason: '抄写错误' } });
  });

  test('says when this device keeps nothing', () => {
    const { controller } = aRecord({ storage: aStorage(true) });
    controller.change({ pointer: '/a', value: 1 });
    expect(controller.isJournalled).toBe(false);
  });
});

describe('a journal', () => {
  test('belongs to one account, and signing out erases it', () => {
    const storage = aStorage();
    const [mine, theirs] = [openJournal('me', storage), openJournal('you', storage)];
    mine.write(recordId, { base: 1, status: 'in-progress', changes: [] });
    theirs.write(recordId, { base: 2, status: 'in-progress', changes: [] });
    expect(mine.list()).toEqual([recordId]);
    mine.clear();
    expect([mine.read(recordId), theirs.read(recordId)?.base]).toEqual([undefined, 2]);
  });

  test('takes a torn entry for none', () => {
    const storage = aStorage();
    storage.setItem(`xf.journal.me.${recordId}`, '{"base":1,"chan');
    expect(openJournal('me', storage).read(recordId)).toBeUndefined();
  });
});
