import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { applyChanges, mergeChanges } from '../../../client/controllers/changes.ts';
import type { Change } from '../../../schemas/http/api.ts';

const row = '0190a000-0000-7000-8000-000000000001';

describe('changes', () => {
  test('keep the last word on each place', () => {
    expect(mergeChanges([{ pointer: '/a', value: 1 }, { pointer: '/b', value: 2 }], [{ pointer: '/a', missing: 'unknown' }])).toEqual([{ pointer: '/a', missing: 'unknown' }, { pointer: '/b', value: 2 }]);
  });

  test('forget what was entered in a row that was removed again', () => {
    expect(mergeChanges([{ pointer: `/r/${row}`, value: { rowId: row } }, { pointer: `/r/${row}/x`, value: 1 }, { pointer: `/r/${row}` }])).toEqual([{ pointer: `/r/${row}` }]);
  });

  test('put a value in place of a reason and of a parked value, and a reason in place of a value', () => {
    const answers = { data: { a: 1 }, missing: { '/b': 'unknown' }, parked: { '/c': 3 } };
    expect(applyChanges(answers, [{ pointer: '/a', missing: 'refused' }, { pointer: '/b', value: 2 }, { pointer: '/c', value: 4 }]))
      .toEqual({ data: { b: 2, c: 4 }, missing: { '/a': 'refused' }, parked: {} });
    expect(answers).toEqual({ data: { a: 1 }, missing: { '/b': 'unknown' }, parked: { '/c': 3 } });
  });

  test('add a row, fill it, and take it away with its reasons', () => {
    const filled = applyChanges({ data: {} }, [{ pointer: `/r/${row}`, value: { rowId: row } }, { pointer: `/r/${row}/x`, value: 1 }, { pointer: `/r/${row}/y`, missing: 'unknown' }]);
    expect(filled).toEqual({ data: { r: [{ rowId: row, x: 1 }] }, missing: { [`/r/${row}/y`]: 'unknown' }, parked: {} });
    expect(applyChanges(filled, [{ pointer: `/r/${row}` }])).toEqual({ data: { r: [] }, missing: {}, parked: {} });
  });

  test('come to the same, one by one or merged', () => {
    const change: fc.Arbitrary<Change> = fc.record({ pointer: fc.constantFrom('/a', '/b', '/c') }).chain(({ pointer }) =>
      fc.oneof(fc.integer().map((value) => ({ pointer, value })), fc.constant({ pointer, missing: 'unknown' }), fc.constant({ pointer })));
    fc.assert(fc.property(fc.array(change), (changes) => {
      expect(applyChanges({ data: { a: 0 } }, mergeChanges(changes))).toEqual(applyChanges({ data: { a: 0 } }, changes));
    }));
  });
});
