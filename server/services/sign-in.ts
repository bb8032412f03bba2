/** Signing in and out. A name that no account has is refused, delayed and locked exactly like one that has. */
import { fail } from '../../schemas/problem.ts';
import { transact } from '../database.ts';
import { findCredentials, findPerson } from '../repositories/accounts.ts';
import { appendSecurityEvent } from '../repositories/audit.ts';
import { countAttempt, findLock, forgetAttempts } from '../repositories/sessions.ts';
import type { Context } from './context.ts';
import { checkPassword, hashToken } from './passwords.ts';
import type { Actor } from './permissions.ts';
import { actorOf, type Sessions } from './sessions.ts';

/** Five failures lock a name for half a minute, each one more for twice as long, up to an hour; a quiet day forgets them. */
const lockOut = { allowed: 5, firstLock: 30, longestLock: 3600, forgetAfter: 24 * 3600 };
const nowhere = { sites: [] };

export interface SignedIn {
  token: string;
  actor: Actor;
}

/** @throws Problem `sign-in-refused`, `account-locked` with `retryAfter` (seconds) */
export async function signIn({ db, clock }: Context, sessions: Sessions, { username, password }: { username: string; password: string }): Promise<SignedIn> {
  const name = username.trim().toLowerCase();
  const usernameHash = hashToken(name);
  const now = clock.now();
  const counted = await transact(db, nowhere, (trx) => countAttempt(trx, { ...lockOut, usernameHash, now }));
  if (counted === undefined) {
    const until = (await findLock(db, usernameHash))?.locked_until ?? now;
    fail('account-locked', undefined, { retryAfter: Math.max(1, Math.ceil((until.getTime() - now.getTime()) / 1000)) });
  }
  const account = await findCredentials(db, name);
  const matches = await checkPassword(password, account?.password_hash ?? undefined);
  return transact(db, nowhere, async (trx) => {
    if (!account || !matches || account.status !== 'active') return undefined;
    await forgetAttempts(trx, usernameHash, new Date(now.getTime() - lockOut.forgetAfter * 1000));
    await appendSecurityEvent(trx, account.id, 'session.open');
    return { token: await sessions.open(trx, account.id), person: await findPerson(trx, account.id) };
  }).then(async (opened) => {
    if (opened?.person) return { token: opened.token, actor: actorOf(opened.person) };
    await transact(db, nowhere, (trx) => appendSecurityEvent(trx, account?.id, 'session.refuse', { failures: counted }));
    return fail('sign-in-refused');
  });
}

export async function signOut({ db }: Context, sessions: Sessions, token: string): Promise<void> {
  const accountId = await sessions.close(token);
  if (accountId !== undefined) await transact(db, nowhere, (trx) => appendSecurityEvent(trx, accountId, 'session.close'));
}
