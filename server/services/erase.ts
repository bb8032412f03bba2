/** Erasure on a patient's request: the key that sealed everything is destroyed. Records, their history and the audit trail keep their shape. */
import type { ErasureRequest, Subject } from '../../schemas/http/api.ts';
import { fail } from '../../schemas/problem.ts';
import { transact, type Trx } from '../database.ts';
import { appendAuditEvent } from '../repositories/audit.ts';
import { deleteFromBlindIndex, destroySubjectKey, listErased, listSubjectKeys } from '../repositories/keys.ts';
import { lockSubject, updateSubject } from '../repositories/subjects.ts';
import type { Context } from './context.ts';
import { contribute } from './contribute.ts';
import { subjectKeyOf } from './keys-of.ts';
import type { Actor } from './permissions.ts';
import { resealRows } from './reseal.ts';
import { isErased } from './subject-keys.ts';
import { describeSubject } from './subjects.ts';

/** Cannot be undone. @throws Problem `subject-not-found`, `subject-erased`, `contribution-reused` */
export async function eraseSubject(context: Context, actor: Actor, siteId: string, id: string, request: ErasureRequest): Promise<Subject> {
  const { contribution, reason, anonymise = false } = request;
  const act = { siteId, contributionId: contribution, kind: 'subject.erase', entityId: id, request: { reason, anonymise }, reason, detail: { anonymise } };
  const subject = await transact(context.db, { accountId: actor.accountId, sites: [siteId] }, (keeper) => contribute({ ...context, db: keeper }, actor, act, async (trx) => {
    if (!(await lockSubject(trx, siteId, id))) fail('subject-not-found');
    await destroy(context, trx, siteId, id);
    if (anonymise) await updateSubject(trx, siteId, id, { sex: null, birth_date: null, sex_by_day: null });
  }, (trx) => describeSubject(context, trx, siteId, id)), { keeper: true });
  await context.erasures?.add(siteId, [id]);
  return subject;
}

/** What the ring itself sealed would outlive the key, so it is sealed with the key first. */
async function destroy({ keys }: Pick<Context, 'keys'>, trx: Trx, siteId: string, id: string): Promise<void> {
  await resealRows(keys, trx, siteId, id, await subjectKeyOf(keys, trx, siteId, id));
  await destroySubjectKey(trx, siteId, id);
  await deleteFromBlindIndex(trx, siteId, id);
}

const nobody = '00000000-0000-0000-0000-000000000000';

/**
 * After a backup was restored: erases again whom the list beside the key ring names, and adds to the list whom only the database knows.
 * Sex and date of birth are taken too, for nobody knows any more what was asked. Gives how many.
 */
export async function eraseAgain(context: Pick<Context, 'db' | 'keys' | 'erasures'>, siteId: string): Promise<number> {
  const { db, erasures } = context;
  if (!erasures) return 0;
  const listed = await erasures.list(siteId);
  return transact(db, { sites: [siteId] }, async (trx) => {
    const erased = await listErased(trx, siteId);
    await erasures.add(siteId, erased.filter((id) => !listed.has(id)));
    const known = await listSubjectKeys(trx, siteId, [...listed]);
    const back = [...listed].filter((id) => known.has(id) && !isErased(known.get(id)));
    for (const id of back.toSorted()) {
      await lockSubject(trx, siteId, id);
      await destroy(context, trx, siteId, id);
      await updateSubject(trx, siteId, id, { sex: null, birth_date: null, sex_by_day: null });
      await appendAuditEvent(trx, { siteId, accountId: nobody, action: 'subject.erase-again', entity: 'subject', entityId: id });
    }
    return back.length;
  }, { keeper: true });
}
