import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createStructureCheck } from '../../schemas/dialect.ts';
import { quickly } from '../../schemas/quick-structure.ts';
import { aForm, aStandard, richStandard, rowId, rows } from './a-standard.ts';
import { anyAnswers } from './answers.ts';

const text = { type: 'string' };
const form = aForm(aStandard({
  text: { ...text, maxLength: 4, pattern: '[a-z😀]*' }, integer: { type: 'integer', minimum: -1, maximum: 5 }, number: { type: 'number', maximum: 2.5 }, boolean: { type: 'boolean' },
  date: { ...text, format: 'date' }, partialDate: { ...text, format: 'partial-date' }, time: { ...text, format: 'time' }, dateTime: { ...text, format: 'date-time' },
  code: { ...text, valueSet: 'status/1.0.0' }, codes: { type: 'array', items: { ...text, valueSet: 'site/1.0.0' }, uniqueItems: true }, nurse: { ...text, refersTo: 'person' },
  orders: rows({ drug: text, dose: { type: 'number', minimum: 0 }, on: { ...text, format: 'date' } }),
}));
const check = createStructureCheck(form.structure);

/** Whether the quick test alone finds nothing wrong. */
function isQuicklyRight(structure: object, data: unknown): boolean {
  let isRight = true;
  quickly(structure, () => {
    isRight = false;
    return [];
  })(data);
  return isRight;
}

const anyText = fc.constantFrom('', 'a', 'abcd', 'abcde', '😀😀', '😀😀😀', 'A', '2024-02-29', '2023-02-29', '2024-02', '2024', '08:30', '24:00', '2024-02-29T08:30', '2024-02-29T08:30Z', '2024-02-29T25:30', 'skin', rowId(1), rowId(2).toUpperCase());
const anyScalar = fc.oneof(anyText, fc.constantFrom(0, -1, -2, 5, 5.5, 2.5, 3, 1e300, true, false, null), fc.string());
const anyRow = fc.record({ rowId: anyScalar, drug: anyScalar, dose: anyScalar, on: anyScalar, other: anyScalar }, { requiredKeys: [] });
const anyValue = fc.oneof({ weight: 4, arbitrary: anyScalar }, fc.array(anyScalar, { maxLength: 3 }), fc.array(fc.oneof(anyRow, anyScalar), { maxLength: 2 }), anyRow);
const anyData = fc.record(Object.fromEntries([...form.items.map(({ key }) => key), 'other'].map((key) => [key, anyValue])), { requiredKeys: [] });

test('what is found right quickly is what Ajv finds right, value by value', () => {
  for (const { key } of form.items) {
    fc.assert(fc.property(anyValue, (value) => {
      const data = { [key]: value };
      const isRight = check(data).length === 0;
      // A text with characters outside the first plane may be shorter than it looks; then the whole check is asked.
      expect(isQuicklyRight(form.structure, data)).toBe(isRight && !(typeof value === 'string' && key === 'text' && value.length > 4));
    }), { numRuns: 300 });
  }
});

test('the errors of whole records are those of Ajv', () => {
  fc.assert(fc.property(fc.oneof(anyData, fc.constantFrom<unknown>(null, [], 'x', 3)), (data) => {
    expect(quickly(form.structure, check)(data)).toEqual(check(data));
  }));
  const rich = aForm(richStandard);
  const whole = createStructureCheck(rich.structure);
  fc.assert(fc.property(anyAnswers, ({ data }) => {
    expect(isQuicklyRight(rich.structure, data)).toBe(whole(data).length === 0);
  }));
});

test('a schema with more in it than is known here is left to the whole check', () => {
  expect(isQuicklyRight({ type: 'object', properties: { a: { type: 'string' } } }, { a: 'x' })).toBe(true);
  expect(isQuicklyRight({ type: 'object', properties: { a: { type: 'string', const: 'x' } } }, { a: 'x' })).toBe(false);
  expect(isQuicklyRight({ type: 'object', properties: { a: { type: 'string', format: 'email' } } }, { a: 'x' })).toBe(false);
});
