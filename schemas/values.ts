/**
 * The values of one record while it is evaluated: what was entered, what is in play, what is off. Used whole by `evaluate`
 * and change by change by a session, so that both say the same. Input is copied, never changed.
 */
import type { Scope } from './expression/evaluate.ts';
import { isEmpty } from './expression/functions.ts';
import type { Answers, Context, Pointer } from './form.ts';
import type { Plan, PlannedCheck, PlannedItem } from './plan.ts';
import { formatPointer, isRows, parsePointer } from './pointer.ts';

/** A row while it is worked on; its cells are unchecked input. */
export interface LooseRow {
  rowId: string;
  [key: string]: unknown;
}

type Loose = { [key: string]: unknown };

export class Values {
  readonly plan: Plan;
  readonly context: Context;
  /** Everything that was entered, in play or not; calculated values are not among it. */
  readonly entered: Loose;
  readonly missing: Loose;
  /** Parked values of places that the form does not have; they are handed on as they came. */
  readonly strays: Loose = emptyLoose();
  /** Values in play: entered, bound and calculated. */
  readonly inPlay: Loose = emptyLoose();
  readonly disabled = new Set<Pointer>();
  /** How many expressions have run. */
  evaluated = 0;
  readonly #scope: Scope & { row?: Loose | undefined };

  constructor(plan: Plan, answers: Answers, context: Context) {
    this.plan = plan;
    this.context = context;
    this.entered = copyEntered(plan, answers.data);
    this.missing = Object.assign(emptyLoose(), answers.missing);
    // Sorted, so that rows come back in the order of their ids: the store does not keep the order of keys.
    for (const [pointer, value] of Object.entries(answers.parked ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (!this.#restore(pointer, value)) this.strays[pointer] = value;
    }
    this.#scope = { values: this.inPlay, today: context.today, bound: context.bound ?? {} };
    for (const { planned } of plan.top) this.#start(planned);
    for (const planned of plan.order) for (const rowId of this.rowIds(planned)) this.workOut(planned, rowId);
  }

  /** The rows of a repeat in play; none when what stands there is not rows. */
  rows(key: string): readonly LooseRow[] {
    const value = this.inPlay[key];
    return isRows(value) ? value : [];
  }

  enteredRows(key: string): readonly LooseRow[] {
    const value = this.entered[key];
    return isRows(value) ? value : [];
  }

  /** Where an item must be worked out: once, or in each row in play. */
  rowIds({ repeat }: { readonly repeat: string | undefined }): readonly (string | undefined)[] {
    return repeat === undefined ? [undefined] : this.rows(repeat).map((row) => row.rowId);
  }

  /** The object that holds an item's value in play; undefined when its row is not in play. */
  holder({ repeat }: PlannedItem, rowId: string | undefined): Loose | undefined {
    return repeat === undefined ? this.inPlay : this.rows(repeat).find((row) => row.rowId === rowId);
  }

  enteredHolder({ repeat }: PlannedItem, rowId: string | undefined): Loose | undefined {
    return repeat === undefined ? this.entered : this.enteredRows(repeat).find((row) => row.rowId === rowId);
  }

  isBoundFromContext({ item }: PlannedItem): boolean {
    return item.bind !== undefined && this.context.bound?.[item.bind] !== undefined;
  }

  /** Works out whether an item is in play and what its value is; true when either changed. */
  workOut(planned: PlannedItem, rowId?: string): boolean {
    const { item } = planned;
    const holder = this.holder(planned, rowId);
    if (!holder) return false;
    this.#scope.row = planned.repeat === undefined ? undefined : holder;
    const pointer = pointerOf(planned, rowId);
    const isOn = planned.enable === undefined || this.#run(planned.enable) === true;
    const wasOn = !this.disabled.has(pointer);
    if (isOn) this.disabled.delete(pointer);
    else this.disabled.add(pointer);
    if (item.type === 'repeat') return this.#switchRepeat(planned, wasOn, isOn);
    const value = isOn ? this.#valueOf(planned, rowId) : undefined;
    const changed = isOn !== wasOn || !isSame(value, holder[item.key]);
    if (value === undefined) delete holder[item.key];
    else holder[item.key] = value;
    return changed;
  }

  /** Puts the rows of a repeat in play as they were entered; its columns must be worked out after. */
  refreshRows(key: string): void {
    const planned = this.plan.items.get(key);
    if (planned) this.#start(planned);
  }

  /** Whether the check is broken, in a row of its repeat or in the form; unknown is not. */
  breaks({ holds, repeat }: PlannedCheck, rowId?: string): boolean {
    this.#scope.row = repeat === undefined ? undefined : this.rows(repeat).find((row) => row.rowId === rowId);
    return this.#run(holds) === false;
  }

  #run(run: (scope: Scope) => unknown): unknown {
    this.evaluated++;
    return run(this.#scope);
  }

  #valueOf(planned: PlannedItem, rowId: string | undefined): unknown {
    const { item, calculate } = planned;
    if (calculate) {
      const { items, bound } = planned.inputs;
      const isBlank = items.length + bound.length > 0
        && items.every((path) => this.#isBlank(path, planned.repeat)) && bound.every((path) => isEmpty(this.context.bound?.[path]));
      const value = isBlank ? undefined : this.#run(calculate);
      return isEmpty(value) || (Array.isArray(value) && value.includes(undefined)) ? undefined : value;
    }
    const bound = item.bind === undefined ? undefined : this.context.bound?.[item.bind];
    return bound ?? this.enteredHolder(planned, rowId)?.[item.key];
  }

  /** Whether an input is empty; a column that is not of this row is judged by its repeat, which is read too. */
  #isBlank(path: string, repeat: string | undefined): boolean {
    const [key = '', column] = path.split('/');
    if (column === undefined) return isEmpty(this.inPlay[key]);
    return key !== repeat || isEmpty(this.#scope.row?.[column]);
  }

  /** The value in play of a top-level item before logic: as entered or bound; columns of calculated items start empty. */
  #start(planned: PlannedItem): void {
    const { key, type } = planned.item;
    const value = planned.calculate ? undefined : this.#valueOf(planned, undefined);
    if (value === undefined || this.disabled.has(pointerOf(planned))) delete this.inPlay[key];
    else this.inPlay[key] = type === 'repeat' && isRows(value) ? value.map((row) => ({ ...row })) : value;
  }

  #switchRepeat(planned: PlannedItem, wasOn: boolean, isOn: boolean): boolean {
    if (!isOn) delete this.inPlay[planned.item.key];
    else if (!wasOn) this.#start(planned);
    return isOn !== wasOn;
  }

