import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { carriedOver, evaluateRun } from '../../../schemas/protocol/evaluate.ts';
import type { RunFacts } from '../../../schemas/protocol/run.ts';
import { aRecord, at, facts, id, prepared } from './a-protocol.ts';

const protocol = prepared();
const run = (changes: Partial<RunFacts> = {}) => evaluateRun(protocol, facts(changes));
const clockAt = (minutes: number, changes: Partial<RunFacts> = {}, seconds = 0) => run({ records: [aRecord(1, 'excision', { cutAt: at(0) })], now: at(minutes, seconds), ...changes }).clocks[0];
const picture = (image: string | undefined, sharp: boolean, n = 9) => ({ recordId: id(n), data: { role: 'before', sharp, ...(image ? { file: image } : {}) } });

describe('a clock', () => {
  test.for([
    { name: 'runs', minutes: 3, state: 'running', left: 17 },
    { name: 'does not warn a minute too early', minutes: 14, state: 'running', left: 6 },
    { name: 'warns before its limit', minutes: 15, state: 'warned', left: 5 },
    { name: 'is in time at the limit itself', minutes: 20, state: 'warned', left: 0 },
    { name: 'is exceeded a minute later', minutes: 21, state: 'exceeded', left: -1 },
  ])('$name', ({ minutes, state, left }) => {
    expect(clockAt(minutes)).toMatchObject({ state, left, minutes, limit: 20, target: 10 });
  });

  test('counts whole minutes, as the forms do', () => {
    expect(clockAt(20, {}, 59)).toMatchObject({ minutes: 20, state: 'warned' });
  });

  test('waits until it begins, and does not run backwards', () => {
    expect(run().clocks[0]).toMatchObject({ state: 'waiting' });
    expect(run({ records: [aRecord(1, 'excision', { cutAt: at(30) })] }).clocks[0]).toMatchObject({ state: 'wrong' });
  });

  test('stops where the later step says so, late or not', () => {
    const stopped = (minutes: number) => clockAt(90, { records: [aRecord(1, 'excision', { cutAt: at(0) }), aRecord(2, 'freezing', { frozenAt: at(minutes) })] });
    expect(stopped(12)).toMatchObject({ state: 'stopped', minutes: 12, recordId: id(2) });
    expect(stopped(25)).toMatchObject({ state: 'late', minutes: 25, left: -5 });
  });

  test('has the limit of its own record', () => {
    const slow = aRecord(2, 'freezing', { method: 'slow' });
    const states = clockAt(0, { records: [aRecord(1, 'excision', { cutAt: at(0) }), slow] });
    expect(states).toMatchObject({ limit: 60 });
  });

  test('runs for each record of its step', () => {
    const { clocks } = run({ now: at(22), records: [aRecord(1, 'excision', { cutAt: at(0) }), aRecord(2, 'freezing', { frozenAt: at(8) }), aRecord(3, 'freezing', { cutAt: at(15) })] });
    expect(clocks.map(({ recordId, state, minutes }) => [recordId, state, minutes])).toEqual([[id(2), 'stopped', 8], [id(3), 'running', 7]]);
  });

  test('never goes back while it runs, and warns before it is exceeded', () => {
    const order = ['running', 'warned', 'exceeded'];
    fc.assert(fc.property(fc.nat(500), fc.nat(500), (a, b) => {
      const [early, late] = [Math.min(a, b), Math.max(a, b)].map((minutes) => clockAt(minutes));
      expect(order.indexOf(early?.state ?? '')).toBeLessThanOrEqual(order.indexOf(late?.state ?? ''));
    }));
  });
});

describe('a deviation', () => {
  test('has one key before and after its record is begun', () => {
    const cut = aRecord(1, 'excision', { cutAt: at(0) });
    const before = run({ now: at(30), records: [cut] }).deviations;
    const after = run({ now: at(40), records: [cut, aRecord(2, 'freezing', { frozenAt: at(35) })] }).deviations;
    expect(before).toMatchObject([{ key: 'cold/', code: 'too-late', minutes: 30, limit: 20 }]);
    expect(after).toMatchObject([{ key: 'cold/', code: 'too-late', minutes: 35, recordId: id(2) }]);
  });

  test('of a second record is another one', () => {
    const { deviations } = run({ now: at(40), records: [aRecord(1, 'excision', { cutAt: at(0) }), aRecord(2, 'freezing'), aRecord(3, 'freezing')] });
    expect(deviations.map(({ key }) => key)).toEqual(['cold/', `cold/${id(3)}`]);
  });

  test('comes from a rule that does not hold, and not from one that nobody can tell', () => {
    expect(run({ records: [aRecord(2, 'freezing', { pieces: 0 })] }).deviations).toMatchObject([{ code: 'no-pieces', key: `some/${id(2)}` }]);
    expect(run({ records: [aRecord(2, 'freezing')] }).deviations).toEqual([]);
  });
});

