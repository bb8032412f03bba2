/** Erasure on a patient's request: the key that sealed everything is destroyed. Records, their history and the audit trail keep their shape. */
import type { ErasureRequest, Subject } from '../../schemas/http/api.ts';
import { fail } from '../../schemas/problem.ts';
import { transact } from '../database.ts';
import { deleteFromBlindIndex, destroySubjectKey } from '../repositories/keys.ts';
import { lockSubject, updateSubject } from '../repositories/subjects.ts';
import type { Context } from './context.ts';
import { contribute } from './contribute.ts';
import { subjectKeyOf } from './keys-of.ts';
import type { Actor } from './permissions.ts';
import { resealRows } from './reseal.ts';
import { describeSubject } from './subjects.ts';

/** Cannot be undone. @throws Problem `subject-not-found`, `subject-erased`, `contribution-reused` */
export function eraseSubject(context: Context, actor: Actor, siteId: string, id: string, request: ErasureRequest): Promise<Subject> {
  const { contribution, reason, anonymise = false } = request;
  const act = { siteId, contributionId: contribution, kind: 'subject.erase', entityId: id, request: { reason, anonymise }, reason, detail: { anonymise } };
  return transact(context.db, { accountId: actor.accountId, sites: [siteId] }, (keeper) => contribute({ ...context, db: keeper }, actor, act, async (trx) => {
    if (!(await lockSubject(trx, siteId, id))) fail('subject-not-found');
    // What the ring itself sealed would outlive the key.
    await resealRows(context.keys, trx, siteId, id, await subjectKeyOf(context.keys, trx, siteId, id));
    await destroySubjectKey(trx, siteId, id);
    await deleteFromBlindIndex(trx, siteId, id);
    if (anonymise) await updateSubject(trx, siteId, id, { sex: null, birth_date: null, sex_by_day: null });
  }, (trx) => describeSubject(context, trx, siteId, id)), { keeper: true });
}
