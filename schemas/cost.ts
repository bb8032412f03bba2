/**
 * How long an expression can take, counted in steps before it ever runs: what an analyst or an editor writes may not stop the server.
 * The parts of an expression are few (its length is limited); only macros inside macros multiply.
 */
import type { Form, Node, Table } from './form.ts';
import { childrenOf } from './expression/reads.ts';
import type { FieldError } from './problem.ts';

/** As many rows of a repeat, or codes of a list, as a step is counted for. */
const usualRows = 30;

/** Steps of one evaluation; some millions run in a second. */
export const mostSteps = 20_000;

export function stepsOf(node: Node, tables: { readonly [name: string]: Table } = {}): number {
  const inside = childrenOf(node);
  if (node.op === 'macro') return 1 + stepsOf(node.of, tables) + sizeOf(node.of) * (1 + stepsOf(node.body, tables));
  const own = inside.reduce((sum, each) => sum + stepsOf(each, tables), 1);
  if (node.op === 'in') return own + sizeOf(node.right);
  if (node.op !== 'call') return own;
  const [table] = node.args;
  if (node.name === 'lookup' && table?.op === 'value') return own + rowsOf(tables[String(table.value)]);
  return own + node.args.reduce((sum, each) => sum + (each.op === 'list' ? each.items.length : 0), 0);
}

function rowsOf(table: Table | undefined): number {
  return table ? table.rows.length : usualRows;
}

/** How long a list can be that the node gives. */
function sizeOf(node: Node): number {
  if (node.op === 'list') return node.items.length;
  if (node.op === 'macro') return sizeOf(node.of);
  if (node.op === 'if') return Math.max(sizeOf(node.then), sizeOf(node.else));
  return usualRows;
}

/** The expressions of a form that can take too long, by their place in the standard. */
export function costlyExpressions({ items, checks, tables }: Form): FieldError[] {
  const of = (pointer: string, expression: { tree: Node } | undefined) => (expression ? [{ pointer, steps: stepsOf(expression.tree, tables) }] : []);
  const ofItems = (some: Form['items'], base: string): { pointer: string; steps: number }[] => some.flatMap(({ key, enableWhen, calculate, checks: own = [], items: columns = [] }) => {
    const place = `${base}/${key}`;
    return [
      ...of(`${place}/enableWhen`, enableWhen), ...of(`${place}/calculate`, calculate),
      ...own.flatMap(({ assert }, at) => of(`${place}/items/check/${at}/assert`, assert)), ...ofItems(columns, `${place}/items/properties`),
    ];
  });
  const all = [...ofItems(items, '/properties'), ...checks.flatMap(({ assert }, at) => of(`/check/${at}/assert`, assert))];
  return all.filter(({ steps }) => steps > mostSteps).map(({ pointer }) => ({ pointer, detail: 'Can take too long: macros stand inside macros, over lists that are too long' }));
}
