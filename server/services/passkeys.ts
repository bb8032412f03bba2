/**
 * Passkeys (WebAuthn): made in a session, used instead of name and password. The authenticator asks for a finger, a face or a PIN, so one
 * passkey is two factors. Challenges are kept in the database, are used once, and run out after five minutes.
 */
import { generateAuthenticationOptions, generateRegistrationOptions, verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server';
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import { v7 as uuidv7 } from 'uuid';
import type { Passkey } from '../../schemas/http/account-api.ts';
import { fail } from '../../schemas/problem.ts';
import { transact, type OneTimePurpose } from '../database.ts';
import { appendSecurityEvent } from '../repositories/audit.ts';
import { advancePasskey, deletePasskey, findPasskey, findTotp, insertPasskey, listPasskeys, renamePasskey } from '../repositories/credentials.ts';
import { insertOneTime, takeOneTime } from '../repositories/one-time.ts';
import { clearPending } from '../repositories/sessions.ts';
import type { Context } from './context.ts';
import { hashToken } from './passwords.ts';
import type { Actor } from './permissions.ts';
import { needsSecondFactor, policyOf, type Policy } from './policy.ts';
import type { From, Sessions } from './sessions.ts';
import { openFor, type SignedIn } from './sign-in.ts';

const challengeMs = 5 * 60_000;
const nowhere = { sites: [] };

export interface PasskeySettings {
  origin: string;
  domain: string;
}

/** Undefined where there can be none: no origin is set, or it is an address without a name. */
export function passkeySettings({ origin, passkeyDomain }: Policy): PasskeySettings | undefined {
  const host = origin === undefined ? undefined : URL.parse(origin)?.hostname;
  if (origin === undefined || !host || /^[\d.]+$|^\[/.test(host)) return undefined;
  return { origin, domain: passkeyDomain ?? host };
}

const settingsOf = ({ policy }: Context) => passkeySettings(policyOf({ policy })) ?? fail('not-found');

async function keepChallenge({ db, clock }: Context, challenge: string, purpose: OneTimePurpose, actor?: Actor): Promise<void> {
  const now = clock.now();
  await transact(db, nowhere, (trx) => insertOneTime(trx, {
    tokenHash: hashToken(challenge), purpose, accountId: actor?.accountId, sessionId: actor?.sessionId, expiresAt: new Date(now.getTime() + challengeMs),
  }, now));
}

const takeChallenge = (context: Context, purpose: OneTimePurpose, isOurs: (taken: { account_id: string | null }) => boolean) => async (challenge: string): Promise<boolean> => {
  const taken = await transact(context.db, nowhere, (trx) => takeOneTime(trx, purpose, hashToken(challenge), context.clock.now()));
  return taken !== undefined && isOurs(taken);
};

export async function beginPasskey(context: Context, actor: Actor): Promise<object> {
  const { domain } = settingsOf(context);
  const there = await listPasskeys(context.db, actor.accountId);
  const options = await generateRegistrationOptions({
    rpName: 'Xiangya Forms', rpID: domain, userName: actor.username, userDisplayName: actor.displayName, userID: new Uint8Array(Buffer.from(actor.accountId)),
    attestationType: 'none', authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    excludeCredentials: there.map(({ credential_id }) => ({ id: credential_id })), timeout: challengeMs,
  });
  await keepChallenge(context, options.challenge, 'passkey-registration', actor);
  return options;
}

/** @throws Problem `passkey-refused`, `name-taken` when it is here already */
export async function addPasskey(context: Context, actor: Actor, { response, name }: { response: object; name: string }): Promise<Passkey> {
  const { origin, domain } = settingsOf(context);
  const verified = await verifyRegistrationResponse({
    response: response as RegistrationResponseJSON, expectedOrigin: origin, expectedRPID: domain, requireUserVerification: true,
    expectedChallenge: takeChallenge(context, 'passkey-registration', ({ account_id }) => account_id === actor.accountId),
  }).catch(() => undefined);
  if (!verified?.verified) return fail('passkey-refused');
  const { credential } = verified.registrationInfo;
  const id = uuidv7({ msecs: context.clock.now().getTime() });
  await transact(context.db, { accountId: actor.accountId, ...nowhere }, async (trx) => {
    await insertPasskey(trx, {
      id, account_id: actor.accountId, credential_id: credential.id, public_key: new Uint8Array(credential.publicKey), counter: credential.counter, transports: (credential.transports ?? []).join(','), name,
    });
    await clearPending(trx, actor.accountId);
    await appendSecurityEvent(trx, actor, 'second-factor.add', { kind: 'passkey', passkey: id });
  });
  return { id, name, createdAt: context.clock.now().toISOString() };
}

/** Without a name: the authenticator says whose passkey it is. */
export async function beginPasskeySignIn(context: Context, actor?: Actor): Promise<object> {
  const { domain } = settingsOf(context);
  const allowCredentials = actor ? (await listPasskeys(context.db, actor.accountId)).map(({ credential_id, transports }) => ({ id: credential_id, transports: transportsOf(transports) })) : [];
  const options = await generateAuthenticationOptions({ rpID: domain, userVerification: 'required', timeout: challengeMs, allowCredentials });
  await keepChallenge(context, options.challenge, actor ? 'passkey-proof' : 'passkey-sign-in', actor);
  return options;
}

const transportsOf = (text: string): string[] => text.split(',').filter(Boolean);

/** @throws Problem `passkey-refused` */
export async function signInWithPasskey(context: Context, sessions: Sessions, response: object, from?: From): Promise<SignedIn> {
  const used = await usePasskey(context, response, 'passkey-sign-in', () => true);
  if (used === undefined) {
    await transact(context.db, nowhere, (trx) => appendSecurityEvent(trx, undefined, 'session.refuse', { factor: 'passkey' }));
    return fail('passkey-refused');
  }
  return transact(context.db, nowhere, (trx) => openFor(trx, context, sessions, used, { method: 'passkey', ...(from ? { from } : {}) }));
}

/** To show again who one is. @throws Problem `passkey-refused` */
export async function usePasskeyFor(context: Context, actor: Actor, response: object): Promise<void> {
  const used = await usePasskey(context, response, 'passkey-proof', ({ account_id }) => account_id === actor.accountId);
  if (used !== actor.accountId) fail('passkey-refused');
}

async function usePasskey(context: Context, response: object, purpose: OneTimePurpose, isOurs: (taken: { account_id: string | null }) => boolean): Promise<string | undefined> {
  const { origin, domain } = settingsOf(context);
  const { id } = response as Partial<AuthenticationResponseJSON>;
  const passkey = typeof id === 'string' ? await findPasskey(context.db, id) : undefined;
  if (!passkey) return undefined;
  const verified = await verifyAuthenticationResponse({
    response: response as AuthenticationResponseJSON, expectedOrigin: origin, expectedRPID: domain, requireUserVerification: true,
    expectedChallenge: takeChallenge(context, purpose, isOurs),
    credential: { id: passkey.credential_id, publicKey: new Uint8Array(passkey.public_key), counter: passkey.counter, transports: transportsOf(passkey.transports) },
  }).catch(() => undefined);
  if (!verified?.verified) return undefined;
  const moved = await transact(context.db, nowhere, (trx) => advancePasskey(trx, passkey.id, passkey.counter, verified.authenticationInfo.newCounter, context.clock.now()));
  return moved ? passkey.account_id : undefined;
}

export async function passkeysOf({ db }: Context, accountId: string): Promise<Passkey[]> {
  const rows = await listPasskeys(db, accountId);
  return rows.map(({ id, name, created_at, last_used_at }) => ({ id, name, createdAt: created_at.toISOString(), ...(last_used_at ? { usedAt: last_used_at.toISOString() } : {}) }));
}

/** @throws Problem `not-found` */
export async function callPasskey({ db }: Context, actor: Actor, id: string, name: string): Promise<void> {
  if (!(await transact(db, { accountId: actor.accountId, ...nowhere }, (trx) => renamePasskey(trx, actor.accountId, id, name)))) fail('not-found');
}

/** @throws Problem `not-found`, `second-factor-required` when the policy asks for one and this is the last */
export function removePasskey({ db, policy }: Context, actor: Actor, id: string): Promise<void> {
  return transact(db, { accountId: actor.accountId, ...nowhere }, async (trx) => {
    const isLast = (await listPasskeys(trx, actor.accountId)).length === 1 && !(await findTotp(trx, actor.accountId))?.confirmed_at;
    if (!(await deletePasskey(trx, actor.accountId, id))) fail('not-found');
    if (isLast && needsSecondFactor(policyOf({ policy }), actor.memberships)) fail('second-factor-required');
    await appendSecurityEvent(trx, actor, 'second-factor.remove', { kind: 'passkey', passkey: id });
  });
}
