/** A Form made ready to run: closures over its expressions and indexes by path. Made once, shared by all evaluations, never changed. */
import { prepareExpression, type Run } from './expression/evaluate.ts';
import { boundOf } from './expression/reads.ts';
import type { Check, Expression, Form, Item, Pointer } from './form.ts';
import { formatPointer } from './pointer.ts';
import type { StructureCheck } from './prepare.ts';
import { quickly, testsOf, type Test } from './quick-structure.ts';

export interface PlannedItem {
  readonly item: Item;
  /** What is asked for with every record stands here as well: items come in many shapes, these in one. */
  readonly key: string;
  readonly isRepeat: boolean;
  readonly decimals: number | undefined;
  /** Key of the repeat whose column it is. */
  readonly repeat: string | undefined;
  /** Its place among the top-level items; of a column, that of its repeat. */
  readonly slot: number;
  /** Its place among the columns of its repeat; 0 for a top-level item. */
  readonly column: number;
  /** Where its value stands, when it is no column. */
  readonly pointer: Pointer;
  readonly enable: Run | undefined;
  readonly calculate: Run | undefined;
  /** What `calculate` reads: it gives nothing when all of these are empty. */
  readonly inputs: Inputs | undefined;
  /** The codes that its value may be, retired ones included. */
  readonly codes: ReadonlySet<string> | undefined;
  /** What other codes of an open value set look like. */
  readonly openCodes: RegExp | undefined;
  /** Whether an absent value is a finding. */
  readonly isAsked: boolean;
  /** Whether an expression of it reads the repeat as a whole, so that a change in one row concerns all. */
  readonly readsWholeRepeat: boolean;
  /** Rules of a row that are reported at this column. */
  readonly rowChecks: readonly PlannedCheck[];
}

export interface Inputs {
  /** Slots of top-level items. */
  readonly slots: readonly number[];
  /** Columns of the same row. */
  readonly columns: readonly string[];
  readonly bound: readonly string[];
}

export interface PlannedCheck {
  readonly check: Check;
  readonly holds: Run;
  /** Key of the repeat whose rows must keep it. */
  readonly repeat: string | undefined;
  /** Whether it reads that repeat as a whole, so that a change in one row concerns all. */
  readonly readsWholeRepeat: boolean;
}

export interface PlannedTop {
  readonly planned: PlannedItem;
  /** Undefined unless it is a repeat. */
  readonly columns: readonly PlannedItem[] | undefined;
  /** What a row may hold. */
  readonly cells: ReadonlySet<string>;
  /** Checks that are reported here. */
  readonly checks: readonly PlannedCheck[];
}

export interface Plan {
  readonly form: Form;
  readonly check: StructureCheck;
  /** Whether the structure of an item's value is right, by slot; false also where only `check` can tell. */
  readonly tests: readonly (Test | undefined)[];
  /** By path. */
  readonly items: ReadonlyMap<string, PlannedItem>;
  /** Slots of the top-level items, by key. */
  readonly slots: ReadonlyMap<string, number>;
  /** Top-level items in the order of the form, by slot, with what hangs on each. */
  readonly top: readonly PlannedTop[];
  readonly repeats: readonly PlannedTop[];
  /** Slots of the items that a path is bound to. */
  readonly bindings: ReadonlyMap<string, readonly number[]>;
  /** Items with an expression, each after all that it reads. */
  readonly order: readonly PlannedItem[];
  /** Those of the top-level items that hold something calculated: their own value, or a column. */
  readonly calculated: readonly PlannedItem[];
  readonly checks: readonly PlannedCheck[];
  /** Those that each row of a repeat must keep. */
  readonly rowChecks: readonly PlannedCheck[];
  /** Items and checks that read a path. */
  readonly readers: ReadonlyMap<string, { items: readonly PlannedItem[]; checks: readonly PlannedCheck[] }>;
  /** Codes of `missing-reason`. */
  readonly reasons: ReadonlySet<string>;
}

