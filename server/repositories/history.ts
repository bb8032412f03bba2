/** Anchors of history, and history as it is read to be anchored and to be checked. A ledger is a site, or the nil UUID for the network. */
import { sql } from 'kysely';
import { literal, type Db, type Trx } from '../database.ts';
import { copyPage, type CopiedPage } from './copied.ts';

const network = '00000000-0000-0000-0000-000000000000';
const nil = network;

export interface AnchorRow {
  number: number;
  statement: string;
  digest: Uint8Array;
  signature: Uint8Array;
}

/** Keeps other processes from anchoring this ledger until the transaction ends; false when one does so now. */
export async function tryLockLedger(trx: Trx, ledger: string): Promise<boolean> {
  const { rows } = await sql<{ locked: boolean }>`select pg_try_advisory_xact_lock(hashtextextended('history_anchor ' || ${ledger}::text, 0)) as locked`.execute(trx);
  return rows[0]?.locked === true;
}

export function findLastAnchor(db: Db, ledger: string): Promise<AnchorRow | undefined> {
  return db.selectFrom('history_anchor').select(['number', 'statement', 'digest', 'signature']).where('site_id', '=', ledger).orderBy('number', 'desc').limit(1).executeTakeFirst();
}

export async function readDatabaseClock(db: Db): Promise<Date> {
  const { rows } = await sql<{ at: Date }>`select clock_timestamp() as at`.execute(db);
  return rows[0]?.at ?? new Date(0);
}

/** Members of the anchors that were made from this moment on. */
export async function listRecentMembers(db: Db, ledger: string, from: Date): Promise<Uint8Array[]> {
  return (await db.selectFrom('history_anchor').select('members').where('site_id', '=', ledger).where('created_at', '>=', from).orderBy('number').execute()).map(({ members }) => members);
}

/** Id and digest of the events that come after `after` in the order of ids. */
export function copyMembers(trx: Trx, ledger: string, after: string, limit: number): Promise<CopiedPage> {
  return copyPage(trx, ledger === network
    ? `select id, case when digest = '' then former_digest(id) else digest end from security_event where id > ${literal(after)} order by id limit ${limit}`
    : `select id, case when digest = '' then former_digest(site_id, id) else digest end from audit_event where site_id = ${literal(ledger)} and id > ${literal(after)} order by id limit ${limit}`);
}

export async function insertAnchor(trx: Trx, ledger: string, row: AnchorRow & { members: Uint8Array; firstId: string }): Promise<void> {
  const { firstId, ...rest } = row;
  await trx.insertInto('history_anchor').values({ ...rest, site_id: ledger, first_id: firstId }).execute();
}

/** By number. `from` and `to` are moments of making them; members are read apart. */
export function listAnchors(db: Db, ledger: string, { from, to, after = 0, limit }: { from?: Date; to?: Date; after?: number; limit: number }): Promise<(AnchorRow & { created_at: Date })[]> {
  return db.selectFrom('history_anchor').select(['number', 'statement', 'digest', 'signature', 'created_at']).where('site_id', '=', ledger).where('number', '>', after)
    .$if(from !== undefined, (query) => query.where('created_at', '>=', from ?? new Date()))
    .$if(to !== undefined, (query) => query.where('created_at', '<', to ?? new Date()))
    .orderBy('number').limit(limit).execute();
}

export type MembersRow = AnchorRow & { members: Uint8Array; first_id: string };

/** With their members, in the order of numbers, or of the least id among the members. */
export function listAnchorsWhole(db: Db, ledger: string, order: 'number' | 'first_id', after: { number: number; first_id: string } | undefined, limit: number): Promise<MembersRow[]> {
  return db.selectFrom('history_anchor').select(['number', 'statement', 'digest', 'signature', 'members', 'first_id']).where('site_id', '=', ledger)
    .$if(after !== undefined && order === 'number', (query) => query.where('number', '>', after?.number ?? 0))
    .$if(after !== undefined && order === 'first_id', (query) => query.where(sql<boolean>`(first_id, number) > (${after?.first_id ?? nil}::uuid, ${after?.number ?? 0}::integer)`))
    .orderBy(order).orderBy('number').limit(limit).execute();
}

