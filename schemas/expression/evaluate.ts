/**
 * Turns the syntax tree of an expression into a closure. Unknown is `undefined`: comparing, calculating and choosing with it is
 * unknown; `&&` and `||` absorb it as in Kleene's logic. Nothing here throws, whatever the data: a value of the wrong
 * type is unknown too. What can be decided once (the place of an item, a list of literals) is decided here, not when it runs.
 */
import * as decimal from '../decimal.ts';
import type { Expression, Node, Table } from '../form.ts';
import { implementations } from './functions.ts';
import { prepareLookup } from './lookup.ts';
import { calculate, equal, every, field, isIn, known, negate, not, order, plus, truth } from './operators.ts';

/** What an expression can see while it runs. */
export interface Scope {
  /** Values in play by key, or by slot for an expression prepared with `slots`; rows of a repeat are a list of objects. */
  readonly values: { readonly [key: string]: unknown } | readonly unknown[];
  /** The row, for an expression inside a repeat. */
  readonly row?: { readonly [key: string]: unknown } | undefined;
  readonly today: string;
  readonly bound: { readonly [path: string]: unknown };
  /** Variables of the macros around the expression, by their depth; the closures put them there. */
  locals?: unknown[];
}

export type Run = (scope: Scope) => unknown;

/** What closures are made with. */
interface Making {
  readonly tables: { readonly [name: string]: Table };
  readonly slots: ReadonlyMap<string, number> | undefined;
  /** Variables of the macros around, innermost last. */
  readonly variables: readonly string[];
}

/** The closure of an expression; `tables` are those of the form. With `slots`, by key, items are read from `values` by number. */
export function prepareExpression(expression: Expression, tables: { readonly [name: string]: Table }, slots?: ReadonlyMap<string, number>): Run {
  return closure(expression.tree, { tables, slots, variables: [] });
}

function closure(node: Node, making: Making): Run {
  switch (node.op) {
    case 'value': {
      const { value } = node;
      return () => value;
    }
    case 'item': return item(node.key, making.slots);
    case 'bound': {
      const { path } = node;
      return (scope) => known(scope.bound[path]);
    }
    case 'today':
      return (scope) => scope.today;
    case 'variable': {
      const depth = making.variables.lastIndexOf(node.name);
      return (scope) => scope.locals?.[depth];
    }
    case 'field': {
      const { name } = node;
      const of = closure(node.of, making);
      return (scope) => field(of(scope), name);
    }
    case 'list': return list(node.items, making);
    case 'not': {
      const of = closure(node.of, making);
      return (scope) => not(of(scope));
    }
    case 'negate': {
      const of = closure(node.of, making);
      return (scope) => negate(of(scope));
    }
    case 'if': {
      const [test, then, otherwise] = [closure(node.test, making), closure(node.then, making), closure(node.else, making)];
      return (scope) => {
        const outcome = test(scope);
        return outcome === true ? then(scope) : outcome === false ? otherwise(scope) : undefined;
      };
    }
    case 'call': return call(node, making);
    case 'macro': return macro(node, making);
    default: return binary(node, making);
  }
}

function item(key: string, slots: ReadonlyMap<string, number> | undefined): Run {
  const slash = key.indexOf('/');
  if (slash >= 0) {
    const column = key.slice(slash + 1);
    return (scope) => known(scope.row?.[column]);
  }
  const slot = slots?.get(key);
  return slot === undefined
    ? (scope) => known((scope.values as { readonly [key: string]: unknown })[key])
    : (scope) => known((scope.values as readonly unknown[])[slot]);
}

function list(nodes: readonly Node[], making: Making): Run {
  const literals = nodes.flatMap((node) => (node.op === 'value' ? [node.value] : []));
  if (literals.length === nodes.length) return () => literals;
  const items = nodes.map((node) => closure(node, making));
  return (scope) => items.map((run) => run(scope));
}

type Binary = Extract<Node, { left: Node }>;

function binary(node: Binary, making: Making): Run {
  const left = closure(node.left, making);
  const right = closure(node.right, making);
  switch (node.op) {
    case 'and': return (scope) => {
      const a = left(scope);
      if (a === false) return false;
      const b = right(scope);
      return b === false ? false : a === true && b === true ? true : undefined;
    };
    case 'or': return (scope) => {
      const a = left(scope);
      if (a === true) return true;
      const b = right(scope);
      return b === true ? true : a === false && b === false ? false : undefined;
    };
    case 'in': return (scope) => isIn(left(scope), right(scope));
    case '==': return (scope) => equal(left(scope), right(scope));
    case '!=': return (scope) => not(equal(left(scope), right(scope)));
    case '<': return (scope) => below(order(left(scope), right(scope)), 0);
    case '<=': return (scope) => below(order(left(scope), right(scope)), 1);
    case '>': return (scope) => below(order(right(scope), left(scope)), 0);
    case '>=': return (scope) => below(order(right(scope), left(scope)), 1);
    case '+': return (scope) => plus(left(scope), right(scope));
    case '-': return (scope) => calculate(decimal.subtract, left(scope), right(scope));
    case '*': return (scope) => calculate(decimal.multiply, left(scope), right(scope));
    case '/': return (scope) => calculate(decimal.divide, left(scope), right(scope));
    case '%': return (scope) => calculate(decimal.remainder, left(scope), right(scope));
  }
}

function below(found: number | undefined, limit: number): boolean | undefined {
  return found === undefined ? undefined : found < limit;
}

function call(node: Extract<Node, { op: 'call' }>, making: Making): Run {
  const args = node.args.map((arg) => closure(arg, making));
  if (node.name === 'lookup') {
    const [name] = node.args;
    const table = name?.op === 'value' ? making.tables[String(name.value)] : undefined;
    if (!table) return () => undefined;
    const find = prepareLookup(table);
    const asked = args.slice(1);
    return (scope) => find(asked.map((arg) => arg(scope)));
  }
  const implementation = implementations[node.name];
  const [first, second] = args;
  if (!implementation || !first) return () => undefined;
  if (!second) return (scope) => implementation(first(scope));
  return args.length === 2 ? (scope) => implementation(first(scope), second(scope)) : (scope) => implementation(...args.map((arg) => arg(scope)));
}

function macro(node: Extract<Node, { op: 'macro' }>, making: Making): Run {
  const of = closure(node.of, making);
  const body = closure(node.body, { ...making, variables: [...making.variables, node.variable] });
  const depth = making.variables.length;
  const { name } = node;
  return (scope) => {
    const elements = of(scope);
    if (!Array.isArray(elements)) return undefined;
    const locals = (scope.locals ??= []);
    return overList(name, elements, (element) => {
      locals[depth] = element;
      return body(scope);
    });
  };
}

function overList(name: 'all' | 'exists' | 'filter' | 'map', elements: readonly unknown[], body: (element: unknown) => unknown): unknown {
  if (name === 'map') return elements.map(body);
  if (name === 'all') return every(elements, (element) => truth(body(element)));
  if (name === 'exists') return not(every(elements, (element) => not(truth(body(element)))));
  const kept: unknown[] = [];
  for (const element of elements) {
    const outcome = truth(body(element));
    if (outcome === undefined) return undefined;
    if (outcome) kept.push(element);
  }
  return kept;
}
