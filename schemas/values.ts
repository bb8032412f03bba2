/**
 * The values of one record while it is evaluated: what was entered, what is in play, what is off. Used whole by `evaluate`
 * and change by change by a session, so that both say the same. Input is never changed; a whole evaluation reads it where
 * it lies, a session works on a copy.
 */
import { boundBySlot, copyEntered, emptyLoose, isRight, playRow, readEntered, readReasons, type Loose, type LooseRow, type Read, type Reasons } from './entered.ts';
import type { Scope } from './expression/evaluate.ts';
import { isEmpty } from './expression/functions.ts';
import type { Answers, Context, Pointer } from './form.ts';
import { pointerOf, type Plan, type PlannedCheck, type PlannedItem } from './plan.ts';
import { isRows, parsePointer } from './pointer.ts';

/** A row in play: its values, and what of it is off, by column. */
export interface RowState {
  readonly row: LooseRow;
  readonly entered: LooseRow;
  readonly off: boolean[];
}

const NONE: readonly never[] = [];
const NO_ROWS: readonly RowState[] = NONE;
const NOTHING = {};

export class Values {
  readonly plan: Plan;
  readonly context: Context;
  readonly bound: { readonly [path: string]: unknown };
  /** Everything that was entered, in play or not; calculated values that stand in it count for nothing. */
  readonly entered: Loose;
  readonly missing: Loose;
  /** Whether there may be reasons. */
  readonly hasMissing: boolean;
  /** Parked values of places that the form does not have; they are handed on as they came. */
  readonly strays: Loose | undefined;
  /** Values in play by slot: entered, bound and calculated. */
  readonly inPlay: unknown[];
  /** What is off, by slot. */
  readonly off: boolean[];
  /** How many expressions have run. */
  evaluated = 0;
  readonly #states: (readonly RowState[])[];
  /** What was entered, read in one go; undefined where the answers may still change. */
  readonly #read: Read | undefined;
  readonly #reasons: Reasons | undefined;
  readonly #boundAt: readonly unknown[] | undefined;
  readonly #scope: { -readonly [name in keyof Scope]: Scope[name] };

  /** With `isKept` the answers are copied, so that they can be changed. */
  constructor(plan: Plan, answers: Answers, context: Context, isKept: boolean) {
    this.plan = plan;
    this.context = context;
    this.bound = context.bound ?? NOTHING;
    this.#boundAt = context.bound && boundBySlot(plan, context.bound);
    const parked = answers.parked === undefined ? NONE : Object.entries(answers.parked);
    this.entered = isKept || parked.length > 0 ? copyEntered(plan, answers.data) : answers.data;
    this.missing = isKept ? Object.assign(emptyLoose(), answers.missing) : answers.missing ?? NOTHING;
    this.#reasons = isKept ? undefined : readReasons(plan, this.missing);
    this.hasMissing = this.#reasons?.isEmpty !== true;
    this.strays = parked.length > 0 ? this.#restoreAll(parked) : undefined;
    this.#read = isKept ? undefined : readEntered(plan, this.entered);
    this.inPlay = new Array<unknown>(plan.top.length).fill(undefined);
    this.off = new Array<boolean>(plan.top.length).fill(false);
    this.#states = new Array<readonly RowState[]>(plan.top.length).fill(NO_ROWS);
    this.#scope = { values: this.inPlay, row: undefined, today: context.today, bound: this.bound };
    for (const { planned } of plan.top) this.#start(planned);
    for (const planned of plan.order) {
      if (planned.repeat === undefined) this.workOut(planned);
      else for (const state of this.states(planned.slot)) this.workOut(planned, state);
    }
  }

  /** The rows of a repeat in play, by its slot; none when what stands there is not rows. */
  states(slot: number): readonly RowState[] {
    return this.#states[slot] ?? NO_ROWS;
  }

  state({ repeat, slot }: PlannedItem, rowId: string | undefined): RowState | undefined {
    return repeat === undefined ? undefined : this.states(slot).find(({ row }) => row.rowId === rowId);
  }

  enteredRows(key: string): readonly LooseRow[] {
    const value = this.entered[key];
    return isRows(value) ? value : [];
  }

  /** Where an item's entered value stands; undefined when there is no such row. */
  enteredHolder({ repeat }: PlannedItem, rowId: string | undefined): Loose | undefined {
    return repeat === undefined ? this.entered : this.enteredRows(repeat).find((row) => row.rowId === rowId);
  }

  valueIn({ repeat, slot, key }: PlannedItem, state: RowState | undefined): unknown {
    return repeat === undefined ? this.inPlay[slot] : state?.row[key];
  }

  isOff({ repeat, slot, column }: PlannedItem, state: RowState | undefined): boolean {
    return (repeat === undefined ? this.off[slot] : state?.off[column]) === true;
  }

  isBoundFromContext({ repeat, slot }: PlannedItem): boolean {
    return repeat === undefined && this.#boundAt?.[slot] !== undefined;
  }

  /** What was entered in an item: at the top, or in the row. */
  enteredIn({ repeat, slot, key }: PlannedItem, state: RowState | undefined): unknown {
    if (repeat !== undefined) return state?.entered[key];
    return this.#read ? this.#read.values[slot] : this.entered[key];
  }

