import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Answers, Context, Data, Evaluation } from '../../schemas/form.ts';
import { aCheck, aStandard, aValueSet, prepare, richStandard, rowId, rows, today } from './a-standard.ts';
import { anyAnswers, deepFreeze, reorder } from './answers.ts';

const rich = prepare(richStandard);

type Loose = { data: { [key: string]: unknown }; missing?: { [pointer: string]: unknown }; parked?: { [pointer: string]: unknown } };

function evaluate(standard: { [key: string]: unknown }, answers: Loose, context: Context = today): Evaluation {
  return prepare(standard).evaluate(answers as Answers, context);
}

const named = (evaluation: Evaluation) => evaluation.findings.map(({ rule, pointer }) => `${rule} ${pointer}`);

const number = { type: 'number' };
const text = { type: 'string' };
const status = { type: 'string', valueSet: 'status/1.0.0' };
const sites = { type: 'array', items: { type: 'string', valueSet: 'site/1.0.0' } };

describe('a value is held against its element:', () => {
  test.for([
    ['a number', number, 1.5, []], ['a text for a number', number, 'x', ['type /a']], ['null', number, null, ['type /a']], ['a list for a number', number, [1], ['type /a']],
    ['below the minimum', { ...number, minimum: 0.1 }, 0, ['range /a']], ['above the maximum', { ...number, maximum: 5 }, 5.01, ['range /a']],
    ['enough decimals', { ...number, multipleOf: 0.01 }, 0.07, []], ['too many decimals', { ...number, multipleOf: 0.01 }, 0.071, ['decimals /a']], ['no decimals wanted', { ...number, multipleOf: 1 }, 1.5, ['decimals /a']],
    ['a whole number', { type: 'integer' }, 3, []], ['a broken number', { type: 'integer' }, 3.5, ['type /a']],
    ['no text', text, '', ['length /a']], ['a long text', { ...text, maxLength: 3 }, 'abcd', ['length /a']], ['three characters outside the basic plane', { ...text, maxLength: 3 }, '😀😀😀', []],
    ['a text of the pattern', { ...text, pattern: '^[a-z]+$' }, 'abc', []], ['a text around the pattern', { ...text, pattern: '[a-z]+' }, '1abc', ['pattern /a']],
    ['a real date', { ...text, format: 'date' }, '2024-02-29', []], ['an unreal date', { ...text, format: 'date' }, '2023-02-29', ['format /a']],
    ['a month for a partial date', { ...text, format: 'partial-date' }, '2019-04', []], ['a month for a date', { ...text, format: 'date' }, '2019-04', ['format /a']],
    ['a code', status, 'measurable', []], ['a retired code', status, 'old', []], ['a foreign code', status, 'mesurable', ['value-set /a']],
    ['codes', sites, ['skin', 'lung'], []], ['a code twice', sites, ['skin', 'skin'], ['unique /a']], ['a foreign code among others', sites, ['skin', 'liver'], ['value-set /a']], ['no codes', sites, [], ['length /a']],
    ['one code for a list', sites, 'skin', ['type /a']], ['a reference', { ...text, refersTo: 'lesion' }, rowId(1), []], ['a name for a reference', { ...text, refersTo: 'lesion' }, 'lesion 1', ['format /a']],
    ['yes', { type: 'boolean' }, true, []], ['1 for yes', { type: 'boolean' }, 1, ['type /a']],
  ] as const)('%s', ([, element, value, expected]) => {
    expect(named(evaluate(aStandard({ a: element }), { data: { a: value } }))).toEqual(expected);
  });
});

describe('required', () => {
  const standard = aStandard({ a: number, b: { ...number, enableWhen: 'a > 1' }, c: { ...number, calculate: 'a' }, d: { ...text, bind: 'subject.name' }, e: rows({ f: number }, ['f']) }, { required: ['a', 'b', 'c', 'd', 'e'] });

  test.for([
    ['is asked of what is in play', { data: {} }, ['required /a', 'required /e']],
    ['is asked of what logic puts in play', { data: { a: 2, e: [{ rowId: rowId(1), f: 1 }] } }, ['required /b']],
    ['is satisfied by a reason', { data: {}, missing: { '/a': 'unknown', '/e': 'not-done' } }, []],
    ['is asked of each row', { data: { a: 1, e: [{ rowId: rowId(1), f: 1 }, { rowId: rowId(2) }] } }, [`required /e/${rowId(2)}/f`]],
    ['is satisfied in a row by a reason', { data: { a: 1, e: [{ rowId: rowId(1) }] }, missing: { [`/e/${rowId(1)}/f`]: 'refused' } }, []],
    ['is not satisfied by no rows', { data: { a: 1, e: [] } }, ['required /e']],
  ] as const)('%s', ([, answers, expected]) => {
    expect(named(evaluate(standard, answers as unknown as Loose))).toEqual(expected);
  });
});

