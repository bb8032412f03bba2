/**
 * Whole evaluation of a form over answers:
 *
 *   Form + answers ─ enable ─► items in play ─ calculate ─► full data ─ validate ─► findings
 *
 * Evaluating the result again changes nothing. Bound items: what the context binds is seen by expressions and left out of
 * `data`; where the context says nothing, a value in the data serves, so that a record can be evaluated by itself.
 */
import type { Answers, Context, Data, Evaluation, Finding, Missing, Pointer } from './form.ts';
import { errorsInPlay, isOffWhole, itemFindings, strangerFindings } from './findings.ts';
import { pointerOf, type Plan, type PlannedCheck, type PlannedItem } from './plan.ts';
import { formatPointer, isRows, parsePointer } from './pointer.ts';
import { Values, type RowState } from './values.ts';

export function evaluate(plan: Plan, answers: Answers, context: Context): Evaluation {
  const values = new Values(plan, answers, context, false);
  const errors = errorsInPlay(values);
  return toEvaluation(values, {
    ofItem: (planned, state) => itemFindings(values, planned, state, errors.size === 0 ? NONE : errors.get(pointerOf(planned, state?.row.rowId)) ?? NONE),
    ofCheck: (planned, state) => checkFinding(values, planned, state),
    ofRowId: (pointer) => (errors.size > 0 && errors.has(pointer()) ? [rowIdFinding(pointer())] : NONE),
  });
}

const NONE: readonly never[] = [];

/** The finding of a broken check, at the first place that it names; undefined also when the check is unknown. */
export function checkFinding(values: Values, planned: PlannedCheck, state: RowState | undefined): Finding | undefined {
  if (!values.breaks(planned, state)) return undefined;
  const { id, severity, message } = planned.check;
  return { pointer: placesOf(planned, state?.row.rowId)[0] ?? '', severity, rule: id, message };
}

/** Where a check is reported; that of a row, in the row. */
export function placesOf({ check, repeat }: PlannedCheck, rowId: string | undefined): Pointer[] {
  return repeat === undefined ? check.at : check.at.map((at) => `${formatPointer(repeat, rowId ?? '')}${at}`);
}

/** A row whose id is no UUID. */
export function rowIdFinding(pointer: Pointer): Finding {
  return { pointer, severity: 'hard', rule: 'format', message: { zh: '行标识应为UUID', en: 'The row id must be a UUID' } };
}

/** Where the findings come from: worked out, or kept. */
export interface FindingSource {
  ofItem(planned: PlannedItem, state: RowState | undefined): readonly Finding[];
  ofCheck(planned: PlannedCheck, state: RowState | undefined): Finding | undefined;
  /** Of the id of a row. */
  ofRowId(pointer: () => Pointer): readonly Finding[];
}

/** The evaluation that the values amount to. */
export function toEvaluation(values: Values, source: FindingSource): Evaluation {
  const { plan, inPlay, entered, off } = values;
  const findings: Finding[] = [];
  const disabled: Pointer[] = [];
  const parked: { [pointer: Pointer]: unknown } = values.strays ? { ...values.strays } : {};
  const data: { [key: string]: unknown } = {};
  for (const { planned, columns, checks } of plan.top) {
    const { slot, key } = planned;
    pushAll(findings, source.ofItem(planned, undefined));
    for (const check of checks) pushDefined(findings, source.ofCheck(check, undefined));
    const value = inPlay[slot];
    if (off[slot]) disabled.push(planned.pointer);
    if (columns) readRows(values, planned, columns, { source, findings, disabled, parked, data });
    else if (off[slot]) {
      if (entered[key] !== undefined && !planned.calculate) parked[planned.pointer] = entered[key];
    } else if (value !== undefined && !values.isBoundFromContext(planned)) data[key] = value;
  }
  for (const key of values.strangeKeys()) setOwn(data, key, entered[key]);
  pushAll(findings, strangerFindings(values));
  return { data: data as Data, missing: missingOf(values), parked: parked as Evaluation['parked'], disabled, findings };
}

