/**
 * What was done by whom: audit events of a site, security events of the network. Never a value, only names of places. Each is stored
 * with its digest, made as schemas/history/texts.ts says; a save writes its own (records.ts).
 */
import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { canonicalize } from '../../schemas/canonical.ts';
import type { Device } from '../../schemas/history/device.ts';
import { eventText, type CoveredContribution } from '../../schemas/history/texts.ts';
import type { Trx } from '../database.ts';

export interface AuditEvent {
  siteId: string;
  accountId: string;
  /** `<entity>.<verb>`, as `record.save`. */
  action: string;
  entity: string;
  entityId: string;
  contributionId?: string | undefined;
  /** Whose identified data somebody came to know by it. */
  subjectId?: string | undefined;
  device?: Device | undefined;
  detail?: { [name: string]: unknown };
}

/** JSON as it will be read back, in its canonical text. */
export const canonicalJson = (value: unknown): string => canonicalize(JSON.parse(JSON.stringify(value)));
const deviceText = (device: Device | undefined) => (device ? canonicalJson(device) : null);

/** An id and the text that its digest is made of. */
export function describeEvent({ siteId, accountId, action, entity, entityId, contributionId, subjectId, device, detail = {} }: AuditEvent, covered: CoveredContribution | null) {
  const facts = {
    siteId, id: uuidv7(), accountId, action, entity, entityId, subjectId: subjectId ?? null, contributionId: contributionId ?? null, covered, detail: canonicalJson(detail), device: deviceText(device),
  };
  return { ...facts, text: eventText(facts) };
}

export async function appendAuditEvent(trx: Trx, event: AuditEvent): Promise<void> {
  const e = describeEvent(event, null);
  await sql`with moment as materialized (select clock_timestamp() as at)
    insert into audit_event (site_id, id, at, account_id, action, entity, entity_id, contribution_id, subject_id, detail, device, digest)
    select ${e.siteId}::uuid, ${e.id}::uuid, at, ${e.accountId}::uuid, ${e.action}, ${e.entity}, ${e.entityId}::uuid, ${e.contributionId}::uuid, ${e.subjectId}::uuid, ${e.detail}::jsonb, ${e.device}::jsonb,
      sha256(sha256(convert_to(${e.text}, 'UTF8')) || timestamptz_send(at)) from moment`.execute(trx);
}

/** `by`: the person, with the device where it is known; undefined for the command line and for whom nobody knows. */
export async function appendSecurityEvent(trx: Trx, by: string | { accountId: string; device?: Device | undefined } | undefined, action: string, detail: { [name: string]: unknown } = {}): Promise<void> {
  const { accountId, device } = typeof by === 'object' ? by : { accountId: by, device: undefined };
  const e = { siteId: null, id: uuidv7(), accountId: accountId ?? null, action, entity: null, entityId: null, subjectId: null, contributionId: null, covered: null, detail: canonicalJson(detail), device: deviceText(device) };
  await sql`with moment as materialized (select clock_timestamp() as at)
    insert into security_event (id, at, account_id, action, detail, device, digest)
    select ${e.id}::uuid, at, ${e.accountId}::uuid, ${e.action}, ${e.detail}::jsonb, ${e.device}::jsonb, sha256(sha256(convert_to(${eventText(e)}, 'UTF8')) || timestamptz_send(at)) from moment`.execute(trx);
}
