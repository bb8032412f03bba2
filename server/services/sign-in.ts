/** Signing in with a password, and out. A name that no account has is refused, delayed and locked exactly like one that has. */
import type { SignInRequest } from '../../schemas/http/api.ts';
import { fail } from '../../schemas/problem.ts';
import { transact, type SignInMethod, type Trx } from '../database.ts';
import { findCredentials, findPerson, type PersonRow } from '../repositories/accounts.ts';
import { appendSecurityEvent } from '../repositories/audit.ts';
import { listPasskeys } from '../repositories/credentials.ts';
import { countGuess, forgetGuesses } from './attempts.ts';
import type { Context } from './context.ts';
import { hasExpired, replacePassword } from './password-change.ts';
import { checkPassword } from './passwords.ts';
import type { Actor } from './permissions.ts';
import { needsSecondFactor, policyOf } from './policy.ts';
import { useCode, type SecondFactor } from './second-factor.ts';
import { actorOf, type From, type Opened, type Sessions } from './sessions.ts';

const nowhere = { sites: [] };

export interface SignedIn {
  token: string;
  actor: Actor;
}

/**
 * @throws Problem `sign-in-refused`, `account-locked` with `retryAfter` (seconds); with the right password `second-factor-needed`,
 *   `second-factor-refused`, `password-expired`, `password-refused`
 */
export async function signIn(context: Context, sessions: Sessions, { username, password, code, newPassword }: SignInRequest, from?: From): Promise<SignedIn> {
  const { db } = context;
  const name = username.trim().toLowerCase();
  const failures = await countGuess(context, name);
  const account = await findCredentials(db, name);
  const matches = await checkPassword(password, account?.password_hash ?? undefined);
  if (!account || !matches || account.status !== 'active') return refuse(context, account?.id, failures);
  const factor = await transact(db, nowhere, (trx) => useCode(trx, context, account.id, code));
  if (factor === 'missing') fail('second-factor-needed', undefined, { ways: ['code'] });
  if (factor === 'wrong') return refuse(context, account.id, failures, 'second-factor-refused');
  const isExpired = hasExpired(context, account.password_changed_at);
  if (isExpired && newPassword === undefined) fail('password-expired');
  return transact(db, nowhere, async (trx) => {
    if (isExpired && newPassword !== undefined) await replacePassword(trx, context, account.id, newPassword);
    await forgetGuesses(trx, context, name);
    return openFor(trx, context, sessions, account.id, { method: methodOf(factor), ...(from ? { from } : {}) });
  });
}

const methodOf = (factor: SecondFactor): SignInMethod => (factor === 'code' || factor === 'recovery-code' ? `password+${factor}` : 'password');

/** Opens a session for somebody who has shown who they are; whoever still lacks a second factor that they must have sets it up first. */
export async function openFor(trx: Trx, context: Context, sessions: Sessions, accountId: string, opened: Opened): Promise<SignedIn> {
  const person = (await findPerson(trx, accountId)) ?? fail('internal');
  const pending = (await mustAdd(trx, context, person, opened.method)) ? 'second-factor' as const : undefined;
  await appendSecurityEvent(trx, accountId, 'session.open', { method: opened.method, ...(opened.from?.address ? { address: opened.from.address, device: opened.from.device } : {}) });
  return { token: await sessions.open(trx, accountId, { ...opened, pending }), actor: { ...actorOf(person), ...(pending ? { pending } : {}) } };
}

/** A passkey, which asks for a finger or a PIN, is two factors; a provider answers for its own. @throws Problem `second-factor-needed` for whoever has passkeys and must use one */
async function mustAdd(trx: Trx, { policy }: Context, person: PersonRow, method: SignInMethod): Promise<boolean> {
  if (method !== 'password' || !needsSecondFactor(policyOf({ policy }), person.memberships)) return false;
  return (await listPasskeys(trx, person.id)).length === 0 || fail('second-factor-needed', undefined, { ways: ['passkey'] });
}

async function refuse({ db }: Context, accountId: string | undefined, failures: number, problem: 'sign-in-refused' | 'second-factor-refused' = 'sign-in-refused'): Promise<never> {
  await transact(db, nowhere, (trx) => appendSecurityEvent(trx, accountId, 'session.refuse', { failures, ...(problem === 'second-factor-refused' ? { factor: 'second' } : {}) }));
  return fail(problem);
}

export async function signOut({ db }: Context, sessions: Sessions, token: string): Promise<void> {
  const accountId = await sessions.close(token);
  if (accountId !== undefined) await transact(db, nowhere, (trx) => appendSecurityEvent(trx, accountId, 'session.close'));
}
