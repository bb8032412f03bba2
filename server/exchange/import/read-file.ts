/** The bytes of a table and a mapping → plans of all its rows. Pure. */
import { decodeText, type Encoding } from '../csv/decode.ts';
import { readTable, type Table } from '../csv/read.ts';
import type { LoadedMapping } from './load.ts';
import { planRow, type RefusedRow, type RowPlan } from './plan.ts';
import { readyMapping, type FormOf, type ReadyMapping } from './ready.ts';

export interface ReadFile {
  ready: ReadyMapping;
  encoding: Encoding;
  plans: RowPlan[];
  refused: RefusedRow[];
}

export interface Surroundings {
  formOf: FormOf;
  /** The sub-dataset whose items are the patient's own fields. */
  patientForm: string;
  /** Civil date. */
  today: string;
}

/** Throws an Error in plain words when the file is not text, or does not fit the mapping. */
export function readFile(bytes: Uint8Array, { mapping }: LoadedMapping, { formOf, patientForm, today }: Surroundings): ReadFile {
  const { text, encoding } = decodeText(bytes, mapping.file?.encoding);
  const table = readTable(text, mapping.file);
  const ready = readyMapping(mapping, table.columns, formOf, patientForm);
  return { ready, encoding, ...planRows(ready, table, today) };
}

function planRows(ready: ReadyMapping, { rows, columns }: Table, today: string): { plans: RowPlan[]; refused: RefusedRow[] } {
  const plans = new Map<string, RowPlan>();
  const refused: RefusedRow[] = [];
  for (const row of rows) {
    const plan = planRow(ready, row, today);
    const first = 'key' in plan ? plans.get(plan.key) : undefined;
    if (!('key' in plan)) refused.push(plan);
    else if (first) refused.push({ line: row.line, columns, reason: `the row has the same ${ready.mapping.key.join(' and ')} as line ${first.line}` });
    else plans.set(plan.key, plan);
  }
  return { plans: [...plans.values()], refused };
}