describe('a missing reason', () => {
  const standard = aStandard({ a: number, b: { ...number, enableWhen: 'a > 1' }, c: { ...number, calculate: 'a' }, d: rows({ e: number }) });

  test.for([
    ['is one of the value set', { data: {}, missing: { '/a': 'forgot' } }, ['missing-reason /a'], { '/a': 'forgot' }],
    ['is a code', { data: {}, missing: { '/a': 3 } }, ['missing-reason /a'], { '/a': 3 }],
    ['does not stand beside a value', { data: { a: 1 }, missing: { '/a': 'unknown' } }, ['missing-reason /a'], { '/a': 'unknown' }],
    ['does not stand at a calculated item', { data: {}, missing: { '/c': 'unknown' } }, ['missing-reason /c'], { '/c': 'unknown' }],
    ['is dropped where the item is off', { data: { a: 1 }, missing: { '/b': 'unknown' } }, [], {}],
    ['names a place', { data: {}, missing: { '/z': 'unknown' } }, ['unknown-element /z'], { '/z': 'unknown' }],
    ['names a row that is there', { data: {}, missing: { [`/d/${rowId(1)}/e`]: 'unknown' } }, [`unknown-element /d/${rowId(1)}/e`], { [`/d/${rowId(1)}/e`]: 'unknown' }],
  ] as const)('%s', ([, answers, expected, missing]) => {
    const evaluation = evaluate(standard, answers as unknown as Loose);
    expect(named(evaluation)).toEqual(expected);
    expect(evaluation.missing).toEqual(missing);
  });
});

describe('logic', () => {
  const standard = aStandard({ a: number, b: { ...number, enableWhen: 'a > 1' }, c: { ...number, enableWhen: 'b > 1' }, d: { ...number, calculate: 'coalesce(b, 0) + coalesce(c, 0)' } });

  test('parks the values of items that are off, also along a chain', () => {
    const evaluation = evaluate(standard, { data: { a: 1, b: 2, c: 3 } });
    expect(evaluation).toMatchObject({ data: { a: 1 }, parked: { '/b': 2, '/c': 3 }, disabled: ['/b', '/c'] });
    expect(evaluation.data).not.toHaveProperty('d');
  });

  test('puts parked values back in play', () => {
    expect(evaluate(standard, { data: { a: 2 }, parked: { '/b': 2, '/c': 3 } })).toMatchObject({ data: { a: 2, b: 2, c: 3, d: 5 }, parked: {}, disabled: [] });
  });

  test('lets a value of now win over a parked one', () => {
    expect(evaluate(standard, { data: { a: 2, b: 7 }, parked: { '/b': 2 } })).toMatchObject({ data: { b: 7 }, parked: {} });
  });

  test('switches off what an unknown condition guards', () => {
    expect(evaluate(standard, { data: { b: 2 } }).disabled).toEqual(['/b', '/c']);
  });

  test('hands on parked values of places that the form does not have', () => {
    expect(evaluate(standard, { data: {}, parked: { '/gone': 1 } }).parked).toEqual({ '/gone': 1 });
  });

  test('finds nothing wrong with what is off', () => {
    expect(evaluate(standard, { data: { a: 1, b: 'junk' } }).findings).toEqual([]);
  });
});

describe('calculation', () => {
  test('ignores what was entered', () => {
    expect(evaluate(aStandard({ a: number, b: { ...number, calculate: 'a + 1' } }), { data: { a: 1, b: 99 } }).data).toEqual({ a: 1, b: 2 });
  });

  test('gives nothing while all its inputs are empty, though its functions would', () => {
    const standard = aStandard({ a: { type: 'boolean' }, b: { type: 'boolean' }, n: { ...number, calculate: 'count([a, b], true)' } });
    expect(evaluate(standard, { data: {} }).data).toEqual({});
    expect(evaluate(standard, { data: { b: false } }).data).toEqual({ b: false, n: 0 });
  });

  test('counts a bound value among its inputs', () => {
    const standard = aStandard({ age: { type: 'integer', calculate: 'yearsBetween(subject.birthDate, today)' } });
    expect(evaluate(standard, { data: {} }).data).toEqual({});
    expect(evaluate(standard, { data: {} }, { ...today, bound: { 'subject.birthDate': '1961-03' } }).data).toEqual({ age: 65 });
  });

  test('is held against its element too', () => {
    const standard = aStandard({ a: number, b: { ...number, calculate: 'a * 2', maximum: 5 } });
    expect(named(evaluate(standard, { data: { a: 3 } }))).toEqual(['range /b']);
  });

  test('does not fail on data of the wrong type', () => {
    expect(evaluate(aStandard({ a: number, b: { ...number, calculate: 'a + 1' } }), { data: { a: 'x' } }).data).toEqual({ a: 'x' });
  });
});

