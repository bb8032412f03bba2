/**
 * Arithmetic as people do it on paper: on the decimal text of a number, not on its binary approximation,
 * so that 2.45 - 2.4 is 0.05 and 1.005 to two decimals is 1.01.
 */
import { Big } from 'big.js';

/** The number nearest to `x` that has at most 15 significant digits; all that a double keeps of a decimal. */
function tidy(x: number): number | undefined {
  return Number.isFinite(x) ? Number(x.toPrecision(15)) : undefined;
}

const isSmall = (x: number) => Number.isInteger(x) && Math.abs(x) < 2 ** 26;

export function add(a: number, b: number): number | undefined {
  return isSmall(a) && isSmall(b) ? a + b : tidy(Number(new Big(a).plus(b)));
}

export function subtract(a: number, b: number): number | undefined {
  return isSmall(a) && isSmall(b) ? a - b : tidy(Number(new Big(a).minus(b)));
}

export function multiply(a: number, b: number): number | undefined {
  return isSmall(a) && isSmall(b) ? a * b + 0 : tidy(Number(new Big(a).times(b)));
}

/**
 * The quotient; unknown when `b` is zero. The 15-digit quotient is taken where it is exact (0.3 / 0.1 is 3); else
 * the full double is kept, because 0.333333333333333 times 3 would no longer be 1.
 */
export function divide(a: number, b: number): number | undefined {
  if (b === 0) return undefined;
  const quotient = a / b;
  const tidied = tidy(quotient);
  if (tidied === undefined || tidied === quotient) return tidied;
  return new Big(tidied).times(b).eq(a) ? tidied : quotient;
}

/** The remainder, with the sign of `a`; unknown when `b` is zero. */
export function remainder(a: number, b: number): number | undefined {
  return b === 0 ? undefined : Number(new Big(a).mod(b));
}

/** Rounds half away from zero to `decimals` (0 to 15) places of the decimal text: 4.05 → 4.1, 2.675 → 2.68. */
export function roundHalfUp(x: number, decimals: number): number | undefined {
  if (!Number.isInteger(decimals) || decimals < 0 || decimals > 15) return undefined;
  return Number(new Big(x).round(decimals, Big.roundHalfUp));
}

/** How many decimals the shortest text of a number has: 0.05 has 2, 1e-7 has 7. */
export function decimalsOf(x: number): number {
  const [mantissa = '', exponent = '0'] = String(x).split('e');
  const fraction = mantissa.indexOf('.') < 0 ? 0 : mantissa.length - mantissa.indexOf('.') - 1;
  return Math.max(0, fraction - Number(exponent));
}
