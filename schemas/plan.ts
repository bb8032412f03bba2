/** A Form made ready to run: closures over its expressions and indexes by path. Made once, shared by all evaluations, never changed. */
import { allItems } from './compile/order.ts';
import { prepareExpression, type Run } from './expression/evaluate.ts';
import { boundOf } from './expression/reads.ts';
import type { Check, Form, Item, Pointer } from './form.ts';
import { formatPointer } from './pointer.ts';
import type { StructureCheck } from './prepare.ts';

export interface PlannedItem {
  readonly item: Item;
  /** Key of the repeat whose column it is. */
  readonly repeat: string | undefined;
  /** Where its value stands, when it is no column. */
  readonly pointer: Pointer;
  readonly enable: Run | undefined;
  readonly calculate: Run | undefined;
  /** What `calculate` reads: it gives nothing when all of these are empty. */
  readonly inputs: { items: readonly string[]; bound: readonly string[] };
  /** The codes that its value may be, retired ones included. */
  readonly codes: ReadonlySet<string> | undefined;
  /** What other codes of an open value set look like. */
  readonly openCodes: RegExp | undefined;
  /** Whether an expression of it reads the repeat as a whole, so that a change in one row concerns all. */
  readonly readsWholeRepeat: boolean;
  /** Rules of a row that are reported at this column. */
  readonly rowChecks: readonly PlannedCheck[];
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
  readonly pointer: Pointer;
  /** Undefined unless it is a repeat. */
  readonly columns: readonly PlannedItem[] | undefined;
  /** Checks that are reported here. */
  readonly checks: readonly PlannedCheck[];
}

export interface Plan {
  readonly form: Form;
  readonly check: StructureCheck;
  /** By path. */
  readonly items: ReadonlyMap<string, PlannedItem>;
  /** Top-level items in the order of the form, with what hangs on each. */
  readonly top: readonly PlannedTop[];
  /** Columns of a repeat, by its key. */
  readonly columns: ReadonlyMap<string, readonly PlannedItem[]>;
  /** Items with an expression, each after all that it reads. */
  readonly order: readonly PlannedItem[];
  readonly checks: readonly PlannedCheck[];
  /** Those that each row of a repeat must keep. */
  readonly rowChecks: readonly PlannedCheck[];
  /** Items and checks that read a path. */
  readonly readers: ReadonlyMap<string, { items: readonly PlannedItem[]; checks: readonly PlannedCheck[] }>;
  /** Codes of `missing-reason`. */
  readonly reasons: ReadonlySet<string>;
}

export function planOf(form: Form, check: StructureCheck): Plan {
  const rowChecks = form.items.flatMap((item) => item.checks?.map((check) => planCheck(check, form, item.key)) ?? []);
  const items = new Map(allItems(form.items).map((item) => [item.path, planItem(item, form, rowChecks)]));
  const columns = new Map(form.items.flatMap((item) => (item.items ? [[item.key, item.items.flatMap((column) => items.get(column.path) ?? [])]] : [])));
  const checks = form.checks.map((check) => planCheck(check, form));
  const reasons = Object.entries(form.valueSets).find(([ref]) => ref.startsWith('missing-reason/'))?.[1];
  return {
    form,
    check,
    items,
    top: form.items.flatMap(({ key }) => {
      const planned = items.get(key);
      return planned ? [{ planned, pointer: `/${key}`, columns: columns.get(key), checks: checks.filter(({ check: { at } }) => at[0] === `/${key}`) }] : [];
    }),
    columns,
    order: form.order.flatMap((path) => items.get(path) ?? []),
    checks,
    rowChecks,
    readers: readersOf([...items.values()], [...checks, ...rowChecks]),
    reasons: new Set(reasons?.codes.map(({ code }) => code)),
  };
}

function planCheck(check: Check, form: Form, repeat?: string): PlannedCheck {
  return { check, holds: prepareExpression(check.assert, form.tables), repeat, readsWholeRepeat: repeat !== undefined && check.assert.reads.includes(repeat) };
}

function planItem(item: Item, form: Form, rowChecks: readonly PlannedCheck[]): PlannedItem {
  const slash = item.path.indexOf('/');
  const repeat = slash < 0 ? undefined : item.path.slice(0, slash);
  const valueSet = item.valueSet === undefined ? undefined : form.valueSets[item.valueSet];
  return {
    item,
    repeat,
    pointer: formatPointer(item.key),
    enable: item.enableWhen && prepareExpression(item.enableWhen, form.tables),
    calculate: item.calculate && prepareExpression(item.calculate, form.tables),
    inputs: { items: item.calculate?.reads ?? [], bound: item.calculate ? boundOf(item.calculate.tree) : [] },
    codes: valueSet && new Set(valueSet.codes.map(({ code }) => code)),
    openCodes: valueSet?.open && new RegExp(`^(?:${valueSet.open.pattern})$`, 'u'),
    readsWholeRepeat: repeat !== undefined && [item.enableWhen, item.calculate].some((expression) => expression?.reads.includes(repeat)),
    rowChecks: rowChecks.filter((planned) => planned.repeat === repeat && planned.check.at[0] === `/${item.key}`),
  };
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
