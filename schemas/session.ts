/**
 * Evaluation change by change, for a form on screen: only what depends on a change is worked out again. What it says is
 * the same as `evaluate` over `answers()`; a property test holds the two together.
 */
import { checkFinding, placesOf, rowIdFinding, toEvaluation } from './evaluate.ts';
import { checkedData, errorsOf, itemFindings, structureErrors } from './findings.ts';
import { isEmpty } from './expression/functions.ts';
import type { Answers, Context, Evaluation, Finding, Missing, Pointer, Value } from './form.ts';
import { initialValues } from './initial.ts';
import type { Plan, PlannedCheck, PlannedItem } from './plan.ts';
import { formatPointer, isRows, parsePointer } from './pointer.ts';
import type { FormSession, SessionUpdate } from './prepare.ts';
import { pointerOf, Values } from './values.ts';

/** A place in the record: an item, and its row when it is a column. */
interface Place {
  planned: PlannedItem;
  rowId: string | undefined;
}

const NOTHING: SessionUpdate = { touched: [], evaluated: 0 };

export function openSession(plan: Plan, answers: Answers, context: Context): FormSession {
  return new Session(plan, answers, context);
}

class Session implements FormSession {
  readonly #plan: Plan;
  readonly #values: Values;
  readonly #findings = new Map<Pointer, readonly Finding[]>();
  /** Broken checks, with the rows in which. */
  readonly #broken = new Map<PlannedCheck, Map<string | undefined, Finding>>();
  #touched = new Set<Pointer>();
  /** Columns and items still to be worked out, with the rows in which. */
  #pending = new Map<PlannedItem, Set<string | undefined>>();
  #pendingChecks = new Map<PlannedCheck, Set<string | undefined>>();

  constructor(plan: Plan, answers: Answers, context: Context) {
    this.#plan = plan;
    this.#values = new Values(plan, answers, context);
    this.#checkAll();
  }

  set(pointer: Pointer, value: Value | undefined): SessionUpdate {
    const place = this.#place(pointer);
    if (!place || place.planned.calculate || place.planned.item.type === 'repeat') return NOTHING;
    const holder = this.#values.enteredHolder(place.planned, place.rowId);
    if (!holder) return NOTHING;
    const { key } = place.planned.item;
    if (isEmpty(value)) delete holder[key];
    else {
      holder[key] = value;
      delete this.#values.missing[pointer];
    }
    return this.#update(place);
  }

  setMissing(pointer: Pointer, reason: string | undefined): SessionUpdate {
    const place = this.#place(pointer);
    const holder = place && this.#values.enteredHolder(place.planned, place.rowId);
    if (!place || !holder) return NOTHING;
    if (reason === undefined) delete this.#values.missing[pointer];
    else {
      this.#values.missing[pointer] = reason;
      if (!place.planned.calculate && place.planned.item.type !== 'repeat') delete holder[place.planned.item.key];
    }
    return this.#update(place);
  }

