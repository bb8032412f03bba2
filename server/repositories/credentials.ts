/** What a person signs in with besides the name: passwords, codes of an app, recovery codes, passkeys, a provider's subject. */
import type { Db, Trx } from '../database.ts';

export async function updatePassword(trx: Trx, accountId: string, passwordHash: string, now: Date): Promise<void> {
  await trx.updateTable('account').set({ password_hash: passwordHash, password_changed_at: now }).where('id', '=', accountId).execute();
}

export function findPassword(db: Db, accountId: string) {
  return db.selectFrom('account').select(['password_hash', 'password_changed_at', 'username', 'display_name', 'status']).where('id', '=', accountId).executeTakeFirst();
}

/** Remembers the newest `most` and forgets the others. */
export async function rememberPassword(trx: Trx, accountId: string, passwordHash: string, most: number): Promise<void> {
  await trx.insertInto('former_password').values({ account_id: accountId, password_hash: passwordHash }).execute();
  await trx.deleteFrom('former_password').where('account_id', '=', accountId)
    .where('created_at', 'not in', (eb) => eb.selectFrom('former_password').select('created_at').where('account_id', '=', accountId).orderBy('created_at', 'desc').limit(most)).execute();
}

export async function listFormerPasswords(db: Db, accountId: string): Promise<string[]> {
  const rows = await db.selectFrom('former_password').select('password_hash').where('account_id', '=', accountId).orderBy('created_at', 'desc').execute();
  return rows.map(({ password_hash }) => password_hash);
}

export function findTotp(db: Db, accountId: string) {
  return db.selectFrom('totp').selectAll().where('account_id', '=', accountId).executeTakeFirst();
}

/** A new secret, not yet confirmed, in the place of an earlier one that was never confirmed. */
export async function replaceTotp(trx: Trx, accountId: string, { keyId, ciphertext }: { keyId: string; ciphertext: Uint8Array }): Promise<void> {
  await trx.deleteFrom('totp').where('account_id', '=', accountId).where('confirmed_at', 'is', null).execute();
  await trx.insertInto('totp').values({ account_id: accountId, key_id: keyId, ciphertext, confirmed_at: null }).execute();
}

/** True for the first to use this step of time or a later one; a code is never good twice (RFC 6238 §5.2). */
export async function advanceTotp(trx: Trx, accountId: string, step: number, confirmedAt?: Date): Promise<boolean> {
  const moved = await trx.updateTable('totp').set({ last_step: step, ...(confirmedAt ? { confirmed_at: confirmedAt } : {}) })
    .where('account_id', '=', accountId).where('last_step', '<', step).returning('account_id').executeTakeFirst();
  return moved !== undefined;
}

export async function deleteTotp(trx: Trx, accountId: string): Promise<boolean> {
  await trx.deleteFrom('recovery_code').where('account_id', '=', accountId).execute();
  return (await trx.deleteFrom('totp').where('account_id', '=', accountId).returning('account_id').executeTakeFirst()) !== undefined;
}

export async function replaceRecoveryCodes(trx: Trx, accountId: string, hashes: readonly Uint8Array[]): Promise<void> {
  await trx.deleteFrom('recovery_code').where('account_id', '=', accountId).execute();
  await trx.insertInto('recovery_code').values(hashes.map((code_hash) => ({ account_id: accountId, code_hash }))).execute();
}

export async function countRecoveryCodes(db: Db, accountId: string): Promise<number> {
  const row = await db.selectFrom('recovery_code').select((eb) => eb.fn.countAll<string>().as('n')).where('account_id', '=', accountId).executeTakeFirst();
  return Number(row?.n ?? 0);
}

export async function takeRecoveryCode(trx: Trx, accountId: string, hash: Uint8Array): Promise<boolean> {
  return (await trx.deleteFrom('recovery_code').where('account_id', '=', accountId).where('code_hash', '=', hash).returning('account_id').executeTakeFirst()) !== undefined;
}

export function listPasskeys(db: Db, accountId: string) {
  return db.selectFrom('passkey').selectAll().where('account_id', '=', accountId).orderBy('created_at').execute();
}

export function findPasskey(db: Db, credentialId: string) {
  return db.selectFrom('passkey').innerJoin('account', 'account.id', 'passkey.account_id').selectAll('passkey').select('account.username')
    .where('passkey.credential_id', '=', credentialId).where('account.status', '=', 'active').executeTakeFirst();
}

export interface NewPasskey {
  id: string;
  account_id: string;
  credential_id: string;
  public_key: Uint8Array;
  counter: number;
  transports: string;
  name: string;
}

export async function insertPasskey(trx: Trx, passkey: NewPasskey): Promise<void> {
  await trx.insertInto('passkey').values({ ...passkey, last_used_at: null }).execute();
}

/** False when another request with this counter, or a later one, was faster; authenticators without a counter always say 0. */
export async function advancePasskey(trx: Trx, id: string, from: number, counter: number, now: Date): Promise<boolean> {
  const moved = await trx.updateTable('passkey').set({ counter, last_used_at: now }).where('id', '=', id).where('counter', '=', from).returning('id').executeTakeFirst();
  return moved !== undefined;
}

export async function renamePasskey(trx: Trx, accountId: string, id: string, name: string): Promise<boolean> {
  return (await trx.updateTable('passkey').set({ name }).where('account_id', '=', accountId).where('id', '=', id).returning('id').executeTakeFirst()) !== undefined;
}

export async function deletePasskey(trx: Trx, accountId: string, id: string): Promise<boolean> {
  return (await trx.deleteFrom('passkey').where('account_id', '=', accountId).where('id', '=', id).returning('id').executeTakeFirst()) !== undefined;
}

export async function deletePasskeys(trx: Trx, accountId: string): Promise<void> {
  await trx.deleteFrom('passkey').where('account_id', '=', accountId).execute();
}

export function listLinks(db: Db, accountId: string) {
  return db.selectFrom('identity_link').selectAll().where('account_id', '=', accountId).orderBy('created_at').execute();
}

export async function useLink(trx: Trx, issuer: string, subject: string, now: Date): Promise<string | undefined> {
  return (await trx.updateTable('identity_link').set({ last_used_at: now }).where('issuer', '=', issuer).where('subject', '=', subject).returning('account_id').executeTakeFirst())?.account_id;
}

export async function insertLink(trx: Trx, issuer: string, subject: string, accountId: string): Promise<void> {
  await trx.insertInto('identity_link').values({ issuer, subject, account_id: accountId, last_used_at: null }).execute();
}

export async function deleteLinks(trx: Trx, accountId: string): Promise<void> {
  await trx.deleteFrom('identity_link').where('account_id', '=', accountId).execute();
}

export async function setStatus(trx: Trx, accountId: string, status: 'active' | 'disabled'): Promise<void> {
  await trx.updateTable('account').set({ status }).where('id', '=', accountId).execute();
}

/** Whose secret another key of the ring sealed. */
export function listTotpNotBy(db: Db, keyId: string) {
  return db.selectFrom('totp').select(['account_id', 'key_id', 'ciphertext']).where('key_id', '<>', keyId).execute();
}

/** Only what seals it changes. */
export async function sealTotpAnew(trx: Trx, accountId: string, { keyId, ciphertext }: { keyId: string; ciphertext: Uint8Array }): Promise<void> {
  await trx.updateTable('totp').set({ key_id: keyId, ciphertext }).where('account_id', '=', accountId).execute();
}
