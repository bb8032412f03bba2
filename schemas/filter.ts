/** A condition over one form, written by an analyst: which records to take. It names what leaves in clear, and nothing that identifies. */
import { mostSteps, stepsOf } from './cost.ts';
import { prepareExpression } from './expression/evaluate.ts';
import { createLanguage } from './expression/parse.ts';
import type { Context, Data, Form, ItemType } from './form.ts';
import { fail } from './problem.ts';

/** Whether the record is taken; unknown is no. */
export type Filter = (data: Data, context: Context) => boolean;

/** Bound values that a filter may name. */
const bound: ReadonlyMap<string, ItemType> = new Map<string, ItemType>([
  ['subject.sex', 'text'], ['subject.birthDate', 'partial-date'], ['visit.date', 'date'], ['visit.kind', 'text'], ['site.code', 'text'],
]);

/** @throws Problem `filter-invalid` with every mistake */
export function compileFilter(form: Form, expression: string): Filter {
  // A name that an analyst may not see must not be found out by asking, either.
  const items = form.items.filter(({ identifying, bind }) => identifying !== 'direct' && bind === undefined);
  const parsed = createLanguage({ items, bound, tables: new Map(Object.entries(form.tables)) }).parse(expression, 'bool');
  if (!parsed.expression) return fail('filter-invalid', parsed.mistakes.map((detail) => ({ pointer: '/filter/expression', detail })));
  // It runs over every record of a hospital, beside everybody else's requests.
  if (stepsOf(parsed.expression.tree, form.tables) > mostSteps) fail('filter-invalid', [{ pointer: '/filter/expression', detail: 'Can take too long: macros stand inside macros, over lists that are too long' }]);
  const run = prepareExpression(parsed.expression, form.tables);
  return (data, { today, bound: values = {} }) => run({ values: data, today, bound: values }) === true;
}
