/** Begins the records of a run, with what the protocol knows of them, and records moments in them. The records themselves are ordinary ones. */
import { instantOf } from '../../schemas/dates.ts';
import type { Form, Value } from '../../schemas/form.ts';
import type { Change } from '../../schemas/http/api.ts';
import type { BeginRecordRequest, Run } from '../../schemas/http/protocol-api.ts';
import { fail } from '../../schemas/problem.ts';
import { carriedOver } from '../../schemas/protocol/evaluate.ts';
import type { Step } from '../../schemas/protocol/protocol.ts';
import { transact, type Trx } from '../database.ts';
import { appendAuditEvent } from '../repositories/audit.ts';
import { findContribution } from '../repositories/contributions.ts';
import { insertRunRecord } from '../repositories/protocol-runs.ts';
import { hasRecord, listRecords } from '../repositories/records.ts';
import type { Context } from './context.ts';
import type { Actor } from './permissions.ts';
import { takeRun, tell } from './protocol-runs.ts';
import { openRun, type OpenRun } from './protocol-view.ts';
import { saveRecord } from './save-record.ts';

/** How far a device's clock may be before ours. */
const mostAheadMs = 5 * 60_000;

/** Sent again it does nothing more. @throws Problem `run-not-found`, `run-closed`, `not-found`, `data-invalid`, `moment-recorded`, `record-locked`, `contribution-reused` */
export function beginRecord(context: Context, actor: Actor, siteId: string, runId: string, request: BeginRecordRequest): Promise<Run> {
  return transact(context.db, { accountId: actor.accountId, sites: [siteId] }, async (trx) => {
    const row = await takeRun(trx, siteId, runId);
    const done = await findContribution(trx, siteId, request.contribution);
    if (done && done.kind !== 'record.save') fail('contribution-reused');
    // The answer was lost on its way: what it stored is there.
    if (done) return tell(context, trx, actor, siteId, runId);
    const run = await openRun(context, trx, siteId, row);
    const existing = run.records.find(({ id }) => id === request.recordId);
    if (!existing && (await hasRecord(trx, siteId, request.recordId))) fail('data-invalid', [{ pointer: '/recordId', detail: 'The record is not of this run' }]);
    const { form, values } = await whatIsKnown(context, trx, siteId, run, request);
    const answered = (key: string) => existing?.data[key] !== undefined || existing?.missing[`/${key}`] !== undefined;
    const isOpen = existing === undefined || existing.status === 'in-progress';
    const changes: Change[] = isOpen ? Object.entries(values).filter(([key]) => !answered(key)).map(([key, value]) => ({ pointer: `/${key}`, value })) : [];
    if (request.moment) changes.push(momentOf(context, request, existing?.data[request.moment.key], isOpen));
    if (!existing || changes.length > 0) await save(context, trx, actor, siteId, run, request, form, existing?.version ?? 0, changes);
    return tell(context, trx, actor, siteId, runId);
  });
}

async function save(context: Context, trx: Trx, actor: Actor, siteId: string, { row }: OpenRun, { recordId, step, picture, contribution }: BeginRecordRequest, { standard, per }: Form, base: number, changes: Change[]): Promise<void> {
  // Blood is of the patient and not of the lesion that is excised: the form says of what it is.
  const isOfLesion = row.lesion_id !== null && ['lesion', 'specimen', 'image'].includes(per);
  await saveRecord(context, trx, actor, { siteId, recordId, base, request: {
    contribution, subjectId: row.subject_id, visitId: row.visit_id, ...(isOfLesion && row.lesion_id !== null ? { lesionId: row.lesion_id } : {}),
    subDataset: standard.subDataset, standardVersion: standard.version, changes, status: 'in-progress',
  } });
  if (base > 0) return;
  await insertRunRecord(trx, { site_id: siteId, record_id: recordId, run_id: row.id, step: picture === undefined ? step : null, created_by: actor.accountId });
  await appendAuditEvent(trx, { siteId, accountId: actor.accountId, action: 'protocol-run.begin-record', entity: 'protocol-run', entityId: row.id, contributionId: contribution, device: actor.device, detail: { step, recordId } });
}

/** The form, and the values that the protocol and the run give it. @throws Problem `not-found` */
async function whatIsKnown({ forms }: Context, trx: Trx, siteId: string, { prepared, facts, state, row }: OpenRun, { step: stepId, picture: pictureId }: BeginRecordRequest): Promise<{ form: Form; values: { [key: string]: Value } }> {
  const { protocol } = prepared;
  const step = protocol.steps.find(({ id }) => id === stepId) ?? fail('not-found');
  const task = step.tasks.find((each) => each.kind === 'picture' && each.id === pictureId);
  if (pictureId !== undefined && (task?.kind !== 'picture' || !protocol.pictures)) fail('not-found');
  const ref = task && protocol.pictures ? protocol.pictures.form : step.form;
  const { form } = forms.get(ref.subDataset, ref.version);
  const own = state.steps.find(({ id }) => id === stepId);
  const known = task?.kind === 'picture' ? task.is : { ...carriedOver(prepared, stepId, facts, own?.pictures ?? []), ...(await referredTo(trx, siteId, row.subject_id, step)) };
  const lesion = form.items.find(({ refersTo, bind, type }) => refersTo === 'lesion' && type === 'reference' && bind === undefined);
  return { form, values: { ...(lesion && row.lesion_id !== null ? { [lesion.key]: row.lesion_id } : {}), ...known } };
}

/** The newest of each sub-dataset that is complete, as the consent that was signed last. */
async function referredTo(trx: Trx, siteId: string, subjectId: string, { refers }: Step): Promise<{ [key: string]: string }> {
  if (refers.length === 0) return {};
  const complete = (await listRecords(trx, siteId, subjectId)).filter(({ status }) => status !== 'in-progress');
  return Object.fromEntries(refers.flatMap(({ key, subDataset }) => {
    const newest = complete.findLast(({ sub_dataset }) => sub_dataset === subDataset);
    return newest ? [[key, newest.id]] : [];
  }));
}

/** @throws Problem `data-invalid`, `moment-recorded`, `record-locked` */
function momentOf({ clock }: Context, { moment, picture }: BeginRecordRequest, present: unknown, isOpen: boolean): Change {
  const { key = '', at = '' } = moment ?? {};
  const instant = instantOf(at);
  if (picture !== undefined) fail('data-invalid', [{ pointer: '/moment', detail: 'A picture has no moments' }]);
  if (instant === undefined || instant > clock.now().getTime() + mostAheadMs) fail('data-invalid', [{ pointer: '/moment/at', detail: 'is not a time that has come' }]);
  if (present !== undefined) fail('moment-recorded');
  if (!isOpen) fail('record-locked');
  return { pointer: `/${key}`, value: at };
}
