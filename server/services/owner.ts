/** Whose something will be that is added to a subject. */
import { fail } from '../../schemas/problem.ts';
import type { Trx } from '../database.ts';
import type { Owner } from '../repositories/entities.ts';
import { lockSubject } from '../repositories/subjects.ts';
import type { Actor } from './permissions.ts';

/** Whose it will be; the lock keeps two of the same subject in line. @throws Problem `subject-not-found` */
export async function lockOwner(trx: Trx, actor: Actor, siteId: string, subjectId: string): Promise<Owner> {
  if (!(await lockSubject(trx, siteId, subjectId))) fail('subject-not-found');
  return { site_id: siteId, subject_id: subjectId, created_by: actor.accountId };
}
