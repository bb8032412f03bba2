/** Recorded results beside calculated ones, row by row: what is equal, what differs, and why by the mapping's own table of reasons. */
import { lookUp } from '../../../schemas/expression/lookup.ts';
import type { Comparison, Mapping, Result } from './mapping.ts';
import type { RowPlan } from './plan.ts';

export type Outcome = 'equal' | 'recorded-coarser' | 'calculated-coarser' | 'differs' | 'not-recorded' | 'not-calculated';

export interface ComparedRow {
  /** Line of the file. */
  row: number;
  recorded?: string;
  calculated?: string;
  outcome: Outcome;
  /** Absent where the two are equal. */
  reason?: string;
  beside: { [column: string]: string };
}

export interface CompareReport {
  /** Rows that have both results. */
  compared: number;
  equal: number;
  differ: number;
  /** Rows that lack one of the two. */
  notComparable: number;
  byReason: { [reason: string]: number };
  rows: ComparedRow[];
}

interface Seen {
  recorded: string | undefined;
  calculated: string | undefined;
  outcome: Outcome;
}

export function compareRow(comparison: Comparison, mapping: Mapping, plan: RowPlan): ComparedRow {
  const seen = new Map(comparison.results.map((result) => [result.name, look(result, mapping, plan)]));
  const [first] = seen.values();
  if (!first) throw new Error(`The mapping ${mapping.name} compares no result`);
  const args = comparison.reasons.arguments.map((name) => argument(name, seen, mapping, plan));
  const reason = first.outcome === 'equal' ? undefined : lookUp({ name: 'reasons', ...comparison.reasons }, args) ?? 'unexplained';
  return {
    row: plan.line,
    ...(first.recorded === undefined ? {} : { recorded: first.recorded }),
    ...(first.calculated === undefined ? {} : { calculated: first.calculated }),
    outcome: first.outcome,
    ...(reason === undefined ? {} : { reason: String(reason) }),
    beside: Object.fromEntries(comparison.beside.map((column) => [column, plan.cells[column] ?? ''])),
  };
}

function look({ recorded, calculated, coarse, noResult }: Result, mapping: Mapping, plan: RowPlan): Seen {
  const text = cellOf(recorded.column, mapping, plan);
  const said = text === undefined ? undefined : Object.hasOwn(recorded.recode, text) ? recorded.recode[text] : text;
  const [subDataset, key = ''] = calculated.split('/');
  const value = plan.records.find((record) => record.subDataset === subDataset)?.evaluation.data[key];
  const found = typeof value !== 'string' || noResult.includes(value) ? undefined : value;
  return { recorded: said, calculated: typeof value === 'string' ? value : undefined, outcome: outcomeOf(said, found, coarse) };
}

function outcomeOf(recorded: string | undefined, calculated: string | undefined, coarse: Result['coarse']): Outcome {
  if (recorded === undefined) return 'not-recorded';
  if (calculated === undefined) return 'not-calculated';
  if (recorded === calculated) return 'equal';
  if (coarse[recorded]?.includes(calculated)) return 'recorded-coarser';
  return coarse[calculated]?.includes(recorded) ? 'calculated-coarser' : 'differs';
}

function argument(name: string, seen: ReadonlyMap<string, Seen>, mapping: Mapping, plan: RowPlan): string | undefined {
  const [result = '', what] = name.split('.');
  const found = seen.get(result);
  if (!found || what === undefined) return cellOf(name, mapping, plan);
  return what === 'outcome' ? found.outcome : what === 'recorded' ? found.recorded : found.calculated;
}

function cellOf(column: string, { missing }: Mapping, plan: RowPlan): string | undefined {
  const text = plan.cells[column];
  return text === undefined || Object.hasOwn(missing, text) ? undefined : text;
}

export function summarize(rows: readonly ComparedRow[]): CompareReport {
  const byReason = new Map<string, number>();
  for (const { reason } of rows) if (reason !== undefined) byReason.set(reason, (byReason.get(reason) ?? 0) + 1);
  const notComparable = rows.filter(({ outcome }) => outcome === 'not-recorded' || outcome === 'not-calculated').length;
  const equal = rows.filter(({ outcome }) => outcome === 'equal').length;
  return {
    compared: rows.length - notComparable,
    equal,
    differ: rows.length - notComparable - equal,
    notComparable,
    byReason: Object.fromEntries([...byReason].toSorted(([a], [b]) => (a < b ? -1 : 1))),
    rows: [...rows],
  };
}
