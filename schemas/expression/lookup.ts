/** Decision tables: the first row whose every condition holds gives the result; none gives unknown. */
import type { Condition, Table } from '../form.ts';
import { isEmpty } from './functions.ts';

export function lookUp(table: Table, args: readonly unknown[]): string | number | boolean | undefined {
  return table.rows.find((row) => row.when.every((condition, i) => holds(condition, args[i])))?.then;
}

function holds(condition: Condition, value: unknown): boolean {
  if (condition === '*') return true;
  if (typeof condition === 'object' && 'empty' in condition) return isEmpty(value) === condition.empty;
  if (isEmpty(value)) return false;
  if (typeof condition !== 'object') return value === condition;
  if ('includesAny' in condition) return Array.isArray(value) && condition.includesAny.some((code) => value.includes(code));
  if (isChoice(condition)) return (typeof value === 'string' || typeof value === 'number') && condition.includes(value);
  const { min, max } = condition;
  return typeof value === 'number' && (min === undefined || value >= min) && (max === undefined || value <= max);
}

function isChoice(condition: Condition): condition is readonly (string | number)[] {
  return Array.isArray(condition);
}