describe('bound items', () => {
  const standard = aStandard({ birth: { ...text, format: 'partial-date', bind: 'subject.birthDate' }, age: { type: 'integer', calculate: 'yearsBetween(birth, today)' } }, { required: ['birth'] });

  test('are known from the surroundings and not stored', () => {
    const evaluation = evaluate(standard, { data: { birth: '1950-01-01' } }, { ...today, bound: { 'subject.birthDate': '1961-03-01' } });
    expect(evaluation.data).toEqual({ age: 65 });
    expect(evaluation.findings).toEqual([]);
  });

  test('are taken from the data where the surroundings are silent', () => {
    expect(evaluate(standard, { data: { birth: '1950-01-01' } }).data).toEqual({ birth: '1950-01-01', age: 76 });
    expect(named(evaluate(standard, { data: { birth: 'junk' } }))).toEqual(['format /birth']);
  });
});

describe('checks', () => {
  const standard = aStandard({ a: number, b: number }, { check: [aCheck('a <= b', ['/b', '/a']), aCheck('a < 10', ['/a'], { id: 'W-2', severity: 'soft' })] });

  test.for([
    ['are silent when they hold', { a: 1, b: 2 }, []], ['are silent when unknown', { a: 1 }, []], ['are reported at the first place', { a: 3, b: 2 }, ['E-1 /b']],
    ['come in the order of the form', { a: 11, b: 2 }, ['W-2 /a', 'E-1 /b']],
  ] as const)('%s', ([, data, expected]) => {
    expect(named(evaluate(standard, { data }))).toEqual(expected);
  });

  test('never repeat a value in their message', () => {
    const messages = JSON.stringify(evaluate(aStandard({ a: { ...text, maxLength: 2, pattern: '[a-z]+' }, s: status }), { data: { a: '张三丰SECRET', s: 'SECRET' }, missing: { '/s': 'SECRET' } }).findings);
    expect(messages).not.toMatch(/SECRET|张三丰/);
  });
});

describe('what the standard does not have', () => {
  test.for([
    ['a stranger', { data: { a: 1, z: 2 } }, ['unknown-element /z']],
    ['a stranger in a row', { data: { r: [{ rowId: rowId(1), z: 2 }] } }, [`unknown-element /r/${rowId(1)}/z`]],
    ['a name that every object has', { data: JSON.parse('{"__proto__": 1, "constructor": 2}') as object }, ['unknown-element /__proto__', 'unknown-element /constructor']],
  ] as const)('%s is reported and kept', ([, answers, expected]) => {
    const evaluation = evaluate(aStandard({ a: number, r: rows({ c: number }) }), answers as unknown as Loose);
    expect(named(evaluation)).toEqual(expected);
    expect(JSON.stringify(evaluation.data)).toBe(JSON.stringify(answers.data));
  });
});

describe('rows', () => {
  test.for([
    ['that are no list', 3, ['type /r']], ['without ids', [{ c: 1 }], ['type /r']], ['that are no objects', [1], ['type /r']],
    ['whose id is no UUID', [{ rowId: 'x', c: 1 }], ['format /r/x/rowId']], ['with a bad cell', [{ rowId: rowId(1), c: 'x' }], [`type /r/${rowId(1)}/c`]],
  ] as const)('%s are reported', ([, r, expected]) => {
    expect(named(evaluate(aStandard({ r: rows({ c: number }) }), { data: { r } }))).toEqual(expected);
  });

  test('see their own columns first, then the form', () => {
    const standard = aStandard({ limit: number, dose: number, r: rows({ dose: number, high: { type: 'boolean', calculate: 'dose > limit' } }) });
    expect(evaluate(standard, { data: { limit: 2, dose: 99, r: [{ rowId: rowId(1), dose: 1 }, { rowId: rowId(2), dose: 3 }] } }).data['r']).toEqual([
      { rowId: rowId(1), dose: 1, high: false }, { rowId: rowId(2), dose: 3, high: true },
    ]);
  });

  test('are parked whole when their repeat is off, and come back', () => {
    const standard = aStandard({ on: { type: 'boolean' }, r: { ...rows({ c: number }), enableWhen: 'on' } });
    const r = [{ rowId: rowId(1), c: 1 }, { rowId: rowId(2) }];
    const off = evaluate(standard, { data: { on: false, r } });
    expect(off).toMatchObject({ data: { on: false }, disabled: ['/r'], parked: { [`/r/${rowId(1)}/rowId`]: rowId(1), [`/r/${rowId(1)}/c`]: 1, [`/r/${rowId(2)}/rowId`]: rowId(2) } });
    expect(evaluate(standard, { data: { on: true }, parked: off.parked }).data).toEqual({ on: true, r });
  });
});

