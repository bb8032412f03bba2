import { describe, expect, test } from 'vitest';
import type { NamedItem } from '../../../schemas/expression/environment.ts';
import { createLanguage } from '../../../schemas/expression/parse.ts';
import type { Table } from '../../../schemas/form.ts';

const orders: NamedItem = { key: 'orders', type: 'repeat', items: [{ key: 'dose', type: 'number' }, { key: 'drug', type: 'text' }, { key: 'b', type: 'boolean' }] };
const items: NamedItem[] = [{ key: 'a', type: 'number' }, { key: 'b', type: 'integer' }, { key: 'p', type: 'boolean' }, { key: 's', type: 'text' }, { key: 'codes', type: 'codes' }, orders];
const grade: Table = { name: 'grade', arguments: ['x', 'y'], source: '', rows: [{ when: [{ min: 1 }, 'k'], then: true }] };
const language = createLanguage({ items, bound: new Map([['subject.sex', 'text']]), tables: new Map([['grade', grade]]) });

describe('mistakes, with their place', () => {
  test.for([
    ['foo > 1 && bar', 'bool', ["Unknown name 'foo' (at character 1)", "Unknown name 'bar' (at character 12)"]],
    ['a > 1 && s > 2', 'bool', ['no such overload: string > number (at character 10)']],
    ['a +', 'double', ['Unexpected token: EOF (at character 4)']],
    ['a + 1', 'bool', ['The result must be true or false, but is a number']],
    ['s', 'double', ['The result must be a number, but is a text']],
    ['sine(a)', 'double', ["Unknown function 'sine' (at character 1)"]],
    ["s.matches('(a+)+')", 'bool', ["Unknown method 'matches' (at character 1)"]],
    ['subject.nose == s', 'bool', ["Unknown name 'subject.nose' (at character 1)"]],
    ['isEmpty(null)', 'bool', ['There is no null; use isEmpty(…) (at character 9)']],
    ['codes[0] == s', 'bool', ['This form of expression is not part of the dialect (at character 1)']],
    ["{'a': 1} == {'a': 1}", 'bool', undefined],
    ["lookup('none', a)", 'bool', ["Unknown table 'none' (at character 1)"]],
    ["lookup('grade', a)", 'bool', ["Table 'grade' takes 2 arguments (x, y) (at character 1)"]],
    ['lookup(s, a)', 'bool', ['The first argument of lookup is the name of a table (at character 1)']],
    ["lookup('grade', s, s)", 'bool', ["found no matching overload for 'lookup(string, string)' (at character 1)"]],
    ["lookup('grade', a, s)", 'string', ['The result must be a text, but is true or false']],
    ['size(a) > 1', 'bool', ["found no matching overload for 'size(number)' (at character 1)"]],
    ['coalesce(a, s)', 'double', ["found no matching overload for 'coalesce(number, string)' (at character 1)"]],
    ['orders.exists(o, o.nothing > 1)', 'bool', ['No such key: nothing (at character 20)']],
    ['numberOf(codes) > 1', 'bool', ["Unknown function 'numberOf' (at character 1)"]],
    ['1u > 0', 'bool', ['There is no such kind of value (at character 1)']],
    [`${'('.repeat(100)}a${')'.repeat(100)} > 1`, 'bool', undefined],
    [`a > ${'1 + '.repeat(2000)}1`, 'bool', ['The expression is longer than 4000 characters']],
    [`a > ${'1+'.repeat(900)}1`, 'bool', undefined],
  ] as const)('%s as %s', ([source, expected, mistakes]) => {
    const parsed = language.parse(source, expected);
    expect(parsed.expression).toBeUndefined();
    if (mistakes) expect(parsed.mistakes).toEqual(mistakes);
    else expect(parsed.mistakes).toHaveLength(1);
  });
});

describe('what is read', () => {
  test.for([
    ['a > 1 || b > a', undefined, ['a', 'b']],
    ['orders.exists(o, o.dose > a)', undefined, ['orders', 'a', 'orders/dose']],
    ["orders.filter(o, o.drug == 'x').exists(p, p.dose > 1)", undefined, ['orders', 'orders/drug', 'orders/dose']],
    ['today == s && subject.sex == s', undefined, ['s']],
    ['dose > a && b', orders, ['orders/dose', 'a', 'orders/b']],
    ['b && p', orders, ['orders/b', 'p']],
  ] as const)('by %s', ([source, row, reads]) => {
    const { expression } = language.parse(source, 'bool', row);
    expect(expression?.reads).toEqual(reads);
  });
});

test('numbers are one type: whole literals and sizes go with decimals', () => {
  for (const source of ['a + 1 > 2', 'size(codes) + 0.5 > b', 'b / 2 == 1.5', '1 in [a, 2]', 'count([p, true], true) >= 2']) {
    expect(language.parse(source, 'bool').mistakes).toBeUndefined();
  }
});

test('a tree is plain JSON', () => {
  const { expression } = language.parse("orders.exists(o, o.dose > 1) && lookup('grade', a, s)", 'bool');
  expect(JSON.parse(JSON.stringify(expression))).toEqual(expression);
});
