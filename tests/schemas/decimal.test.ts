import { Big } from 'big.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { add, decimalsOf, divide, hasMoreDecimals, multiply, remainder, roundHalfUp, subtract } from '../../schemas/decimal.ts';

/** Decimals as people type them: up to nine digits, up to five of them after the point. */
const decimal = fc.tuple(fc.integer({ min: -9_999_999, max: 9_999_999 }), fc.integer({ min: 0, max: 5 })).map(([digits, places]) => Number(new Big(digits).div(10 ** places)));

describe('arithmetic on decimals', () => {
  test.for([
    [subtract(2.45, 2.4), 0.05],
    [add(0.1, 0.2), 0.3],
    [multiply(1.1, 1.1), 1.21],
    [divide(0.3, 0.1), 3],
    [multiply(divide(1, 3) ?? 0, 3), 1],
    [remainder(5.5, 2), 1.5],
    [remainder(0.3, 0.1), 0],
    [divide(1, 0), undefined],
    [remainder(1, 0), undefined],
    [multiply(0, -5), 0],
    [multiply(1e300, 1e300), undefined],
  ])('gives %s where paper gives %s', ([actual, expected]) => {
    expect(actual).toBe(expected);
  });

  test('sums, differences and products of decimals are those of the decimals', () => {
    fc.assert(fc.property(decimal, decimal, (a, b) => {
      expect(add(a, b)).toBe(Number(new Big(a).plus(b)));
      expect(subtract(a, b)).toBe(Number(new Big(a).minus(b)));
      expect(multiply(a, b)).toBe(Number(new Big(a).times(b).toPrecision(15)));
    }));
  });

  test('dividing and multiplying back gives the decimal again', () => {
    fc.assert(fc.property(decimal, decimal.filter((b) => b !== 0), (a, b) => {
      expect(multiply(divide(a, b) ?? Number.NaN, b)).toBe(a + 0);
    }));
  });
});

describe('rounding', () => {
  test.for([
    [4.05, 1, 4.1], [2.675, 2, 2.68], [1.005, 2, 1.01], [0.84, 1, 0.8], [1.05, 1, 1.1], [2.05, 1, 2.1], [-2.5, 0, -3], [-1.005, 2, -1.01],
    [2.5, 0, 3], [1e-7, 3, 0], [123456.789, 0, 123457],
  ] as const)('takes %s to %s decimals as %s', ([x, decimals, expected]) => {
    expect(roundHalfUp(x, decimals)).toBe(expected);
  });

  test.for([-1, 0.5, 16])('has no answer for %s decimals', (decimals) => {
    expect(roundHalfUp(1.5, decimals)).toBeUndefined();
  });

  test('is that of the decimal text, for every double', () => {
    fc.assert(fc.property(fc.oneof(decimal, fc.double({ noNaN: true, noDefaultInfinity: true })), fc.integer({ min: 0, max: 15 }), (x, n) => {
      expect(roundHalfUp(x, n)).toBe(Number(new Big(x).round(n, Big.roundHalfUp)));
      expect(hasMoreDecimals(x, n)).toBe(decimalsOf(x) > n);
    }));
  });

  test('never moves a decimal by more than half a unit', () => {
    fc.assert(fc.property(decimal, fc.integer({ min: 0, max: 4 }), (x, n) => {
      expect(new Big(roundHalfUp(x, n) ?? Number.NaN).minus(x).abs().lte(new Big(0.5).div(10 ** n))).toBe(true);
    }));
  });
});

test.for([[5, 0], [0.05, 2], [1e-7, 7], [1.5e-7, 8], [1e21, 0], [-2.5, 1]] as const)('counts the decimals of %s as %s', ([x, decimals]) => {
  expect(decimalsOf(x)).toBe(decimals);
});
