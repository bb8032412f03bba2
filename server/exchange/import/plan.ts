/** One row of a table → what it would make: a patient's fields, a visit, records, and where every single cell went. Pure. */
import type { Evaluation, Item, Value } from '../../../schemas/form.ts';
import { lookUp } from '../../../schemas/expression/lookup.ts';
import { formatPointer } from '../../../schemas/pointer.ts';
import type { PreparedForm } from '../../../schemas/prepare.ts';
import type { TableRow } from '../csv/read.ts';
import { convertCell } from './convert.ts';
import type { ColumnRule } from './mapping.ts';
import { missingReason } from './missing.ts';
import type { ReadyDerived, ReadyMapping, ReadyPlace, ReadyRule, ReadyTarget } from './ready.ts';

/** What became of a cell. `parked` is stored too, but logic has switched its element off. */
export type CellState = 'element' | 'parked' | 'subject' | 'visit' | 'source' | 'missing' | 'refused';

export interface PlannedRecord {
  subDataset: string;
  version: string;
  data: { [key: string]: Value };
  missing: { [pointer: string]: string };
  evaluation: Evaluation;
}

export interface RowPlan {
  line: number;
  /** The cells of the mapping's key columns. */
  key: string;
  studyNumber: string;
  /** Fields of the patient by element key. */
  identity: { [key: string]: Value };
  visitDate?: string;
  records: PlannedRecord[];
  /** Verbatim, without columns that identify a person. */
  cells: { [column: string]: string };
  missing: { [column: string]: string };
  refused: { [column: string]: string };
  states: Map<string, CellState>;
}

/** A row that cannot be used as a whole; the reason stands for each of its cells. */
export interface RefusedRow {
  line: number;
  columns: string[];
  reason: string;
}

export function planRow(mapping: ReadyMapping, row: TableRow, today: string): RowPlan | RefusedRow {
  const refusal = rowRefusal(mapping, row);
  if (refusal !== undefined) return { line: row.line, columns: columnsOf(mapping, row), reason: refusal };
  const draft = new RowDraft(mapping, row);
  mapping.rules.forEach((rule, at) => draft.place(rule, row.cells[at] ?? ''));
  for (const { to, value } of mapping.constants) draft.put(to, value);
  for (const derived of mapping.derived) draft.derive(derived);
  return draft.finish(today);
}

function rowRefusal({ columns, keyAt, studyNumberAt, mapping }: ReadyMapping, { cells }: TableRow): string | undefined {
  if (cells.length !== columns.length) return `the row has ${cells.length} cells where the header has ${columns.length}`;
  const isGone = (at: number) => missingReason(cells[at] ?? '', mapping) !== undefined;
  if (keyAt.some(isGone)) return `the row has no ${mapping.key.join(' and ')}, by which it is known`;
  return isGone(studyNumberAt) ? 'the row has no study number' : undefined;
}

/** Cells beyond the header have no name but their position. */
function columnsOf({ columns }: ReadyMapping, { cells }: TableRow): string[] {
  return Array.from({ length: Math.max(columns.length, cells.length) }, (_, at) => columns[at] ?? `column ${at + 1}`);
}

interface DraftRecord {
  form: PreparedForm;
  data: Map<string, Value>;
  missing: Map<string, string>;
  /** Column that each element was taken from. */
  from: Map<string, string>;
}

class RowDraft {
  readonly #mapping: ReadyMapping;
  readonly #row: TableRow;
  readonly #records = new Map<string, DraftRecord>();
  readonly #identity = new Map<Item, Value>();
  readonly #cells = new Map<string, string>();
  readonly #missing = new Map<string, string>();
  readonly #refused = new Map<string, string>();
  readonly #states = new Map<string, CellState>();
  #visitDate: string | undefined;

  constructor(mapping: ReadyMapping, row: TableRow) {
    this.#mapping = mapping;
    this.#row = row;
    for (const form of mapping.forms) this.#records.set(form.form.standard.subDataset, { form, data: new Map(), missing: new Map(), from: new Map() });
  }

  place(rule: ReadyRule, text: string): void {
    const { column, identifying } = rule.rule;
    if (text.includes('\u0000')) return this.#refuse(column, 'holds a NUL character, which the database cannot keep');
    if (identifying !== 'direct') this.#cells.set(column, text);
    const reason = missingReason(text, this.#mapping.mapping, rule.rule.split);
    if (reason !== undefined) return this.#leaveOut(rule, reason);
    this.#states.set(column, 'source');
    for (const target of rule.targets) this.#convert(rule.rule, target, text);
  }

  #leaveOut({ rule: { column }, targets }: ReadyRule, reason: string): void {
    this.#missing.set(column, reason);
    this.#states.set(column, 'missing');
    for (const { ready } of targets) if (ready.kind === 'element') this.#records.get(ready.subDataset)?.missing.set(formatPointer(ready.item.key), reason);
  }

