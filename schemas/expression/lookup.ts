/** Decision tables: the first row whose every condition holds gives the result; none gives unknown. */
import type { Condition, Table } from '../form.ts';
import { isEmpty } from './functions.ts';

type Result = string | number | boolean | undefined;
type Holds = (value: unknown) => boolean;

export function lookUp(table: Table, args: readonly unknown[]): Result {
  return prepareLookup(table)(args);
}

/** The table as closures, for one that is asked often. */
export function prepareLookup(table: Table): (args: readonly unknown[]) => Result {
  const rows = table.rows.map(({ when, then }) => ({
    then, conditions: when.flatMap((condition, at) => (condition === '*' ? [] : [{ at, holds: prepareCondition(condition) }])),
  }));
  return (args) => {
    for (const { conditions, then } of rows) if (conditions.every(({ at, holds }) => holds(args[at]))) return then;
    return undefined;
  };
}

function prepareCondition(condition: Exclude<Condition, '*'>): Holds {
  if (typeof condition !== 'object') return (value) => value === condition && value !== '';
  if ('empty' in condition) return (value) => isEmpty(value) === condition.empty;
  if ('includesAny' in condition) return (value) => Array.isArray(value) && condition.includesAny.some((code) => value.includes(code));
  if (isChoice(condition)) {
    const choice = new Set<unknown>(condition);
    return (value) => (typeof value === 'string' || typeof value === 'number') && value !== '' && choice.has(value);
  }
  const { min = -Infinity, max = Infinity } = condition;
  return (value) => typeof value === 'number' && value >= min && value <= max;
}

function isChoice(condition: Condition): condition is readonly (string | number)[] {
  return Array.isArray(condition);
}
