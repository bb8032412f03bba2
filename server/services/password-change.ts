/** A new password: by oneself, when the old one has had its time, and by the link that an administrator hands over. */
import { fail } from '../../schemas/problem.ts';
import { transact, type Trx } from '../database.ts';
import { appendSecurityEvent } from '../repositories/audit.ts';
import { findPassword, listFormerPasswords, rememberPassword, updatePassword } from '../repositories/credentials.ts';
import { takeOneTime } from '../repositories/one-time.ts';
import { endSessions } from '../repositories/sessions.ts';
import { countGuess, forgetGuesses } from './attempts.ts';
import type { Context } from './context.ts';
import { requireGoodPassword } from './password-rules.ts';
import { checkPassword, hashPassword, hashToken } from './passwords.ts';
import type { Actor } from './permissions.ts';
import { policyOf } from './policy.ts';
import type { Sessions } from './sessions.ts';

const dayMs = 24 * 60 * 60 * 1000;
const nowhere = { sites: [] };

/** Has it lasted as long as the policy lets it? */
export function hasExpired({ policy, clock }: Pick<Context, 'policy' | 'clock'>, changedAt: Date | null): boolean {
  const { lastsDays } = policyOf({ policy }).passwords;
  return lastsDays !== undefined && changedAt !== null && clock.now().getTime() - changedAt.getTime() >= lastsDays * dayMs;
}

/** @throws Problem `password-refused` with the rules that are broken */
export async function replacePassword(trx: Trx, { policy, clock }: Pick<Context, 'policy' | 'clock'>, accountId: string, next: string): Promise<void> {
  const { passwords } = policyOf({ policy });
  const person = (await findPassword(trx, accountId)) ?? fail('not-found');
  requireGoodPassword(passwords, next, [person.username, person.display_name]);
  const former = [...(person.password_hash === null ? [] : [person.password_hash]), ...(passwords.remembered > 0 ? await listFormerPasswords(trx, accountId) : [])];
  for (const hash of former.slice(0, Math.max(1, passwords.remembered))) {
    if (await checkPassword(next, hash)) fail('password-refused', [{ pointer: '/newPassword', detail: 'used-before' }], { rules: ['used-before'] });
  }
  if (person.password_hash !== null && passwords.remembered > 0) await rememberPassword(trx, accountId, person.password_hash, passwords.remembered);
  await updatePassword(trx, accountId, await hashPassword(next), clock.now());
}

/** By oneself: the present password is asked, and the other sessions end. @throws Problem `sign-in-refused`, `account-locked`, `password-refused` */
export async function changePassword(context: Context, sessions: Sessions, actor: Actor, { password, newPassword }: { password: string; newPassword: string }): Promise<void> {
  await countGuess(context, actor.username);
  const account = await findPassword(context.db, actor.accountId);
  if (!(await checkPassword(password, account?.password_hash ?? undefined))) fail('sign-in-refused');
  await transact(context.db, { accountId: actor.accountId, ...nowhere }, async (trx) => {
    await forgetGuesses(trx, context, actor.username);
    await replacePassword(trx, context, actor.accountId, newPassword);
    const ended = await endSessions(trx, actor.accountId, actor.sessionId === undefined ? {} : { but: actor.sessionId });
    await appendSecurityEvent(trx, actor, 'password.change', { ended });
  });
  sessions.forget();
}

/** By the link of an administrator, which works once. Every session of the account ends. @throws Problem `link-used`, `password-refused` */
export async function resetPassword(context: Context, sessions: Sessions, { token, newPassword }: { token: string; newPassword: string }): Promise<void> {
  const { db, clock } = context;
  // A password that is refused leaves the link as it was: the whole of it is undone.
  await transact(db, nowhere, async (trx) => {
    const { account_id } = (await takeOneTime(trx, 'password-reset', hashToken(token), clock.now())) ?? fail('link-used');
    const person = account_id === null ? undefined : await findPassword(trx, account_id);
    if (account_id === null || person?.status !== 'active') return fail('link-used');
    await forgetGuesses(trx, context, person.username);
    await replacePassword(trx, context, account_id, newPassword);
    const ended = await endSessions(trx, account_id);
    await appendSecurityEvent(trx, account_id, 'password.reset', { ended });
  });
  sessions.forget();
}
