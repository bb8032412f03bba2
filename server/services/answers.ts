/** Changes by pointer: put onto what is there, compared with what others did meanwhile. Pure; only shapes are judged here. */
import type { Answers, Data, Item, Missing, Pointer, Row, Value } from '../../schemas/form.ts';
import type { Change, Conflict } from '../../schemas/http/api.ts';
import { getAt, isRows, parsePointer, removeAt, setAt } from '../../schemas/pointer.ts';
import type { PreparedForm } from '../../schemas/prepare.ts';
import { fail, type FieldError } from '../../schemas/problem.ts';

/** What is stored of one version. */
export interface Stored {
  data: Data;
  missing: Missing;
  parked: { [pointer: Pointer]: Value };
}

export const nothing: Stored = { data: {}, missing: {}, parked: {} };

/**
 * The answers after the changes. Bound and calculated items are nobody's to change: changes of them are left out.
 * @throws Problem `data-invalid` for a place that the form does not have, or JSON of another kind than the item's
 */
export function applyChanges(form: PreparedForm, stored: Stored, changes: readonly Change[]): Answers {
  const places = changes.map(({ pointer }) => placeOf(form, pointer));
  const errors = changes.flatMap((change, index) => misshapen(change, places[index] ?? nowhere, index));
  if (errors.length > 0) fail('data-invalid', errors);
  const draft: Stored = { data: { ...stored.data }, missing: { ...stored.missing }, parked: { ...stored.parked } };
  for (const [index, change] of changes.entries()) {
    const { item, isRow, key, rowId } = places[index] ?? nowhere;
    if (item?.bind !== undefined || item?.calculate !== undefined) continue;
    if (isRow && change.value !== undefined) addRowTo(draft, change);
    else applyChange(draft, change, rowId === undefined ? key : undefined);
  }
  return draft;
}

/** A row that is added again stays as it is. */
function addRowTo(draft: Stored, { pointer, value }: Change): void {
  if (value !== undefined && getAt(draft.data, pointer) === undefined) draft.data = setAt(draft.data, pointer, value);
}

/** `key` is the place where it is not in a row; there the draft, which is ours, is written to directly. */
function applyChange(draft: Stored, { pointer, value, missing: reason }: Change, key: string | undefined): void {
  forget(draft.missing, pointer);
  forget(draft.parked, pointer);
  if (reason !== undefined) draft.missing[pointer] = reason;
  if (key === undefined && value === undefined) draft.data = withoutEmpty(removeAt(draft.data, pointer), pointer);
  else if (key === undefined) draft.data = setAt(draft.data, pointer, value as Value);
  else if (value === undefined) delete draft.data[key];
  else draft.data[key] = value as Value;
}

/** A repeat whose last row is gone is unanswered, as it was before the first. */
function withoutEmpty(data: Data, pointer: Pointer): Data {
  const [repeat = ''] = parsePointer(pointer);
  const { [repeat]: rows, ...others } = data;
  return Array.isArray(rows) && rows.length === 0 ? others : data;
}

function forget(places: { [pointer: Pointer]: unknown }, pointer: Pointer): void {
  for (const place in places) if (place === pointer || place.startsWith(`${pointer}/`)) delete places[place];
}

interface Place {
  item: Item | undefined;
  isRow: boolean;
  key: string;
  rowId: string | undefined;
}

const nowhere: Place = { item: undefined, isRow: false, key: '', rowId: undefined };

function placeOf(form: PreparedForm, pointer: Pointer): Place {
  const [key = '', rowId, column, ...rest] = parsePointer(pointer);
  const item = form.item(key);
  if (rowId === undefined) return { item, isRow: false, key, rowId };
  if (item?.type !== 'repeat' || rest.length > 0) return nowhere;
  return column === undefined ? { item, isRow: true, key, rowId } : { item: form.item(`${key}/${column}`), isRow: false, key, rowId };
}

