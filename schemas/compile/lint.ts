/** What is wrong in an expression though its types are right: a code that no value set has, dates compared as text. */
import type { NamedItem } from '../expression/environment.ts';
import { childrenOf, walk } from '../expression/reads.ts';
import type { ItemType, Node, Table, ValueSet } from '../form.ts';
import { dateMistakes } from './date-lint.ts';

/** What the expressions of one form can name. */
export interface LintScope {
  findItem(path: string): NamedItem | undefined;
  findBound(path: string): ItemType | undefined;
  findValueSet(ref: string): ValueSet | undefined;
  tables: ReadonlyMap<string, Table>;
}

/** What the variables of the macros around a node stand for: a code of a value set, or a row of a repeat. */
type Variables = ReadonlyMap<string, { valueSet?: string | undefined; row?: string | undefined }>;

export function lint(tree: Node, scope: LintScope): string[] {
  return [...new Set([...codeMistakes(tree, new Map(), scope), ...walk(tree).flatMap((node) => dateMistakes(node, scope))])];
}

/** Codes that a calculation can give although the item's value set does not have them. */
export function resultMistakes(tree: Node, valueSet: string, scope: LintScope): string[] {
  return unknownCodes(resultsOf(tree, scope.tables), valueSet, scope).map((code) => `Can give '${code}', which value set ${valueSet} does not have`);
}

/** The literals that a node can evaluate to, as far as they are written down. */
function resultsOf(node: Node, tables: ReadonlyMap<string, Table>): unknown[] {
  if (node.op === 'value') return [node.value];
  if (node.op === 'if') return [...resultsOf(node.then, tables), ...resultsOf(node.else, tables)];
  if (node.op === 'list') return node.items.flatMap((item) => resultsOf(item, tables));
  if (node.op !== 'call') return [];
  if (node.name === 'coalesce') return node.args.flatMap((arg) => resultsOf(arg, tables));
  const [table] = node.args;
  return node.name === 'lookup' && table?.op === 'value' ? tables.get(String(table.value))?.rows.map((row) => row.then) ?? [] : [];
}

/** Codes, in a node and all below it, that are compared with an item whose value set does not have them. */
function codeMistakes(node: Node, variables: Variables, scope: LintScope): string[] {
  const inner = node.op === 'macro' ? new Map([...variables, [node.variable, meaningOf(node.of, variables, scope)] as const]) : variables;
  const below = node.op === 'macro'
    ? [...codeMistakes(node.of, variables, scope), ...codeMistakes(node.body, inner, scope)]
    : childrenOf(node).flatMap((child) => codeMistakes(child, variables, scope));
  const pairs = comparedPairs(node).flatMap(([coded, literal]) => compared(coded, literal, variables, scope));
  return [...pairs, ...tableMistakes(node, variables, scope), ...below];
}

/** What a node holds against what. */
function comparedPairs(node: Node): [coded: Node, literal: Node][] {
  if (node.op === '==' || node.op === '!=' || node.op === 'in') return [[node.left, node.right], [node.right, node.left]];
  if (node.op !== 'call' || (node.name !== 'includes' && node.name !== 'count')) return [];
  const [list, code] = node.args;
  return list && code ? [[list, code]] : [];
}

/** Literals held against a coded item; a list of literals counts one by one. */
function compared(coded: Node, literal: Node, variables: Variables, scope: LintScope): string[] {
  const valueSet = valueSetOf(coded, variables, scope);
  if (valueSet === undefined) return [];
  const also = literalDefaults(coded);
  const literals = resultsOf(literal, new Map()).filter((value) => !also.includes(value));
  return unknownCodes(literals, valueSet, scope).map((code) => `Value set ${valueSet}${nameOf(coded)} has no code '${code}'`);
}

function nameOf(node: Node): string {
  return node.op === 'item' ? ` of '${node.key.slice(node.key.indexOf('/') + 1)}'` : '';
}

/** The rows of a table that ask for a code which the argument's value set does not have can never hold. */
function tableMistakes(node: Node, variables: Variables, scope: LintScope): string[] {
  if (node.op !== 'call' || node.name !== 'lookup') return [];
  const [name, ...args] = node.args;
  const table = name?.op === 'value' ? scope.tables.get(String(name.value)) : undefined;
  return args.flatMap((arg, i) => {
    const valueSet = valueSetOf(arg, variables, scope);
    if (valueSet === undefined) return [];
    const asked = table?.rows.flatMap(({ when }) => literalsOf(when[i])) ?? [];
    return unknownCodes(asked.filter((code) => !literalDefaults(arg).includes(code)), valueSet, scope).map((code) => `Table '${table?.name ?? ''}' asks for '${code}', which value set ${valueSet} does not have`);
  });
}

function literalsOf(condition: Table['rows'][number]['when'][number] | undefined): unknown[] {
  if (condition === '*' || condition === undefined) return [];
  if (typeof condition !== 'object') return [condition];
  if ('includesAny' in condition) return [...condition.includesAny];
  return Array.isArray(condition) ? [...(condition as readonly unknown[])] : [];
}

/** What stands for an empty answer in `coalesce(stage, 'none')` may be compared with, too. */
function literalDefaults(node: Node): unknown[] {
  return node.op === 'call' && node.name === 'coalesce' ? node.args.flatMap((arg) => (arg.op === 'value' ? [arg.value] : literalDefaults(arg))) : [];
}

/** The value set of the codes that a node gives: one code, or a list of them. */
function valueSetOf(node: Node, variables: Variables, scope: LintScope): string | undefined {
  switch (node.op) {
    case 'item': return scope.findItem(node.key)?.valueSet;
    case 'variable': return variables.get(node.name)?.valueSet;
    case 'field': {
      const row = node.of.op === 'variable' ? variables.get(node.of.name)?.row : undefined;
      return row === undefined ? undefined : scope.findItem(`${row}/${node.name}`)?.valueSet;
    }
    case 'call': {
      const sets = node.name === 'coalesce' ? new Set(node.args.filter((arg) => arg.op !== 'value').map((arg) => valueSetOf(arg, variables, scope))) : [];
      return [...sets].length === 1 ? [...sets][0] : undefined;
    }
    case 'macro': {
      const inner = new Map([...variables, [node.variable, meaningOf(node.of, variables, scope)] as const]);
      return node.name === 'filter' ? valueSetOf(node.of, variables, scope) : node.name === 'map' ? valueSetOf(node.body, inner, scope) : undefined;
    }
    default: return undefined;
  }
}

/** What the elements of a list are. */
function meaningOf(list: Node, variables: Variables, scope: LintScope): { valueSet?: string | undefined; row?: string | undefined } {
  const of = list.op === 'macro' && list.name === 'filter' ? list.of : list;
  const item = of.op === 'item' ? scope.findItem(of.key) : undefined;
  return item?.type === 'repeat' ? { row: item.key } : { valueSet: valueSetOf(list, variables, scope) };
}

function unknownCodes(values: readonly unknown[], valueSet: string, scope: LintScope): string[] {
  const found = scope.findValueSet(valueSet);
  if (!found) return [];
  const open = found.open && new RegExp(`^(?:${found.open.pattern})$`, 'u');
  return values.filter((value): value is string => typeof value === 'string' && !open?.test(value) && !found.codes.some(({ code }) => code === value));
}
