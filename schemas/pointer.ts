/**
 * JSON Pointers (RFC 6901) into a record's data. A row of a repeat is named by its row id, never by its index:
 * `/orders/0190…/dose`. Nothing here changes what it is given.
 */
import type { Data, Pointer, Row, Value } from './form.ts';

/** The keys of a pointer, unescaped: `/orders/<rowId>/dose` → `['orders', rowId, 'dose']`. */
export function parsePointer(pointer: Pointer): string[] {
  return pointer.split('/').slice(1).map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

export function formatPointer(...parts: string[]): Pointer {
  return parts.map((part) => `/${part.includes('~') || part.includes('/') ? part.replaceAll('~', '~0').replaceAll('/', '~1') : part}`).join('');
}

/** Whether the value of a key is the rows of a repeat; also true for an empty list. */
export function isRows(value: unknown): value is readonly Row[] {
  return Array.isArray(value) && value.every((row: unknown) => typeof row === 'object' && row !== null && 'rowId' in row && typeof row.rowId === 'string');
}

function own<T>(object: { [key: string]: T }, key: string): T | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** The value at a pointer: a value, a row, the rows of a repeat, or undefined. */
export function getAt(data: Data, pointer: Pointer): Value | Row | readonly Row[] | undefined {
  const [key, rowId, column, ...rest] = parsePointer(pointer);
  if (key === undefined || rest.length > 0) return undefined;
  const value = own(data, key);
  if (rowId === undefined) return value;
  const row = isRows(value) ? value.find((candidate) => candidate.rowId === rowId) : undefined;
  return column === undefined || !row ? row : own(row, column);
}

/**
 * The data with another value at a pointer. A row that is not there yet is added at the end: by `{ rowId }` at `/orders/<rowId>`,
 * or by a value in it. A pointer that cannot be (too deep, a row inside a plain value) leaves the data as they are.
 */
export function setAt(data: Data, pointer: Pointer, value: Value | Row): Data {
  const [key, rowId, column, ...rest] = parsePointer(pointer);
  if (key === undefined || rest.length > 0) return data;
  if (rowId === undefined) return isRow(value) ? data : { ...data, [key]: value };
  const current = own(data, key);
  if (current !== undefined && !isRows(current)) return data;
  const rows = current ?? [];
  const old = rows.find((row) => row.rowId === rowId) ?? { rowId };
  const row = column === undefined ? { ...old, ...(isRow(value) ? value : {}), rowId } : isRow(value) || column === 'rowId' ? old : { ...old, [column]: value };
  const next = rows.some((candidate) => candidate.rowId === rowId) ? rows.map((candidate) => (candidate.rowId === rowId ? row : candidate)) : [...rows, row];
  return { ...data, [key]: next };
}

/** The data without what a pointer names: a value, a whole row, or a whole repeat. */
export function removeAt(data: Data, pointer: Pointer): Data {
  const [key, rowId, column, ...rest] = parsePointer(pointer);
  if (key === undefined || rest.length > 0) return data;
  if (rowId === undefined) return without(data, key);
  const rows = own(data, key);
  if (!isRows(rows)) return data;
  if (column === undefined) return { ...data, [key]: rows.filter((row) => row.rowId !== rowId) };
  return { ...data, [key]: rows.map((row) => (row.rowId === rowId && column !== 'rowId' ? { ...without(row, column), rowId } : row)) };
}

function isRow(value: Value | Row): value is Row {
  return typeof value === 'object' && !Array.isArray(value);
}

function without<T extends object>(object: T, key: string): T {
  const { [key as keyof T]: _, ...rest } = object;
  return rest as T;
}
