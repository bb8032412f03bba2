/** Sessions, failed sign-ins and the token of the first start. Only hashes of tokens are here. */
import { sql } from 'kysely';
import type { Db, SignInMethod, Trx } from '../database.ts';

export function findSession(db: Db, tokenHash: Uint8Array, now: Date) {
  return db.selectFrom('session').innerJoin('account', 'account.id', 'session.account_id')
    .select(['session.id', 'session.account_id', 'session.created_at', 'session.expires_at', 'session.last_seen_at', 'session.pending'])
    .where('session.token_hash', '=', tokenHash).where('session.expires_at', '>', now).where('account.status', '=', 'active')
    .executeTakeFirst();
}

export interface NewSession {
  token_hash: Uint8Array;
  account_id: string;
  created_at: Date;
  expires_at: Date;
  method: SignInMethod;
  device: string;
  address: string;
  pending: 'second-factor' | null;
}

export async function insertSession(trx: Trx, session: NewSession): Promise<void> {
  await trx.deleteFrom('session').where('expires_at', '<', session.created_at).execute();
  await trx.insertInto('session').values({ ...session, last_seen_at: session.created_at, proven_at: session.created_at }).execute();
}

export async function extendSession(trx: Trx, tokenHash: Uint8Array, until: Date, now: Date): Promise<void> {
  await trx.updateTable('session').set({ expires_at: until, last_seen_at: now }).where('token_hash', '=', tokenHash).execute();
}

/** Those that have not run out, the newest first. */
export function listSessions(db: Db, accountId: string, now: Date) {
  return db.selectFrom('session').select(['id', 'created_at', 'last_seen_at', 'method', 'device', 'address'])
    .where('account_id', '=', accountId).where('expires_at', '>', now).orderBy('created_at', 'desc').orderBy('id').execute();
}

/** Ends one session of an account, or all but one, or all; gives how many. */
export async function endSessions(trx: Trx, accountId: string, which: { only?: string; but?: string } = {}): Promise<number> {
  const ended = await trx.deleteFrom('session').where('account_id', '=', accountId)
    .$if(which.only !== undefined, (query) => query.where('id', '=', which.only ?? ''))
    .$if(which.but !== undefined, (query) => query.where('id', '!=', which.but ?? '')).returning('id').execute();
  return ended.length;
}

export async function setProven(trx: Trx, sessionId: string, now: Date): Promise<void> {
  await trx.updateTable('session').set({ proven_at: now }).where('id', '=', sessionId).execute();
}

export async function findProven(db: Db, sessionId: string): Promise<Date | undefined> {
  return (await db.selectFrom('session').select('proven_at').where('id', '=', sessionId).executeTakeFirst())?.proven_at;
}

/** What had to be done first is done. */
export async function clearPending(trx: Trx, accountId: string): Promise<void> {
  await trx.updateTable('session').set({ pending: null }).where('account_id', '=', accountId).execute();
}

export function deleteSession(trx: Trx, tokenHash: Uint8Array) {
  return trx.deleteFrom('session').where('token_hash', '=', tokenHash).returning('account_id').executeTakeFirst();
}

export interface Attempt {
  usernameHash: Uint8Array;
  now: Date;
  /** Failures after which a name is locked, and the seconds of the first lock; each further failure doubles them. */
  allowed: number;
  firstLock: number;
  longestLock: number;
  /** Seconds without a failure after which all is forgotten. */
  forgetAfter: number;
}

/**
 * Counts an attempt before the password is looked at, so that a hundred at once are a hundred. Gives the number of failures
 * so far with this one, or undefined while the name is locked.
 */
export async function countAttempt(trx: Trx, { usernameHash, now, allowed, firstLock, longestLock, forgetAfter }: Attempt): Promise<number | undefined> {
  const { rows } = await sql<{ failures: number }>`
    insert into sign_in_attempt as a (username_hash, failures, last_at) values (${usernameHash}, 1, ${now})
    on conflict (username_hash) do update set
      failures = case when a.last_at < ${now}::timestamptz - make_interval(secs => ${forgetAfter}) then 1 else a.failures + 1 end,
      locked_until = case when a.failures + 1 >= ${allowed} and a.last_at >= ${now}::timestamptz - make_interval(secs => ${forgetAfter})
        then ${now}::timestamptz + make_interval(secs => least(${longestLock}::float, ${firstLock}::float * power(2, least(a.failures + 1 - ${allowed}, 30)))) end,
      last_at = ${now}
    where a.locked_until is null or a.locked_until <= ${now}
    returning failures`.execute(trx);
  return rows[0]?.failures;
}

export function findLock(db: Db, usernameHash: Uint8Array) {
  return db.selectFrom('sign_in_attempt').select('locked_until').where('username_hash', '=', usernameHash).executeTakeFirst();
}

export async function forgetAttempts(trx: Trx, usernameHash: Uint8Array, before: Date): Promise<void> {
  await trx.deleteFrom('sign_in_attempt').where((eb) => eb.or([eb('username_hash', '=', usernameHash), eb('last_at', '<', before)])).execute();
}

/** Earlier links stop working. */
export async function replaceSetupToken(trx: Trx, tokenHash: Uint8Array, now: Date, until: Date): Promise<void> {
  await trx.updateTable('setup_token').set({ used_at: now }).where('used_at', 'is', null).execute();
  await trx.insertInto('setup_token').values({ token_hash: tokenHash, expires_at: until, used_at: null }).execute();
}

/** True when the token was good; it is used up then. */
export async function useSetupToken(trx: Trx, tokenHash: Uint8Array, now: Date): Promise<boolean> {
  const used = await trx.updateTable('setup_token').set({ used_at: now })
    .where('token_hash', '=', tokenHash).where('used_at', 'is', null).where('expires_at', '>', now).returning('token_hash').executeTakeFirst();
  return used !== undefined;
}
