/** Tampering by somebody who has read the source: other values, and every digest that follows from them made anew. Only anchors can tell. */
import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { canonicalize } from '../../../schemas/canonical.ts';
import { eventText, versionText } from '../../../schemas/history/texts.ts';
import type { Trx } from '../../../server/database.ts';

const sha256 = (...parts: (string | Uint8Array)[]) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();

interface Row {
  [column: string]: unknown;
}

/** From version `from` of one record on. `skip` chooses the record. */
export async function rewrite(trx: Trx, siteId: string, skip: number, from: number): Promise<void> {
  const { rows: [chosen] } = await sql<{ record_id: string }>`select record_id from record_version where version = 4 order by md5(record_id::text || ${String(skip)}) limit 1`.execute(trx);
  const { rows } = await sql<Row>`
    select v.*, timestamptz_send(v.created_at) as moment, r.subject_id, r.sub_dataset, c.request_digest, c.reason, e.id as event_id, e.detail, e.device, p.chain as before
    from record_version v join record r on r.id = v.record_id join contribution c on c.id = v.contribution_id join audit_event e on e.contribution_id = c.id and e.action = c.kind
    left join record_version p on p.record_id = v.record_id and p.version = v.version - 1
    where v.record_id = ${chosen?.record_id ?? ''}::uuid and v.version >= ${from} order by v.version`.execute(trx);
  let previous = rows[0]?.['before'] as Uint8Array | null;
  for (const row of rows) {
    const data = { ...(row['data'] as object), note: 'never said' };
    const digest = sha256(`{"data":${canonicalize(data)},"missing":${canonicalize(row['missing'])},"parked":${canonicalize(row['parked'])}}`).toString('hex');
    const facts = {
      siteId, recordId: row['record_id'] as string, version: row['version'] as number, subjectId: row['subject_id'] as string, subDataset: row['sub_dataset'] as string, contributionId: row['contribution_id'] as string,
      standardVersion: row['standard_version'] as string, status: row['status'] as string, digest, disabled: canonicalize(row['disabled']), hardFindings: row['hard_findings'] as number, softFindings: row['soft_findings'] as number,
      origin: row['origin'] === null ? null : canonicalize(row['origin']), accountId: row['created_by'] as string,
    };
    const moment = row['moment'] as Uint8Array;
    const chain = sha256(previous ?? new Uint8Array(32), sha256(versionText(facts)), moment);
    const covered = { requestDigest: Buffer.from(row['request_digest'] as Uint8Array).toString('hex'), response: `{"version":${facts.version}}`, reason: row['reason'] as string | null };
    const event = eventText({
      siteId, id: row['event_id'] as string, accountId: facts.accountId, action: 'record.save', entity: 'record', entityId: facts.recordId, subjectId: null, contributionId: facts.contributionId, covered,
      detail: canonicalize(row['detail']), device: row['device'] === null ? null : canonicalize(row['device']),
    });
    await sql`update record_version set data = ${JSON.stringify(data)}::jsonb, digest = ${digest}, chain = ${chain} where record_id = ${facts.recordId}::uuid and version = ${facts.version}`.execute(trx);
    await sql`update audit_event set digest = ${sha256(sha256(event), moment, chain)} where id = ${row['event_id'] as string}::uuid`.execute(trx);
    previous = chain;
  }
}
