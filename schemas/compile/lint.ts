/** What is wrong in an expression though its types are right: a code that no value set has, dates compared as text. */
import type { Node, Table, ValueSet } from '../form.ts';
import type { NamedItem } from '../expression/environment.ts';
import { walk } from '../expression/reads.ts';

/** What the expressions of one form can name. */
export interface LintScope {
  findItem(path: string): NamedItem | undefined;
  findValueSet(ref: string): ValueSet | undefined;
  tables: ReadonlyMap<string, Table>;
}

export function lint(tree: Node, scope: LintScope): string[] {
  return [...new Set(walk(tree).flatMap((node) => [...codeMistakes(node, scope), ...dateMistakes(node, scope)]))];
}

/** Codes that a calculation can give although the item's value set does not have them. */
export function resultMistakes(tree: Node, valueSet: string, scope: LintScope): string[] {
  return unknownCodes(resultsOf(tree, scope.tables), valueSet, scope).map((code) => `Can give '${code}', which value set ${valueSet} does not have`);
}

/** The literals that a node can evaluate to, as far as they are written down. */
function resultsOf(node: Node, tables: ReadonlyMap<string, Table>): unknown[] {
  if (node.op === 'value') return [node.value];
  if (node.op === 'if') return [...resultsOf(node.then, tables), ...resultsOf(node.else, tables)];
  if (node.op !== 'call') return [];
  if (node.name === 'coalesce') return node.args.flatMap((arg) => resultsOf(arg, tables));
  const [table] = node.args;
  return node.name === 'lookup' && table?.op === 'value' ? tables.get(String(table.value))?.rows.map((row) => row.then) ?? [] : [];
}

function codeMistakes(node: Node, scope: LintScope): string[] {
  if (node.op === '==' || node.op === '!=') {
    return [...compared(node.left, node.right, scope), ...compared(node.right, node.left, scope)];
  }
  if (node.op === 'in') {
    return [...compared(node.left, node.right, scope), ...compared(node.right, node.left, scope)];
  }
  if (node.op === 'call' && (node.name === 'includes' || node.name === 'count')) {
    const [list, code] = node.args;
    return list && code ? compared(list, code, scope) : [];
  }
  if (node.op === 'macro') return macroMistakes(node, scope);
  return [];
}

/** Literals compared with a coded item; a list of literals counts one by one. */
function compared(coded: Node, literal: Node, scope: LintScope): string[] {
  const item = coded.op === 'item' ? scope.findItem(coded.key) : undefined;
  if (item?.valueSet === undefined) return [];
  const { valueSet, key } = item;
  const literals = literal.op === 'list' ? literal.items : [literal];
  return unknownCodes(literals.flatMap((node) => (node.op === 'value' ? [node.value] : [])), valueSet, scope)
    .map((code) => `Value set ${valueSet} of '${key}' has no code '${code}'`);
}

/** `sites.exists(s, s == 'brain')`, `orders.exists(o, o.route == 'oral')`. */
function macroMistakes(node: Extract<Node, { op: 'macro' }>, scope: LintScope): string[] {
  const item = node.of.op === 'item' ? scope.findItem(node.of.key) : undefined;
  if (!item) return [];
  const replace = (part: Node): Node => {
    if (part.op === 'variable' && part.name === node.variable && item.type === 'codes') return { op: 'item', key: item.key };
    if (part.op === 'field' && part.of.op === 'variable' && part.of.name === node.variable) return { op: 'item', key: `${item.key}/${part.name}` };
    return part;
  };
  return walk(node.body).flatMap((part) => ('left' in part ? codeMistakes({ ...part, left: replace(part.left), right: replace(part.right) }, scope) : []));
}

function unknownCodes(values: readonly unknown[], valueSet: string, scope: LintScope): string[] {
  const codes = scope.findValueSet(valueSet)?.codes;
  return codes ? values.filter((value): value is string => typeof value === 'string' && !codes.some(({ code }) => code === value)) : [];
}

const DATE_FUNCTIONS = new Set(['minutesBetween', 'daysBetween', 'yearsBetween', 'onOrBefore', 'dateOf']);
const DATE_TYPES = new Set(['date', 'partial-date', 'date-time']);

function dateMistakes(node: Node, scope: LintScope): string[] {
  const typeOf = (part: Node) => (part.op === 'item' ? scope.findItem(part.key)?.type : undefined);
  if (node.op === '<' || node.op === '<=' || node.op === '>' || node.op === '>=') {
    const types = [typeOf(node.left), typeOf(node.right)];
    return types.includes('partial-date') || types.includes('date-time') ? ['Partial dates and date-times are not ordered as text; use onOrBefore(a, b)'] : [];
  }
  if (node.op !== 'call' || !DATE_FUNCTIONS.has(node.name)) return [];
  return node.args.flatMap((arg) => {
    const type = typeOf(arg);
    if (type === undefined || (node.name === 'minutesBetween' || node.name === 'dateOf' ? type === 'date-time' : DATE_TYPES.has(type))) return [];
    return [`${node.name} takes dates${node.name === 'minutesBetween' || node.name === 'dateOf' ? ' with a time' : ''}, not ${type} ('${arg.op === 'item' ? arg.key : ''}')`];
  });
}
