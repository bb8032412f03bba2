/**
 * Answers to a whole form that the engine has nothing against: items are answered in the order of the form, as logic brings
 * them into play, and what breaks a rule is drawn again, in the end left out. Knows no form in particular.
 */
import type { Context, Data, Evaluation, Finding, Form, Item, Missing, Row, Value } from '../../schemas/form.ts';
import type { Change } from '../../schemas/http/api.ts';
import { isRows } from '../../schemas/pointer.ts';
import type { PreparedForm } from '../../schemas/prepare.ts';
import { drawAnswer, type Draw } from './draw.ts';
import { cellsToBlame, drawRows, mendCells } from './rows.ts';

export interface Wanted extends Omit<Draw, 'form'> {
  /** Answers known beforehand, by key; kept unless a rule forbids them. `null` leaves the item open. */
  wishes?: { readonly [key: string]: Value | null };
  /** Share of the items that need no answer but get one. */
  optional: number;
  /** Share of the required items that get a reason instead of a value. */
  withReason: number;
  /** Most rows of a repeat; without it repeats stay empty, with a reason where one is required. */
  rows?: number;
}

export interface Answered {
  data: Data;
  missing: Missing;
}

const mostPasses = 8;
const mostRepairs = 40;
/** So many times an answer is drawn again before it is left out. */
const patience = 20;
const reasons = { 'not-recorded': 5, 'not-done': 3, 'unknown': 2, 'not-available': 1 };

/** No hard finding is left. @throws Error naming the rules that could not be satisfied */
export function answerForm(prepared: PreparedForm, context: Context, wanted: Wanted): Answered {
  const { form } = prepared;
  const draw: Draw = { ...wanted, form };
  const answered: Answered = { data: {}, missing: {} };
  let evaluation = prepared.evaluate(answered, context);
  const seen = new Set<string>();
  for (let pass = 0; pass < mostPasses; pass += 1) {
    const open = typedItems(form).filter(({ key }) => !seen.has(key) && !evaluation.disabled.includes(`/${key}`));
    if (open.length === 0) break;
    for (const item of open) answer(draw, wanted, answered, item);
    for (const { key } of open) seen.add(key);
    evaluation = prepared.evaluate(answered, context);
  }
  return repair(prepared, context, draw, wanted, answered, evaluation);
}

function typedItems(form: Form): Item[] {
  return form.items.filter(({ bind, calculate }) => bind === undefined && calculate === undefined);
}

function answer(draw: Draw, { wishes = {}, optional, withReason, rows = 0 }: Wanted, { data, missing }: Answered, item: Item): void {
  const { random } = draw;
  const wish = wishes[item.key];
  const isWished = wish !== undefined && wish !== null;
  if (item.required && random.chance(withReason)) missing[`/${item.key}`] = random.weighted(reasons);
  else if (isWished) data[item.key] = wish;
  else if (wish !== null && (item.required || random.chance(optional))) {
    const value = item.type === 'repeat' ? drawRepeat(draw, item, rows, optional) : drawAnswer(draw, item);
    if (value !== undefined) data[item.key] = value;
  }
}

function drawRepeat(draw: Draw, item: Item, most: number, optional: number): readonly Row[] | undefined {
  return most === 0 ? undefined : drawRows(draw, item, draw.random.integer(1, most), optional);
}

function repair(prepared: PreparedForm, context: Context, draw: Draw, wanted: Wanted, answered: Answered, first: Evaluation): Answered {
  let evaluation = first;
  for (let round = 0; round < mostRepairs; round += 1) {
    const hard = evaluation.findings.filter(({ severity }) => severity === 'hard');
    if (hard.length === 0) return { data: typedOnly(prepared.form, evaluation.data), missing: evaluation.missing };
    for (const finding of hard) {
      const cells = cellsToBlame(prepared.form, finding);
      if (cells && cells.columns.length > 0 && round < mostRepairs - 5) mendCells(draw, answered, cells, round < patience, () => draw.random.weighted(reasons));
      else mend(draw, wanted, answered, culprits(prepared.form, finding, wanted), round);
    }
    evaluation = prepared.evaluate(answered, context);
  }
  const rules = evaluation.findings.filter(({ severity }) => severity === 'hard').map(({ rule, pointer }) => `${rule} at ${pointer}`);
  throw new Error(`No answers to ${prepared.form.standard.subDataset} were found: ${rules.join(', ')}`);
}

