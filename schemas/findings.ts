/** What is wrong with one value: structure, codes, decimals, reasons, and whether it is asked for. */
import { decimalsOf } from './decimal.ts';
import { isEmpty } from './expression/functions.ts';
import type { Finding, Pointer } from './form.ts';
import { decimalsMessage, messages, structureMessage } from './messages.ts';
import type { Plan, PlannedItem } from './plan.ts';
import { formatPointer, isRows, parsePointer } from './pointer.ts';
import type { StructureError } from './prepare.ts';
import { pointerOf, type Values } from './values.ts';

const NONE: readonly never[] = [];

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
  if (index === undefined || !plan.columns.has(key) || !isRows(rows)) return `/${key}`;
  const rowId = rows[Number(index)]?.rowId;
  return rowId === undefined || column === undefined ? `/${key}` : formatPointer(key, rowId, column);
}

/** The part of the values that the structure check must see; bound values are another record's to check. */
export function checkedData(values: Values): { [key: string]: unknown } {
  const data: { [key: string]: unknown } = {};
  for (const { planned } of values.plan.top) {
    const value = values.inPlay[planned.item.key];
    if (value !== undefined && !values.isBoundFromContext(planned)) data[planned.item.key] = value;
  }
  return data;
}

/** The errors of one item alone. */
export function errorsOf(values: Values, planned: PlannedItem, rowId: string | undefined): readonly StructureError[] {
  const value = values.holder(planned, rowId)?.[planned.item.key];
  if (value === undefined || values.isBoundFromContext(planned)) return [];
  const alone = planned.repeat === undefined ? { [planned.item.key]: value } : { [planned.repeat]: [{ rowId, [planned.item.key]: value }] };
  return structureErrors(values.plan, alone).get(pointerOf(planned, rowId)) ?? [];
}

/** The findings of one item, without those of checks; none when it is off or its row is not in play. */
export function itemFindings(values: Values, planned: PlannedItem, rowId: string | undefined, errors: readonly StructureError[]): readonly Finding[] {
  const pointer = pointerOf(planned, rowId);
  const holder = values.holder(planned, rowId);
  if (!holder || values.disabled.has(pointer)) return NONE;
  const { item } = planned;
  const value = holder[item.key];
  const found = errors.length === 0 ? [] : errors.map((error) => structureMessage(error, item));
  if (planned.codes && isForeign(value, planned.codes, planned.openCodes)) found.push({ rule: 'value-set', message: messages.valueSet });
  if (item.decimals !== undefined && typeof value === 'number' && decimalsOf(value) > item.decimals) {
    found.push({ rule: 'decimals', message: decimalsMessage(item.decimals) });
  }
  const reason = reasonFinding(values, planned, pointer, value);
  if (reason) found.push(reason);
  if (found.length === 0) return NONE;
  const byRule = new Map(found.map((finding) => [finding.rule, finding]));
  return [...byRule.values()].map(({ rule, message }) => ({ pointer, severity: 'hard', rule, message }));
}

/** Codes of an open value set are those shipped and any that look like one. */
function isForeign(value: unknown, codes: ReadonlySet<string>, open: RegExp | undefined): boolean {
  const isUnknown = (code: string) => !codes.has(code) && !open?.test(code);
  if (Array.isArray(value)) return value.some((code) => typeof code === 'string' && isUnknown(code));
  return typeof value === 'string' && value !== '' && isUnknown(value);
}

function reasonFinding(values: Values, planned: PlannedItem, pointer: Pointer, value: unknown): Pick<Finding, 'rule' | 'message'> | undefined {
  const { item } = planned;
  const reason = values.missing[pointer];
  const isAbsent = item.type === 'repeat' ? isEmpty(value) : value === undefined;
  if (reason === undefined) {
    const isAsked = isAbsent && item.required && item.bind === undefined && item.calculate === undefined;
    return isAsked ? { rule: 'required', message: messages.required } : undefined;
  }
  if (item.bind !== undefined || item.calculate !== undefined) return { rule: 'missing-reason', message: messages.reasonNotAsked };
  if (!isAbsent) return { rule: 'missing-reason', message: messages.reasonBesideValue };
  return typeof reason === 'string' && values.plan.reasons.has(reason) ? undefined : { rule: 'missing-reason', message: messages.reasonUnknown };
}

/** Values and reasons at places that the standard does not have. */
export function strangerFindings(values: Values): Finding[] {
  const { plan } = values;
  const pointers = Object.keys(values.entered).filter((key) => !plan.items.has(key)).map((key) => formatPointer(key));
  for (const key of plan.columns.keys()) {
    for (const row of values.rows(key)) {
      pointers.push(...Object.keys(row).filter((column) => column !== 'rowId' && !plan.items.has(`${key}/${column}`)).map((column) => formatPointer(key, row.rowId, column)));
    }
  }
  pointers.push(...Object.keys(values.missing).filter((pointer) => values.missing[pointer] !== undefined && !isPlace(values, pointer) && !isOff(values, pointer)));
  return [...new Set(pointers)].map((pointer) => ({ pointer, severity: 'hard', rule: 'unknown-element', message: messages.unknownElement }));
}

function isOff(values: Values, pointer: Pointer): boolean {
  const [key = ''] = parsePointer(pointer);
  return values.disabled.has(`/${key}`);
}

/** Whether a pointer names an item of the form, in a row that was entered. */
function isPlace(values: Values, pointer: Pointer): boolean {
  const [key = '', rowId, column, ...rest] = parsePointer(pointer);
  if (rest.length > 0 || !values.plan.items.has(key) || !pointer.startsWith('/')) return false;
  if (rowId === undefined) return true;
  return column !== undefined && values.plan.items.has(`${key}/${column}`) && values.enteredRows(key).some((row) => row.rowId === rowId);
}
