/** Runs of protocols: the run, which records and aliquots are of it, and what happened in it. */
import { v7 as uuidv7 } from 'uuid';
import { json, type Db, type ProtocolEventTable, type Trx } from '../database.ts';
import type { Data, Missing } from '../../schemas/form.ts';
import type { RecordStatus } from '../../schemas/http/api.ts';
import type { RunEvent, RunStatus } from '../../schemas/http/protocol-api.ts';

const columns = ['run.id', 'run.subject_id', 'run.visit_id', 'run.lesion_id', 'run.protocol', 'run.protocol_version', 'run.status', 'run.closed_at', 'run.created_at'] as const;

export interface RunRow {
  id: string;
  subject_id: string;
  visit_id: string;
  lesion_id: string | null;
  protocol: string;
  protocol_version: string;
  status: RunStatus;
  closed_at: Date | null;
  created_at: Date;
  /** Display name of who started it. */
  by: string;
}

const runs = (db: Db, siteId: string) => db.selectFrom('protocol_run as run').innerJoin('account', 'account.id', 'run.created_by').select([...columns, 'account.display_name as by']).where('run.site_id', '=', siteId);

export function findRun(db: Db, siteId: string, id: string): Promise<RunRow | undefined> {
  return runs(db, siteId).where('run.id', '=', id).executeTakeFirst();
}

/** Makes other acts of this run wait until the transaction ends. */
export async function lockRun(trx: Trx, siteId: string, id: string): Promise<RunRow | undefined> {
  await trx.selectFrom('protocol_run').select('id').where('site_id', '=', siteId).where('id', '=', id).forUpdate().execute();
  return findRun(trx, siteId, id);
}

/** The latest first, by id; one more than `limit`. */
export function listRuns(db: Db, siteId: string, { subjectId, status, after, limit }: { subjectId?: string | undefined; status?: RunStatus | undefined; after?: string | undefined; limit: number }): Promise<RunRow[]> {
  return runs(db, siteId)
    .$if(subjectId !== undefined, (query) => query.where('run.subject_id', '=', subjectId ?? ''))
    .$if(status !== undefined, (query) => query.where('run.status', '=', status ?? 'running'))
    .$if(after !== undefined, (query) => query.where('run.id', '<', after ?? ''))
    .orderBy('run.id', 'desc').limit(limit + 1).execute();
}

export interface NewRun {
  site_id: string;
  id: string;
  subject_id: string;
  visit_id: string;
  lesion_id: string | null;
  protocol: string;
  protocol_version: string;
  created_by: string;
}

export async function insertRun(trx: Trx, run: NewRun): Promise<void> {
  await trx.insertInto('protocol_run').values(run).execute();
}

export async function closeRun(trx: Trx, siteId: string, id: string, status: RunStatus, at: Date): Promise<void> {
  await trx.updateTable('protocol_run').set({ status, closed_at: at }).where('site_id', '=', siteId).where('id', '=', id).execute();
}

export interface RunRecordRow {
  id: string;
  sub_dataset: string;
  status: RecordStatus;
  version: number;
  lesion_id: string | null;
  data: Data;
  missing: Missing;
  /** Null for a picture, and for a record that was not begun from the run. */
  step: string | null;
}

/** Those that were begun from the run, and those of its visit and lesion that are of no run. In the order of their ids, which are their times. */
export function listRunRecords(db: Db, siteId: string, run: RunRow, subDatasets: readonly string[]): Promise<RunRecordRow[]> {
  return db.selectFrom('record as r')
    .innerJoin('record_version as v', (join) => join.onRef('v.site_id', '=', 'r.site_id').onRef('v.record_id', '=', 'r.id').onRef('v.version', '=', 'r.version'))
    .leftJoin('protocol_record as p', (join) => join.onRef('p.site_id', '=', 'r.site_id').onRef('p.record_id', '=', 'r.id'))
    .select(['r.id', 'r.sub_dataset', 'r.status', 'r.version', 'r.lesion_id', 'v.data', 'v.missing', 'p.step'])
    .where('r.site_id', '=', siteId).where('r.subject_id', '=', run.subject_id).where('r.sub_dataset', 'in', [...subDatasets])
    .where((eb) => eb.or([
      eb('p.run_id', '=', run.id),
      eb.and([eb('p.run_id', 'is', null), eb('r.visit_id', '=', run.visit_id), eb.or([eb('r.lesion_id', 'is', null), ...(run.lesion_id === null ? [] : [eb('r.lesion_id', '=', run.lesion_id)])])]),
    ]))
    .orderBy('r.id').execute();
}

/** Does nothing when the record is of a run already. */
export async function insertRunRecord(trx: Trx, row: { site_id: string; record_id: string; run_id: string; step: string | null; created_by: string }): Promise<void> {
  await trx.insertInto('protocol_record').values(row).onConflict((conflict) => conflict.doNothing()).execute();
}

export function listAliquots(db: Db, siteId: string, runId: string) {
  return db.selectFrom('protocol_aliquot as a').innerJoin('specimen as s', (join) => join.onRef('s.site_id', '=', 'a.site_id').onRef('s.id', '=', 'a.specimen_id'))
    .select(['a.specimen_id', 'a.record_id', 'a.kind', 'a.created_at', 's.code'])
    .where('a.site_id', '=', siteId).where('a.run_id', '=', runId).orderBy('s.code').execute();
}

export async function insertAliquot(trx: Trx, row: { site_id: string; specimen_id: string; run_id: string; record_id: string; kind: string; created_by: string }): Promise<void> {
  await trx.insertInto('protocol_aliquot').values(row).execute();
}

/** Every code of the site that begins so, whoever gave it. */
export async function listCodes(db: Db, siteId: string, prefix: string): Promise<string[]> {
  const rows = await db.selectFrom('specimen').select('code').where('site_id', '=', siteId).where((eb) => eb(eb.fn<boolean>('starts_with', ['code', eb.val(prefix)]), '=', true)).execute();
  return rows.map(({ code }) => code);
}

export function listEvents(db: Db, siteId: string, runId: string) {
  return db.selectFrom('protocol_event as e').innerJoin('account', 'account.id', 'e.created_by')
    .select(['e.kind', 'e.step', 'e.key', 'e.detail', 'e.reason', 'e.at', 'account.display_name as by'])
    .where('e.site_id', '=', siteId).where('e.run_id', '=', runId).orderBy('e.id').execute();
}

export type EventRow = Awaited<ReturnType<typeof listEvents>>[number];

export interface NewEvent {
  site_id: string;
  run_id: string;
  kind: RunEvent['kind'];
  step?: string;
  key?: string;
  detail?: ProtocolEventTable['detail']['__select__'];
  reason?: string | undefined;
  at: Date;
  created_by: string;
}

/** False when it is a deviation that was recorded before. */
export async function insertEvent(trx: Trx, { step, key, detail = {}, reason, ...event }: NewEvent): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await trx.insertInto('protocol_event').values({ ...event, id: uuidv7(), step: step ?? null, key: key ?? null, detail: json(detail), reason: reason ?? null })
    .onConflict((conflict) => conflict.columns(['site_id', 'run_id', 'key']).where('kind', '=', 'deviation').doNothing()).executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}
