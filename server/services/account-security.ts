/** One's own account, and what administrators do with the accounts of others: disable, hand over a link, end sessions, link a provider's subject. */
import type { AccountSecurity, SessionEntry } from '../../schemas/http/account-api.ts';
import { fail } from '../../schemas/problem.ts';
import { transact, type Trx } from '../database.ts';
import { findPerson } from '../repositories/accounts.ts';
import { appendSecurityEvent } from '../repositories/audit.ts';
import { deleteLinks, deletePasskeys, deleteTotp, findPassword, insertLink, listLinks, setStatus } from '../repositories/credentials.ts';
import { deleteOneTimeOf, insertOneTime } from '../repositories/one-time.ts';
import { endSessions, listSessions } from '../repositories/sessions.ts';
import type { Context } from './context.ts';
import { passkeySettings, passkeysOf } from './passkeys.ts';
import { hashToken, newToken } from './passwords.ts';
import { findWhollyAdministered } from './people.ts';
import { can, type Actor } from './permissions.ts';
import { needsSecondFactor, policyOf } from './policy.ts';
import { secondFactorOf } from './second-factor.ts';
import type { Sessions } from './sessions.ts';

const linkMs = 24 * 60 * 60 * 1000;
const nowhere = { sites: [] };

export async function describeSecurity(context: Context, actor: Actor): Promise<AccountSecurity> {
  const policy = policyOf(context);
  const account = (await findPassword(context.db, actor.accountId)) ?? fail('not-signed-in');
  return {
    hasPassword: account.password_hash !== null,
    ...(account.password_changed_at ? { passwordChangedAt: account.password_changed_at.toISOString() } : {}),
    needsSecondFactor: needsSecondFactor(policy, actor.memberships),
    ...(await secondFactorOf(context, actor.accountId)),
    passkeys: await passkeysOf(context, actor.accountId),
    mayAddPasskeys: passkeySettings(policy) !== undefined,
    links: (await listLinks(context.db, actor.accountId)).map(({ issuer, subject }) => ({ issuer, subject })),
    sessions: await sessionsOf(context, actor.accountId, actor.sessionId),
  };
}

export async function sessionsOf({ db, clock }: Context, accountId: string, current?: string): Promise<SessionEntry[]> {
  const rows = await listSessions(db, accountId, clock.now());
  return rows.map(({ id, created_at, last_seen_at, method, device, address }) => ({
    id, startedAt: created_at.toISOString(), seenAt: last_seen_at.toISOString(), method, device, address, isThis: id === current,
  }));
}

/** One of one's own, or all others. @throws Problem `not-found` */
export async function endOwnSessions({ db }: Context, sessions: Sessions, actor: Actor, only?: string): Promise<void> {
  await transact(db, { accountId: actor.accountId, ...nowhere }, async (trx) => {
    const ended = await endSessions(trx, actor.accountId, only !== undefined ? { only } : actor.sessionId !== undefined ? { but: actor.sessionId } : {});
    if (only !== undefined && ended === 0) fail('not-found');
    await appendSecurityEvent(trx, actor, 'session.end', { subject: actor.accountId, ended });
  });
  sessions.forget();
}

/** What an administrator does with another's account, and in the same transaction its event. @throws Problem `not-found`, `not-permitted` */
async function administer<T>({ db }: Context, sessions: Sessions, actor: Actor, accountId: string, work: (trx: Trx) => Promise<T>): Promise<T> {
  if (accountId === actor.accountId) fail('not-permitted');
  const done = await transact(db, { accountId: actor.accountId, ...nowhere }, async (trx) => {
    await findWhollyAdministered(trx, actor, accountId);
    return work(trx);
  });
  sessions.forget();
  return done;
}

/** A disabled account signs in nowhere, and its sessions end now. */
export function changeStatus(context: Context, sessions: Sessions, actor: Actor, accountId: string, status: 'active' | 'disabled'): Promise<void> {
  return administer(context, sessions, actor, accountId, async (trx) => {
    await setStatus(trx, accountId, status);
    const ended = status === 'disabled' ? await endSessions(trx, accountId) : 0;
    await appendSecurityEvent(trx, actor, status === 'disabled' ? 'account.disable' : 'account.enable', { subject: accountId, ended });
  });
}

/** A link that sets a new password, once, within a day; with `factors` what the person lost goes too: app, codes, passkeys. Sessions end now. */
export function openReset(context: Context, sessions: Sessions, actor: Actor, accountId: string, { factors = false }: { factors?: boolean }): Promise<{ token: string; until: string }> {
  return administer(context, sessions, actor, accountId, async (trx) => {
    const person = (await findPerson(trx, accountId)) ?? fail('not-found');
    if (person.memberships.some(({ role }) => role === 'staff') || person.status !== 'active') fail('not-permitted');
    const [token, now] = [newToken(), context.clock.now()];
    const until = new Date(now.getTime() + linkMs);
    await deleteOneTimeOf(trx, accountId, 'password-reset');
    await insertOneTime(trx, { tokenHash: hashToken(token), purpose: 'password-reset', accountId, expiresAt: until }, now);
    if (factors) {
      await deleteTotp(trx, accountId);
      await deletePasskeys(trx, accountId);
    }
    const ended = await endSessions(trx, accountId);
    await appendSecurityEvent(trx, actor, 'account.reset', { subject: accountId, factors, ended });
    return { token, until: until.toISOString() };
  });
}

export async function sessionsOfOther(context: Context, sessions: Sessions, actor: Actor, accountId: string): Promise<SessionEntry[]> {
  await administer(context, sessions, actor, accountId, async () => undefined);
  return sessionsOf(context, accountId);
}

export function endSessionsOfOther(context: Context, sessions: Sessions, actor: Actor, accountId: string): Promise<void> {
  return administer(context, sessions, actor, accountId, async (trx) => {
    await appendSecurityEvent(trx, actor, 'session.end', { subject: accountId, ended: await endSessions(trx, accountId) });
  });
}

/** Who the account is at the provider; null takes the link away. Only for administrators of the whole network, who speak with the provider. @throws Problem `name-taken` */
export function linkProvider(context: Context, sessions: Sessions, actor: Actor, accountId: string, subject: string | null): Promise<void> {
  const issuer = policyOf(context).provider?.issuer ?? fail('not-found');
  if (!can(actor, 'account:write')) fail('not-permitted');
  return administer(context, sessions, actor, accountId, async (trx) => {
    await deleteLinks(trx, accountId);
    if (subject !== null) await insertLink(trx, issuer, subject, accountId);
    await appendSecurityEvent(trx, actor, subject === null ? 'account.unlink' : 'account.link', { subject: accountId });
  });
}
