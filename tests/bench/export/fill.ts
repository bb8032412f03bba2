/** Many records from a few: rows of their own, with time-ordered ids, contributions and patients, made inside the database. */
import type { BenchDatabase } from '../lib/database.ts';
import { execute } from '../lib/database.ts';

const recordsOfPatient = 4;

/**
 * Copies of the records that are there, until there are `count`, four to a patient. Only a superuser passes row security and
 * may leave out the triggers, which check what is copied from rows that passed them.
 */
export async function fillWith(database: BenchDatabase, count: number): Promise<void> {
  const idOf = (kind: number, number: string) => `(lpad(to_hex(1700000000000 + ${number}), 12, '0') || '7' || '${kind}00' || '8000' || lpad(to_hex(${number}), 12, '0'))::uuid`;
  await execute(database.url, `
    set session_replication_role = replica;
    create temporary table source as
      select row_number() over (order by v.record_id) - 1 as n, v.*, r.sub_dataset, s.sex, s.birth_date, vi.kind, vi.visit_date, le.label
      from record_version v
      join record r on r.site_id = v.site_id and r.id = v.record_id and r.version = v.version
      join subject s on s.site_id = r.site_id and s.id = r.subject_id
      join visit vi on vi.site_id = r.site_id and vi.id = r.visit_id
      join lesion le on le.site_id = r.site_id and le.id = r.lesion_id;
    create temporary table patient as
      select p, source.* from generate_series(0, ${Math.ceil(count / recordsOfPatient)}) p join source on source.n = p % (select count(*) from source);
    create temporary table wanted as
      select i, i / ${recordsOfPatient} as p, source.* from generate_series(0, ${count - 1}) i join source on source.n = i % (select count(*) from source);
    delete from audit_event; delete from record_version; delete from contribution where kind = 'record.save'; delete from record; delete from lesion; delete from visit; delete from subject_blind_index; delete from subject;
    insert into subject (site_id, id, study_number, sex, birth_date, created_by) select site_id, ${idOf(1, 'p')}, 'BE01-' || lpad(p::text, 6, '0'), sex, birth_date, created_by from patient;
    insert into visit (site_id, id, subject_id, kind, visit_date, created_by) select site_id, ${idOf(2, 'p')}, ${idOf(1, 'p')}, kind, visit_date, created_by from patient;
    insert into lesion (site_id, id, subject_id, ordinal, label, created_by) select site_id, ${idOf(3, 'p')}, ${idOf(1, 'p')}, 1, label, created_by from patient;
    insert into contribution (site_id, id, kind, request_digest, response, created_by) select site_id, ${idOf(5, 'i')}, 'record.save', '', '{"version": 1}', created_by from wanted order by i;
    insert into record (site_id, id, subject_id, visit_id, lesion_id, sub_dataset, standard_version, status, version, created_by)
      select site_id, ${idOf(4, 'i')}, ${idOf(1, 'p')}, ${idOf(2, 'p')}, ${idOf(3, 'p')}, sub_dataset, standard_version, status, 1, created_by from wanted order by i;
    insert into record_version (site_id, record_id, version, contribution_id, standard_version, status, data, missing, parked, disabled, hard_findings, soft_findings, digest, chain, created_by)
      select site_id, ${idOf(4, 'i')}, 1, ${idOf(5, 'i')}, standard_version, status, data, missing, parked, disabled, hard_findings, soft_findings, digest, chain, created_by from wanted order by i`);
  await execute(database.url, 'vacuum analyze');
}