  /** Keys of what was entered that are no items of the form. */
  strangeKeys(): readonly string[] {
    return (this.#read ?? readEntered(this.plan, this.entered)).strange;
  }

  /** Whether the structure of all that was entered is right. */
  isEnteredRight(): boolean {
    return this.#read ? isRight(this.plan, this.#read.values) : this.plan.check(this.entered).length === 0;
  }

  /** The reason given for an item. */
  reasonFor(planned: PlannedItem, state: RowState | undefined): unknown {
    if (!this.#reasons) return this.missing[pointerOf(planned, state?.row.rowId)];
    if (this.#reasons.isEmpty) return undefined;
    return state ? this.#reasons.cells.get(planned)?.get(state.row.rowId) : this.#reasons.top[planned.slot];
  }

  /** Works out whether an item is in play and what its value is, in a row when it is a column; true when either changed. */
  workOut(planned: PlannedItem, state?: RowState): boolean {
    const { key, slot, repeat } = planned;
    this.#scope.row = state?.row;
    const isOn = planned.enable === undefined || this.#run(planned.enable) === true;
    const wasOn = !this.isOff(planned, state);
    if (state) state.off[planned.column] = !isOn;
    else this.off[slot] = !isOn;
    if (planned.isRepeat) return this.#switchRepeat(planned, wasOn, isOn);
    const before = this.valueIn(planned, state);
    const value = isOn ? this.#valueOf(planned, state) : undefined;
    if (repeat === undefined) this.inPlay[slot] = value;
    else if (state && (value !== undefined || before !== undefined)) state.row[key] = value;
    return isOn !== wasOn || !isSame(value, before);
  }

  /** Puts the rows of a repeat in play as they were entered; its columns must be worked out after. */
  refreshRows({ slot }: PlannedItem): void {
    const top = this.plan.top[slot];
    if (top) this.#start(top.planned);
  }

  /** Whether the check is broken, in a row of its repeat or in the form; unknown is not. */
  breaks({ holds }: PlannedCheck, state: RowState | undefined): boolean {
    this.#scope.row = state?.row;
    return this.#run(holds) === false;
  }

  #run(run: (scope: Scope) => unknown): unknown {
    this.evaluated++;
    return run(this.#scope);
  }

  #valueOf(planned: PlannedItem, state: RowState | undefined): unknown {
    const { calculate } = planned;
    if (calculate) {
      const value = this.#hasNoInput(planned, state) ? undefined : this.#run(calculate);
      return isEmpty(value) || (Array.isArray(value) && value.includes(undefined)) ? undefined : value;
    }
    const bound = planned.repeat === undefined ? this.#boundAt?.[planned.slot] : undefined;
    return bound ?? this.enteredIn(planned, state);
  }

  #hasNoInput({ inputs }: PlannedItem, state: RowState | undefined): boolean {
    if (!inputs) return false;
    for (const slot of inputs.slots) if (!isEmpty(this.inPlay[slot])) return false;
    for (const key of inputs.columns) if (!isEmpty(state?.row[key])) return false;
    for (const path of inputs.bound) if (!isEmpty(this.bound[path])) return false;
    return true;
  }

  /** The value in play of a top-level item before logic: as entered or bound; calculated items start empty. */
  #start(planned: PlannedItem): void {
    const { slot } = planned;
    const value = planned.calculate || this.off[slot] ? undefined : this.#valueOf(planned, undefined);
    const columns = value === undefined || !planned.isRepeat ? undefined : this.plan.top[slot]?.columns;
    const states = columns && isRows(value) ? value.map((entered) => ({ entered, row: playRow(entered, columns), off: new Array<boolean>(columns.length).fill(false) })) : undefined;
    this.#states[slot] = states ?? NO_ROWS;
    this.inPlay[slot] = states ? states.map(({ row }) => row) : value;
  }

  #switchRepeat(planned: PlannedItem, wasOn: boolean, isOn: boolean): boolean {
    if (isOn !== wasOn) this.#start(planned);
    return isOn !== wasOn;
  }

  /** Puts parked values back; those of places that the form does not have are returned. */
  #restoreAll(parked: readonly [Pointer, unknown][]): Loose {
    const strays = emptyLoose();
    // Sorted, so that rows come back in the order of their ids: the store does not keep the order of keys.
    for (const [pointer, value] of [...parked].sort(([a], [b]) => (a < b ? -1 : 1))) if (!this.#restore(pointer, value)) strays[pointer] = value;
    return strays;
  }

  /** Puts a parked value back among what was entered; false when the form has no such place. */
  #restore(pointer: Pointer, value: unknown): boolean {
    const [key = '', rowId, column, ...rest] = parsePointer(pointer);
    const planned = this.plan.items.get(column === undefined ? key : `${key}/${column}`);
    if (rest.length > 0 || (rowId !== undefined && column === undefined) || !this.plan.slots.has(key)) return false;
    if (column === undefined || rowId === undefined) {
      if (planned && !planned.calculate && this.entered[key] === undefined) this.entered[key] = value;
      return true;
    }
    if (!planned && column !== 'rowId') return false;
    if (this.entered[key] !== undefined && !isRows(this.entered[key])) return false;
    const rows = this.enteredRows(key);
    const row = rows.find((candidate) => candidate.rowId === rowId) ?? { rowId };
    if (!rows.includes(row)) this.entered[key] = [...rows, row];
    if (column !== 'rowId' && !planned?.calculate && row[column] === undefined) row[column] = value;
    return true;
  }
}

function isSame(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((element, i) => isSame(element, b[i]));
  return Object.is(a, b);
}
