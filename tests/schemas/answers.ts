/** Answers to the rich form of `a-standard.ts`, sensible and not, for properties. */
import fc from 'fast-check';
import type { Answers, Value } from '../../schemas/form.ts';
import { rowId } from './a-standard.ts';

const amount = fc.constantFrom(0, 0.5, 0.84, 1, 1.05, 2.675, 4.04, 7.5, 12, 0.123, 1000);
const cellValues: { [key: string]: fc.Arbitrary<Value> } = {
  drug: fc.constantFrom('nothing', 'aspirin', ''),
  dose: amount,
  share: amount,
  note: fc.constantFrom('x', 'y'),
};
const topValues: { [key: string]: fc.Arbitrary<Value> } = {
  status: fc.constantFrom('measurable', 'in-situ', 'none', 'old', 'wrong'),
  thickness: fc.oneof(amount, fc.constant('thick')),
  rounded: amount,
  explanation: fc.constantFrom('abc', 'ABC', 'abcdefgh'),
  sites: fc.subarray(['skin', 'lung', 'brain', 'liver']),
  birth: fc.constantFrom('1961', '1961-03-10', 'never'),
  visited: fc.constantFrom('2024-02-29', '2023-02-29', '2030-01-01'),
  wantsOrders: fc.boolean(),
};

export const topKeys = Object.keys(topValues);
export const columnKeys = Object.keys(cellValues);
export const valueOf = (key: string): fc.Arbitrary<Value> => topValues[key] ?? cellValues[key] ?? fc.constant('x');
export const anyReason = fc.constantFrom('unknown', 'refused', 'forgot');
export const anyRowId = fc.integer({ min: 1, max: 3 }).map(rowId);

const anyRow = fc.record({ rowId: anyRowId, ...cellValues }, { requiredKeys: ['rowId'] });
const anyPointer = fc.oneof(
  fc.constantFrom(...topKeys, 'orders', 'z').map((key) => `/${key}`),
  fc.tuple(anyRowId, fc.constantFrom(...columnKeys, 'z')).map(([id, key]) => `/orders/${id}/${key}`),
);

export const anyAnswers: fc.Arbitrary<Answers> = fc.record({
  data: fc.record({ ...topValues, orders: fc.uniqueArray(anyRow, { selector: (row) => row.rowId, maxLength: 3 }), z: amount }, { requiredKeys: [] }),
  missing: fc.dictionary(anyPointer, anyReason, { maxKeys: 4 }),
  parked: fc.dictionary(anyPointer, amount, { maxKeys: 3 }),
}, { requiredKeys: ['data'] }) as fc.Arbitrary<Answers>;

export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.freeze(value);
    for (const member of Object.values(value)) deepFreeze(member);
  }
  return value;
}

/** The same with all keys the other way round; lists keep their order. */
export function reorder<T>(value: T): T {
  if (Array.isArray(value)) return value.map(reorder) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).reverse().map(([key, member]) => [key, reorder(member as unknown)])) as T;
}
