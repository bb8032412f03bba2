/** Acts that saved something, by the id that the client made. */
import { json, type Db, type Trx } from '../database.ts';

export function findContribution(db: Db, siteId: string, id: string) {
  return db.selectFrom('contribution').select(['kind', 'request_digest', 'response']).where('site_id', '=', siteId).where('id', '=', id).executeTakeFirst();
}

export interface NewContribution {
  siteId: string;
  id: string;
  kind: string;
  digest: Uint8Array;
  response: unknown;
  reason?: string | undefined;
  accountId: string;
}

export async function insertContribution(trx: Trx, { siteId, id, kind, digest, response, reason, accountId }: NewContribution): Promise<void> {
  await trx.insertInto('contribution').values({
    site_id: siteId, id, kind, request_digest: digest, response: json(response), reason: reason ?? null, created_by: accountId,
  }).execute();
}
