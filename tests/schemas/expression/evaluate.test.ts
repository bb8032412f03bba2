import { Environment } from '@marcbachmann/cel-js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createLanguage } from '../../../schemas/expression/parse.ts';
import { prepareExpression, type Scope } from '../../../schemas/expression/evaluate.ts';
import type { NamedItem } from '../../../schemas/expression/environment.ts';
import type { ItemType, Table } from '../../../schemas/form.ts';

const items: NamedItem[] = [
  ...(['a', 'b', 'c'] as const).map((key) => ({ key, type: 'number' as const })),
  ...(['p', 'q', 'r'] as const).map((key) => ({ key, type: 'boolean' as const })),
  ...(['s', 't'] as const).map((key) => ({ key, type: 'text' as const })),
  { key: 'codes', type: 'codes' },
  { key: 'day', type: 'date' }, { key: 'later', type: 'date' }, { key: 'at', type: 'date-time' },
  { key: 'orders', type: 'repeat', items: [{ key: 'dose', type: 'number' }, { key: 'drug', type: 'text' }] },
];
const table: Table = {
  name: 'grade', arguments: ['x', 'tag', 'list'], source: 'test',
  rows: [
    { when: [{ min: 2 }, '*', '*'], then: 'thick' },
    { when: [{ max: 1 }, ['x', 'y'], '*'], then: 'thin' },
    { when: ['*', '*', { includesAny: ['brain'] }], then: 'brain' },
    { when: [{ empty: true }, 'z', { empty: true }], then: 'blank' },
  ],
};
const bound = new Map<string, ItemType>([['subject.birthDate', 'partial-date']]);
const language = createLanguage({ items, bound, tables: new Map([['grade', table]]) });

type Values = { [key: string]: unknown };

function typeOf(source: string): string {
  const types = ['bool', 'double', 'string', 'list<string>', 'list<double>'];
  return types.find((type) => language.parse(source, type).expression) ?? 'bool';
}

function evaluate(source: string, values: Values = {}, extra: Partial<Scope> = {}): unknown {
  const { expression, mistakes } = language.parse(source, typeOf(source));
  if (!expression) throw new Error(mistakes?.join('; '));
  return prepareExpression(expression, { grade: table })({ values, today: '2026-11-22', bound: {}, ...extra });
}

describe('logic with the unknown, after Kleene', () => {
  const truth = [true, false, undefined];
  const and = [true, false, undefined, false, false, false, undefined, false, undefined];
  const or = [true, true, true, true, false, undefined, true, undefined, undefined];
  const cases = truth.flatMap((p, i) => truth.map((q, j) => ({ p, q, and: and[i * 3 + j], or: or[i * 3 + j] })));

  test.for(cases)('$p and $q', ({ p, q, and: both, or: either }) => {
    expect(evaluate('p && q', { p, q })).toBe(both);
    expect(evaluate('p || q', { p, q })).toBe(either);
  });

  test.for([[true, false], [false, true], [undefined, undefined]] as const)('not %s is %s', ([p, expected]) => {
    expect(evaluate('!p', { p })).toBe(expected);
  });

  test.for([['p ? a : b', { p: true, a: 1 }, 1], ['p ? a : b', { p: false, a: 1 }, undefined], ['p ? a : b', { a: 1, b: 1 }, undefined]] as const)('%s of %j', ([source, values, expected]) => {
    expect(evaluate(source, values)).toBe(expected);
  });

  test.for(['a + b', 'a - b', 'a * b', 'a / b', 'a % b', 'a < b', 'a <= b', 'a > b', 'a >= b', 'a == b', 'a != b', '-b', 'b in [1, 2]', 'round(b, 1)', 'sum([a, b])', 'min(a, b)'])('%s is unknown when b is', (source) => {
    expect(evaluate(source, { a: 1 })).toBeUndefined();
    expect(evaluate(source, { a: 1, b: null })).toBeUndefined();
  });
});

