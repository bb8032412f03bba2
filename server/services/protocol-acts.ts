/** What people do in a run beside filling in its forms: steps, deviations, names of aliquots. */
import { v7 as uuidv7 } from 'uuid';
import type { ExplainRequest, NameAliquotsRequest, Run, SkipStepRequest } from '../../schemas/http/protocol-api.ts';
import { fail } from '../../schemas/problem.ts';
import { nextCodes } from '../../schemas/protocol/naming.ts';
import type { AliquotKind } from '../../schemas/protocol/protocol.ts';
import type { NamedAliquot } from '../../schemas/protocol/run.ts';
import type { Trx } from '../database.ts';
import { insertSpecimen } from '../repositories/entities.ts';
import { insertAliquot, insertEvent } from '../repositories/protocol-runs.ts';
import type { Context } from './context.ts';
import { contribute } from './contribute.ts';
import { lockOwner } from './owner.ts';
import type { Actor } from './permissions.ts';
import { takeRun, tell } from './protocol-runs.ts';
import { openRun, tellRun, type OpenRun } from './protocol-view.ts';

/** @throws Problem `run-not-found`, `run-closed`, `not-found`, `step-incomplete` with `missing` */
export function completeStep(context: Context, actor: Actor, siteId: string, runId: string, step: string, contribution: string): Promise<Run> {
  const act = { siteId, contributionId: contribution, kind: 'protocol-run.complete-step', entityId: runId, request: { step }, detail: { step } };
  return contribute(context, actor, act, async (trx) => {
    const { state } = await open(context, trx, actor, siteId, runId);
    const own = state.steps.find(({ id }) => id === step) ?? fail('not-found');
    if (own.missing.length > 0) fail('step-incomplete', undefined, { missing: own.missing });
    if (own.state === 'open') await insertEvent(trx, { site_id: siteId, run_id: runId, kind: 'step-completed', step, at: context.clock.now(), created_by: actor.accountId });
  }, (trx) => tell(context, trx, actor, siteId, runId));
}

/** @throws Problem `run-not-found`, `run-closed`, `not-found` */
export function skipStep(context: Context, actor: Actor, siteId: string, runId: string, step: string, { contribution, reason }: SkipStepRequest): Promise<Run> {
  const act = { siteId, contributionId: contribution, kind: 'protocol-run.skip-step', entityId: runId, request: { step, reason }, reason, detail: { step } };
  return contribute(context, actor, act, async (trx) => {
    const { state } = await open(context, trx, actor, siteId, runId);
    const own = state.steps.find(({ id }) => id === step) ?? fail('not-found');
    if (own.state === 'open') await insertEvent(trx, { site_id: siteId, run_id: runId, kind: 'step-skipped', step, reason, at: context.clock.now(), created_by: actor.accountId });
  }, (trx) => tell(context, trx, actor, siteId, runId));
}

/** Also of a run that is closed: a reason may come later. @throws Problem `run-not-found`, `data-invalid` */
export function explainDeviation(context: Context, actor: Actor, siteId: string, runId: string, { contribution, key, reason }: ExplainRequest): Promise<Run> {
  const act = { siteId, contributionId: contribution, kind: 'protocol-run.explain', entityId: runId, request: { key, reason }, reason, detail: { key } };
  return contribute(context, actor, act, async (trx) => {
    const { deviations } = await tell(context, trx, actor, siteId, runId);
    if (!deviations.some((deviation) => deviation.key === key)) fail('data-invalid', [{ pointer: '/key', detail: 'The run has no such deviation' }]);
    await insertEvent(trx, { site_id: siteId, run_id: runId, kind: 'deviation-explained', key, reason, at: context.clock.now(), created_by: actor.accountId });
  }, (trx) => tell(context, trx, actor, siteId, runId));
}

/**
 * Names aliquots of one record. The patient is locked, so that two at once get different names; the unique index on the code is the last word.
 * @throws Problem `run-not-found`, `run-closed`, `data-invalid`, `aliquots-unnamed`
 */
export function nameAliquots(context: Context, actor: Actor, siteId: string, runId: string, { contribution, recordId, counts }: NameAliquotsRequest): Promise<Run> {
  const act = { siteId, contributionId: contribution, kind: 'protocol-run.name-aliquots', entityId: runId, request: { recordId, counts } };
  return contribute(context, actor, act, async (trx) => {
    const run = await open(context, trx, actor, siteId, runId);
    const owner = await lockOwner(trx, actor, siteId, run.row.subject_id);
    // Read again behind the lock: another run of the same patient may have named some meanwhile.
    const { facts } = await openRun(context, trx, siteId, run.row);
    const record = run.records.find(({ id }) => id === recordId) ?? fail('data-invalid', [{ pointer: '/recordId', detail: 'The run has no such record' }]);
    const named: NamedAliquot[] = [...facts.aliquots];
    const taken = [...facts.taken];
    for (const [kindId, count] of Object.entries(counts)) {
      const kind = run.prepared.protocol.aliquots.find(({ id }) => id === kindId) ?? fail('data-invalid', [{ pointer: `/counts/${kindId}`, detail: 'The protocol has no such aliquots' }]);
      const names = nextCodes(run.prepared.protocol.naming, { ...facts, recordId, fields: fieldsOf(run, kind, recordId), count, named, taken });
      for (const code of names.codes ?? fail('aliquots-unnamed', [{ pointer: `/counts/${kindId}`, detail: faults[names.fault] }])) {
        const id = uuidv7();
        await insertSpecimen(trx, owner, { id, code, lesion_id: record.lesion_id });
        await insertAliquot(trx, { site_id: siteId, specimen_id: id, run_id: runId, record_id: recordId, kind: kindId, created_by: actor.accountId });
        named.push({ code, kind: kindId, recordId });
        taken.push(code);
      }
    }
  }, (trx) => tell(context, trx, actor, siteId, runId));
}

const faults = {
  'study-number': 'The study number of the patient is not one that codes can be made of',
  'series-full': 'All numbers or letters of the series are used',
  'pattern': 'The code would not be one that the protocol permits',
} as const;

/** What the record says of the kind. @throws Problem `aliquots-unnamed` naming the elements that are still to be answered */
function fieldsOf({ prepared, facts, state }: OpenRun, kind: AliquotKind, recordId: string): { [part: string]: string } {
  const own = state.aliquots.find((each) => each.kind === kind.id && each.recordId === recordId);
  if (!own) return fail('aliquots-unnamed', [{ pointer: `/counts/${kind.id}`, detail: 'The record has no such aliquots' }]);
  if (own.cannot && 'unanswered' in own.cannot) {
    return fail('aliquots-unnamed', own.cannot.unanswered.map((path) => ({ pointer: `/${path.replace('.', '/')}`, detail: 'is not answered yet' })));
  }
  const record = facts.records.find(({ id }) => id === recordId);
  return Object.fromEntries(Object.entries(kind.fields).map(([part, expression]) => [part, String(prepared.ask(expression)(facts, record))]));
}

/** Locked, with what is late by now written down. */
async function open(context: Context, trx: Trx, actor: Actor, siteId: string, runId: string): Promise<OpenRun> {
  const row = await takeRun(trx, siteId, runId);
  await tellRun(context, trx, actor, siteId, row);
  return openRun(context, trx, siteId, row);
}
