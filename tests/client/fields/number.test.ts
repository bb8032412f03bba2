import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { formatNumber, readInteger, readNumber } from '../../../client/fields/parse/number.ts';

describe('a number', () => {
  test.for([
    ['2.4', 2.4], ['２．４', 2.4], ['2。4', 2.4], ['　2.4　', 2.4], ['.5', 0.5], ['5.', 5], ['+3', 3], ['-3', -3], ['－３', -3], ['−3', -3], ['–3', -3],
    ['007', 7], ['0', 0], ['-0', 0], ['1,234', 1234], ['1，234，567.8', 1234567.8], ['2.4 mm', 2.4], ['2.4mm', 2.4], ['2.4 MM', 2.4],
  ] as const)('reads %s as %d', ([text, value]) => {
    expect(readNumber(text, 'mm')).toEqual({ value });
  });

  test.for(['abc', '2,4', '1,23', '12,34,567', '1.2.3', '--3', '-', '.', '2.4 cm', '2e3', '0x10', '½', '二', 'Infinity', 'NaN', '2 4', '<0.1'])('hands %s back unread', (text) => {
    expect(readNumber(text, 'mm')).toEqual({ unread: 'number' });
  });

  test.for(['', ' ', '　', 'mm'])('takes %o as no answer', (text) => {
    expect(readNumber(text, 'mm')).toEqual({ value: undefined });
  });

  test('refuses digits that a double cannot hold, instead of storing others', () => {
    expect(readNumber('12345678901234567')).toEqual({ unread: 'digits' });
    expect(readNumber('0.0000000000000000001')).toEqual({ value: 1e-19 });
  });

  test('reads whole numbers only where they are asked for', () => {
    expect(readInteger('12')).toEqual({ value: 12 });
    expect(readInteger('12.0')).toEqual({ value: 12 });
    expect(readInteger('12.5')).toEqual({ unread: 'integer' });
    expect(readInteger('twelve')).toEqual({ unread: 'integer' });
  });

  test('comes back the same from its text, whatever the number', () => {
    fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }).map((value) => value + 0), (value) => {
      const text = formatNumber(value);
      expect(text).not.toMatch(/e/);
      expect(Number(text)).toBe(value);
    }));
    fc.assert(fc.property(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: 0, max: 5 }), (digits, places) => {
      const value = Number((digits / 10 ** places).toFixed(places));
      expect(readNumber(formatNumber(value))).toEqual({ value: value === 0 ? 0 : value });
    }));
  });

  test('reads full-width text as it reads plain text', () => {
    const wide = (text: string) => [...text].map((character) => String.fromCharCode(character.charCodeAt(0) + 0xfee0)).join('');
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'0123456789.,-+'), maxLength: 12 }), (text) => {
      expect(readNumber(wide(text))).toEqual(readNumber(text));
    }));
  });
});
