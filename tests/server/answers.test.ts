/** Changes and conflicts, for all data: nothing is lost, nothing is changed in place, order does not matter where places differ. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Change } from '../../schemas/http/api.ts';
import { applyChanges, conflictsOf, differences, nothing, type Stored } from '../../server/services/answers.ts';
import { createForms } from '../../server/services/forms.ts';
import { standardsWithExample } from './support/example.ts';

const form = createForms(standardsWithExample()).get('example');
const rows = ['01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000002'];

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ pointer: fc.constantFrom('/note', '/measured', ...rows.map((row) => `/orders/${row}/drug`)), value: fc.string({ maxLength: 3 }) }),
  fc.record({ pointer: fc.constantFrom('/breslow', ...rows.map((row) => `/orders/${row}/dose`)), value: fc.integer({ min: 0, max: 3 }) }),
  fc.record({ pointer: fc.constantFrom('/note', '/breslow', `/orders/${rows[0]}/dose`), missing: fc.constantFrom('unknown', 'refused') }),
  fc.record({ pointer: fc.constantFrom('/note', '/measured', '/breslow', '/orders', ...rows.map((row) => `/orders/${row}`), `/orders/${rows[1]}/drug`) }),
  fc.constantFrom(...rows).map((rowId) => ({ pointer: `/orders/${rowId}`, value: { rowId } })),
);
const changes = fc.array(change, { maxLength: 6 });
const apply = (stored: Stored, made: Change[]): Stored => ({ ...nothing, ...applyChanges(form, stored, made) });
const stored = fc.array(change, { maxLength: 10 }).map((made) => apply(nothing, made));

const freeze = (value: unknown): unknown => (typeof value === 'object' && value !== null ? Object.freeze(Object.fromEntries(Object.entries(value).map(([key, each]) => [key, Array.isArray(each) ? Object.freeze(each) : freeze(each)]))) : value);

describe('changes', () => {
  test('never change what they are applied to', () => {
    fc.assert(fc.property(stored, changes, (before, made) => void apply(freeze(before) as Stored, made)));
  });

  test('made twice are made once', () => {
    fc.assert(fc.property(stored, changes, (before, made) => {
      const last = made.filter((each, index) => !made.slice(index + 1).some(({ pointer }) => pointer === each.pointer || pointer.startsWith(`${each.pointer}/`) || each.pointer.startsWith(`${pointer}/`)));
      const once = apply(before, last);
      expect(differences(once, apply(once, last))).toEqual([]);
    }));
  });

  test('of two people that do not clash give the same in either order, and keep what both meant', () => {
    fc.assert(fc.property(stored, changes, changes, (before, mine, theirs) => {
      const after = apply(before, theirs);
      if (conflictsOf(mine, differences(before, after)).length > 0) return;
      const merged = apply(after, mine);
      const alone = apply(before, mine);
      for (const { pointer, new: meant } of differences(before, alone)) {
        const kept = differences(nothing, merged).find((place) => place.pointer === pointer)?.new;
        expect([pointer, kept]).toEqual([pointer, meant]);
      }
    }));
  });

  test('that clash are told with both sides', () => {
    const before = apply(nothing, [{ pointer: '/note', value: 'a' }]);
    const theirs = differences(before, apply(before, [{ pointer: '/note', missing: 'refused' }]));
    expect(conflictsOf([{ pointer: '/note', value: 'b' }], theirs)).toEqual([{ pointer: '/note', yours: 'b' }]);
    expect(conflictsOf([{ pointer: '/note', missing: 'refused' }], theirs)).toEqual([]);
    expect(conflictsOf([{ pointer: '/breslow', value: 1 }], theirs)).toEqual([]);
  });
});
