/**
 * Whole evaluation of a form over answers:
 *
 *   Form + answers ─ enable ─► items in play ─ calculate ─► full data ─ validate ─► findings
 *
 * Evaluating the result again changes nothing. Bound items: what the context binds is seen by expressions and left out of
 * `data`; where the context says nothing, a value in the data serves, so that a record can be evaluated by itself.
 */
import type { Answers, Context, Data, Evaluation, Finding, Missing, Pointer, Value } from './form.ts';
import { checkedData, itemFindings, strangerFindings, structureErrors } from './findings.ts';
import type { Plan, PlannedCheck, PlannedItem } from './plan.ts';
import { formatPointer, isRows, parsePointer } from './pointer.ts';
import { pointerOf, Values } from './values.ts';

export function evaluate(plan: Plan, answers: Answers, context: Context): Evaluation {
  const values = new Values(plan, answers, context);
  const errors = structureErrors(plan, checkedData(values));
  return toEvaluation(
    values,
    (planned, rowId) => itemFindings(values, planned, rowId, errors.get(pointerOf(planned, rowId)) ?? []),
    (planned, rowId) => checkFinding(values, planned, rowId),
    (pointer) => (errors.has(pointer) ? [rowIdFinding(pointer)] : []),
  );
}

/** The finding of a broken check, at the first place that it names; undefined also when the check is unknown. */
export function checkFinding(values: Values, planned: PlannedCheck, rowId: string | undefined): Finding | undefined {
  if (!values.breaks(planned, rowId)) return undefined;
  const { id, severity, message } = planned.check;
  return { pointer: placesOf(planned, rowId)[0] ?? '', severity, rule: id, message };
}

/** Where a check is reported; that of a row, in the row. */
export function placesOf({ check, repeat }: PlannedCheck, rowId: string | undefined): Pointer[] {
  return repeat === undefined ? check.at : check.at.map((at) => `${formatPointer(repeat, rowId ?? '')}${at}`);
}

/** A row whose id is no UUID. */
export function rowIdFinding(pointer: Pointer): Finding {
  return { pointer, severity: 'hard', rule: 'format', message: { zh: '行标识应为UUID', en: 'The row id must be a UUID' } };
}

/** The evaluation that the values amount to; findings come from whoever holds them. */
export function toEvaluation(
  values: Values,
  findingsOf: (planned: PlannedItem, rowId: string | undefined) => readonly Finding[],
  findingOf: (planned: PlannedCheck, rowId: string | undefined) => Finding | undefined,
  rowFindings: (pointer: Pointer) => readonly Finding[],
): Evaluation {
  const findings: Finding[] = [];
  const disabled: Pointer[] = [];
  for (const { planned, pointer, columns, checks } of values.plan.top) {
    for (const finding of findingsOf(planned, undefined)) findings.push(finding);
    for (const check of checks) {
      const finding = findingOf(check, undefined);
      if (finding) findings.push(finding);
    }
    if (values.disabled.has(pointer)) disabled.push(pointer);
    for (const { rowId } of columns ? values.rows(planned.item.key) : []) {
      findings.push(...rowFindings(formatPointer(planned.item.key, rowId, 'rowId')));
      for (const column of columns ?? []) {
        findings.push(...findingsOf(column, rowId), ...column.rowChecks.flatMap((check) => findingOf(check, rowId) ?? []));
        if (values.disabled.has(pointerOf(column, rowId))) disabled.push(pointerOf(column, rowId));
      }
    }
  }
  findings.push(...strangerFindings(values));
  return { data: dataOf(values), missing: missingOf(values), parked: parkedOf(values), disabled, findings };
}

/** Values in play that belong to the record, in the order of the form; unknown ones stay, so that they are reported again. */
function dataOf(values: Values): Data {
  const { plan, inPlay, entered } = values;
  const data: [string, unknown][] = [];
  for (const { planned, columns } of plan.top) {
    const { key } = planned.item;
    const value = inPlay[key];
    if (value === undefined || values.isBoundFromContext(planned)) continue;
    if (!columns || !isRows(value)) data.push([key, value]);
    else if (value.length > 0) data.push([key, value.map((row) => inOrder(row, columns))]);
  }
  for (const key of Object.keys(entered)) if (!plan.items.has(key)) data.push([key, entered[key]]);
  return Object.fromEntries(data) as Data;
}

function inOrder(row: { readonly [key: string]: unknown }, columns: readonly PlannedItem[]): object {
  const keys = new Set(['rowId', ...columns.map(({ item }) => item.key), ...Object.keys(row)]);
  return Object.fromEntries([...keys].flatMap((key) => (row[key] === undefined ? [] : [[key, row[key]]])));
}

/** Reasons of items in play; those that are findings (beside a value, at an unknown place) stay, so that they are reported again. */
function missingOf(values: Values): Missing {
  const kept = Object.entries(values.missing).filter(([pointer, reason]) => {
    const [key = ''] = parsePointer(pointer);
    return reason !== undefined && !values.disabled.has(`/${key}`) && !values.disabled.has(pointer);
  });
  return Object.fromEntries(kept) as Missing;
}

/** What was entered in items that are off; of a repeat that is off every cell, and each row by its id. */
function parkedOf(values: Values): Evaluation['parked'] {
  const { plan, entered } = values;
  const parked: [Pointer, unknown][] = Object.entries(values.strays);
  for (const { planned, pointer, columns } of plan.top) {
    const { key } = planned.item;
    const isOff = values.disabled.has(pointer);
    if (isOff && entered[key] !== undefined && !(columns && isRows(entered[key]))) parked.push([pointer, entered[key]]);
    for (const row of columns ? values.enteredRows(key) : []) {
      for (const column of Object.keys(row)) {
        const place = formatPointer(key, row.rowId, column);
        if (isOff || values.disabled.has(place)) parked.push([place, row[column]]);
      }
    }
  }
  return Object.fromEntries(parked) as { [pointer: Pointer]: Value };
}
