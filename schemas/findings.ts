/** What is wrong with one value: structure, codes, decimals, reasons, and whether it is asked for. */
import { hasMoreDecimals } from './decimal.ts';
import { isEmpty } from './expression/functions.ts';
import type { Finding, Pointer } from './form.ts';
import { decimalsMessage, messages, structureMessage } from './messages.ts';
import { pointerOf, type Plan, type PlannedItem } from './plan.ts';
import { formatPointer, isRows, parsePointer } from './pointer.ts';
import type { StructureError } from './prepare.ts';
import type { RowState, Values } from './values.ts';

export type ErrorsByPointer = ReadonlyMap<Pointer, readonly StructureError[]>;

const NONE: readonly never[] = [];
const NO_ERRORS: ErrorsByPointer = new Map();

/**
 * Errors of the structure check in what is in play, by pointer. No property depends on another there: when everything that was
 * entered is right as it lies, so is the part in play, and only what was calculated is left to be looked at.
 */
export function errorsInPlay(values: Values): ErrorsByPointer {
  const { plan } = values;
  const isRight = values.isEnteredRight() && (plan.calculated.length === 0 || plan.check(checkedData(values, plan.calculated)).length === 0);
  return isRight ? NO_ERRORS : structureErrors(plan, checkedData(values, plan.top.map(({ planned }) => planned)));
}

/** Errors of the structure check by pointer; rows are named by their ids, which Ajv does not know. */
export function structureErrors(plan: Plan, data: { readonly [key: string]: unknown }): Map<Pointer, StructureError[]> {
  const errors = new Map<Pointer, StructureError[]>();
  for (const error of plan.check(data)) {
    const pointer = pointerOfError(plan, data, error.instancePath);
    errors.set(pointer, [...(errors.get(pointer) ?? []), error]);
  }
  return errors;
}

/** `/orders/0/dose` → `/orders/<rowId>/dose`; `/sites/1` → `/sites`; what is in rows without ids is told of their repeat. */
function pointerOfError(plan: Plan, data: { readonly [key: string]: unknown }, instancePath: string): Pointer {
  const [key = '', index, column] = parsePointer(instancePath);
  const rows = data[key];
  if (index === undefined || !plan.top[plan.slots.get(key) ?? -1]?.columns || !isRows(rows)) return formatPointer(key);
  const rowId = rows[Number(index)]?.rowId;
  return rowId === undefined || column === undefined ? formatPointer(key) : formatPointer(key, rowId, column);
}

/** The values of items that the structure check must see; bound values are another record's to check. */
function checkedData(values: Values, items: readonly PlannedItem[]): { [key: string]: unknown } {
  const data: { [key: string]: unknown } = {};
  for (const planned of items) {
    const value = values.inPlay[planned.slot];
    if (value === undefined || values.isBoundFromContext(planned)) continue;
    data[planned.key] = value;
  }
  return data;
}

/** The errors of one item alone. */
export function errorsOf(values: Values, planned: PlannedItem, state: RowState | undefined): readonly StructureError[] {
  const value = values.valueIn(planned, state);
  if (value === undefined || values.isBoundFromContext(planned)) return NONE;
  const rowId = state?.row.rowId;
  const alone = planned.repeat === undefined ? { [planned.key]: value } : { [planned.repeat]: [{ rowId, [planned.key]: value }] };
  return structureErrors(values.plan, alone).get(pointerOf(planned, rowId)) ?? NONE;
}

/** The findings of one item, without those of checks; none when it is off. */
export function itemFindings(values: Values, planned: PlannedItem, state: RowState | undefined, errors: readonly StructureError[]): readonly Finding[] {
  if (values.isOff(planned, state)) return NONE;
  const { decimals } = planned;
  const value = values.valueIn(planned, state);
  const reason = reasonFinding(values, planned, state, value);
  const isNoCode = planned.codes !== undefined && isForeign(value, planned);
  const isTooFine = decimals !== undefined && typeof value === 'number' && hasMoreDecimals(value, decimals);
  if (errors.length === 0 && !isNoCode && !isTooFine && !reason) return NONE;
  const found = errors.map((error) => structureMessage(error, planned.item));
  if (isNoCode) found.push({ rule: 'value-set', message: messages.valueSet });
  if (isTooFine) found.push({ rule: 'decimals', message: decimalsMessage(decimals) });
  if (reason) found.push(reason);
  const pointer = pointerOf(planned, state?.row.rowId);
  const byRule = new Map(found.map((finding) => [finding.rule, finding]));
  return [...byRule.values()].map(({ rule, message }) => ({ pointer, severity: 'hard', rule, message }));
}

function isForeign(value: unknown, planned: PlannedItem): boolean {
  if (typeof value === 'string') return value !== '' && !isCode(value, planned);
  return Array.isArray(value) && value.some((code) => typeof code === 'string' && !isCode(code, planned));
}

/** Codes of an open value set are those shipped and any that look like one. */
function isCode(code: string, { codes, openCodes }: PlannedItem): boolean {
  return codes?.has(code) === true || openCodes?.test(code) === true;
}

function reasonFinding(values: Values, planned: PlannedItem, state: RowState | undefined, value: unknown): Pick<Finding, 'rule' | 'message'> | undefined {
  const reason = values.reasonFor(planned, state);
  const isAbsent = planned.isRepeat ? isEmpty(value) : value === undefined;
  if (reason === undefined) return isAbsent && planned.isAsked ? { rule: 'required', message: messages.required } : undefined;
  if (planned.item.bind !== undefined || planned.calculate) return { rule: 'missing-reason', message: messages.reasonNotAsked };
  if (!isAbsent) return { rule: 'missing-reason', message: messages.reasonBesideValue };
  return typeof reason === 'string' && values.plan.reasons.has(reason) ? undefined : { rule: 'missing-reason', message: messages.reasonUnknown };
}

/** Values and reasons at places that the standard does not have. */
export function strangerFindings(values: Values): readonly Finding[] {
  const pointers = values.strangeKeys().map((key) => formatPointer(key));
  for (const { planned, cells } of values.plan.repeats) {
    for (const { row } of values.states(planned.slot)) {
      for (const column in row) if (!cells.has(column) && row[column] !== undefined) pointers.push(formatPointer(planned.key, row.rowId, column));
    }
  }
  if (values.hasMissing) pointers.push(...Object.keys(values.missing).filter((pointer) => values.missing[pointer] !== undefined && !isPlace(values, pointer) && !isOffWhole(values, pointer)));
  if (pointers.length === 0) return NONE;
  return [...new Set(pointers)].map((pointer) => ({ pointer, severity: 'hard', rule: 'unknown-element', message: messages.unknownElement }));
}

/** Whether the top-level item of a pointer is off. */
export function isOffWhole({ off, plan }: Values, pointer: Pointer): boolean {
  const [key = ''] = parsePointer(pointer);
  return off[plan.slots.get(key) ?? -1] === true;
}

/** Whether a pointer names an item of the form, in a row that was entered. */
function isPlace(values: Values, pointer: Pointer): boolean {
  const [key = '', rowId, column, ...rest] = parsePointer(pointer);
  if (rest.length > 0 || !values.plan.slots.has(key) || !pointer.startsWith('/')) return false;
  if (rowId === undefined) return true;
  return column !== undefined && values.plan.items.has(`${key}/${column}`) && values.enteredRows(key).some((row) => row.rowId === rowId);
}
