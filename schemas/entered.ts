/** Answers as they come: read once into the slots of the form, or copied so that they can be changed. */
import type { Pointer } from './form.ts';
import { pointerOf, type Plan, type PlannedItem } from './plan.ts';
import { isRows, parsePointer } from './pointer.ts';
import { DICTIONARY } from './quick-structure.ts';

/** A row while it is worked on; its cells are unchecked input. */
export interface LooseRow {
  rowId: string;
  [key: string]: unknown;
}

export type Loose = { [key: string]: unknown };

export interface Read {
  /** By slot. */
  values: readonly unknown[];
  /** Keys of values that are no items of the form. */
  strange: readonly string[];
}

/** Reasons by the item that they are given for. */
export interface Reasons {
  isEmpty: boolean;
  /** By slot. */
  top: readonly unknown[];
  /** By column and row id. */
  cells: ReadonlyMap<PlannedItem, ReadonlyMap<string, unknown>>;
}

const NONE: readonly never[] = [];
const NO_REASONS: Reasons = { isEmpty: true, top: NONE, cells: new Map() };

export function readEntered({ slots, top }: Plan, entered: Loose): Read {
  const values = new Array<unknown>(top.length).fill(undefined);
  const keys = Object.keys(entered);
  if (keys.length >= DICTIONARY) {
    for (const { planned: { slot, key } } of top) values[slot] = entered[key];
    return { values, strange: keys.filter((key) => !slots.has(key) && entered[key] !== undefined) };
  }
  const members = Object.values(entered);
  let strange: string[] | undefined;
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] ?? '';
    const slot = slots.get(key);
    if (slot !== undefined) values[slot] = members[i];
    else if (members[i] !== undefined) (strange ??= []).push(key);
  }
  return { values, strange: strange ?? NONE };
}

/** Whether the structure of all that was read is right. */
export function isRight({ tests }: Plan, values: readonly unknown[]): boolean {
  for (let slot = 0; slot < values.length; slot++) if (values[slot] !== undefined && tests[slot]?.(values[slot]) !== true) return false;
  return true;
}

export function readReasons(plan: Plan, missing: { readonly [pointer: Pointer]: unknown }): Reasons {
  const pointers = Object.keys(missing);
  if (pointers.length === 0) return NO_REASONS;
  const top = new Array<unknown>(plan.top.length).fill(undefined);
  const cells = new Map<PlannedItem, Map<string, unknown>>();
  for (const pointer of pointers) {
    const [key = '', rowId, column] = parsePointer(pointer);
    const planned = plan.items.get(column === undefined ? key : `${key}/${column}`);
    // A pointer that is written in another way than ours names nothing.
    if (!planned || pointer !== (planned.repeat === undefined ? planned.pointer : pointerOf(planned, rowId ?? ''))) continue;
    if (planned.repeat === undefined) top[planned.slot] = missing[pointer];
    else cells.set(planned, (cells.get(planned) ?? new Map<string, unknown>()).set(rowId ?? '', missing[pointer]));
  }
  return { isEmpty: false, top, cells };
}

/** What the context binds, by slot; undefined when nothing of the form is bound. */
export function boundBySlot({ bindings, top }: Plan, bound: { readonly [path: string]: unknown }): unknown[] | undefined {
  if (bindings.size === 0) return undefined;
  const values = new Array<unknown>(top.length).fill(undefined);
  for (const path in bound) for (const slot of bindings.get(path) ?? NONE) values[slot] = bound[path];
  return values;
}

/** Keys come from outside; without a prototype no key means anything by itself. */
export function emptyLoose(): Loose {
  return Object.create(null) as Loose;
}

/** A copy without calculated values, which are worked out anew; rows are copied too. */
export function copyEntered(plan: Plan, data: Loose): Loose {
  const entered = emptyLoose();
  for (const [key, value] of Object.entries(data)) {
    const top = plan.top[plan.slots.get(key) ?? -1];
    if (value === undefined || top?.planned.calculate) continue;
    const columns = top?.columns;
    entered[key] = columns && isRows(value) ? value.map((row) => copyRow(row, columns)) : value;
  }
  return entered;
}

function copyRow(row: LooseRow, columns: readonly PlannedItem[]): LooseRow {
  const copy = { ...row };
  for (const { key, calculate } of columns) if (calculate || copy[key] === undefined) delete copy[key];
  return copy;
}

/** The row to work on: calculated values in it are emptied, which unlike taking them out keeps its shape. */
export function playRow(row: LooseRow, columns: readonly PlannedItem[]): LooseRow {
  const copy = { ...row };
  for (const { key, calculate } of columns) if (calculate && copy[key] !== undefined) copy[key] = undefined;
  return copy;
}