  /** Puts a parked value back among what was entered; false when the form has no such place. */
  #restore(pointer: Pointer, value: unknown): boolean {
    const [key = '', rowId, column, ...rest] = parsePointer(pointer);
    const planned = this.plan.items.get(column === undefined ? key : `${key}/${column}`);
    if (rest.length > 0 || (rowId !== undefined && column === undefined) || !this.plan.items.has(key)) return false;
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

/** Where an item's value stands. */
export function pointerOf({ item, repeat, pointer }: PlannedItem, rowId?: string): Pointer {
  return repeat === undefined ? pointer : formatPointer(repeat, rowId ?? '', item.key);
}

/** Keys come from outside; without a prototype no key means anything by itself. */
function emptyLoose(): Loose {
  return Object.create(null) as Loose;
}

/** A copy without calculated values, which are worked out anew; rows are copied too. */
function copyEntered(plan: Plan, data: Loose): Loose {
  const entered = emptyLoose();
  for (const [key, value] of Object.entries(data)) {
    if (value === undefined || plan.items.get(key)?.calculate) continue;
    const columns = plan.columns.get(key);
    entered[key] = columns && isRows(value) ? value.map((row) => copyRow(row, columns)) : value;
  }
  return entered;
}

function copyRow(row: LooseRow, columns: readonly PlannedItem[]): LooseRow {
  const copy = { ...row };
  for (const { item, calculate } of columns) if (calculate || copy[item.key] === undefined) delete copy[item.key];
  return copy;
}

function isSame(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((element, i) => isSame(element, b[i]));
  return Object.is(a, b);
}
