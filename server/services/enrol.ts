/** Enrols subjects and changes what is known of them. It is sealed before it reaches the database, and what was known before stays. */
import type { EditSubjectRequest, EnrolRequest, Subject } from '../../schemas/http/api.ts';
import { fail } from '../../schemas/problem.ts';
import type { Trx } from '../database.ts';
import type { SubjectKey } from '../repositories/keys.ts';
import { takeSubjectNumber } from '../repositories/sites.ts';
import { addToBlindIndex, hasStudyNumber, insertFacts, insertSubject, listFacts, listSubjectsByDigest, lockSubject, updateSubject, type FactRow } from '../repositories/subjects.ts';
import { todayAtSite } from './clock.ts';
import type { Context } from './context.ts';
import { contribute } from './contribute.ts';
import { seal } from './identifier-keys.ts';
import { isColumn, openFacts, readIdentity, saidOf, type Identity } from './identity.ts';
import { indexKeyOf, indexKeysOf, subjectKeyOf } from './keys-of.ts';
import { changedColumns, knownColumns } from './known-columns.ts';
import { blindIndexOf } from './matching.ts';
import type { Actor } from './permissions.ts';
import { describeSubject, subjectSummaryOf } from './subjects.ts';

const mostDuplicates = 10;

/** @throws Problem `possible-duplicate` with `duplicates`, `data-invalid`, `name-taken`, `contribution-reused` */
export function enrol(context: Context, actor: Actor, siteId: string, request: EnrolRequest): Promise<Subject> {
  return enrolThen(context, actor, siteId, request, (trx) => describeSubject(context, trx, siteId, request.id));
}

/** The same, with an answer of the caller's choice: an import, which enrols hundreds, wants none. */
export function enrolThen<T>(context: Context, actor: Actor, siteId: string, request: EnrolRequest, read: (trx: Trx) => Promise<T>): Promise<T> {
  const { id, contribution, identity: asked, studyNumber, confirmedNotDuplicate, ...rest } = request;
  const identity = readIdentity(context, asked);
  const act = { siteId, contributionId: contribution, kind: 'subject.enrol', entityId: id, request: { asked, studyNumber, ...rest }, detail: { keys: Object.keys(asked) } };
  return contribute(context, actor, act, async (trx) => {
    const looked = blindIndexOf(context.matching.rules, await indexKeysOf(context.keys, trx, siteId), present(identity));
    const duplicates = await listSubjectsByDigest(trx, siteId, looked, mostDuplicates);
    if (duplicates.length > 0 && !confirmedNotDuplicate) fail('possible-duplicate', undefined, { duplicates: duplicates.map(subjectSummaryOf) });
    await insertSubject(trx, {
      site_id: siteId, id, created_by: actor.accountId, study_number: studyNumber ?? (await nextStudyNumber(trx, siteId)),
      sex: identity['sex'] ?? null, birth_date: identity['birthDate'] ?? null,
    });
    const facts = Object.entries(present(identity)).filter(([key]) => !isColumn(key));
    if (facts.length > 0) {
      const place = { siteId, subjectId: id, subjectKey: await subjectKeyOf(context.keys, trx, siteId, id) };
      await insertFacts(trx, ownerOf(actor, siteId, id), facts.map(([key, value]) => factOf(context, place, key, 1, null, value)));
    }
    await addToBlindIndex(trx, siteId, id, blindIndexOf(context.matching.rules, await indexKeyOf(context.keys, trx, siteId), present(identity)));
  }, read);
}

/** @throws Problem `subject-not-found`, `data-invalid`, `subject-erased`, `contribution-reused` */
export function editSubject(context: Context, actor: Actor, siteId: string, id: string, request: EditSubjectRequest): Promise<Subject> {
  const { contribution, identity: asked, from, reason } = request;
  const identity = readIdentity(context, asked);
  const today = todayAtSite(context.clock);
  if (from !== undefined && from > today) fail('data-invalid', [{ pointer: '/from', detail: 'A day to come: what is not so yet is not known yet' }]);
  const act = {
    siteId, contributionId: contribution, kind: 'subject.edit', entityId: id, request: { asked, reason, ...(from === undefined ? {} : { from }) }, reason,
    detail: { keys: Object.keys(asked), ...(from === undefined ? {} : { from }) },
  };
  return contribute(context, actor, act, async (trx) => {
    const subject = (await lockSubject(trx, siteId, id)) ?? fail('subject-not-found');
    const before = await listFacts(trx, siteId, id);
    const place = { siteId, subjectId: id, subjectKey: await subjectKeyOf(context.keys, trx, siteId, id) };
    const added = Object.entries(identity).flatMap(([key, value]) => {
      const version = before.filter((row) => row.key === key).length + 1;
      // The columns hold what was entered first; it is kept as a fact when something else is said.
      const first = version === 1 && isColumn(key) ? knownColumns(subject)[key] : undefined;
      const earlier = first === undefined ? [] : [factOf(context, place, key, version, null, first)];
      return [...earlier, factOf(context, place, key, version + earlier.length, isForAllDays(key) ? null : (from ?? null), value)];
    });
    await insertFacts(trx, ownerOf(actor, siteId, id), added);
    await updateSubject(trx, siteId, id, changedColumns(subject, identity, from, today));
    const said = saidOf([...before, ...added].toSorted((a, b) => a.version - b.version));
    const columns = knownColumns({ ...subject, ...present({ sex: identity['sex'] ?? null, birth_date: identity['birthDate'] ?? null }) });
    const indexKey = await indexKeyOf(context.keys, trx, siteId);
    for (const day of new Set([today, from ?? today])) {
      await addToBlindIndex(trx, siteId, id, blindIndexOf(context.matching.rules, indexKey, { ...columns, ...openFacts(context.keys, place, said, day) }));
    }
  }, (trx) => describeSubject(context, trx, siteId, id));
}

/** Nobody is born anew. */
const isForAllDays = (key: string) => key === 'birthDate';

const ownerOf = (actor: Actor, siteId: string, subjectId: string) => ({ site_id: siteId, subject_id: subjectId, created_by: actor.accountId });

function factOf({ keys }: Context, { subjectKey, ...place }: { siteId: string; subjectId: string; subjectKey: SubjectKey }, key: string, version: number, from: string | null, value: string | null): FactRow {
  const sealed = value === null ? undefined : seal(keys, { ...place, key }, value, subjectKey);
  return { key, version, valid_from: from, key_id: sealed?.keyId ?? null, ciphertext: sealed?.ciphertext ?? null, subject_key: subjectKey };
}

function present(identity: Identity): { [key: string]: string } {
  return Object.fromEntries(Object.entries(identity).filter((entry): entry is [string, string] => entry[1] !== null));
}

/** `XY01-000123`; numbers that somebody gave by hand are passed over. */
async function nextStudyNumber(trx: Trx, siteId: string): Promise<string> {
  for (;;) {
    const { code, number } = (await takeSubjectNumber(trx, siteId)) ?? fail('site-not-found');
    const studyNumber = `${code}-${String(number).padStart(6, '0')}`;
    if (!(await hasStudyNumber(trx, siteId, studyNumber))) return studyNumber;
  }
}