describe('lists', () => {
  test.for([
    ['a in [1, 2]', { a: 2 }, true], ['a in [1, b]', { a: 1 }, true], ['a in [1, b]', { a: 3 }, undefined], ['a in [1, 2]', { a: 3 }, false],
    ["'x' in codes", { codes: ['x'] }, true], ["'x' in codes", { codes: ['y'] }, false], ["'x' in codes", {}, undefined],
    ['codes == [\'x\', \'y\']', { codes: ['x', 'y'] }, true], ['codes == [\'x\']', { codes: ['x', 'y'] }, false],
    ['size(codes)', { codes: ['x', 'y'] }, 2], ['size(codes)', {}, undefined], ['size(codes) == 2', { codes: ['x', 'y'] }, true],
    ['count([p, q, r], true)', { p: true, q: false }, 1], ["count(codes, 'x')", {}, undefined],
    ["includes(codes, 'x')", { codes: ['x'] }, true], ['includes([a, b], 2)', { a: 1 }, undefined],
    ['orders.exists(o, o.dose > 1)', { orders: [{ dose: 1 }, { dose: 2 }] }, true], ['orders.exists(o, o.dose > 1)', { orders: [{ dose: 1 }, {}] }, undefined],
    ['orders.exists(o, o.dose > 1)', { orders: [] }, false], ['orders.exists(o, o.dose > 1)', {}, undefined],
    ['orders.all(o, o.dose > 1)', { orders: [{ dose: 1 }, {}] }, false], ['orders.all(o, o.dose > 1)', { orders: [{ dose: 2 }, {}] }, undefined],
    ['sum(orders.map(o, o.dose))', { orders: [{ dose: 0.1 }, { dose: 0.2 }] }, 0.3], ['sum(orders.map(o, o.dose))', { orders: [{ dose: 1 }, {}] }, undefined],
    ['size(orders.filter(o, o.dose > 1))', { orders: [{ dose: 1 }, { dose: 2 }] }, 1], ['size(orders.filter(o, o.dose > 1))', { orders: [{}] }, undefined],
    ['orders.exists(o, orders.exists(x, x.dose > o.dose))', { orders: [{ dose: 1 }, { dose: 2 }] }, true],
    ['max([a, b, 3])', { a: 1, b: 2 }, 3], ['min(a, b)', { a: 1, b: 2 }, 1], ['sum(a, b, c)', { a: 1, b: 2, c: 3 }, 6],
  ] as const)('%s of %j is %s', ([source, values, expected]) => {
    expect(evaluate(source, values)).toBe(expected);
  });
});

describe('functions', () => {
  test.for([
    ['isEmpty(a)', {}, true], ['isEmpty(a)', { a: 0 }, false], ['isEmpty(codes)', { codes: [] }, true], ['isEmpty(s)', { s: '' }, true], ['isEmpty(p)', { p: false }, false],
    ['coalesce(a, 5)', {}, 5], ['coalesce(a, 5)', { a: 0 }, 0], ['coalesce(a, b)', {}, undefined], ["coalesce(s, t, 'x')", {}, 'x'], ["coalesce(s, '')", {}, ''],
    ['floor(a)', { a: -1.5 }, -2], ['ceil(a)', { a: 1.2 }, 2], ['abs(a)', { a: -2 }, 2], ['sqrt(a)', { a: 9 }, 3], ['sqrt(a)', { a: -9 }, undefined], ['a / b', { a: 1, b: 0 }, undefined],
    ['number(p) + number(q)', { p: true, q: false }, 1], ['number(p)', {}, undefined], ['number(s)', { s: '3' }, 3], ['number(s)', { s: '-0.5' }, -0.5], ['number(s)', { s: 'over-4' }, undefined],
    ['s + \'/\' + string(a)', { s: 'R1', a: 10 }, 'R1/10'], ['string(a)', { a: 0.5 }, '0.5'], ['string(a)', {}, undefined], ['string(p)', { p: true }, 'true'],
    ['number(s)', { s: '' }, undefined], ['number(s)', { s: '0x1f' }, undefined], ['sum([number(s), number(t)])', { s: '1' }, undefined],
    ['daysBetween(day, later)', { day: '2024-02-28', later: '2024-03-01' }, 2], ['daysBetween(day, later)', { day: '2024-02-28', later: 'junk' }, undefined],
    ['dateOf(at)', { at: '2024-02-28T23:00Z' }, '2024-02-28'], ['s + t', { s: 'a', t: 'b' }, 'ab'],
    ["lookup('grade', a, s, codes)", { a: 3 }, 'thick'], ["lookup('grade', a, s, codes)", { a: 0.5, s: 'y' }, 'thin'], ["lookup('grade', a, s, codes)", { a: 1.5, codes: ['skin', 'brain'] }, 'brain'],
    ["lookup('grade', a, s, codes)", { s: 'z' }, 'blank'], ["lookup('grade', a, s, codes)", { a: 1.5 }, undefined], ["lookup('grade', a, s, codes)", {}, undefined],
  ] as const)('%s of %j is %s', ([source, values, expected]) => {
    expect(evaluate(source, values)).toBe(expected);
  });

  test('bound values and today come from the surroundings', () => {
    expect(evaluate('yearsBetween(subject.birthDate, today)', {}, { bound: { 'subject.birthDate': '1961-03' } })).toBe(65);
    expect(evaluate('yearsBetween(subject.birthDate, today)')).toBeUndefined();
  });
});