/** Only what can never be right is refused; a value out of range or a wrong code is kept in a draft, with a finding. */
function misshapen({ pointer, value }: Change, { item, isRow, rowId }: Place, index: number): FieldError[] {
  const at = `/changes/${index}/value`;
  if (!item) return [{ pointer: `/changes/${index}/pointer`, detail: `The form has no item at ${pointer}` }];
  if (rowId !== undefined && !uuid.test(rowId)) return [{ pointer: `/changes/${index}/pointer`, detail: 'A row is named by its row id, a UUID' }];
  if (value === undefined) return [];
  if (isRow) return isRowValue(value) && value.rowId === rowId ? [] : [{ pointer: at, detail: 'A row is added by { rowId } with the row id of the pointer' }];
  if (item.type === 'repeat') return [{ pointer: at, detail: 'A repeat is changed row by row' }];
  const wanted = kindOf(item);
  return jsonKind(value) === wanted ? [] : [{ pointer: at, detail: `The item at ${pointer} takes a ${wanted}` }];
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function isRowValue(value: Value | { rowId: string }): value is { rowId: string } {
  return typeof value === 'object' && !Array.isArray(value);
}

function kindOf({ type }: Item): string {
  if (type === 'integer' || type === 'number') return 'number';
  return type === 'boolean' ? 'boolean' : type === 'codes' ? 'list of codes' : 'text';
}

function jsonKind(value: Value | { rowId: string }): string {
  if (Array.isArray(value)) return 'list of codes';
  return typeof value === 'string' ? 'text' : typeof value;
}

/** What stands at a place: a value (in play or parked), a reason, or a row. */
export interface Standing {
  value?: Value;
  missing?: string;
  isRow?: true;
}

/** Every place of a version that is answered, by pointer. */
export function standings({ data, missing, parked }: Stored): Map<Pointer, Standing> {
  const found = new Map<Pointer, Standing>();
  for (const [key, value] of Object.entries(data)) {
    if (isRows(value) && value.length > 0) for (const row of value) addRow(found, `/${key}/${row.rowId}`, row);
    else if (value !== undefined) found.set(`/${key}`, { value: value as Value });
  }
  for (const [pointer, value] of Object.entries(parked)) if (!found.has(pointer)) found.set(pointer, pointer.endsWith('/rowId') ? { isRow: true } : { value });
  for (const [pointer, reason] of Object.entries(missing)) found.set(pointer, { ...found.get(pointer), missing: reason });
  return found;
}

function addRow(found: Map<Pointer, Standing>, pointer: Pointer, { rowId: _, ...columns }: Row): void {
  found.set(pointer, { isRow: true });
  for (const [column, value] of Object.entries(columns)) if (value !== undefined) found.set(`${pointer}/${column}`, { value });
}

/** The places where two versions differ, in no order that matters. */
export function differences(before: Stored, after: Stored): { pointer: Pointer; old: Standing | undefined; new: Standing | undefined }[] {
  const [old, next] = [standings(before), standings(after)];
  return [...new Set([...old.keys(), ...next.keys()])]
    .map((pointer) => ({ pointer, old: old.get(pointer), new: next.get(pointer) }))
    .filter((place) => !isSame(place.old, place.new));
}

function isSame(a: Standing | undefined, b: Standing | undefined): boolean {
  return a?.missing === b?.missing && a?.isRow === b?.isRow && JSON.stringify(a?.value) === JSON.stringify(b?.value);
}

/** The changes that clash with what others changed since: the same place, or a row and a place in it, and not to the same end. */
export function conflictsOf(changes: readonly Change[], theirs: ReturnType<typeof differences>): Omit<Conflict, 'by' | 'at'>[] {
  return changes.flatMap(({ pointer, value, missing }) => {
    const mine: Standing = { ...(value === undefined ? {} : isRowValue(value) ? { isRow: true } : { value }), ...(missing === undefined ? {} : { missing }) };
    const clash = theirs.find((place) => overlaps(place, pointer) && !(place.pointer === pointer && isSame(place.new ?? {}, mine)));
    if (!clash) return [];
    return [{ pointer, ...(mine.value === undefined ? {} : { yours: mine.value }), ...(clash.pointer !== pointer || clash.new?.value === undefined ? {} : { theirs: clash.new.value }) }];
  });
}

/** A row clashes with a place in it only where the row itself came or went. */
function overlaps(place: { pointer: Pointer; old: Standing | undefined; new: Standing | undefined }, pointer: Pointer): boolean {
  if (place.pointer === pointer) return true;
  if (place.pointer.startsWith(`${pointer}/`)) return true;
  return pointer.startsWith(`${place.pointer}/`) && place.new === undefined;
}
