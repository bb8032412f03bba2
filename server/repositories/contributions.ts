/** Acts that saved something, by the id that the client made. */
import { sql } from 'kysely';
import { canonicalJson, describeEvent, type AuditEvent } from './audit.ts';
import type { Db, Trx } from '../database.ts';

export function findContribution(db: Db, siteId: string, id: string) {
  return db.selectFrom('contribution').select(['kind', 'request_digest', 'response']).where('site_id', '=', siteId).where('id', '=', id).executeTakeFirst();
}

export interface NewContribution {
  digest: Uint8Array;
  response: unknown;
  reason?: string | undefined;
}

/** The contribution and the audit event that covers it, of one moment; its kind is the action. */
export async function insertContribution(trx: Trx, event: AuditEvent & { contributionId: string }, { digest, response, reason }: NewContribution): Promise<void> {
  const covered = { requestDigest: Buffer.from(digest).toString('hex'), response: canonicalJson(response), reason: reason ?? null };
  const e = describeEvent(event, covered);
  await sql`with made as (
      insert into contribution (site_id, id, kind, request_digest, response, reason, created_by)
      values (${e.siteId}, ${e.contributionId}, ${e.action}, ${digest}, ${covered.response}::jsonb, ${covered.reason}, ${e.accountId}) returning created_at)
    insert into audit_event (site_id, id, at, account_id, action, entity, entity_id, contribution_id, subject_id, detail, device, digest)
    select ${e.siteId}::uuid, ${e.id}::uuid, created_at, ${e.accountId}::uuid, ${e.action}, ${e.entity}, ${e.entityId}::uuid, ${e.contributionId}::uuid, ${e.subjectId}::uuid, ${e.detail}::jsonb, ${e.device}::jsonb,
      sha256(sha256(convert_to(${e.text}, 'UTF8')) || timestamptz_send(created_at)) from made`.execute(trx);
}
