/** What works once and for a short while. Only hashes of the tokens are here. */
import { json, type OneTimePurpose, type Trx } from '../database.ts';

export interface OneTimeToken {
  tokenHash: Uint8Array;
  purpose: OneTimePurpose;
  accountId?: string | undefined;
  sessionId?: string | undefined;
  detail?: { [name: string]: unknown };
  expiresAt: Date;
}

/** What has run out goes at the same time. */
export async function insertOneTime(trx: Trx, { tokenHash, purpose, accountId, sessionId, detail = {}, expiresAt }: OneTimeToken, now: Date): Promise<void> {
  await trx.deleteFrom('one_time_token').where('expires_at', '<', now).execute();
  await trx.insertInto('one_time_token').values({
    token_hash: tokenHash, purpose, account_id: accountId ?? null, session_id: sessionId ?? null, detail: json(detail), expires_at: expiresAt,
  }).execute();
}

/** Uses it up; undefined when there is no such token, or it has run out. Of two who come at once one gets it. */
export function takeOneTime(trx: Trx, purpose: OneTimePurpose, tokenHash: Uint8Array, now: Date) {
  return trx.deleteFrom('one_time_token').where('token_hash', '=', tokenHash).where('purpose', '=', purpose).where('expires_at', '>', now)
    .returning(['account_id', 'session_id', 'detail']).executeTakeFirst();
}

/** Earlier ones of the account stop working. */
export async function deleteOneTimeOf(trx: Trx, accountId: string, purpose: OneTimePurpose): Promise<void> {
  await trx.deleteFrom('one_time_token').where('account_id', '=', accountId).where('purpose', '=', purpose).execute();
}
