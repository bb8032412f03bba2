/** Dates used as what they are not: compared as text, or given to a function of another kind of date. */
import type { Node } from '../form.ts';
import type { LintScope } from './lint.ts';

const DATE_FUNCTIONS = new Set(['minutesBetween', 'daysBetween', 'yearsBetween', 'onOrBefore', 'dateOf']);
const DATE_TYPES = new Set(['date', 'partial-date', 'date-time']);

export function dateMistakes(node: Node, scope: LintScope): string[] {
  const typeOf = (part: Node) => (part.op === 'item' ? scope.findItem(part.key)?.type : part.op === 'bound' ? scope.findBound(part.path) : undefined);
  if (node.op === '<' || node.op === '<=' || node.op === '>' || node.op === '>=') {
    const types = [typeOf(node.left), typeOf(node.right)];
    return types.includes('partial-date') || types.includes('date-time') ? ['Partial dates and date-times are not ordered as text; use onOrBefore(a, b)'] : [];
  }
  if (node.op !== 'call' || !DATE_FUNCTIONS.has(node.name)) return [];
  return node.args.flatMap((arg) => {
    const type = typeOf(arg);
    if (type === undefined || (node.name === 'minutesBetween' || node.name === 'dateOf' ? type === 'date-time' : DATE_TYPES.has(type))) return [];
    const name = arg.op === 'item' ? arg.key : arg.op === 'bound' ? arg.path : '';
    return [`${node.name} takes dates${node.name === 'minutesBetween' || node.name === 'dateOf' ? ' with a time' : ''}, not ${type} ('${name}')`];
  });
}
