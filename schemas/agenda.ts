/** What a session must still work out after a change: items and checks, with the rows in which. */
import type { Plan, PlannedCheck, PlannedItem } from './plan.ts';

type RowId = string | undefined;

export class Agenda {
  readonly items = new Map<PlannedItem, Set<RowId>>();
  readonly checks = new Map<PlannedCheck, Set<RowId>>();
  readonly #plan: Plan;
  readonly #rowIds: (repeat: string | undefined) => readonly RowId[];

  /** `rowIds` gives the rows in play of a repeat, and one undefined for no repeat. */
  constructor(plan: Plan, rowIds: (repeat: string | undefined) => readonly RowId[]) {
    this.#plan = plan;
    this.#rowIds = rowIds;
  }

  clear(): void {
    this.items.clear();
    this.checks.clear();
  }

  /** Adds what reads a path; where it was a column, in the same row only, unless the reader reads all rows. */
  readersOf(path: string, repeat?: string, rowId?: string): void {
    const readers = this.#plan.readers.get(path);
    const rowsOf = (reader: PlannedItem | PlannedCheck) => (repeat !== undefined && reader.repeat === repeat && !reader.readsWholeRepeat ? [rowId] : this.#rowIds(reader.repeat));
    for (const item of readers?.items ?? []) this.item(item, rowsOf(item));
    for (const check of readers?.checks ?? []) this.check(check, rowsOf(check));
  }

  item(planned: PlannedItem, rowIds: readonly RowId[]): void {
    add(this.items, planned, rowIds);
  }

  check(planned: PlannedCheck, rowIds: readonly RowId[]): void {
    add(this.checks, planned, rowIds);
  }
}

function add<T>(to: Map<T, Set<RowId>>, key: T, rowIds: readonly RowId[]): void {
  const known = to.get(key) ?? new Set();
  for (const rowId of rowIds) known.add(rowId);
  to.set(key, known);
}
