/** The checks that a session has found broken, with the rows in which. */
import type { Finding, Pointer } from './form.ts';
import type { PlannedCheck } from './plan.ts';

type RowId = string | undefined;

export class BrokenChecks {
  readonly #findings = new Map<PlannedCheck, Map<RowId, Finding>>();

  get(check: PlannedCheck, rowId: RowId): Finding | undefined {
    return this.#findings.get(check)?.get(rowId);
  }

  /** Keeps what a check says now; true when it is another verdict than before. */
  keep(check: PlannedCheck, rowId: RowId, finding: Finding | undefined): boolean {
    const rows = this.#findings.get(check) ?? new Map<RowId, Finding>();
    const wasBroken = rows.has(rowId);
    if (finding) rows.set(rowId, finding);
    else rows.delete(rowId);
    if (rows.size > 0) this.#findings.set(check, rows);
    else this.#findings.delete(check);
    return wasBroken !== Boolean(finding);
  }

  /** The rows in which a check is broken. */
  rowIds(check: PlannedCheck): RowId[] {
    return [...this.#findings.get(check)?.keys() ?? []];
  }

  at(pointer: Pointer): Finding[] {
    return this.#findings.size === 0 ? [] : [...this.#findings.values()].flatMap((rows) => [...rows.values()]).filter((finding) => finding.pointer === pointer);
  }
}