/** Well-typed expressions over the items above, for the two properties below. */
const { bool } = fc.letrec<{ bool: string; num: string; text: string }>((tie) => ({
  num: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom('a', 'b', 'c', '0', '1', '2.5', '7'),
    fc.tuple(tie('num'), fc.constantFrom('+', '-', '*'), tie('num')).map(([x, op, y]) => `(${x} ${op} ${y})`),
    fc.tuple(tie('bool'), tie('num'), tie('num')).map(([p, x, y]) => `(${p} ? ${x} : ${y})`),
    tie('num').map((x) => `(-${x})`),
  ),
  text: fc.oneof({ maxDepth: 2 }, fc.constantFrom('s', 't', "'x'", "''"), fc.tuple(tie('text'), tie('text')).map(([x, y]) => `(${x} + ${y})`)),
  bool: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom('p', 'q', 'r', 'true', 'false'),
    fc.tuple(tie('bool'), fc.constantFrom('&&', '||', '==', '!='), tie('bool')).map(([x, op, y]) => `(${x} ${op} ${y})`),
    tie('bool').map((x) => `!${x}`),
    fc.tuple(tie('num'), fc.constantFrom('<', '<=', '>', '>=', '==', '!='), tie('num')).map(([x, op, y]) => `(${x} ${op} ${y})`),
    fc.tuple(tie('text'), fc.constantFrom('<', '>=', '==', '!='), tie('text')).map(([x, op, y]) => `(${x} ${op} ${y})`),
    fc.tuple(tie('text'), tie('text'), tie('text')).map(([x, y, z]) => `(${x} in [${y}, ${z}])`),
    tie('text').map((x) => `(${x} in codes)`),
    fc.tuple(fc.constantFrom('all', 'exists'), tie('num')).map(([macro, x]) => `orders.${macro}(o, o.dose > ${x})`),
    tie('num').map((x) => `(${x} in orders.map(o, o.dose * 2))`),
    tie('text').map((x) => `orders.filter(o, o.drug == ${x}).exists(o, o.dose == a)`),
  ),
}));

const half = fc.integer({ min: -40, max: 40 }).map((n) => n / 2);
const short = fc.constantFrom('', 'x', 'y', 'xy');
const answered = fc.record({
  a: half, b: half, c: half, p: fc.boolean(), q: fc.boolean(), r: fc.boolean(), s: short, t: short,
  codes: fc.array(short, { maxLength: 3 }), orders: fc.array(fc.record({ dose: half, drug: short }), { maxLength: 3 }),
});

test('agrees with the CEL library wherever everything is answered', () => {
  const library = new Environment();
  library.registerType('Order', { fields: { dose: 'double', drug: 'string' } });
  for (const name of ['a', 'b', 'c']) library.registerVariable(name, 'double');
  for (const name of ['p', 'q', 'r']) library.registerVariable(name, 'bool');
  for (const name of ['s', 't']) library.registerVariable(name, 'string');
  library.registerVariable('codes', 'list<string>');
  library.registerVariable('orders', 'list<Order>');
  fc.assert(fc.property(bool, answered, (source, values) => {
    const asDoubles = source.replaceAll(/(?<![\w.])(\d+)(?![\w.])/g, '$1.0');
    expect(evaluate(source, values)).toBe(library.evaluate(asDoubles, values));
  }), { numRuns: 500 });
});

test('what is known with some values unanswered stays so whatever they turn out to be', () => {
  fc.assert(fc.property(bool, answered, fc.subarray(['a', 'b', 'c', 'p', 'q', 'r', 's', 't', 'codes', 'orders']), (source, values, hidden) => {
    const fewer: Values = Object.fromEntries(Object.entries(values).filter(([key]) => !hidden.includes(key)));
    const known = evaluate(source, fewer);
    if (known !== undefined) expect(evaluate(source, values)).toBe(known);
  }), { numRuns: 500 });
});

test('no data whatsoever make an expression fail', () => {
  fc.assert(fc.property(bool, fc.dictionary(fc.constantFrom('a', 'b', 'p', 's', 'codes', 'orders'), fc.anything()), (source, values) => {
    evaluate(source, values);
    evaluate("round(a, 1) > sum(orders.map(o, o.dose)) || lookup('grade', a, s, codes) == s || daysBetween(s, today) > size(codes)", values);
  }));
});