/** The items that may be to blame; wishes are spared as long as there are others. */
function culprits(form: Form, { pointer, rule }: Finding, { wishes = {} }: Wanted): Item[] {
  const keys = new Set([pointer.split('/')[1] ?? '']);
  for (const check of form.checks.filter(({ id, at }) => id === rule && at[0] === pointer)) for (const read of check.assert.reads) keys.add(read.split('/')[0] ?? read);
  for (const key of [...keys]) for (const read of form.items.find((item) => item.key === key)?.calculate?.reads ?? []) keys.add(read.split('/')[0] ?? read);
  const typed = typedItems(form).filter(({ key }) => keys.has(key));
  const free = typed.filter(({ key }) => wishes[key] === undefined);
  return free.length > 0 ? free : typed;
}

function mend(draw: Draw, wanted: Wanted, { data, missing }: Answered, items: readonly Item[], round: number): void {
  const { wishes = {} } = wanted;
  for (const item of items) {
    const again = round < patience && wishes[item.key] !== null;
    const value = !again ? undefined : item.type === 'repeat' ? drawRepeat(draw, item, wanted.rows ?? 0, wanted.optional) : drawAnswer(draw, item);
    delete missing[`/${item.key}`];
    delete data[item.key];
    if (value !== undefined) data[item.key] = value;
    else if (item.required) missing[`/${item.key}`] = draw.random.weighted(reasons);
  }
}

function typedOnly(form: Form, data: Data): Data {
  const items = new Map(typedItems(form).map((item) => [item.key, item]));
  const rowsOnly = ({ items: columns = [] }: Item, rows: readonly Row[]) => {
    const calculated = new Set(columns.filter(({ calculate }) => calculate !== undefined).map(({ key }) => key));
    return rows.map((row) => Object.fromEntries(Object.entries(row).filter(([key]) => !calculated.has(key))) as Row);
  };
  return Object.fromEntries(Object.entries(data).filter(([key]) => items.has(key)).map(([key, value]) => {
    const item = items.get(key);
    return [key, item?.type === 'repeat' ? rowsOnly(item, value as readonly Row[]) : value];
  }));
}

/** As a person would have left it: nothing beyond the first `share` of the sections. */
export function cutShort(form: Form, { data, missing }: Answered, share: number): Answered {
  const kept = new Set(form.sections.slice(0, Math.ceil(form.sections.length * share)).flatMap(({ items }) => items));
  const isKept = ([place]: [string, unknown]) => kept.has(place.replace('/', ''));
  return { data: Object.fromEntries(Object.entries(data).filter(isKept)), missing: Object.fromEntries(Object.entries(missing).filter(isKept)) };
}

/** What a save sends to get from nothing to these answers; a row is added before its cells are filled. */
export function changesOf({ data, missing }: Answered): Change[] {
  return [
    ...Object.entries(data).flatMap(([key, value]) => (isRows(value) && value.length > 0 ? value.flatMap((row) => rowChanges(`/${key}/${row.rowId}`, row)) : [{ pointer: `/${key}`, value: value as Value }])),
    ...Object.entries(missing).map(([pointer, reason]) => ({ pointer, missing: reason })),
  ];
}

function rowChanges(pointer: string, { rowId, ...cells }: Row): Change[] {
  const filled = Object.entries(cells).flatMap(([key, value]) => (value === undefined ? [] : [{ pointer: `${pointer}/${key}`, value }]));
  return [{ pointer, value: { rowId } }, ...filled];
}
