/** A run as it is at this moment: its records and pictures put before the engine. Deviations that hold by now are written down, each once. */
import type { ProtocolSummary, RecordedDeviation, Run, RunEvent, RunSummary } from '../../schemas/http/protocol-api.ts';
import { fail } from '../../schemas/problem.ts';
import { evaluateRun } from '../../schemas/protocol/evaluate.ts';
import { prefixOf } from '../../schemas/protocol/naming.ts';
import type { PreparedProtocol } from '../../schemas/protocol/prepare.ts';
import type { RunFacts, RunState } from '../../schemas/protocol/run.ts';
import type { Trx } from '../database.ts';
import { appendAuditEvent } from '../repositories/audit.ts';
import { insertEvent, listAliquots, listCodes, listEvents, listRunRecords, type EventRow, type RunRecordRow, type RunRow } from '../repositories/protocol-runs.ts';
import { findSite } from '../repositories/sites.ts';
import { findSubject } from '../repositories/subjects.ts';
import type { Context } from './context.ts';
import type { Actor } from './permissions.ts';

/** What an event says of its step. */
const saidOf = { 'step-completed': 'complete', 'step-skipped': 'skipped' } as const;

/** A run with everything that is known of it. */
export interface OpenRun {
  row: RunRow;
  prepared: PreparedProtocol;
  facts: RunFacts;
  state: RunState;
  records: readonly RunRecordRow[];
  aliquots: Awaited<ReturnType<typeof listAliquots>>;
  events: readonly EventRow[];
  studyNumber: string;
}

export async function openRun({ protocols, clock }: Context, trx: Trx, siteId: string, row: RunRow): Promise<OpenRun> {
  const prepared = protocols.get(row.protocol, row.protocol_version);
  const { steps, pictures, naming } = prepared.protocol;
  const forms = [...steps.map(({ form }) => form), ...(pictures ? [pictures.form] : [])].map(({ subDataset }) => subDataset);
  const subject = (await findSubject(trx, siteId, row.subject_id)) ?? fail('subject-not-found');
  const site = (await findSite(trx, siteId)) ?? fail('site-not-found');
  const who = { site: { code: site.code }, subject: { studyNumber: subject.study_number } };
  const records = await listRunRecords(trx, siteId, row, [...new Set(forms)]);
  const aliquots = await listAliquots(trx, siteId, row.id);
  const events = await listEvents(trx, siteId, row.id);
  const prefix = prefixOf(naming, who);
  const stepOf = (record: RunRecordRow) => record.step ?? steps.find(({ form }) => form.subDataset === record.sub_dataset)?.id;
  const facts: RunFacts = {
    ...who, now: (row.closed_at ?? clock.now()).toISOString(),
    records: records.flatMap(({ id, status, version, data, missing, ...record }) => {
      const step = stepOf({ id, status, version, data, missing, ...record });
      return step === undefined ? [] : [{ id, step, status, version, data, missing }];
    }),
    pictures: records.filter(({ sub_dataset }) => sub_dataset === pictures?.form.subDataset).map(({ id, data }) => ({ recordId: id, data })),
    aliquots: aliquots.map(({ code, kind, record_id }) => ({ code, kind, recordId: record_id })),
    taken: prefix === undefined ? [] : await listCodes(trx, siteId, prefix),
    steps: Object.fromEntries(events.flatMap(({ kind, step }) => (step !== null && Object.hasOwn(saidOf, kind) ? [[step, saidOf[kind as keyof typeof saidOf]]] : []))),
  };
  return { row, prepared, facts, state: evaluateRun(prepared, facts), records, aliquots, events, studyNumber: subject.study_number };
}

/** As a reader is told it. Reading may be what finds a deviation: it is written down then, under the name of who read. */
export async function tellRun(context: Context, trx: Trx, actor: Actor, siteId: string, row: RunRow): Promise<Run> {
  const run = await openRun(context, trx, siteId, row);
  const noted = row.status === 'running' ? await noteDeviations(context, trx, actor, siteId, run) : false;
  return runOf(noted ? { ...run, events: await listEvents(trx, siteId, row.id) } : run);
}

/** True when there was something new. */
async function noteDeviations({ clock }: Context, trx: Trx, actor: Actor, siteId: string, { row, state, events }: OpenRun): Promise<boolean> {
  const known = new Set(events.filter(({ kind }) => kind === 'deviation').map(({ key }) => key));
  let noted = false;
  for (const { key, ...detail } of state.deviations.filter((deviation) => !known.has(deviation.key))) {
    const isNew = await insertEvent(trx, { site_id: siteId, run_id: row.id, kind: 'deviation', key, detail: { ...detail }, at: clock.now(), created_by: actor.accountId });
    if (isNew) await appendAuditEvent(trx, { siteId, accountId: actor.accountId, action: 'protocol-run.deviation', entity: 'protocol-run', entityId: row.id, device: actor.device, detail: { code: detail.code } });
    noted = true;
  }
  return noted;
}

export function summaryOf({ protocols }: Context, row: RunRow): RunSummary {
  return summaryWith(protocols.get(row.protocol, row.protocol_version), row);
}

function summaryWith({ protocol }: PreparedProtocol, row: RunRow): RunSummary {
  return {
    id: row.id, subjectId: row.subject_id, visitId: row.visit_id, ...(row.lesion_id === null ? {} : { lesionId: row.lesion_id }), protocol: row.protocol, version: row.protocol_version,
    title: protocol.title, status: row.status, startedAt: row.created_at.toISOString(), startedBy: row.by, ...(row.closed_at ? { closedAt: row.closed_at.toISOString() } : {}),
  };
}

export function runOf({ row, prepared, facts, state, aliquots, events }: OpenRun): Run {
  return {
    ...summaryWith(prepared, row), now: facts.now, state,
    aliquots: aliquots.map(({ specimen_id, code, kind, record_id, created_at }) => ({ specimenId: specimen_id, code, kind, recordId: record_id, namedAt: created_at.toISOString() })),
    deviations: deviationsOf(events, state),
    events: events.map(({ kind, step, key, reason, at, by }): RunEvent => ({ kind, ...(step === null ? {} : { step }), ...(key === null ? {} : { key }), ...(reason === null ? {} : { reason }), at: at.toISOString(), by })),
  };
}

/** Minutes of one that holds are those of now: a clock may still run. */
function deviationsOf(events: readonly EventRow[], state: RunState): RecordedDeviation[] {
  return events.filter(({ kind }) => kind === 'deviation').map(({ key, detail, at }) => {
    const holding = state.deviations.find((deviation) => deviation.key === key);
    return {
      ...(detail as unknown as Omit<RecordedDeviation, 'key' | 'recordedAt' | 'holds' | 'reasons'>), ...holding, key: key ?? '', recordedAt: at.toISOString(), holds: holding !== undefined,
      reasons: events.filter((event) => event.kind === 'deviation-explained' && event.key === key).map((event) => ({ reason: event.reason ?? '', by: event.by, at: event.at.toISOString() })),
    };
  });
}

export function listProtocols({ protocols }: Context): readonly ProtocolSummary[] {
  return protocols.list;
}