  #convert(rule: ColumnRule, { target, ready }: ReadyTarget, text: string): void {
    const converted = convertCell(text, target, ready.item, ready.form, rule.split);
    if ('left' in converted) return;
    if ('refused' in converted) return this.#refuse(rule.column, `${converted.refused} (${target.place})`);
    if (this.#states.get(rule.column) === 'source') this.#states.set(rule.column, ready.kind);
    this.put(ready, converted.value);
    if (ready.kind === 'element') this.#records.get(ready.subDataset)?.from.set(ready.item.key, rule.column);
  }

  put(ready: ReadyPlace, value: Value): void {
    const whole = ready.item.type === 'codes' && typeof value === 'string' ? [value] : value;
    if (ready.kind === 'element') this.#records.get(ready.subDataset)?.data.set(ready.item.key, whole);
    else if (ready.kind === 'subject' && ready.item.bind !== undefined) this.#identity.set(ready.item, value);
    else if (ready.kind === 'visit') this.#visitDate = String(value);
  }

  derive({ ready, table, derived }: ReadyDerived): void {
    const value = lookUp(table, derived.arguments.map((column) => this.#argument(column)));
    if (value !== undefined) return this.put(ready, value);
    if (derived.otherwise !== undefined && ready.kind === 'element') {
      this.#records.get(ready.subDataset)?.missing.set(formatPointer(ready.item.key), derived.otherwise);
    }
  }

  /** Text of a cell, as a number where it is one; a missing or refused cell is empty. */
  #argument(column: string): string | number | undefined {
    const state = this.#states.get(column);
    if (state === 'missing' || state === 'refused') return undefined;
    const text = this.#row.cells[this.#mapping.columns.indexOf(column)] ?? '';
    return /^-?(\d+(\.\d*)?|\.\d+)$/.test(text) ? Number(text) : text;
  }

  #refuse(column: string, reason: string): void {
    this.#refused.set(column, reason);
    this.#states.set(column, 'refused');
  }

  finish(today: string): RowPlan {
    const records = [...this.#records.values()].map((record) => this.#record(record, today));
    const { keyAt, studyNumberAt } = this.#mapping;
    return {
      line: this.#row.line,
      key: keyAt.map((at) => this.#row.cells[at] ?? '').join('\u001f'),
      studyNumber: (this.#row.cells[studyNumberAt] ?? '').trim(),
      identity: Object.fromEntries([...this.#identity].map(([{ key }, value]) => [key, value])),
      ...(this.#visitDate === undefined ? {} : { visitDate: this.#visitDate }),
      records,
      cells: Object.fromEntries(this.#cells),
      missing: Object.fromEntries(this.#missing),
      refused: Object.fromEntries(this.#refused),
      states: this.#states,
    };
  }

  /** What the engine finds wrong with the shape of a value is refused, and the rest is evaluated without it. */
  #record(record: DraftRecord, today: string): PlannedRecord {
    const bound = Object.fromEntries([...this.#identity].map(([{ bind = '' }, value]) => [bind, value]));
    const evaluate = () => record.form.evaluate({ data: Object.fromEntries(record.data), missing: Object.fromEntries(record.missing) }, { today, bound });
    let evaluation = evaluate();
    const broken = evaluation.findings.filter(({ rule }) => shapeRules.has(rule));
    for (const { pointer, message } of broken) this.#takeBack(record, pointer.slice(1), message.en);
    if (broken.length > 0) evaluation = evaluate();
    for (const key of Object.keys(evaluation.parked)) this.#park(record, key.slice(1));
    const { subDataset, version } = record.form.form.standard;
    return { subDataset, version, data: Object.fromEntries(record.data), missing: Object.fromEntries(record.missing), evaluation };
  }

  #takeBack(record: DraftRecord, key: string, reason: string): void {
    const column = record.from.get(key);
    if (column === undefined) throw new Error(`The mapping concludes a value for ${key} that the standard refuses: ${reason}`);
    record.data.delete(key);
    this.#refuse(column, `${reason} (${record.form.form.standard.subDataset}/${key})`);
  }

  #park(record: DraftRecord, key: string): void {
    const column = record.from.get(key);
    if (column !== undefined && this.#states.get(column) === 'element') this.#states.set(column, 'parked');
  }
}

/** Findings about a single value that no other answer can mend. */
const shapeRules = new Set(['type', 'range', 'decimals', 'length', 'format', 'pattern', 'value-set', 'unique', 'unknown-element']);
