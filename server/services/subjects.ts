/** Reading subjects: lists, search, one with all that belongs to it, and the identifiers in clear. */
import type { KnownFact, Page, Subject, SubjectSearch, SubjectSummary } from '../../schemas/http/api.ts';
import { fail } from '../../schemas/problem.ts';
import { transact, type Trx } from '../database.ts';
import { appendAuditEvent } from '../repositories/audit.ts';
import { listImages, listLesions, listSpecimens, listVisits } from '../repositories/entities.ts';
import { listRecords } from '../repositories/records.ts';
import { findSubject, listFacts, listSubjects, listSubjectsByDigest, pageFacts, type SubjectRow } from '../repositories/subjects.ts';
import { todayAtSite } from './clock.ts';
import type { Context } from './context.ts';
import { imageSummaryOf, lesionOf, specimenOf, visitOf } from './entities.ts';
import { valueOn } from './facts.ts';
import { isColumn, openFact, openIdentifiers, saidOf } from './identity.ts';
import { indexKeysOf } from './keys-of.ts';
import { blindIndexOfQuery } from './matching.ts';
import { page } from './people.ts';
import { can, type Actor } from './permissions.ts';
import { recordSummaryOf } from './read-record.ts';

export function subjectSummaryOf(row: SubjectRow): SubjectSummary {
  return {
    id: row.id, siteId: row.site_id, studyNumber: row.study_number, ...(row.sex === null ? {} : { sex: row.sex }), ...(row.birth_date === null ? {} : { birthDate: row.birth_date }),
    createdAt: row.created_at.toISOString(), records: row.records, drafts: row.drafts, ...(row.erased_at === null ? {} : { erasedAt: row.erased_at.toISOString() }),
  };
}

const scopeOf = (actor: Actor, siteId: string) => ({ accountId: actor.accountId, sites: [siteId] });

export function pageOfSubjects({ db }: Context, actor: Actor, siteId: string, after: string | undefined, limit: number): Promise<Page<SubjectSummary>> {
  return transact(db, scopeOf(actor, siteId), async (trx) =>
    page((await listSubjects(trx, siteId, { after, limit })).map(subjectSummaryOf), limit, (subject) => subject.studyNumber));
}

/** By the beginning of a study number; and, for those who may read identifiers, by a whole identifier, which comes first. */
export function searchSubjects({ db, keys, matching }: Context, actor: Actor, siteId: string, { q, after, limit = 100 }: SubjectSearch): Promise<Page<SubjectSummary>> {
  return transact(db, scopeOf(actor, siteId), async (trx) => {
    const asks = after === undefined && can(actor, 'subject:read-identifiers', siteId);
    const byIdentifier = asks ? await listSubjectsByDigest(trx, siteId, blindIndexOfQuery([...matching.rules, ...matching.visits], await indexKeysOf(keys, trx, siteId), q), limit) : [];
    const byNumber = await listSubjects(trx, siteId, { prefix: q.trim(), after, limit });
    const { items, next } = page(byNumber.map(subjectSummaryOf), limit, (subject) => subject.studyNumber);
    const first = byIdentifier.map(subjectSummaryOf);
    // Never what was typed. Who was found by an identifier is known by it, and told to nobody else.
    const only = first.length === 1 ? first[0]?.id : undefined;
    await appendAuditEvent(trx, {
      siteId, accountId: actor.accountId, action: 'subject.search', entity: 'site', entityId: siteId, subjectId: only, device: actor.device,
      detail: { byIdentifier: first.length, byNumber: items.length, ...(after === undefined ? {} : { furtherPage: true }) },
    });
    const rest = items.filter(({ id }) => first.every((subject) => subject.id !== id));
    return { items: [...first, ...rest], ...(next === undefined ? {} : { next }) };
  });
}

/** @throws Problem `subject-not-found` */
export function readSubject(context: Context, actor: Actor, siteId: string, id: string): Promise<Subject> {
  return transact(context.db, scopeOf(actor, siteId), (trx) => describeSubject(context, trx, siteId, id));
}

/** The same, inside a transaction. @throws Problem `subject-not-found` */
export async function describeSubject(context: Context, trx: Trx, siteId: string, id: string): Promise<Subject> {
  const row = (await findSubject(trx, siteId, id)) ?? fail('subject-not-found');
  const today = todayAtSite(context.clock);
  const said = saidOf((await listFacts(trx, siteId, id)).filter(({ key }) => !isColumn(key)));
  return {
    ...subjectSummaryOf(row),
    identifierKeys: [...said].flatMap(([key, facts]) => (row.erased_at === null && valueOn(facts, today)?.ciphertext ? [key] : [])),
    visits: (await listVisits(trx, siteId, id)).map(visitOf),
    lesions: (await listLesions(trx, siteId, id)).map(lesionOf),
    specimens: (await listSpecimens(trx, siteId, id)).map(specimenOf),
    recordList: (await listRecords(trx, siteId, id)).map(recordSummaryOf),
    images: (await listImages(trx, siteId, id)).map(imageSummaryOf),
  };
}

/** In clear, as of today; written to the audit trail before they are told. @throws Problem `subject-not-found` */
export function readIdentifiers(context: Context, actor: Actor, siteId: string, id: string): Promise<{ [key: string]: string }> {
  return transact(context.db, scopeOf(actor, siteId), async (trx) => {
    if (!(await findSubject(trx, siteId, id))) fail('subject-not-found');
    const identifiers = await openIdentifiers(context, trx, siteId, id);
    await auditReading(trx, actor, siteId, id, Object.keys(identifiers));
    return identifiers;
  });
}

/** All that was ever said, by key and in order; likewise. @throws Problem `subject-not-found` */
export function readIdentifierHistory(context: Context, actor: Actor, siteId: string, id: string, after: string | undefined, limit: number): Promise<Page<KnownFact>> {
  const [, key, version] = /^([A-Za-z0-9]+)\.(\d{1,9})$/.exec(after ?? '') ?? [];
  return transact(context.db, scopeOf(actor, siteId), async (trx) => {
    if (!(await findSubject(trx, siteId, id))) fail('subject-not-found');
    const rows = await pageFacts(trx, siteId, id, { after: key === undefined ? undefined : { key, version: Number(version) }, limit });
    const { items, next } = page(rows, limit, (row) => `${row.key}.${row.version}`);
    const facts = items.map((row): KnownFact => {
      const value = openFact(context.keys, { siteId, subjectId: id }, row);
      return { key: row.key, ...(row.valid_from === null ? {} : { from: row.valid_from }), ...(value === undefined ? {} : { value }), at: row.created_at.toISOString(), by: row.by };
    });
    await auditReading(trx, actor, siteId, id, [...new Set(facts.map((fact) => fact.key))]);
    return { items: facts, ...(next === undefined ? {} : { next }) };
  });
}

async function auditReading(trx: Trx, actor: Actor, siteId: string, id: string, paths: readonly string[]): Promise<void> {
  await appendAuditEvent(trx, { siteId, accountId: actor.accountId, action: 'subject.read-identifiers', entity: 'subject', entityId: id, subjectId: id, device: actor.device, detail: { paths } });
}
