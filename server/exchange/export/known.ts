/**
 * Values of a record that only this process can open or work out: what is sealed of the patient and the visit and does not identify
 * directly, and ages. They are handed to the database page by page, as one setting of the transaction, never as the text of a query.
 */
import { identityField } from '../../../schemas/identity.ts';
import type { Trx } from '../../database.ts';
import { listFactsOf, listRecordsOf, listVisitStatesOf, setKnown } from '../../repositories/exports.ts';
import { listSubjectKeys } from '../../repositories/keys.ts';
import { knownOfRecord } from '../../services/bound-values.ts';
import type { Context } from '../../services/context.ts';
import { groupBy } from '../../services/facts.ts';
import { conditions, quote, type PageOf, type Table } from './table.ts';

/** Of the visit these are columns. */
const plain = new Set(['visit.id', 'visit.kind', 'visit.date', 'subject.sex', 'subject.birthDate']);

export function isKnownPath(path: string): boolean {
  return !plain.has(path) && (identityField(path) !== undefined || path.startsWith('visit.') || path === 'subject.ageYears' || path === 'subject.ageMonths');
}

/** SQL of such a value, where the table is joined with `knownJoin`. */
export const knownColumn = (path: string) => `known.value ->> ${quote(path)}`;
export const knownJoin = ` left join (select key::uuid as id, value from jsonb_each(nullif(current_setting('xf.known', true), '')::jsonb)) known on known.id = b.id`;

/** Before the page is copied. */
export async function giveKnown({ keys }: Pick<Context, 'keys'>, trx: Trx, table: Table, paths: readonly string[], page: PageOf): Promise<void> {
  const { siteId } = page;
  const records = await listRecordsOf(trx, conditions(table, page));
  const facts = groupBy(await listFactsOf(trx, siteId, unique(records.map((row) => row.subject_id)), paths.flatMap((path) => identityField(path) ?? [])), (row) => row.subject_id);
  const states = groupBy(await listVisitStatesOf(trx, siteId, paths.some((path) => path.startsWith('visit.')) ? unique(records.flatMap((row) => row.visit_id ?? [])) : []), (row) => row.visit_id);
  const subjectKeys = await listSubjectKeys(trx, siteId, unique(records.map((row) => row.subject_id)));
  const known = records.map((record) => {
    const subject_key = subjectKeys.get(record.subject_id) ?? null;
    const withKey = <Row>(rows: readonly Row[] = []) => rows.map((row) => ({ ...row, subject_key }));
    const all = knownOfRecord(keys, siteId, record, withKey(facts.get(record.subject_id)), withKey(states.get(record.visit_id ?? '')));
    return [record.id, Object.fromEntries(Object.entries(all).filter(([path]) => paths.includes(path)))] as const;
  });
  await setKnown(trx, JSON.stringify(Object.fromEntries(known.filter(([, values]) => Object.keys(values).length > 0))));
}

const unique = (ids: readonly string[]) => [...new Set(ids)];
