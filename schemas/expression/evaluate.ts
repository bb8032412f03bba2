/**
 * Turns the syntax tree of an expression into a closure. Unknown is `undefined`: comparing, calculating and choosing with it is
 * unknown; `&&` and `||` absorb it as in Kleene's logic. Nothing here throws, whatever the data: a value of the wrong
 * type is unknown too.
 */
import * as decimal from '../decimal.ts';
import type { Expression, Node, Table } from '../form.ts';
import { implementations } from './functions.ts';
import { lookUp } from './lookup.ts';

/** What an expression can see while it runs. */
export interface Scope {
  /** Values in play by key; rows of a repeat are a list of objects. */
  readonly values: { readonly [key: string]: unknown };
  /** The row, for an expression inside a repeat. */
  readonly row?: { readonly [key: string]: unknown } | undefined;
  readonly today: string;
  readonly bound: { readonly [path: string]: unknown };
  /** Variables of the macros around the expression; the closures put them there and take them away. */
  locals?: { [name: string]: unknown };
}

export type Run = (scope: Scope) => unknown;

/** The closure of an expression; `tables` are those of the form. */
export function prepareExpression(expression: Expression, tables: { readonly [name: string]: Table }): Run {
  return closure(expression.tree, tables);
}

type Tables = { readonly [name: string]: Table };

function closure(node: Node, tables: Tables): Run {
  switch (node.op) {
    case 'value': {
      const { value } = node;
      return () => value;
    }
    case 'item': {
      const slash = node.key.indexOf('/');
      const key = node.key.slice(slash + 1);
      return slash < 0 ? (scope) => known(scope.values[key]) : (scope) => known(scope.row?.[key]);
    }
    case 'bound': {
      const { path } = node;
      return (scope) => known(scope.bound[path]);
    }
    case 'today':
      return (scope) => scope.today;
    case 'variable': {
      const { name } = node;
      return (scope) => scope.locals?.[name];
    }
    case 'field': {
      const { name } = node;
      const of = closure(node.of, tables);
      return (scope) => field(of(scope), name);
    }
    case 'list': {
      const items = node.items.map((item) => closure(item, tables));
      return (scope) => items.map((item) => item(scope));
    }
    case 'not': {
      const of = closure(node.of, tables);
      return (scope) => not(of(scope));
    }
    case 'negate': {
      const of = closure(node.of, tables);
      return (scope) => negate(of(scope));
    }
    case 'if': {
      const [test, then, otherwise] = [closure(node.test, tables), closure(node.then, tables), closure(node.else, tables)];
      return (scope) => {
        const outcome = test(scope);
        return outcome === true ? then(scope) : outcome === false ? otherwise(scope) : undefined;
      };
    }
    case 'call':
      return call(node, tables);
    case 'macro':
      return macro(node, tables);
    default:
      return binary(node.op, closure(node.left, tables), closure(node.right, tables));
  }
}

/** JSON null is no value. */
function known(value: unknown): unknown {
  return value === null ? undefined : value;
}

function field(of: unknown, name: string): unknown {
  return typeof of === 'object' && of !== null && Object.hasOwn(of, name) ? known((of as { [key: string]: unknown })[name]) : undefined;
}

function not(value: unknown): unknown {
  return typeof value === 'boolean' ? !value : undefined;
}

function negate(value: unknown): unknown {
  return typeof value === 'number' ? 0 - value : undefined;
}

type BinaryOperator = Extract<Node, { left: Node }>['op'];

function binary(op: BinaryOperator, left: Run, right: Run): Run {
  switch (op) {
    case 'and': return (scope) => junction(false, left, right, scope);
    case 'or': return (scope) => junction(true, left, right, scope);
    case 'in': return (scope) => isIn(left(scope), right(scope));
    case '==': return (scope) => equal(left(scope), right(scope));
    case '!=': return (scope) => not(equal(left(scope), right(scope)));
    case '<': return (scope) => compare(left(scope), right(scope), (order) => order < 0);
    case '<=': return (scope) => compare(left(scope), right(scope), (order) => order <= 0);
    case '>': return (scope) => compare(left(scope), right(scope), (order) => order > 0);
    case '>=': return (scope) => compare(left(scope), right(scope), (order) => order >= 0);
    case '+': return (scope) => plus(left(scope), right(scope));
    case '-': return (scope) => calculate(decimal.subtract, left(scope), right(scope));
    case '*': return (scope) => calculate(decimal.multiply, left(scope), right(scope));
    case '/': return (scope) => calculate(decimal.divide, left(scope), right(scope));
    case '%': return (scope) => calculate(decimal.remainder, left(scope), right(scope));
  }
}

