/**
 * Evaluation change by change, for a form on screen: only what depends on a change is worked out again. What it says is
 * the same as `evaluate` over `answers()`; a property test holds the two together.
 */
import { Agenda } from './agenda.ts';
import { BrokenChecks } from './broken.ts';
import { checkFinding, placesOf, rowIdFinding, toEvaluation } from './evaluate.ts';
import { errorsInPlay, errorsOf, itemFindings, structureErrors } from './findings.ts';
import { isEmpty } from './expression/functions.ts';
import type { Answers, Context, Evaluation, Finding, Missing, Pointer, Value } from './form.ts';
import { initialValues } from './initial.ts';
import { pointerOf, type Plan, type PlannedCheck, type PlannedItem } from './plan.ts';
import { formatPointer, isRows, parsePointer } from './pointer.ts';
import type { FormSession, SessionUpdate } from './prepare.ts';
import { Values, type RowState } from './values.ts';

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
  readonly #broken = new BrokenChecks();
  #touched = new Set<Pointer>();
  readonly #agenda: Agenda;

  constructor(plan: Plan, answers: Answers, context: Context) {
    this.#plan = plan;
    this.#values = new Values(plan, answers, context, true);
    this.#agenda = new Agenda(plan, (repeat) => this.#rowIds(repeat));
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
    if (!place || !this.#columnsOf(place.planned)) return NOTHING;
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
    const { touched, evaluated } = this.#updateRows(place);
    const gone = (this.#columnsOf(place.planned) ?? []).map((column) => pointerOf(column, rowId));
    return { touched: [...new Set([...touched, ...gone])], evaluated };
  }

  value(pointer: Pointer): Value | undefined {
    const place = this.#place(pointer);
    const value = place && this.#values.valueIn(place.planned, this.#values.state(place.planned, place.rowId));
    return place && isRows(value) && this.#columnsOf(place.planned) ? undefined : (value as Value | undefined);
  }

  missing(pointer: Pointer): string | undefined {
    const reason = this.#values.missing[pointer];
    return typeof reason === 'string' ? reason : undefined;
  }

  isEnabled(pointer: Pointer): boolean {
    const place = this.#place(pointer);
    const state = place && this.#values.state(place.planned, place.rowId);
    return place !== undefined && (place.planned.repeat === undefined || state !== undefined) && !this.#values.isOff(place.planned, state);
  }

  findings(pointer: Pointer): readonly Finding[] {
    const own = this.#findings.get(pointer) ?? [];
    const checks = this.#broken.at(pointer);
    return checks.length === 0 ? own : [...own, ...checks];
  }

  evaluation(): Evaluation {
    return toEvaluation(this.#values, {
      ofItem: (planned, state) => this.#findings.get(pointerOf(planned, state?.row.rowId)) ?? [],
      ofCheck: (check, state) => this.#broken.get(check, state?.row.rowId),
      ofRowId: (pointer) => this.#findings.get(pointer()) ?? [],
    });
  }

  answers(): { data: Answers['data']; missing: Missing } {
    const copies = Object.entries(this.#values.entered).map(([key, value]) => [key, this.#plan.top[this.#plan.slots.get(key) ?? -1]?.columns && isRows(value) ? value.map((row) => ({ ...row })) : value]);
    return { data: Object.fromEntries(copies) as Answers['data'], missing: { ...this.#values.missing } as Missing };
  }

  #place(pointer: Pointer): Place | undefined {
    const [key = '', rowId, column, ...rest] = parsePointer(pointer);
    if (rest.length > 0 || (rowId !== undefined && column === undefined)) return undefined;
    const planned = this.#plan.items.get(column === undefined ? key : `${key}/${column}`);
    return planned && { planned, rowId };
  }

  /** The rows in which an item or a check must be looked at: one that is no row, or each in play. */
  #states(repeat: string | undefined): readonly (RowState | undefined)[] {
    return repeat === undefined ? [undefined] : this.#values.states(this.#plan.slots.get(repeat) ?? -1);
  }

  #columnsOf(planned: PlannedItem): readonly PlannedItem[] | undefined {
    return planned.repeat === undefined ? this.#plan.top[planned.slot]?.columns : undefined;
  }

  /** Works out a place and everything that depends on it. */
  #update(place: Place): SessionUpdate {
    const before = this.#begin();
    this.#touched.add(pointerOf(place.planned, place.rowId));
    if (this.#workOut(place)) this.#changed(place.planned, place.rowId);
    return this.#finish(before);
  }

  /** Works out a repeat whose rows have changed. */
  #updateRows({ planned }: Place): SessionUpdate {
    const before = this.#begin();
    this.#touched.add(pointerOf(planned));
    this.#values.refreshRows(planned);
    this.#rowsChanged(planned);
    return this.#finish(before);
  }

  #begin(): number {
    this.#touched = new Set();
    this.#agenda.clear();
    return this.#values.evaluated;
  }

  #finish(before: number): SessionUpdate {
    for (const planned of this.#plan.order) {
      const rowIds = this.#agenda.items.get(planned);
      if (!rowIds) continue;
      for (const rowId of rowIds) {
        if (!this.#workOut({ planned, rowId })) continue;
        this.#touched.add(pointerOf(planned, rowId));
        this.#changed(planned, rowId);
      }
    }
    for (const pointer of this.#touched) this.#checkItem(pointer);
    for (const [check, rowIds] of this.#agenda.checks) for (const rowId of rowIds) this.#checkRule(check, rowId);
    return { touched: [...this.#touched], evaluated: this.#values.evaluated - before };
  }

  #workOut(place: Place): boolean {
    const state = this.#values.state(place.planned, place.rowId);
    return (place.planned.repeat === undefined || state !== undefined) && this.#values.workOut(place.planned, state);
  }

  /** Marks what reads an item whose value or state is another now. */
  #changed(planned: PlannedItem, rowId: string | undefined): void {
    if (planned.item.type === 'repeat') this.#rowsChanged(planned);
    else this.#agenda.readersOf(planned.item.path, planned.repeat, rowId);
  }

  /** Rows came, went, or were switched on or off: all their cells and whatever reads one of them. */
  #rowsChanged(repeat: PlannedItem): void {
    const { key } = repeat.item;
    this.#agenda.readersOf(key);
    for (const pointer of this.#findings.keys()) if (pointer.startsWith(`/${key}/`)) this.#touched.add(pointer);
    for (const { row } of this.#values.states(repeat.slot)) this.#touched.add(formatPointer(key, row.rowId, 'rowId'));
    for (const column of this.#columnsOf(repeat) ?? []) {
      for (const { rowId } of this.#values.enteredRows(key)) this.#touched.add(pointerOf(column, rowId));
      if (column.enable ?? column.calculate) this.#agenda.item(column, this.#rowIds(key));
      this.#agenda.readersOf(column.item.path);
    }
    for (const check of this.#plan.rowChecks) if (check.repeat === key) this.#agenda.check(check, [...this.#rowIds(key), ...this.#broken.rowIds(check)]);
  }

  #rowIds(repeat: string | undefined): readonly (string | undefined)[] {
    return this.#states(repeat).map((state) => state?.row.rowId);
  }

  #checkItem(pointer: Pointer): void {
    const [key = '', rowId, column] = parsePointer(pointer);
    const place = this.#place(pointer);
    const state = place && this.#values.state(place.planned, place.rowId);
    if (place && (place.planned.repeat === undefined || state)) this.#keep(pointer, itemFindings(this.#values, place.planned, state, errorsOf(this.#values, place.planned, state)));
    else if (column === 'rowId' && this.#rowIds(key).includes(rowId)) {
      this.#keep(pointer, structureErrors(this.#plan, { [key]: [{ rowId }] }).has(pointer) ? [rowIdFinding(pointer)] : []);
    } else this.#findings.delete(pointer);
  }

  #checkRule(check: PlannedCheck, rowId: string | undefined): void {
    const state = this.#states(check.repeat).find((each) => each?.row.rowId === rowId);
    const finding = check.repeat === undefined || state ? checkFinding(this.#values, check, state) : undefined;
    if (this.#broken.keep(check, rowId, finding)) for (const pointer of placesOf(check, rowId)) this.#touched.add(pointer);
  }

  #checkAll(): void {
    const errors = errorsInPlay(this.#values);
    for (const planned of this.#plan.items.values()) {
      for (const state of this.#states(planned.repeat)) {
        const pointer = pointerOf(planned, state?.row.rowId);
        this.#keep(pointer, itemFindings(this.#values, planned, state, errors.get(pointer) ?? []));
      }
    }
    for (const pointer of errors.keys()) if (pointer.endsWith('/rowId')) this.#keep(pointer, [rowIdFinding(pointer)]);
    for (const check of [...this.#plan.checks, ...this.#plan.rowChecks]) for (const rowId of this.#rowIds(check.repeat)) this.#checkRule(check, rowId);
    this.#touched = new Set();
  }

  #keep(pointer: Pointer, findings: readonly Finding[]): void {
    if (findings.length > 0) this.#findings.set(pointer, findings);
    else this.#findings.delete(pointer);
  }
}
