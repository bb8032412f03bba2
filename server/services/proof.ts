/**
 * To show again who one is, within a session: for what is worth a second look (a signature, a factor of one's own). A proof is for one act,
 * is good once and for two minutes, and only in the session in which it was made.
 */
import { fail } from '../../schemas/problem.ts';
import { transact, type Trx } from '../database.ts';
import { appendSecurityEvent } from '../repositories/audit.ts';
import { findPassword } from '../repositories/credentials.ts';
import { insertOneTime, takeOneTime } from '../repositories/one-time.ts';
import { findProven, setProven } from '../repositories/sessions.ts';
import { countGuess, forgetGuesses } from './attempts.ts';
import type { Context } from './context.ts';
import { usePasskeyFor } from './passkeys.ts';
import { checkPassword, hashToken, newToken } from './passwords.ts';
import type { Actor } from './permissions.ts';
import { useCode } from './second-factor.ts';

const proofMs = 2 * 60_000;
/** For one's own factors it is enough to have shown it lately. */
const recentMs = 10 * 60_000;
const nowhere = { sites: [] };

export type ProofMethod = 'password' | 'password+code' | 'code' | 'passkey';

export interface ProofRequest {
  /** What it is for, as `record.sign:<id>`; the same text is asked of `requireRecent`. */
  act: string;
  password?: string;
  code?: string;
  passkey?: object;
}

/** @throws Problem `sign-in-refused`, `second-factor-refused`, `passkey-refused`, `account-locked`, `request-invalid` when nothing was given */
export async function prove(context: Context, actor: Actor, request: ProofRequest): Promise<{ proof: string; until: string }> {
  const { db, clock } = context;
  const sessionId = actor.sessionId ?? fail('not-signed-in');
  const method = await show(context, actor, request);
  const [proof, now] = [newToken(), clock.now()];
  const until = new Date(now.getTime() + proofMs);
  await transact(db, { accountId: actor.accountId, ...nowhere }, async (trx) => {
    await forgetGuesses(trx, context, actor.username);
    await setProven(trx, sessionId, now);
    await insertOneTime(trx, { tokenHash: hashToken(proof), purpose: 'proof', accountId: actor.accountId, sessionId, detail: { act: request.act, method }, expiresAt: until }, now);
    await appendSecurityEvent(trx, actor, 'session.prove', { act: request.act, method });
  });
  return { proof, until: until.toISOString() };
}

async function show(context: Context, actor: Actor, { password, code, passkey }: ProofRequest): Promise<ProofMethod> {
  const { db } = context;
  if (passkey !== undefined) return usePasskeyFor(context, actor, passkey).then(() => 'passkey' as const);
  if (password === undefined && code === undefined) fail('request-invalid', [{ pointer: '/password', detail: 'is missing' }]);
  await countGuess(context, actor.username);
  if (password !== undefined && !(await checkPassword(password, (await findPassword(db, actor.accountId))?.password_hash ?? undefined))) fail('sign-in-refused');
  if (code === undefined) return 'password';
  const factor = await transact(db, { accountId: actor.accountId, ...nowhere }, (trx) => useCode(trx, context, actor.accountId, code));
  if (factor !== 'code') fail('second-factor-refused');
  return password === undefined ? 'code' : 'password+code';
}

/**
 * For the act that needs it, inside its transaction: uses the proof up, and tells how the person showed who they are. When the act fails
 * and its transaction is undone, the proof is as it was.
 * @throws Problem `proof-required`
 */
export async function requireRecent(trx: Trx, { clock }: Pick<Context, 'clock'>, actor: Actor, act: string, proof: string | undefined): Promise<ProofMethod> {
  const taken = proof === undefined ? undefined : await takeOneTime(trx, 'proof', hashToken(proof), clock.now());
  const isTheirs = taken?.account_id === actor.accountId && taken.session_id === actor.sessionId && taken.detail['act'] === act;
  return isTheirs ? (taken.detail['method'] as ProofMethod) : fail('proof-required', undefined, { act });
}

/** For changes of one's own factors. @throws Problem `proof-required` when the person showed who they are more than ten minutes ago */
export async function requireFresh({ db, clock }: Context, { sessionId, pending }: Actor): Promise<void> {
  const provenAt = sessionId === undefined ? undefined : await findProven(db, sessionId);
  if (pending === undefined && (provenAt === undefined || clock.now().getTime() - provenAt.getTime() > recentMs)) fail('proof-required', undefined, { act: 'account' });
}
