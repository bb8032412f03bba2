/**
 * What the functions of expressions compute. Unknown is `undefined`. A strict function is unknown as soon as one argument is;
 * a lenient one decides itself. Arguments of the wrong type (data may break its standard) make the result unknown.
 */
import { dateOf, daysBetween, minutesBetween, onOrBefore, yearsBetween } from '../dates.ts';
import { add, roundHalfUp } from '../decimal.ts';

type Implementation = (...args: readonly unknown[]) => unknown;

const isNumber = (value: unknown): value is number => typeof value === 'number';
const isText = (value: unknown): value is string => typeof value === 'string';

/** All arguments, or the elements of the one list that is given. */
function numbersOf(args: readonly unknown[]): readonly number[] | undefined {
  const list: readonly unknown[] = args.length === 1 && Array.isArray(args[0]) ? args[0] : args;
  return list.every(isNumber) ? list : undefined;
}

function ofNumber(compute: (x: number) => number | undefined): Implementation {
  return (x) => {
    const result = isNumber(x) ? compute(x) : undefined;
    return result !== undefined && Number.isFinite(result) ? result : undefined;
  };
}

function ofNumbers(compute: (list: readonly number[]) => number | undefined): Implementation {
  return (...args) => {
    const list = numbersOf(args);
    return list && compute(list);
  };
}

function ofTexts(compute: (a: string, b: string) => number | boolean | undefined): Implementation {
  return (a, b) => (isText(a) && isText(b) ? compute(a, b) : undefined);
}

/** Absent, or present but with nothing in it; only this function and `coalesce` can tell. */
export function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

export const implementations: { readonly [name: string]: Implementation } = {
  round: (x, decimals) => (isNumber(x) && isNumber(decimals) ? roundHalfUp(x, decimals) : undefined),
  floor: ofNumber(Math.floor),
  ceil: ofNumber((x) => Math.ceil(x) + 0),
  abs: ofNumber(Math.abs),
  sqrt: ofNumber((x) => (x < 0 ? undefined : Math.sqrt(x))),
  min: ofNumbers((list) => (list.length === 0 ? undefined : Math.min(...list))),
  max: ofNumbers((list) => (list.length === 0 ? undefined : Math.max(...list))),
  sum: ofNumbers((list) => list.reduce<number | undefined>((total, x) => (total === undefined ? undefined : add(total, x)), 0)),
  // For scores: yes counts 1 and no 0, the code '3' counts 3. A code that is no numeral is unknown.
  string: (value) => (isText(value) || isNumber(value) || typeof value === 'boolean' ? String(value) : undefined),
  number: (value) => (typeof value === 'boolean' ? Number(value) : isText(value) && /^-?\d+(?:\.\d+)?$/.test(value) ? Number(value) : undefined),
  size: (list) => (Array.isArray(list) ? list.length : undefined),
  isEmpty: (value) => isEmpty(value),
  // The last argument answers for all, even where it is an empty text: `coalesce(subtype, '') in […]` must not be unknown.
  coalesce: (...args) => args.find((value) => !isEmpty(value)) ?? args.at(-1),
  count: (list, value) => (Array.isArray(list) && value !== undefined ? list.filter((element) => element === value).length : undefined),
  includes: (list, value) => {
    if (!Array.isArray(list) || value === undefined) return undefined;
    return list.includes(value) || (list.includes(undefined) ? undefined : false);
  },
  minutesBetween: ofTexts(minutesBetween),
  daysBetween: ofTexts(daysBetween),
  yearsBetween: ofTexts(yearsBetween),
  onOrBefore: ofTexts(onOrBefore),
  dateOf: (text) => (isText(text) ? dateOf(text) : undefined),
};
