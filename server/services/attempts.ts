/** How often somebody may guess: by the name that is guessed at, whether anybody bears it or not. */
import { fail } from '../../schemas/problem.ts';
import { transact, type Trx } from '../database.ts';
import { appendSecurityEvent } from '../repositories/audit.ts';
import { countAttempt, findLock, forgetAttempts } from '../repositories/sessions.ts';
import type { Context } from './context.ts';
import { hashToken } from './passwords.ts';

/** Five failures lock a name for half a minute, each one more for twice as long, up to an hour; a quiet day forgets them. */
const lockOut = { allowed: 5, firstLock: 30, longestLock: 3600, forgetAfter: 24 * 3600 };

/** Counts before anything is looked at, so that a hundred at once are a hundred; gives the failures so far with this one. @throws Problem `account-locked` with `retryAfter` (seconds) */
export async function countGuess({ db, clock }: Pick<Context, 'db' | 'clock'>, name: string): Promise<number> {
  const usernameHash = hashToken(name);
  const now = clock.now();
  const counted = await transact(db, { sites: [] }, (trx) => countAttempt(trx, { ...lockOut, usernameHash, now }));
  if (counted !== undefined) return counted;
  const until = (await findLock(db, usernameHash))?.locked_until ?? now;
  // Not whose: the name may be anybody's, or a password typed into the wrong field.
  await transact(db, { sites: [] }, (trx) => appendSecurityEvent(trx, undefined, 'session.locked'));
  return fail('account-locked', undefined, { retryAfter: Math.max(1, Math.ceil((until.getTime() - now.getTime()) / 1000)) });
}

/** It was the right person; and what is older than a day goes too. */
export async function forgetGuesses(trx: Trx, { clock }: Pick<Context, 'clock'>, name: string): Promise<void> {
  await forgetAttempts(trx, hashToken(name), new Date(clock.now().getTime() - lockOut.forgetAfter * 1000));
}
