/** Enrols subjects and changes what is known of them. Identifiers are sealed before they reach the database. */
import type { EditSubjectRequest, EnrolRequest, Subject } from '../../schemas/http/api.ts';
import { fail } from '../../schemas/problem.ts';
import type { Trx } from '../database.ts';
import { takeSubjectNumber } from '../repositories/sites.ts';
import { deleteIdentifier, hasStudyNumber, insertSubject, listSubjectsByDigest, lockSubject, putIdentifier, replaceBlindIndex, updateSubject } from '../repositories/subjects.ts';
import type { Context } from './context.ts';
import { contribute } from './contribute.ts';
import { seal } from './identifier-keys.ts';
import { openIdentifiers, readIdentity, type Identity } from './identity.ts';
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
  const known = present(identity);
  const entries = blindIndexOf(context.matching.rules, context.keys, siteId, known);
  const act = { siteId, contributionId: contribution, kind: 'subject.enrol', entityId: id, request: { asked, studyNumber, ...rest }, detail: { keys: Object.keys(asked) } };
  return contribute(context, actor, act, async (trx) => {
    const duplicates = await listSubjectsByDigest(trx, siteId, entries, mostDuplicates);
    if (duplicates.length > 0 && !confirmedNotDuplicate) fail('possible-duplicate', undefined, { duplicates: duplicates.map(subjectSummaryOf) });
    await insertSubject(trx, {
      site_id: siteId, id, created_by: actor.accountId, study_number: studyNumber ?? (await nextStudyNumber(trx, siteId)),
      sex: identity.columns.sex ?? null, birth_date: identity.columns.birth_date ?? null,
    });
    await putIdentifiers(context, trx, siteId, id, identity);
    await replaceBlindIndex(trx, siteId, id, entries);
  }, read);
}

/** @throws Problem `subject-not-found`, `data-invalid`, `contribution-reused` */
export function editSubject(context: Context, actor: Actor, siteId: string, id: string, request: EditSubjectRequest): Promise<Subject> {
  const { contribution, identity: asked, reason } = request;
  const identity = readIdentity(context, asked);
  const act = { siteId, contributionId: contribution, kind: 'subject.edit', entityId: id, request: { asked, reason }, reason, detail: { keys: Object.keys(asked) } };
  return contribute(context, actor, act, async (trx) => {
    const subject = (await lockSubject(trx, siteId, id)) ?? fail('subject-not-found');
    await updateSubject(trx, siteId, id, identity.columns);
    await putIdentifiers(context, trx, siteId, id, identity);
    const columns = { sex: subject.sex, birth_date: subject.birth_date, ...identity.columns };
    const known = present({ columns, identifiers: await openIdentifiers(context, trx, siteId, id) });
    await replaceBlindIndex(trx, siteId, id, blindIndexOf(context.matching.rules, context.keys, siteId, known));
  }, (trx) => describeSubject(context, trx, siteId, id));
}

/** What is known, by field, as the rules of matching name it. */
function present({ columns, identifiers }: Identity): { [field: string]: string } {
  const all = { ...identifiers, sex: columns.sex, birthDate: columns.birth_date };
  return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

async function putIdentifiers({ keys }: Context, trx: Trx, siteId: string, subjectId: string, { identifiers }: Identity): Promise<void> {
  for (const [key, value] of Object.entries(identifiers)) {
    if (value === null) await deleteIdentifier(trx, siteId, subjectId, key);
    else {
      const { keyId, ciphertext } = seal(keys, { siteId, subjectId, key }, value);
      await putIdentifier(trx, { site_id: siteId, subject_id: subjectId, key, key_id: keyId, ciphertext });
    }
  }
}

/** `XY01-000123`; numbers that somebody gave by hand are passed over. */
async function nextStudyNumber(trx: Trx, siteId: string): Promise<string> {
  for (;;) {
    const { code, number } = (await takeSubjectNumber(trx, siteId)) ?? fail('site-not-found');
    const studyNumber = `${code}-${String(number).padStart(6, '0')}`;
    if (!(await hasStudyNumber(trx, siteId, studyNumber))) return studyNumber;
  }
}
