/** Starts, lists, reads and closes runs of protocols. */
import type { Page } from '../../schemas/http/api.ts';
import type { CloseRunRequest, Run, RunStatus, RunSummary, StartRunRequest } from '../../schemas/http/protocol-api.ts';
import { fail } from '../../schemas/problem.ts';
import { DatabaseError, transact, type Trx } from '../database.ts';
import { findVisit } from '../repositories/entities.ts';
import { closeRun, findRun, insertEvent, insertRun, listRuns, lockRun, type RunRow } from '../repositories/protocol-runs.ts';
import type { Context } from './context.ts';
import { contribute } from './contribute.ts';
import { requireLesion } from './entities.ts';
import { lockOwner } from './owner.ts';
import { page } from './people.ts';
import type { Actor } from './permissions.ts';
import { openRun, summaryOf, tellRun } from './protocol-view.ts';

export interface RunQuery {
  subjectId?: string | undefined;
  status?: RunStatus | undefined;
  after?: string | undefined;
  limit: number;
}

/** The latest first. */
export function pageOfRuns(context: Context, actor: Actor, siteId: string, query: RunQuery): Promise<Page<RunSummary>> {
  return transact(context.db, { accountId: actor.accountId, sites: [siteId] }, async (trx) =>
    page((await listRuns(trx, siteId, query)).map((row) => summaryOf(context, row)), query.limit, ({ id }) => id));
}

/** @throws Problem `run-not-found` */
export function readRun(context: Context, actor: Actor, siteId: string, id: string): Promise<Run> {
  return transact(context.db, { accountId: actor.accountId, sites: [siteId] }, (trx) => tell(context, trx, actor, siteId, id));
}

/** The same, inside a transaction. @throws Problem `run-not-found` */
export async function tell(context: Context, trx: Trx, actor: Actor, siteId: string, id: string): Promise<Run> {
  return tellRun(context, trx, actor, siteId, (await findRun(trx, siteId, id)) ?? fail('run-not-found'));
}

/** Locked until the transaction ends. @throws Problem `run-not-found`, `run-closed` */
export async function takeRun(trx: Trx, siteId: string, id: string): Promise<RunRow> {
  const row = (await lockRun(trx, siteId, id)) ?? fail('run-not-found');
  if (row.status !== 'running') fail('run-closed');
  return row;
}

/** @throws Problem `protocol-not-found`, `subject-not-found`, `data-invalid`, `run-exists`, `contribution-reused` */
export async function startRun(context: Context, actor: Actor, siteId: string, { contribution, ...request }: StartRunRequest): Promise<Run> {
  const { protocol } = context.protocols.get(request.protocol);
  const { id, subjectId, visitId, lesionId } = request;
  if (protocol.lesion === 'must' && lesionId === undefined) fail('data-invalid', [{ pointer: '/lesionId', detail: 'This protocol is run for a lesion' }]);
  if (protocol.lesion === 'none' && lesionId !== undefined) fail('data-invalid', [{ pointer: '/lesionId', detail: 'This protocol is not run for a lesion' }]);
  const act = { siteId, contributionId: contribution, kind: 'protocol-run.start', entityId: id, request };
  const begin = async (trx: Trx) => {
    const owner = await lockOwner(trx, actor, siteId, subjectId);
    const visit = await findVisit(trx, siteId, visitId);
    if (visit?.subject_id !== subjectId) fail('data-invalid', [{ pointer: '/visitId', detail: 'This patient has no such visit' }]);
    if (!protocol.visit.includes(visit.kind)) fail('data-invalid', [{ pointer: '/visitId', detail: 'This protocol is run at a visit of another kind' }]);
    await requireLesion(trx, siteId, subjectId, lesionId);
    await insertRun(trx, { ...owner, id, visit_id: visitId, lesion_id: lesionId ?? null, protocol: protocol.name, protocol_version: protocol.version });
  };
  try {
    return await contribute(context, actor, act, begin, (trx) => tell(context, trx, actor, siteId, id));
  } catch (error) {
    if (error instanceof DatabaseError && error.constraint === 'protocol_run_once') fail('run-exists');
    throw error;
  }
}

/** Finished when nothing is open any more; abandoned with the reason. @throws Problem `run-closed`, `step-incomplete`, `data-invalid` */
export function endRun(context: Context, actor: Actor, siteId: string, id: string, { contribution, outcome, reason }: CloseRunRequest): Promise<Run> {
  if (outcome === 'abandoned' && reason === undefined) fail('data-invalid', [{ pointer: '/reason', detail: 'is missing' }]);
  const act = { siteId, contributionId: contribution, kind: 'protocol-run.close', entityId: id, request: { outcome, reason }, reason };
  return contribute(context, actor, act, async (trx) => {
    const row = await takeRun(trx, siteId, id);
    // What is late by now is written down before the clocks stand still.
    await tellRun(context, trx, actor, siteId, row);
    const { state } = await openRun(context, trx, siteId, row);
    const open = state.steps.filter((step) => step.state === 'open');
    if (outcome === 'finished' && open.length > 0) fail('step-incomplete', undefined, { missing: open.map((step) => ({ kind: 'step', id: step.id })) });
    const at = context.clock.now();
    await insertEvent(trx, { site_id: siteId, run_id: id, kind: outcome, reason, at, created_by: actor.accountId });
    await closeRun(trx, siteId, id, outcome, at);
  }, (trx) => tell(context, trx, actor, siteId, id));
}