/** `&&` (decided by false) or `||` (decided by true): the deciding value wins over unknown, from either side. */
function junction(decider: boolean, left: Run, right: Run, scope: Scope): boolean | undefined {
  const a = left(scope);
  if (a === decider) return decider;
  const b = right(scope);
  if (b === decider) return decider;
  return typeof a === 'boolean' && typeof b === 'boolean' ? !decider : undefined;
}

function equal(a: unknown, b: unknown): boolean | undefined {
  if (Array.isArray(a) && Array.isArray(b)) {
    if (a.length !== b.length) return false;
    return every(a, (element, i) => equal(element, b[i]));
  }
  if (a === undefined || b === undefined || typeof a !== typeof b) return undefined;
  return a === b;
}

function isIn(value: unknown, list: unknown): boolean | undefined {
  if (value === undefined || !Array.isArray(list)) return undefined;
  const missed = every(list, (element) => not(equal(value, element)) as boolean | undefined);
  return missed === undefined ? undefined : !missed;
}

function compare(a: unknown, b: unknown, holds: (order: number) => boolean): boolean | undefined {
  if ((typeof a === 'number' && typeof b === 'number') || (typeof a === 'string' && typeof b === 'string')) {
    return holds(a < b ? -1 : a > b ? 1 : 0);
  }
  return undefined;
}

function plus(a: unknown, b: unknown): unknown {
  if (typeof a === 'string' && typeof b === 'string') return a + b;
  if (Array.isArray(a) && Array.isArray(b)) return [...(a as unknown[]), ...(b as unknown[])];
  return calculate(decimal.add, a, b);
}

function calculate(operation: (a: number, b: number) => number | undefined, a: unknown, b: unknown): number | undefined {
  return typeof a === 'number' && typeof b === 'number' ? operation(a, b) : undefined;
}

/** True when all are true, false when one is false, else unknown. */
function every(list: readonly unknown[], predicate: (element: unknown, i: number) => boolean | undefined): boolean | undefined {
  let result: boolean | undefined = true;
  for (const [i, element] of list.entries()) {
    const outcome = predicate(element, i);
    if (outcome === false) return false;
    if (outcome === undefined) result = undefined;
  }
  return result;
}

function call(node: Extract<Node, { op: 'call' }>, tables: Tables): Run {
  const args = node.args.map((arg) => closure(arg, tables));
  if (node.name === 'lookup') {
    const [name] = node.args;
    const table = name?.op === 'value' ? tables[String(name.value)] : undefined;
    return table ? (scope) => lookUp(table, args.slice(1).map((arg) => arg(scope))) : () => undefined;
  }
  const implementation = implementations[node.name];
  return implementation ? (scope) => implementation(args.map((arg) => arg(scope))) : () => undefined;
}

function macro(node: Extract<Node, { op: 'macro' }>, tables: Tables): Run {
  const of = closure(node.of, tables);
  const body = closure(node.body, tables);
  const { name, variable } = node;
  return (scope) => {
    const list = of(scope);
    if (!Array.isArray(list)) return undefined;
    const outer = scope.locals;
    const locals: { [name: string]: unknown } = { ...outer };
    scope.locals = locals;
    const outcome = overList(name, list, (element) => {
      locals[variable] = element;
      return body(scope);
    });
    if (outer) scope.locals = outer;
    else delete scope.locals;
    return outcome;
  };
}

function overList(name: 'all' | 'exists' | 'filter' | 'map', list: readonly unknown[], body: (element: unknown) => unknown): unknown {
  if (name === 'map') return list.map(body);
  if (name === 'all') return every(list, (element) => truth(body(element)));
  if (name === 'exists') return not(every(list, (element) => not(truth(body(element))) as boolean | undefined));
  const kept: unknown[] = [];
  for (const element of list) {
    const outcome = truth(body(element));
    if (outcome === undefined) return undefined;
    if (outcome) kept.push(element);
  }
  return kept;
}

function truth(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}
