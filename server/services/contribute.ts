/** One act is one contribution: sent twice it is done once. */
import { hash } from 'node:crypto';
import { canonicalize } from '../../schemas/canonical.ts';
import { fail } from '../../schemas/problem.ts';
import { DatabaseError, transact, type Trx } from '../database.ts';
import { findContribution, insertContribution } from '../repositories/contributions.ts';
import type { Context } from './context.ts';
import { blindDigest } from './identifier-keys.ts';
import type { Actor } from './permissions.ts';

export interface Act {
  siteId: string;
  /** Made by the client. */
  contributionId: string;
  /** `<entity>.<verb>`, as `visit.add`. */
  kind: string;
  entityId: string;
  /** Everything that was asked for; the same id with another request is refused. */
  request: unknown;
  reason?: string | undefined;
  /** What the audit event says besides: names of places, never values. */
  detail?: { [name: string]: unknown };
}

/**
 * Does `work` once, with its contribution and its audit event, in one transaction; a second time nothing is done. Then `read`
 * answers in the same transaction. @throws Problem `contribution-reused`
 */
export function contribute<T>(context: Context, actor: Actor, act: Act, work: (trx: Trx) => Promise<void>, read: (trx: Trx) => Promise<T>): Promise<T> {
  const scope = { accountId: actor.accountId, sites: [act.siteId] };
  const digest = blindDigest(context.keys, act.siteId, 'contribution', [canonicalize([act.kind, act.entityId, act.request])]);
  return onceMore(() => transact(context.db, scope, async (trx) => {
    const done = await findContribution(trx, act.siteId, act.contributionId);
    if (done) {
      if (done.kind !== act.kind || !Buffer.from(digest).equals(done.request_digest)) fail('contribution-reused');
      return read(trx);
    }
    await work(trx);
    await insertContribution(trx, {
      siteId: act.siteId, accountId: actor.accountId, action: act.kind, entity: act.kind.split('.')[0] ?? act.kind, entityId: act.entityId,
      contributionId: act.contributionId, device: actor.device, ...(act.detail ? { detail: act.detail } : {}),
    }, { digest, response: {}, reason: act.reason });
    return read(trx);
  }));
}

/** Two of the same request at once: the second finds its row taken, and on its second try the answer of the first. */
export async function onceMore<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DatabaseError && error.code === '23505') return work();
    throw error;
  }
}

/** SHA-256, for digests of what is not secret. */
export function sha256(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}
