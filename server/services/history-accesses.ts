/** Who came to know what of one patient, and when: for the patient who asks, and for whoever must tell whom a breach concerns. */
import type { Page } from '../../schemas/http/api.ts';
import type { Access } from '../../schemas/http/history-api.ts';
import { fail } from '../../schemas/problem.ts';
import { transact } from '../database.ts';
import { listAccesses } from '../repositories/accesses.ts';
import { findSubject } from '../repositories/subjects.ts';
import type { Context } from './context.ts';
import { page } from './people.ts';
import type { Actor } from './permissions.ts';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Newest first. @throws Problem `subject-not-found` */
export function readAccesses({ db }: Context, actor: Actor, siteId: string, subjectId: string, after: string | undefined, limit: number): Promise<Page<Access>> {
  const before = after !== undefined && uuid.test(after) ? after : undefined;
  return transact(db, { accountId: actor.accountId, sites: [siteId] }, async (trx) => {
    const subject = (await findSubject(trx, siteId, subjectId)) ?? fail('subject-not-found');
    const rows = await listAccesses(trx, siteId, subjectId, { since: subject.created_at, before, limit });
    return page(rows.map(({ id, at, account_id, by, action, detail, device }): Access => {
      const paths = detail['paths'];
      return {
        id, at: at.toISOString(), ...(by === null ? {} : { by }), accountId: account_id, action, ...(Array.isArray(paths) ? { paths: paths.map(String) } : {}),
        ...(device ? { agent: device.agent, ...(device.offline ? { offline: true } : {}) } : {}),
      };
    }), limit, ({ id }) => id);
  });
}
