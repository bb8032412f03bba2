/** The patients and records that a filter takes: those records of its sub-dataset for which it is true, and the patients who have one. */
import { setImmediate } from 'node:timers/promises';
import type { Form } from '../../../schemas/form.ts';
import { compileFilter } from '../../../schemas/filter.ts';
import type { Trx } from '../../database.ts';
import { listForFilter } from '../../repositories/exports.ts';
import { dayOfRecord } from '../../services/bound-values.ts';
import { sexOn } from '../../services/known-columns.ts';
import type { PageOf } from './table.ts';

/** By site id. */
export type Cohort = ReadonlyMap<string, SiteCohort>;

export interface SiteCohort {
  subDataset: string;
  /** Patients in order, each with their records that the filter takes. */
  subjects: readonly (readonly [subjectId: string, records: readonly string[]])[];
}

export interface FilterOptions {
  /** Of the filtered sub-dataset. */
  form: Form;
  expression: string;
  sites: readonly { id: string; code: string }[];
  today: string;
}

const pageSize = 1000;
/** Then other people's requests get their turn. */
const mostMsAtOnce = 15;

/** @throws Problem `filter-invalid` */
export async function selectCohort(trx: Trx, { form, expression, sites, today }: FilterOptions): Promise<Cohort> {
  const takes = compileFilter(form, expression);
  const { subDataset } = form.standard;
  const cohort = new Map<string, SiteCohort>();
  let since = performance.now();
  for (const { id: siteId, code } of sites) {
    const subjects = new Map<string, string[]>();
    for (let after: string | undefined; ;) {
      const rows = await listForFilter(trx, siteId, subDataset, after, pageSize);
      for (const row of rows) {
        if (performance.now() - since > mostMsAtOnce) {
          await setImmediate();
          since = performance.now();
        }
        const sex = sexOn(row, dayOfRecord({ visit_date: row.visit_date, record_created_at: row.created_at }, row.created_at)) ?? null;
        const bound = { 'site.code': code, ...present({ 'subject.sex': sex, 'subject.birthDate': row.birth_date, 'visit.date': row.visit_date, 'visit.kind': row.visit_kind }) };
        if (takes(row.data, { today, bound })) subjects.set(row.subject_id, [...(subjects.get(row.subject_id) ?? []), row.id]);
      }
      after = rows.at(-1)?.id;
      if (rows.length < pageSize) break;
    }
    cohort.set(siteId, { subDataset, subjects: [...subjects].toSorted(([a], [b]) => (a < b ? -1 : 1)) });
  }
  return cohort;
}

function present(values: { [path: string]: string | null }): { [path: string]: string } {
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== null));
}

const subjectsPerPage = 500;

/** The pages of a table for a cohort: so many patients at a time, so that no query names all of them. */
export function cohortPages(siteId: string, { subDataset, subjects }: SiteCohort, tableSubDataset: string | undefined): PageOf[] {
  return Array.from({ length: Math.ceil(subjects.length / subjectsPerPage) }, (_, page) => {
    const some = subjects.slice(page * subjectsPerPage, (page + 1) * subjectsPerPage);
    const records = tableSubDataset === subDataset ? { records: some.flatMap(([, ids]) => ids) } : {};
    return { siteId, subjects: some.map(([id]) => id), ...records };
  });
}