const contexts = fc.constantFrom<Context>(today, { today: '2026-11-22', bound: { 'subject.birthDate': '1961' } }, { today: '2020-01-01', bound: { 'subject.birthDate': '1999-09-09' } });

describe('for all answers', () => {
  test('input is never changed', () => {
    fc.assert(fc.property(anyAnswers, contexts, (answers, context) => {
      rich.evaluate(deepFreeze(structuredClone(answers)), deepFreeze(structuredClone(context)));
    }));
  });

  test('evaluating what was evaluated changes nothing', () => {
    fc.assert(fc.property(anyAnswers, contexts, (answers, context) => {
      const once = rich.evaluate(answers, context);
      expect(rich.evaluate(once, context)).toEqual(once);
    }), { numRuns: 150 });
  });

  test('the order of keys does not matter', () => {
    fc.assert(fc.property(anyAnswers, contexts, (answers, context) => {
      const { findings, ...rest } = rich.evaluate(answers, context);
      const turned = rich.evaluate(reorder(answers), context);
      expect({ ...rest, data: rest.data }).toEqual({ data: turned.data, missing: turned.missing, parked: turned.parked, disabled: turned.disabled });
      expect(new Set(turned.findings.map((finding) => JSON.stringify(finding)))).toEqual(new Set(findings.map((finding) => JSON.stringify(finding))));
    }));
  });

  test('no value that was entered is lost', () => {
    fc.assert(fc.property(anyAnswers, (answers) => {
      const { data, parked } = rich.evaluate(answers, today);
      const kept: { [key: string]: unknown } = { ...Object.fromEntries(Object.entries(parked).map(([pointer, value]) => [pointer.slice(1), value])), ...data };
      const entered = Object.entries(answers.data).filter(([key, value]) => value !== undefined && !rich.item(key)?.calculate && !rich.item(key)?.items);
      for (const [key, value] of entered) expect(kept[key]).toEqual(value);
    }));
  });

  test('even junk is evaluated', () => {
    fc.assert(fc.property(fc.dictionary(fc.constantFrom('status', 'thickness', 'orders', 'sites', 'visited', 'z'), fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue()), (data, missing) => {
      rich.evaluate({ data, missing, parked: missing } as unknown as Answers, today);
    }));
  });
});

test('a rule of a row stands in each row that breaks it, and reads the form too', () => {
  const form = prepare(aStandard({
    limit: { type: 'number' },
    orders: rows({ start: { type: 'number' }, end: { type: 'number' } }, [], [aCheck('start <= end && end <= limit', ['/end', '/start'], { id: 'E-R-1' })]),
  }));
  const row = (n: number, start: number, end?: number) => ({ rowId: rowId(n), start, ...(end === undefined ? {} : { end }) });
  const { findings } = form.evaluate({ data: { limit: 5, orders: [row(1, 1, 2), row(2, 3, 2), row(3, 9), row(4, 1, 6)] } }, today);
  expect(findings.map(({ pointer, rule }) => [pointer, rule])).toEqual([[`/orders/${rowId(2)}/end`, 'E-R-1'], [`/orders/${rowId(4)}/end`, 'E-R-1']]);
});

test('a code that an open value set does not ship is accepted when it looks like one', () => {
  const open = { ...aValueSet('icd-10', ['U07']), open: { pattern: '[A-T][0-9]{2}', content: 'icd-10' } };
  const form = prepare(aStandard({ a: { type: 'string', valueSet: 'icd-10/1.0.0' }, b: { type: 'array', items: { type: 'string', valueSet: 'icd-10/1.0.0' } } }), open);
  const rules = (data: Data) => form.evaluate({ data }, today).findings.map(({ pointer, rule }) => [pointer, rule]);
  expect(rules({ a: 'U07', b: ['C43', 'U07'] })).toEqual([]);
  expect(rules({ a: 'U08', b: ['C43', 'C431'] })).toEqual([['/a', 'value-set'], ['/b', 'value-set']]);
});
