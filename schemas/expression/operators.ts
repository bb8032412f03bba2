/** What the operators of expressions compute on values. Unknown is `undefined`; so is whatever has the wrong type. */
import * as decimal from '../decimal.ts';

export function equal(a: unknown, b: unknown): boolean | undefined {
  if (typeof a !== typeof b || a === undefined) return undefined;
  if (!Array.isArray(a) || !Array.isArray(b)) return a === b;
  if (a.length !== b.length) return false;
  return every(a, (element, i) => equal(element, b[i]));
}

export function not(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? !value : undefined;
}

export function negate(value: unknown): number | undefined {
  return typeof value === 'number' ? 0 - value : undefined;
}

export function isIn(value: unknown, list: unknown): boolean | undefined {
  if (value === undefined || !Array.isArray(list)) return undefined;
  let missed: boolean | undefined = false;
  for (const element of list as readonly unknown[]) {
    const same = equal(value, element);
    if (same === true) return true;
    if (same === undefined) missed = undefined;
  }
  return missed;
}

/** Below zero, zero or above it as `a` comes before, with or after `b`; undefined when they have no order. */
export function order(a: unknown, b: unknown): number | undefined {
  if ((typeof a === 'number' && typeof b === 'number') || (typeof a === 'string' && typeof b === 'string')) return a < b ? -1 : a > b ? 1 : 0;
  return undefined;
}

export function plus(a: unknown, b: unknown): unknown {
  if (typeof a === 'number' && typeof b === 'number') return decimal.add(a, b);
  if (typeof a === 'string' && typeof b === 'string') return a + b;
  return Array.isArray(a) && Array.isArray(b) ? [...(a as unknown[]), ...(b as unknown[])] : undefined;
}

export function calculate(operation: (a: number, b: number) => number | undefined, a: unknown, b: unknown): number | undefined {
  return typeof a === 'number' && typeof b === 'number' ? operation(a, b) : undefined;
}

/** True when all are true, false when one is false, else unknown. */
export function every(list: readonly unknown[], predicate: (element: unknown, i: number) => boolean | undefined): boolean | undefined {
  let result: boolean | undefined = true;
  for (let i = 0; i < list.length; i++) {
    const outcome = predicate(list[i], i);
    if (outcome === false) return false;
    if (outcome === undefined) result = undefined;
  }
  return result;
}

/** JSON null is no value. */
export function known(value: unknown): unknown {
  return value === null ? undefined : value;
}

/** A cell of a row that a macro goes through. */
export function field(of: unknown, name: string): unknown {
  return typeof of === 'object' && of !== null && Object.hasOwn(of, name) ? known((of as { [key: string]: unknown })[name]) : undefined;
}

export function truth(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}