describe('a step', () => {
  const complete = { records: [aRecord(1, 'excision', { cutAt: at(0), checked: true }, 'complete')], pictures: [picture('a', true)], steps: { excision: 'complete' as const } };

  test('says everything that it lacks', () => {
    expect(run().steps[0]?.missing).toEqual([{ kind: 'picture', id: 'before', have: 0, want: 1, refused: 0 }, { kind: 'records', have: 0, want: 1 }]);
    expect(run({ records: [aRecord(1, 'excision')] }).steps[0]?.missing).toEqual([
      { kind: 'picture', id: 'before', have: 0, want: 1, refused: 0 }, { kind: 'form', recordId: id(1) }, { kind: 'condition', id: 'checked', recordId: id(1) }]);
  });

  test('counts a picture only when it is as it must be', () => {
    const state = run({ pictures: [picture('a', false), picture(undefined, false, 8)] }).steps[0];
    expect(state?.pictures).toEqual([{ id: 'before', want: 1, images: [], refused: ['a'], begun: id(8) }]);
    expect(state?.missing[0]).toMatchObject({ kind: 'picture', have: 0, refused: 1 });
  });

  test('is complete only when somebody says so and nothing is missing', () => {
    expect(run({ ...complete, steps: {} }).steps[0]).toMatchObject({ state: 'open', missing: [] });
    expect(run(complete).steps[0]).toMatchObject({ state: 'complete' });
    expect(run({ ...complete, pictures: [] }).steps[0]).toMatchObject({ state: 'open', missing: [{ kind: 'picture' }] });
  });

  test('waits for the steps before it, unless they were left out', () => {
    expect(run().steps[1]).toMatchObject({ waitsFor: ['excision'], missing: expect.arrayContaining([{ kind: 'step', id: 'excision' }]) });
    expect(run({ steps: { excision: 'skipped' } }).steps[1]).toMatchObject({ waitsFor: [] });
  });

  test('lacks the names that its record counts', () => {
    const { steps } = run({ records: [aRecord(2, 'freezing', { pieces: 3 }, 'complete')], aliquots: [{ code: 'x', kind: 'piece', recordId: id(2) }] });
    expect(steps[1]?.missing).toContainEqual({ kind: 'aliquots', id: 'piece', recordId: id(2), have: 1, want: 3 });
  });

  test('takes over what other steps know, and the newest picture', () => {
    const known = facts({ records: [aRecord(1, 'excision', { cutAt: at(4) })], pictures: [picture('a', true), picture('b', true)] });
    const { steps } = evaluateRun(protocol, known);
    expect(carriedOver(protocol, 'freezing', known, steps[1]?.pictures ?? [])).toEqual({ cutAt: at(4) });
    expect(carriedOver(protocol, 'excision', known, steps[0]?.pictures ?? [])).toEqual({ photo: 'b' });
  });
});

describe('the next thing to do', () => {
  const cut = aRecord(1, 'excision', { cutAt: at(0), kind: 'tumour', checked: true }, 'complete');
  const done = { pictures: [picture('a', true)], steps: { excision: 'complete' as const } };
  const frozen = aRecord(2, 'freezing', { frozenAt: at(5), pieces: 2 });
  const codes = ['BXY01000123.TA01', 'BXY01000123.TA02'];
  const named = { aliquots: codes.map((code) => ({ code, kind: 'piece', recordId: id(2) })), taken: codes };

  test.for<{ name: string; changes: Partial<RunFacts>; next: unknown }>([
    { name: 'is the first picture', changes: {}, next: { kind: 'picture', step: 'excision', id: 'before' } },
    { name: 'then the first moment', changes: { pictures: done.pictures }, next: { kind: 'moment', step: 'excision', key: 'cutAt' } },
    { name: 'then the form', changes: { pictures: done.pictures, records: [aRecord(1, 'excision', { cutAt: at(0) })] }, next: { kind: 'form', step: 'excision', recordId: id(1) } },
    { name: 'then to complete the step', changes: { pictures: done.pictures, records: [cut] }, next: { kind: 'complete', step: 'excision' } },
    { name: 'then the names of the aliquots', changes: { ...done, records: [cut, aRecord(2, 'freezing')] }, next: { kind: 'aliquots', step: 'freezing', recordId: id(2) } },
    { name: 'the moment that a clock waits for, when it runs out', changes: { records: [aRecord(1, 'excision', { cutAt: at(0) })], now: at(17) }, next: { kind: 'moment', step: 'freezing', key: 'frozenAt', clock: 'cold' } },
    { name: 'the form where a name needs an answer', changes: { ...done, records: [{ ...cut, data: { cutAt: at(0), checked: true } }, aRecord(2, 'freezing')] }, next: { kind: 'form', step: 'freezing', recordId: id(2), asks: ['excision.kind'] } },
    { name: 'to complete the last step', changes: { ...done, ...named, records: [cut, { ...frozen, status: 'complete' }] }, next: { kind: 'complete', step: 'freezing' } },
    { name: 'nothing, when all is complete', changes: { ...named, pictures: done.pictures, steps: { excision: 'complete', freezing: 'complete' }, records: [cut, { ...frozen, status: 'complete' }] }, next: undefined },
  ])('is $name', ({ changes, next }) => {
    expect(run(changes).next).toEqual(next);
  });

  test('names the aliquots that it offers', () => {
    expect(run({ ...done, records: [cut, aRecord(2, 'freezing')] }).aliquots).toEqual([{ kind: 'piece', recordId: id(2), named: [], next: codes }]);
  });

  test('changes nothing of what it was told', () => {
    const told = facts({ ...done, records: [cut, frozen], now: at(50) });
    const before = structuredClone(told);
    evaluateRun(protocol, told);
    expect(told).toEqual(before);
  });
});