  addRow(pointer: Pointer, rowId: string): SessionUpdate {
    const place = this.#place(pointer);
    if (!place || !this.#plan.columns.has(place.planned.item.key)) return NOTHING;
    const { key } = place.planned.item;
    if (this.#values.enteredRows(key).some((row) => row.rowId === rowId)) return NOTHING;
    const initial = initialValues(place.planned.item.items ?? [], this.#values.context);
    this.#values.entered[key] = [...this.#values.enteredRows(key), { rowId, ...initial }];
    delete this.#values.missing[pointer];
    return this.#updateRows(place);
  }

  removeRow(pointer: Pointer, rowId: string): SessionUpdate {
    const place = this.#place(pointer);
    const rows = place ? this.#values.enteredRows(place.planned.item.key) : [];
    if (!place || !rows.some((row) => row.rowId === rowId)) return NOTHING;
    const { key } = place.planned.item;
    const left = rows.filter((row) => row.rowId !== rowId);
    if (left.length > 0) this.#values.entered[key] = left;
    else delete this.#values.entered[key];
    const isOfRow = (other: Pointer) => other.startsWith(`${formatPointer(key, rowId)}/`);
    for (const other of Object.keys(this.#values.missing).filter(isOfRow)) delete this.#values.missing[other];
    for (const other of [...this.#values.disabled].filter(isOfRow)) this.#values.disabled.delete(other);
    const { touched, evaluated } = this.#updateRows(place);
    const gone = (this.#plan.columns.get(key) ?? []).map((column) => pointerOf(column, rowId));
    return { touched: [...new Set([...touched, ...gone])], evaluated };
  }

  value(pointer: Pointer): Value | undefined {
    const place = this.#place(pointer);
    const value = place && this.#values.holder(place.planned, place.rowId)?.[place.planned.item.key];
    return isRows(value) && this.#plan.columns.has(place?.planned.item.key ?? '') ? undefined : (value as Value | undefined);
  }

  missing(pointer: Pointer): string | undefined {
    const reason = this.#values.missing[pointer];
    return typeof reason === 'string' ? reason : undefined;
  }

  isEnabled(pointer: Pointer): boolean {
    const place = this.#place(pointer);
    return place !== undefined && this.#values.holder(place.planned, place.rowId) !== undefined && !this.#values.disabled.has(pointer);
  }

  findings(pointer: Pointer): readonly Finding[] {
    const own = this.#findings.get(pointer) ?? [];
    if (this.#broken.size === 0) return own;
    const checks = [...this.#broken.values()].flatMap((rows) => [...rows.values()]).filter((finding) => finding.pointer === pointer);
    return checks.length === 0 ? own : [...own, ...checks];
  }

  evaluation(): Evaluation {
    return toEvaluation(
      this.#values,
      (planned, rowId) => this.#findings.get(pointerOf(planned, rowId)) ?? [],
      (check, rowId) => this.#broken.get(check)?.get(rowId),
      (pointer) => this.#findings.get(pointer) ?? [],
    );
  }

  answers(): { data: Answers['data']; missing: Missing } {
    const copies = Object.entries(this.#values.entered).map(([key, value]) => [key, this.#plan.columns.has(key) && isRows(value) ? value.map((row) => ({ ...row })) : value]);
    return { data: Object.fromEntries(copies) as Answers['data'], missing: { ...this.#values.missing } as Missing };
  }

  #place(pointer: Pointer): Place | undefined {
    const [key = '', rowId, column, ...rest] = parsePointer(pointer);
    if (rest.length > 0 || (rowId !== undefined && column === undefined)) return undefined;
    const planned = this.#plan.items.get(column === undefined ? key : `${key}/${column}`);
    return planned && { planned, rowId };
  }

  /** Works out a place and everything that depends on it. */
  #update(place: Place): SessionUpdate {
    const before = this.#begin();
    this.#touched.add(pointerOf(place.planned, place.rowId));
    if (this.#values.workOut(place.planned, place.rowId)) this.#changed(place.planned, place.rowId);
    return this.#finish(before);
  }

  /** Works out a repeat whose rows have changed. */
  #updateRows({ planned }: Place): SessionUpdate {
    const before = this.#begin();
    this.#touched.add(pointerOf(planned));
    this.#values.refreshRows(planned.item.key);
    this.#rowsChanged(planned.item.key);
    return this.#finish(before);
  }

  #begin(): number {
    this.#touched = new Set();
    this.#pending = new Map();
    this.#pendingChecks = new Map();
    return this.#values.evaluated;
  }

  #finish(before: number): SessionUpdate {
    for (const planned of this.#plan.order) {
      const rowIds = this.#pending.get(planned);
      if (!rowIds) continue;
      for (const rowId of rowIds) {
        if (!this.#values.workOut(planned, rowId)) continue;
        this.#touched.add(pointerOf(planned, rowId));
        this.#changed(planned, rowId);
      }
    }
    for (const pointer of this.#touched) this.#checkItem(pointer);
    for (const [check, rowIds] of this.#pendingChecks) for (const rowId of rowIds) this.#checkRule(check, rowId);
    return { touched: [...this.#touched], evaluated: this.#values.evaluated - before };
  }

  /** Marks what reads an item whose value or state is another now. */
  #changed({ item, repeat }: PlannedItem, rowId: string | undefined): void {
    if (item.type === 'repeat') this.#rowsChanged(item.key);
    else this.#mark(item.path, repeat, rowId);
  }

  /** Rows came, went, or were switched on or off: all their cells and whatever reads one of them. */
  #rowsChanged(key: string): void {
    this.#mark(key, undefined, undefined);
    for (const pointer of this.#findings.keys()) if (pointer.startsWith(`/${key}/`)) this.#touched.add(pointer);
    for (const { rowId } of this.#values.rows(key)) this.#touched.add(formatPointer(key, rowId, 'rowId'));
    for (const column of this.#plan.columns.get(key) ?? []) {
      for (const { rowId } of this.#values.enteredRows(key)) this.#touched.add(pointerOf(column, rowId));
      if (column.enable ?? column.calculate) for (const rowId of this.#values.rowIds(column)) this.#pend(column, rowId);
      this.#mark(column.item.path, undefined, undefined);
    }
    for (const check of this.#plan.rowChecks) if (check.repeat === key) this.#pendRule(check, [...this.#values.rowIds(check), ...(this.#broken.get(check)?.keys() ?? [])]);
  }

  #mark(path: string, repeat: string | undefined, rowId: string | undefined): void {
    const readers = this.#plan.readers.get(path);
    for (const reader of readers?.items ?? []) {
      const isSameRow = repeat !== undefined && reader.repeat === repeat && !reader.readsWholeRepeat;
      for (const id of isSameRow ? [rowId] : this.#values.rowIds(reader)) this.#pend(reader, id);
    }
    for (const check of readers?.checks ?? []) {
      const isSameRow = repeat !== undefined && check.repeat === repeat && !check.readsWholeRepeat;
      this.#pendRule(check, isSameRow ? [rowId] : this.#values.rowIds(check));
    }
  }

  #pendRule(check: PlannedCheck, rowIds: readonly (string | undefined)[]): void {
    const pending = this.#pendingChecks.get(check) ?? new Set();
    for (const rowId of rowIds) pending.add(rowId);
    this.#pendingChecks.set(check, pending);
  }

  #pend(planned: PlannedItem, rowId: string | undefined): void {
    const rowIds = this.#pending.get(planned) ?? new Set();
    rowIds.add(rowId);
    this.#pending.set(planned, rowIds);
  }

  #checkItem(pointer: Pointer): void {
    const [key = '', rowId, column] = parsePointer(pointer);
    const place = this.#place(pointer);
    if (place) this.#keep(pointer, itemFindings(this.#values, place.planned, place.rowId, errorsOf(this.#values, place.planned, place.rowId)));
    else if (column === 'rowId' && this.#values.rows(key).some((row) => row.rowId === rowId)) {
      this.#keep(pointer, structureErrors(this.#plan, { [key]: [{ rowId }] }).has(pointer) ? [rowIdFinding(pointer)] : []);
    } else this.#findings.delete(pointer);
  }

  #checkRule(check: PlannedCheck, rowId: string | undefined): void {
    const broken = this.#broken.get(check) ?? new Map<string | undefined, Finding>();
    const isThere = check.repeat === undefined || this.#values.rows(check.repeat).some((row) => row.rowId === rowId);
    const finding = isThere ? checkFinding(this.#values, check, rowId) : undefined;
    if (broken.has(rowId) !== Boolean(finding)) for (const pointer of placesOf(check, rowId)) this.#touched.add(pointer);
    if (finding) broken.set(rowId, finding);
    else broken.delete(rowId);
    if (broken.size > 0) this.#broken.set(check, broken);
    else this.#broken.delete(check);
  }

  #checkAll(): void {
    const errors = structureErrors(this.#plan, checkedData(this.#values));
    for (const planned of this.#plan.items.values()) {
      for (const rowId of this.#values.rowIds(planned)) {
        const pointer = pointerOf(planned, rowId);
        this.#keep(pointer, itemFindings(this.#values, planned, rowId, errors.get(pointer) ?? []));
      }
    }
    for (const pointer of errors.keys()) if (pointer.endsWith('/rowId')) this.#keep(pointer, [rowIdFinding(pointer)]);
    for (const check of [...this.#plan.checks, ...this.#plan.rowChecks]) for (const rowId of this.#values.rowIds(check)) this.#checkRule(check, rowId);
    this.#touched = new Set();
  }

  #keep(pointer: Pointer, findings: readonly Finding[]): void {
    if (findings.length > 0) this.#findings.set(pointer, findings);
    else this.#findings.delete(pointer);
  }
}