export function planOf(form: Form, check: StructureCheck): Plan {
  const slots = new Map(form.items.map(({ key }, slot) => [key, slot]));
  const prepare = (expression: Expression) => prepareExpression(expression, form.tables, slots);
  const planCheck = (written: Check, repeat?: string): PlannedCheck => (
    { check: written, holds: prepare(written.assert), repeat, readsWholeRepeat: repeat !== undefined && written.assert.reads.includes(repeat) }
  );
  const checks = form.checks.map((written) => planCheck(written));
  const rowChecks = form.items.flatMap((item) => item.checks?.map((written) => planCheck(written, item.key)) ?? []);
  const items = new Map<string, PlannedItem>();
  const top = form.items.map((item, slot): PlannedTop => {
    const planned = planItem(item, { form, slots, slot, column: 0, repeat: undefined, rowChecks: [] });
    const columns = item.items?.map((column, at) => planItem(column, { form, slots, slot, column: at, repeat: item.key, rowChecks }));
    for (const each of [planned, ...(columns ?? [])]) items.set(each.item.path, each);
    return { planned, columns, cells: new Set(['rowId', ...(columns ?? []).map((column) => column.item.key)]), checks: checks.filter(({ check: { at } }) => at[0] === planned.pointer) };
  });
  const tests = testsOf(form.structure);
  const reasons = Object.entries(form.valueSets).find(([ref]) => ref.startsWith('missing-reason/'))?.[1];
  return {
    form, check: quickly(form.structure, check), tests: form.items.map(({ key }) => tests.get(key)), items, slots, top, checks, rowChecks,
    repeats: top.filter(({ columns }) => columns),
    bindings: bindingsOf(form.items),
    order: form.order.flatMap((path) => items.get(path) ?? []),
    calculated: top.filter(({ planned, columns }) => planned.calculate ?? columns?.some((column) => column.calculate)).map(({ planned }) => planned),
    readers: readersOf([...items.values()], [...checks, ...rowChecks]),
    reasons: new Set(reasons?.codes.map(({ code }) => code)),
  };
}

interface Place {
  form: Form;
  slots: ReadonlyMap<string, number>;
  slot: number;
  column: number;
  repeat: string | undefined;
  rowChecks: readonly PlannedCheck[];
}

function planItem(item: Item, { form, slots, slot, column, repeat, rowChecks }: Place): PlannedItem {
  const valueSet = item.valueSet === undefined ? undefined : form.valueSets[item.valueSet];
  const { enableWhen, calculate } = item;
  return {
    item, key: item.key, isRepeat: item.type === 'repeat', decimals: item.decimals, repeat, slot, column,
    pointer: formatPointer(item.key),
    enable: enableWhen && prepareExpression(enableWhen, form.tables, slots),
    calculate: calculate && prepareExpression(calculate, form.tables, slots),
    inputs: calculate && inputsOf(calculate, slots, repeat),
    codes: valueSet && new Set(valueSet.codes.map(({ code }) => code)),
    openCodes: valueSet?.open && new RegExp(`^(?:${valueSet.open.pattern})$`, 'u'),
    isAsked: item.required && item.bind === undefined && calculate === undefined,
    readsWholeRepeat: repeat !== undefined && [enableWhen, calculate].some((expression) => expression?.reads.includes(repeat)),
    rowChecks: rowChecks.filter((planned) => planned.repeat === repeat && planned.check.at[0] === `/${item.key}`),
  };
}

/** Undefined when it reads nothing. A column of another repeat is judged by that repeat, which is read too. */
function inputsOf({ reads, tree }: Expression, slots: ReadonlyMap<string, number>, repeat: string | undefined): Inputs | undefined {
  const bound = boundOf(tree);
  if (reads.length + bound.length === 0) return undefined;
  const own = `${repeat ?? ''}/`;
  return { slots: reads.flatMap((path) => slots.get(path) ?? []), columns: reads.flatMap((path) => (repeat !== undefined && path.startsWith(own) ? [path.slice(own.length)] : [])), bound };
}

function bindingsOf(items: readonly Item[]): Map<string, number[]> {
  const bindings = new Map<string, number[]>();
  for (const [slot, { bind }] of items.entries()) if (bind !== undefined) bindings.set(bind, [...(bindings.get(bind) ?? []), slot]);
  return bindings;
}

function readersOf(items: readonly PlannedItem[], checks: readonly PlannedCheck[]): Plan['readers'] {
  const readers = new Map<string, { items: PlannedItem[]; checks: PlannedCheck[] }>();
  const at = (path: string) => {
    const known = readers.get(path) ?? { items: [], checks: [] };
    readers.set(path, known);
    return known;
  };
  for (const planned of items) {
    for (const path of new Set([...(planned.item.enableWhen?.reads ?? []), ...(planned.item.calculate?.reads ?? [])])) at(path).items.push(planned);
  }
  for (const planned of checks) for (const path of planned.check.assert.reads) at(path).checks.push(planned);
  return readers;
}

/** Where an item's value stands. */
export function pointerOf({ key, repeat, pointer }: PlannedItem, rowId?: string): Pointer {
  return repeat === undefined ? pointer : formatPointer(repeat, rowId ?? '', key);
}
