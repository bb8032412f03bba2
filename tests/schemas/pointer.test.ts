import { describe, expect, test } from 'vitest';
import { formatPointer, getAt, isRows, parsePointer, removeAt, setAt } from '../../schemas/pointer.ts';
import { rowId } from './a-standard.ts';

const [first, second] = [rowId(1), rowId(2)];
const data = Object.freeze({ breslow: 1.2, sites: Object.freeze(['skin']), orders: Object.freeze([Object.freeze({ rowId: first, dose: 1 }), Object.freeze({ rowId: second })]) });

test('keys with slashes and tildes survive', () => {
  expect(parsePointer(formatPointer('a/b', '~1', 'c'))).toEqual(['a/b', '~1', 'c']);
  expect(formatPointer('a/b', '~')).toBe('/a~1b/~0');
});

test.for([
  ['/breslow', 1.2], [`/orders/${first}/dose`, 1], [`/orders/${second}/dose`, undefined], [`/orders/${second}`, { rowId: second }],
  ['/nothing', undefined], ['/orders/0', undefined], ['/breslow/x/y', undefined], ['', undefined], ['/toString', undefined], ['/orders/a/b/c', undefined],
] as const)('reads %s', ([pointer, value]) => {
  expect(getAt(data, pointer)).toEqual(value);
});

describe('setting', () => {
  test.for([
    ['a value', '/breslow', 2, { ...data, breslow: 2 }],
    ['a cell', `/orders/${first}/dose`, 2, { ...data, orders: [{ rowId: first, dose: 2 }, { rowId: second }] }],
    ['a new row', `/orders/${rowId(3)}`, { rowId: rowId(3) }, { ...data, orders: [...data.orders, { rowId: rowId(3) }] }],
    ['a cell of a new row', `/orders/${rowId(3)}/dose`, 5, { ...data, orders: [...data.orders, { rowId: rowId(3), dose: 5 }] }],
    ['the first row of all', `/visits/${rowId(3)}`, { rowId: rowId(3) }, { ...data, visits: [{ rowId: rowId(3) }] }],
    ['a row inside a plain value, which changes nothing', `/breslow/${first}/dose`, 2, data],
    ['another id for a row, which changes nothing', `/orders/${first}/rowId`, 'x', data],
    ['a place that is too deep, which changes nothing', '/a/b/c/d', 2, data],
  ] as const)('%s', ([, pointer, value, expected]) => {
    expect(setAt(data, pointer, value)).toEqual(expected);
  });
});

describe('removing', () => {
  test.for([
    ['a value', '/breslow', { sites: data.sites, orders: data.orders }],
    ['a cell', `/orders/${first}/dose`, { ...data, orders: [{ rowId: first }, { rowId: second }] }],
    ['a row', `/orders/${first}`, { ...data, orders: [{ rowId: second }] }],
    ['what is not there', `/orders/${rowId(9)}/dose`, data],
    ['the id of a row, which changes nothing', `/orders/${first}/rowId`, data],
  ] as const)('%s', ([, pointer, expected]) => {
    expect(removeAt(data, pointer)).toEqual(expected);
  });
});

test.for([[[], true], [['skin'], false], [[{ rowId: 'a' }], true], [[{ dose: 1 }], false], [[null], false], ['x', false]] as const)('%j is rows: %s', ([value, expected]) => {
  expect(isRows(value)).toBe(expected);
});