/** A page is joined row by row: from what it is told of a page the planner would read whole tables for each. Undone by `false`, for questions about all rows. */
export async function planForPages(trx: Trx, on: boolean): Promise<void> {
  await sql.raw(['hashjoin', 'mergejoin'].map((join) => `set local enable_${join} = ${on ? 'off' : 'on'}`).join('; ')).execute(trx);
}

/** Events in the order of ids, with contribution and chain of the version; columns as `eventColumns` names them. */
export function copyEvents(trx: Trx, ledger: string, after: string, limit: number): Promise<CopiedPage> {
  if (ledger === network) {
    return copyPage(trx, `select e.id, e.at, e.account_id::text, e.action, null, null, null, null, e.detail::text, e.device::text, e.digest, case when e.digest = '' then former_digest(e.id) end,
      null, null, null, null, null, null, null, null from security_event e where e.id > ${literal(after)} order by e.id limit ${limit}`);
  }
  return copyPage(trx, `select e.id, e.at, e.account_id::text, e.action, e.entity, e.entity_id::text, e.subject_id::text, e.contribution_id::text, e.detail::text, e.device::text, e.digest,
      case when e.digest = '' then former_digest(e.site_id, e.id) end,
      c.kind, encode(c.request_digest, 'hex'), c.response::text, c.reason, c.created_at, c.created_by::text, v.version, v.chain
    from (select * from audit_event where site_id = ${literal(ledger)} and id > ${literal(after)} order by id limit ${limit}) e
    left join contribution c on c.site_id = e.site_id and c.id = e.contribution_id
    left join record_version v on v.site_id = e.site_id and v.contribution_id = e.contribution_id and v.record_id = e.entity_id
    order by e.id`);
}

export const eventColumns = {
  id: 0, at: 1, accountId: 2, action: 3, entity: 4, entityId: 5, subjectId: 6, contributionId: 7, detail: 8, device: 9, digest: 10, former: 11,
  kind: 12, requestDigest: 13, response: 14, reason: 15, contributedAt: 16, contributedBy: 17, version: 18, chain: 19,
} as const;

/** Versions in the order of records and numbers, with the record. */
export function copyVersions(trx: Trx, siteId: string, after: { recordId: string; version: number }, limit: number): Promise<CopiedPage> {
  return copyPage(trx, `select v.record_id::text, v.version, v.contribution_id::text, v.standard_version, v.status, v.digest, v.disabled::text, v.hard_findings, v.soft_findings, v.origin::text,
      v.created_by::text, v.created_at, v.chain, v.data::text, v.missing::text, v.parked::text, r.subject_id::text, r.sub_dataset, r.version, r.status, r.standard_version
    from (select * from record_version where site_id = ${literal(siteId)} and (record_id, version) > (${literal(after.recordId)}::uuid, ${after.version}) order by record_id, version limit ${limit}) v
    left join record r on r.site_id = v.site_id and r.id = v.record_id
    order by v.record_id, v.version`);
}

export const versionColumns = {
  recordId: 0, version: 1, contributionId: 2, standardVersion: 3, status: 4, digest: 5, disabled: 6, hardFindings: 7, softFindings: 8, origin: 9, accountId: 10, createdAt: 11, chain: 12,
  data: 13, missing: 14, parked: 15, subjectId: 16, subDataset: 17, current: 18, currentStatus: 19, currentStandard: 20,
} as const;

/** Records of which no version is there. */
export async function listEmptyRecords(trx: Trx, siteId: string, limit: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select r.id from record r where r.site_id = ${siteId} and not exists (
    select from record_version v where v.site_id = r.site_id and v.record_id = r.id) order by r.id limit ${limit}`.execute(trx);
  return rows.map(({ id }) => id);
}

/** Contributions that no audit event tells of. */
export async function listUntoldContributions(trx: Trx, siteId: string, limit: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select c.id from contribution c where c.site_id = ${siteId} and not exists (
    select from audit_event e where e.site_id = c.site_id and e.contribution_id = c.id and e.action = c.kind) order by c.id limit ${limit}`.execute(trx);
  return rows.map(({ id }) => id);
}

/** How many contributions there are. */
export async function countContributions(trx: Trx, siteId: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) as count from contribution where site_id = ${siteId}`.execute(trx);
  return rows[0]?.count ?? 0;
}
