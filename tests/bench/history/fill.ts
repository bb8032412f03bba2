/** History in any amount, sound to the last digest: saves copied from a few real ones, and readings of identifiers. Made inside the database. */
import type { BenchDatabase } from '../lib/database.ts';
import { execute } from '../lib/database.ts';

const idOf = (kind: number, number: string) => `(lpad(to_hex(1700000000000 + ${number}), 12, '0') || '7' || '${kind}00' || '8000' || lpad(to_hex(${number}), 12, '0'))::uuid`;
const bytesOf = (text: string) => `sha256(convert_to(${text}, 'UTF8'))`;

/** `saves` records of one version each, and `reads` readings; what was there before stays. Only a superuser passes row security and may leave out the triggers. */
export async function fillHistory(database: BenchDatabase, saves: number, reads: number): Promise<void> {
  await execute(database.url, `
    set session_replication_role = replica;
    create temporary table source as
      select row_number() over (order by v.record_id) - 1 as n, v.*, r.sub_dataset, r.subject_id, r.visit_id, r.lesion_id from record_version v join record r on r.site_id = v.site_id and r.id = v.record_id;
    create temporary table wanted as
      select i, ${idOf(4, 'i')} as new_record, ${idOf(5, 'i')} as new_contribution, ${idOf(6, 'i')} as new_event, timestamptz '2024-01-01' + i * interval '1 second' as moment, source.*
      from generate_series(1, ${saves}) i join source on source.n = i % (select count(*) from source);
    create temporary table chained as select *, sha256(decode(repeat('00', 32), 'hex') || ${bytesOf(`
      '["version",1,"' || site_id || '","' || new_record || '",1,"' || subject_id || '","' || sub_dataset || '","' || new_contribution || '","' || standard_version || '","' || status || '","' || digest || '",[],'
      || hard_findings || ',' || soft_findings || ',null,"' || created_by || '"]'`)} || timestamptz_send(moment)) as new_chain from wanted;
    insert into record (site_id, id, subject_id, visit_id, lesion_id, sub_dataset, standard_version, status, version, created_by)
      select site_id, new_record, subject_id, visit_id, lesion_id, sub_dataset, standard_version, status, 1, created_by from chained order by i;
    insert into contribution (site_id, id, kind, request_digest, response, created_at, created_by) select site_id, new_contribution, 'record.save', '\\x00', '{"version": 1}', moment, created_by from chained order by i;
    insert into record_version (site_id, record_id, version, contribution_id, standard_version, status, data, missing, parked, disabled, hard_findings, soft_findings, digest, chain, created_at, created_by)
      select site_id, new_record, 1, new_contribution, standard_version, status, data, missing, parked, '[]', hard_findings, soft_findings, digest, new_chain, moment, created_by from chained order by i;
    insert into audit_event (site_id, id, at, account_id, action, entity, entity_id, contribution_id, detail, digest)
      select site_id, new_event, moment, created_by, 'record.save', 'record', new_record, new_contribution, '{"pointers": ["/breslow", "/ecog"]}', sha256(${bytesOf(`
        '["event",1,"' || site_id || '","' || new_event || '","' || created_by || '","record.save","record","' || new_record || '",null,"' || new_contribution || '",["00",{"version":1},null],{"pointers":["/breslow","/ecog"]},null]'`)}
        || timestamptz_send(moment) || new_chain) from chained order by i;
    insert into audit_event (site_id, id, at, account_id, action, entity, entity_id, subject_id, detail, device, digest)
      select site_id, id, moment, created_by, 'subject.read-identifiers', 'subject', subject_id, subject_id, '{"paths": ["name", "idNumber"]}', '{"agent": "chrome/android/tablet"}', sha256(${bytesOf(`
        '["event",1,"' || site_id || '","' || id || '","' || created_by || '","subject.read-identifiers","subject","' || subject_id || '","' || subject_id || '",null,null,{"paths":["name","idNumber"]},{"agent":"chrome/android/tablet"}]'`)}
        || timestamptz_send(moment))
      from (select ${idOf(7, 'i')} as id, timestamptz '2024-06-01' + i * interval '1 second' as moment, s.site_id, s.subject_id, s.created_by
        from generate_series(1, ${reads}) i join source s on s.n = i % (select count(*) from source)) made`);
  await execute(database.url, 'vacuum analyze');
}
