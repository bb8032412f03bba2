/** What was done by whom: audit events of a site, security events of the network. Never a value, only names of places. */
import { v7 as uuidv7 } from 'uuid';
import { json, type Trx } from '../database.ts';

export interface AuditEvent {
  siteId: string;
  accountId: string;
  /** `<entity>.<verb>`, as `record.save`. */
  action: string;
  entity: string;
  entityId: string;
  contributionId?: string | undefined;
  detail?: { [name: string]: unknown };
}

export async function appendAuditEvent(trx: Trx, { siteId, accountId, action, entity, entityId, contributionId, detail = {} }: AuditEvent): Promise<void> {
  await trx.insertInto('audit_event').values({
    site_id: siteId, id: uuidv7(), account_id: accountId, action, entity, entity_id: entityId, contribution_id: contributionId ?? null, detail: json(detail),
  }).execute();
}

export async function appendSecurityEvent(trx: Trx, accountId: string | undefined, action: string, detail: { [name: string]: unknown } = {}): Promise<void> {
  await trx.insertInto('security_event').values({ id: uuidv7(), account_id: accountId ?? null, action, detail: json(detail) }).execute();
}
