/** The second factor: an app's codes, and recovery codes for the day on which the telephone is lost. */
import { createHash, randomBytes } from 'node:crypto';
import { fail } from '../../schemas/problem.ts';
import { transact, type Trx } from '../database.ts';
import { appendSecurityEvent } from '../repositories/audit.ts';
import { advanceTotp, countRecoveryCodes, deleteTotp, findTotp, listPasskeys, listTotpNotBy, replaceRecoveryCodes, replaceTotp, sealTotpAnew, takeRecoveryCode } from '../repositories/credentials.ts';
import { clearPending } from '../repositories/sessions.ts';
import type { Context } from './context.ts';
import { seal, unseal, type KeyRing } from './identifier-keys.ts';
import type { Actor } from './permissions.ts';
import { needsSecondFactor, policyOf } from './policy.ts';
import { stepOf, toBase32, totpUri } from './totp.ts';

const nowhere = { sites: [] };
const issuer = 'Xiangya Forms';
const recoveryCodes = 10;
/** 120 bits each: more than ASVS 6.5.2 asks for a plain hash. */
const recoveryBytes = 15;

/** Secrets are sealed like identifiers, under a place of their own. */
const placeOf = (accountId: string) => ({ siteId: 'accounts', subjectId: accountId, key: 'totp' });
const openSecret = (keys: KeyRing, accountId: string, row: { key_id: string; ciphertext: Uint8Array }) =>
  new Uint8Array(Buffer.from(unseal(keys, placeOf(accountId), { keyId: row.key_id, ciphertext: row.ciphertext }), 'base64'));

/** Begins: the secret to be read by the app, which is in force when its first code has been given. @throws Problem `name-taken` when there is one already */
export async function beginTotp({ db, keys }: Context, actor: Actor): Promise<{ secret: string; uri: string }> {
  const secret = new Uint8Array(randomBytes(20));
  await transact(db, { accountId: actor.accountId, ...nowhere }, async (trx) => {
    if ((await findTotp(trx, actor.accountId))?.confirmed_at) fail('name-taken');
    await replaceTotp(trx, actor.accountId, seal(keys, placeOf(actor.accountId), Buffer.from(secret).toString('base64')));
  });
  return { secret: toBase32(secret), uri: totpUri(issuer, actor.username, secret) };
}

/** The first code puts it in force; gives the recovery codes, which are shown this once. @throws Problem `second-factor-refused` */
export async function confirmTotp({ db, keys, clock }: Context, actor: Actor, code: string): Promise<{ recoveryCodes: string[] }> {
  return transact(db, { accountId: actor.accountId, ...nowhere }, async (trx) => {
    const row = await findTotp(trx, actor.accountId);
    const step = row && !row.confirmed_at ? stepOf(openSecret(keys, actor.accountId, row), code, clock.now()) : undefined;
    if (step === undefined || !(await advanceTotp(trx, actor.accountId, step, clock.now()))) fail('second-factor-refused');
    await clearPending(trx, actor.accountId);
    await appendSecurityEvent(trx, actor, 'second-factor.add', { kind: 'totp' });
    return { recoveryCodes: await newRecoveryCodes(trx, actor.accountId) };
  });
}

/** New recovery codes; the earlier ones stop working. @throws Problem `second-factor-required` without an app */
export function renewRecoveryCodes({ db }: Context, actor: Actor): Promise<{ recoveryCodes: string[] }> {
  return transact(db, { accountId: actor.accountId, ...nowhere }, async (trx) => {
    if (!(await findTotp(trx, actor.accountId))?.confirmed_at) fail('second-factor-required');
    await appendSecurityEvent(trx, actor, 'second-factor.renew-codes');
    return { recoveryCodes: await newRecoveryCodes(trx, actor.accountId) };
  });
}

/** @throws Problem `second-factor-required` when the policy asks for one and this is the last */
export function removeTotp({ db, policy }: Context, actor: Actor): Promise<void> {
  return transact(db, { accountId: actor.accountId, ...nowhere }, async (trx) => {
    if (needsSecondFactor(policyOf({ policy }), actor.memberships) && (await listPasskeys(trx, actor.accountId)).length === 0) fail('second-factor-required');
    if (await deleteTotp(trx, actor.accountId)) await appendSecurityEvent(trx, actor, 'second-factor.remove', { kind: 'totp' });
  });
}

export type SecondFactor = 'none' | 'code' | 'recovery-code' | 'missing' | 'wrong';

/** Looks at a code, and uses it up. `none`: this account has no app. */
export async function useCode(trx: Trx, { keys, clock }: Pick<Context, 'keys' | 'clock'>, accountId: string, code: string | undefined): Promise<SecondFactor> {
  const row = await findTotp(trx, accountId);
  if (!row?.confirmed_at) return 'none';
  if (code === undefined) return 'missing';
  const typed = code.replaceAll(/[\s-]/g, '').toUpperCase();
  const step = stepOf(openSecret(keys, accountId, row), typed, clock.now());
  if (step !== undefined) return (await advanceTotp(trx, accountId, step)) ? 'code' : 'wrong';
  return (await takeRecoveryCode(trx, accountId, hashCode(typed))) ? 'recovery-code' : 'wrong';
}

export async function secondFactorOf({ db }: Context, accountId: string): Promise<{ totpSince?: string; recoveryCodes: number }> {
  const row = await findTotp(db, accountId);
  return { ...(row?.confirmed_at ? { totpSince: row.confirmed_at.toISOString() } : {}), recoveryCodes: await countRecoveryCodes(db, accountId) };
}

/** Seals with the active key of the ring what another one did. */
export async function resealSecrets({ db, keys }: Pick<Context, 'db' | 'keys'>): Promise<void> {
  await transact(db, nowhere, async (trx) => {
    for (const row of await listTotpNotBy(trx, keys.active)) {
      await sealTotpAnew(trx, row.account_id, seal(keys, placeOf(row.account_id), Buffer.from(openSecret(keys, row.account_id, row)).toString('base64')));
    }
  });
}

async function newRecoveryCodes(trx: Trx, accountId: string): Promise<string[]> {
  const codes = Array.from({ length: recoveryCodes }, () => toBase32(new Uint8Array(randomBytes(recoveryBytes))));
  await replaceRecoveryCodes(trx, accountId, codes.map(hashCode));
  return codes.map((code) => code.match(/.{4}/g)?.join('-') ?? code);
}

const hashCode = (code: string): Uint8Array => createHash('sha256').update(`recovery ${code}`).digest();
