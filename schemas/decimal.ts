/**
 * Arithmetic as people do it on paper: on the decimal text of a number, not on its binary approximation,
 * so that 2.45 - 2.4 is 0.05 and 1.005 to two decimals is 1.01.
 *
 * Decimals of a few places are whole numbers of millionths; a quotient of whole numbers is the double nearest to the decimal.
 * So most sums need no long arithmetic. What does not fit goes to `Big`, and so does whatever comes out as zero, for its sign.
 */
import { Big } from 'big.js';

const PLACES = 1e6;
/** A product with `PLACES` up to here is a whole number that a double holds with all its 15 digits. */
const MOST = 9e14;

/** The number nearest to `x` that has at most 15 significant digits; all that a double keeps of a decimal. */
function tidy(x: number): number | undefined {
  return Number.isFinite(x) ? Number(x.toPrecision(15)) : undefined;
}

const isSmall = (x: number) => Number.isInteger(x) && Math.abs(x) < 2 ** 26;

/** How many 1/`places` a decimal is; undefined when it is not a whole number of them. */
function partsOf(x: number, places: number): number | undefined {
  const parts = Math.round(x * places);
  return Math.abs(parts) < MOST && parts / places === x ? parts : undefined;
}

export function add(a: number, b: number): number | undefined {
  if (isSmall(a) && isSmall(b)) return a + b;
  const [left, right] = [partsOf(a, PLACES), partsOf(b, PLACES)];
  const sum = left === undefined || right === undefined ? 0 : left + right;
  return sum !== 0 && Math.abs(sum) < MOST ? sum / PLACES : tidy(Number(new Big(a).plus(b)));
}

export function subtract(a: number, b: number): number | undefined {
  if (isSmall(a) && isSmall(b)) return a - b;
  const [left, right] = [partsOf(a, PLACES), partsOf(b, PLACES)];
  const difference = left === undefined || right === undefined ? 0 : left - right;
  return difference !== 0 && Math.abs(difference) < MOST ? difference / PLACES : tidy(Number(new Big(a).minus(b)));
}

export function multiply(a: number, b: number): number | undefined {
  if (isSmall(a) && isSmall(b)) return a * b + 0;
  const [left, right] = [partsOf(a, 1000), partsOf(b, 1000)];
  const product = left === undefined || right === undefined ? 0 : left * right;
  return product !== 0 && Math.abs(product) < MOST ? product / 1e6 : tidy(Number(new Big(a).times(b)));
}

/**
 * The quotient; unknown when `b` is zero. The 15-digit quotient is taken where it is exact (0.3 / 0.1 is 3); else
 * the full double is kept, because 0.333333333333333 times 3 would no longer be 1.
 */
export function divide(a: number, b: number): number | undefined {
  if (b === 0) return undefined;
  const quotient = a / b;
  if (partsOf(quotient, PLACES) !== undefined) return quotient + 0;
  const tidied = tidy(quotient);
  if (tidied === undefined || tidied === quotient) return tidied;
  const isFar = Math.abs(tidied * b - a) > 4 * Number.EPSILON * Math.abs(a);
  return !isFar && new Big(tidied).times(b).eq(a) ? tidied : quotient;
}

/** The remainder, with the sign of `a`; unknown when `b` is zero. */
export function remainder(a: number, b: number): number | undefined {
  if (b === 0) return undefined;
  const [left, right] = a > 0 && b > 0 ? [partsOf(a, PLACES), partsOf(b, PLACES)] : [];
  return left === undefined || right === undefined ? Number(new Big(a).mod(b)) : (left % right) / PLACES;
}

/** Rounds half away from zero to `decimals` (0 to 15) places of the decimal text: 4.05 → 4.1, 2.675 → 2.68. */
export function roundHalfUp(x: number, decimals: number): number | undefined {
  if (!Number.isInteger(decimals) || decimals < 0 || decimals > 15) return undefined;
  const places = 10 ** decimals;
  const parts = Math.abs(x) * places;
  const rounded = Math.round(parts);
  // Near the half, and beyond what a double counts, the decimal text decides.
  const isPlain = rounded !== 0 && parts < MOST && Math.abs(parts - Math.floor(parts) - 0.5) > 1e-9 * parts && decimals <= 6;
  if (isPlain) return (x < 0 ? -rounded : rounded) / places;
  return Number(new Big(x).round(decimals, Big.roundHalfUp));
}

/** How many decimals the shortest text of a number has: 0.05 has 2, 1e-7 has 7. */
export function decimalsOf(x: number): number {
  if (Number.isInteger(x)) return 0;
  const [mantissa = '', exponent = '0'] = String(x).split('e');
  const fraction = mantissa.indexOf('.') < 0 ? 0 : mantissa.length - mantissa.indexOf('.') - 1;
  return Math.max(0, fraction - Number(exponent));
}

/** Whether a number has more than so many decimals. */
export function hasMoreDecimals(x: number, decimals: number): boolean {
  const places = 10 ** decimals;
  return Math.round(x * places) / places !== x && decimalsOf(x) > decimals;
}