interface Collected {
  source: FindingSource;
  findings: Finding[];
  disabled: Pointer[];
  parked: { [pointer: Pointer]: unknown };
  data: { [key: string]: unknown };
}

/** A repeat: its rows in play; of one that is off every cell that was entered is parked, and each row by its id. */
function readRows(values: Values, planned: PlannedItem, columns: readonly PlannedItem[], { source, findings, disabled, parked, data }: Collected): void {
  const { slot, key } = planned;
  const value = values.inPlay[slot];
  const states = values.states(slot);
  for (const state of states) {
    const { rowId } = state.row;
    pushAll(findings, source.ofRowId(() => formatPointer(key, rowId, 'rowId')));
    for (const column of columns) {
      pushAll(findings, source.ofItem(column, state));
      for (const check of column.rowChecks) pushDefined(findings, source.ofCheck(check, state));
      if (!state.off[column.column]) continue;
      disabled.push(pointerOf(column, rowId));
      const was = state.entered[column.key];
      if (was !== undefined && !column.calculate) parked[pointerOf(column, rowId)] = was;
    }
  }
  if (values.off[slot]) park(values, planned, columns, parked);
  else if (states.length > 0) data[key] = states.map(({ row }) => inOrder(row, columns));
  else if (value !== undefined && !isRows(value) && !values.isBoundFromContext(planned)) data[key] = value;
}

function park({ entered }: Values, { pointer, key }: PlannedItem, columns: readonly PlannedItem[], parked: Collected['parked']): void {
  const value = entered[key];
  if (value !== undefined && !isRows(value)) parked[pointer] = value;
  const calculated = new Set(columns.flatMap((column) => (column.calculate ? [column.key] : [])));
  for (const row of isRows(value) ? value : NONE as readonly { rowId: string; [key: string]: unknown }[]) {
    for (const [column, cell] of Object.entries(row)) if (cell !== undefined && !calculated.has(column)) parked[formatPointer(key, row.rowId, column)] = cell;
  }
}

/** The row with its values in the order of the form; unknown ones stay, so that they are reported again. */
function inOrder(row: { readonly [key: string]: unknown }, columns: readonly PlannedItem[]): object {
  const ordered: { [key: string]: unknown } = { rowId: row['rowId'] };
  for (const { key } of columns) if (row[key] !== undefined) ordered[key] = row[key];
  for (const key in row) if (row[key] !== undefined && !(key in ordered)) setOwn(ordered, key, row[key]);
  return ordered;
}

/** Keys come from outside: `__proto__` is one like any other. */
function setOwn(object: { [key: string]: unknown }, key: string, value: unknown): void {
  if (key === '__proto__') Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  else object[key] = value;
}

/** Reasons of items in play; those that are findings (beside a value, at an unknown place) stay, so that they are reported again. */
function missingOf(values: Values): Missing {
  if (!values.hasMissing) return {};
  const kept = Object.entries(values.missing).filter(([pointer, reason]) => reason !== undefined && !isOffWhole(values, pointer) && !isOffAt(values, pointer));
  return Object.fromEntries(kept) as Missing;
}

/** Whether the cell of a pointer is off. */
function isOffAt(values: Values, pointer: Pointer): boolean {
  const [key, rowId, column] = parsePointer(pointer);
  const planned = column === undefined ? undefined : values.plan.items.get(`${key ?? ''}/${column}`);
  return planned !== undefined && values.isOff(planned, values.state(planned, rowId));
}

/** Most lists are empty: nothing is made to go through one. */
function pushAll<T>(list: T[], more: readonly T[]): void {
  for (let i = 0; i < more.length; i++) list.push(more[i] as T);
}

function pushDefined<T>(list: T[], element: T | undefined): void {
  if (element !== undefined) list.push(element);
}
