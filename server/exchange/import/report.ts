/** What an import tells the person who ran it: what became of every cell. No value stands in it, except the compared results. */
import type { CompareReport } from './compare.ts';
import type { CellState, RefusedRow, RowPlan } from './plan.ts';

export interface RefusedCell {
  /** Line of the file, from 1. */
  row: number;
  /** Name in the header; one that returns is `name#2`. */
  column: string;
  reason: string;
}

export interface ImportReport {
  file: string;
  fileSha256: string;
  encoding: string;
  mapping: string;
  mappingSha256: string;
  dryRun: boolean;
  /** Every cell of the data rows, once: stored, missing with a reason, or refused. */
  cells: { total: number; stored: number; missing: number; refused: number };
  /** Where the stored cells are; `source` is the row itself, for columns that no data element fits; `parked` waits behind a switched-off element. */
  storedAs: { element: number; parked: number; subject: number; visit: number; source: number };
  /** How many cells have each missing reason. */
  missingByReason: { [code: string]: number };
  rows: { total: number; added: number; changed: number; unchanged: number; refused: number };
  refused: RefusedCell[];
  /** Recorded stages beside calculated ones, where the mapping compares them. */
  stages?: CompareReport;
}

export type CellReport = Pick<ImportReport, 'cells' | 'storedAs' | 'missingByReason' | 'refused'>;

export function countCells(plans: readonly RowPlan[], refusedRows: readonly RefusedRow[]): CellReport {
  const states = new Map<CellState, number>();
  const reasons = new Map<string, number>();
  const refused: RefusedCell[] = refusedRows.flatMap(({ line, columns, reason }) => columns.map((column) => ({ row: line, column, reason })));
  for (const { line, states: cells, missing, refused: here } of plans) {
    for (const state of cells.values()) states.set(state, (states.get(state) ?? 0) + 1);
    for (const reason of Object.values(missing)) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    refused.push(...Object.entries(here).map(([column, reason]) => ({ row: line, column, reason })));
  }
  const count = (state: CellState) => states.get(state) ?? 0;
  const storedAs = { element: count('element'), parked: count('parked'), subject: count('subject'), visit: count('visit'), source: count('source') };
  const stored = Object.values(storedAs).reduce((sum, number) => sum + number, 0);
  return {
    cells: { total: stored + count('missing') + refused.length, stored, missing: count('missing'), refused: refused.length },
    storedAs,
    missingByReason: Object.fromEntries([...reasons].toSorted(([a], [b]) => (a < b ? -1 : 1))),
    refused: refused.toSorted((a, b) => a.row - b.row),
  };
}
