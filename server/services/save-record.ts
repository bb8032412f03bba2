/** Saves what a person, or an import, changed in one record. Calls no HTTP; may be called inside a transaction. */
import { v7 as uuidv7 } from 'uuid';
import { canonicalize } from '../../schemas/canonical.ts';
import type { Evaluation } from '../../schemas/form.ts';
import { eventText, versionText } from '../../schemas/history/texts.ts';
import type { SaveReply, SaveRequest } from '../../schemas/http/api.ts';
import type { PreparedForm } from '../../schemas/prepare.ts';
import { fail } from '../../schemas/problem.ts';
import { DatabaseError, transact, type Db, type Trx } from '../database.ts';
import { advanceRecord, findSaveState, findVersion, listVersions, lockRecord, type HistoryRow, type NewVersion, type SavePlace, type SaveState } from '../repositories/records.ts';
import { applyChanges, conflictsOf, differences, nothing, type Stored } from './answers.ts';
import { fullContext, sealedFacts } from './bound-values.ts';
import type { Context } from './context.ts';
import { sha256 } from './contribute.ts';
import type { Actor } from './permissions.ts';

export interface Save {
  siteId: string;
  recordId: string;
  /** The version that the changes start from; 0 for a new record. */
  base: number;
  request: SaveRequest;
}

/** The first try waits for nobody; after that the record is locked before it is read, so a third is only for a record that was just made. */
const mostTries = 4;

/**
 * Stores the next version of a record and gives it back with its findings. Sent again with the same contribution, the version
 * that it made the first time comes back and nothing is stored.
 * @throws Problem `standard-not-found`, `subject-not-found`, `record-not-found`, `record-conflict` with `conflicts`, `record-version-conflict`,
 *   `record-locked`, `contribution-reused`, `data-invalid`, `record-incomplete` with `findings`
 */
export async function saveRecord(context: Context, db: Db | Trx, actor: Actor, save: Save): Promise<SaveReply> {
  const { siteId, request } = save;
  const form = context.forms.get(request.subDataset, request.standardVersion);
  const requestDigest = sha256(canonicalize([save.recordId, save.base, request]));
  for (let tries = 1; ; tries += 1) {
    try {
      const reply = await transact(db, { accountId: actor.accountId, sites: [siteId] }, async (trx) => {
        if (tries > 1) await lockRecord(trx, siteId, save.recordId);
        return attempt(context, trx, actor, save, form, requestDigest);
      });
      if (reply) return reply;
    } catch (error) {
      // The same contribution, or the same new record, is being stored by another request right now.
      if (!(error instanceof DatabaseError && error.code === '23505')) throw error;
    }
    if (tries === mostTries) fail('internal');
  }
}

/** Undefined when someone was faster. */
async function attempt(context: Context, trx: Trx, actor: Actor, save: Save, form: PreparedForm, requestDigest: Uint8Array): Promise<SaveReply | undefined> {
  const { siteId, recordId, base, request } = save;
  const place: SavePlace = { siteId, recordId, subjectId: request.subjectId, visitId: request.visitId, lesionId: request.lesionId, contributionId: request.contribution };
  const state = (await findSaveState(trx, place, sealedFacts(context, form.form))) ?? fail('site-not-found');
  if (state.contribution_digest) return firstAnswer(context, trx, actor, form, place, state, requestDigest);
  requirePlace(state, request, base);
  const current: Stored = state.version === null ? nothing : { data: state.data ?? {}, missing: state.missing ?? {}, parked: state.parked ?? {} };
  if (base < (state.version ?? 0)) await requireNoConflict(trx, place, base, current, request);

  const answers = applyChanges(form, current, request.changes);
  const evaluation = withoutBound(form, form.evaluate(answers, await fullContext(context, trx, actor, form.form, place, state)));
  const hard = evaluation.findings.filter(({ severity }) => severity === 'hard').length;
  if (request.status === 'complete' && hard > 0) fail('record-incomplete', undefined, { findings: evaluation.findings });

  const next = versionOf(evaluation, hard);
  const described = {
    ...next, contributionId: request.contribution, accountId: actor.accountId, auditId: uuidv7(), subDataset: request.subDataset, standardVersion: request.standardVersion,
    base: state.version ?? 0, status: request.status, origin: request.origin ? canonicalize(request.origin) : null, requestDigest, reason: request.reason ?? null,
    detail: canonicalize({ pointers: request.changes.map(({ pointer }) => pointer) }), device: actor.device ? canonicalize(actor.device) : null,
  };
  const written = await advanceRecord(trx, { ...described, place, previousChain: state.chain, ...hashesOf(place, described) });
  return written && {
    id: recordId, version: written.version, status: request.status, digest: next.digest, data: evaluation.data, missing: evaluation.missing, parked: evaluation.parked,
    findings: evaluation.findings, savedAt: written.updated_at.toISOString(),
  };
}

function versionOf({ data, missing, parked, disabled, findings }: Evaluation, hard: number): Pick<NewVersion, 'data' | 'missing' | 'parked' | 'disabled' | 'digest' | 'hardFindings' | 'softFindings'> {
  const texts = { data: canonicalize(data), missing: canonicalize(missing), parked: canonicalize(parked) };
  // The canonical text of { data, missing, parked }, put together from its parts.
  const digest = sha256(`{"data":${texts.data},"missing":${texts.missing},"parked":${texts.parked}}`).toString('hex');
  return { ...texts, disabled: canonicalize(disabled), digest, hardFindings: hard, softFindings: findings.length - hard };
}

type Described = Omit<NewVersion, 'place' | 'previousChain' | 'versionHash' | 'eventHash'>;

/** What the database makes the chain of, with the moment that only it knows. */
function hashesOf({ siteId, recordId, subjectId }: SavePlace, { requestDigest, auditId, base, ...next }: Described): Pick<NewVersion, 'versionHash' | 'eventHash'> {
  const version = base + 1;
  const covered = { requestDigest: Buffer.from(requestDigest).toString('hex'), response: `{"version":${version}}`, reason: next.reason };
  return {
    versionHash: sha256(versionText({ ...next, siteId, recordId, subjectId, version })),
    eventHash: sha256(eventText({ siteId, id: auditId, accountId: next.accountId, action: 'record.save', entity: 'record', entityId: recordId, subjectId: null, contributionId: next.contributionId, covered, detail: next.detail, device: next.device })),
  };
}

/** The version that this contribution made. Findings are not stored, so they are those of the stored answers as of today. */
async function firstAnswer(context: Context, trx: Trx, actor: Actor, form: PreparedForm, place: SavePlace, state: SaveState, requestDigest: Uint8Array): Promise<SaveReply> {
  const same = state.contribution_kind === 'record.save' && Buffer.from(requestDigest).equals(state.contribution_digest ?? new Uint8Array());
  const version = same ? await findVersion(trx, place.siteId, place.recordId, state.contribution_response?.version ?? 0) : undefined;
  if (!version) return fail('contribution-reused');
  const { data, missing, parked, digest, status } = version;
  const { findings } = form.evaluate({ data, missing, parked }, await fullContext(context, trx, actor, form.form, place, state));
  return { id: place.recordId, version: version.version, status, digest, data, missing, parked, findings, savedAt: version.created_at.toISOString() };
}

/** The subject, visit and lesion are of this site and belong together, and the record is what the request takes it for. */
function requirePlace(state: SaveState, request: SaveRequest, base: number): void {
  if (state.subject_id === null) fail('subject-not-found');
  if (request.visitId !== undefined && state.visit_subject !== request.subjectId) fail('data-invalid', [{ pointer: '/visitId', detail: 'This patient has no such visit' }]);
  if (request.lesionId !== undefined && state.lesion_subject !== request.subjectId) fail('data-invalid', [{ pointer: '/lesionId', detail: 'This patient has no such lesion' }]);
  if (state.version === null) return base === 0 ? undefined : fail('record-not-found');
  if (base > state.version) fail('record-version-conflict');
  if (state.status === 'signed' || state.status === 'locked') fail('record-locked');
  const differs = (pointer: string, what: string) => fail('data-invalid', [{ pointer, detail: `The record with this id has another ${what}` }]);
  if (state.record_subject !== request.subjectId) differs('/subjectId', 'patient');
  if (state.sub_dataset !== request.subDataset) differs('/subDataset', 'sub-dataset');
  if (state.standard_version !== request.standardVersion) differs('/standardVersion', 'version of the standard');
}

async function requireNoConflict(trx: Trx, { siteId, recordId }: SavePlace, base: number, current: Stored, request: SaveRequest): Promise<void> {
  const before = base === 0 ? nothing : ((await findVersion(trx, siteId, recordId, base)) ?? fail('record-version-conflict'));
  const clashes = conflictsOf(request.changes, differences(before, current));
  if (clashes.length === 0) return;
  const steps = stepsOf((await listVersions(trx, siteId, recordId, { from: base, limit: 10_000 })).reverse(), before);
  const conflicts = clashes.map((clash) => {
    const last = steps.findLast(({ pointers }) => pointers.some((pointer) => pointer === clash.pointer || pointer.startsWith(`${clash.pointer}/`) || clash.pointer.startsWith(`${pointer}/`)));
    return { ...clash, by: last?.version.by ?? '', at: (last?.version.created_at ?? new Date(0)).toISOString() };
  });
  fail('record-conflict', undefined, { conflicts });
}

/** What each version, oldest first, changed of the one before it. */
function stepsOf(versions: readonly HistoryRow[], before: Stored): { version: HistoryRow; pointers: string[] }[] {
  return versions.map((version, index) => ({ version, pointers: differences(versions[index - 1] ?? before, version).map(({ pointer }) => pointer) }));
}

/** A record never holds what is known elsewhere. */
function withoutBound({ form }: PreparedForm, evaluation: Evaluation): Evaluation {
  const bound = new Set(form.items.flatMap(({ key, bind }) => (bind === undefined ? [] : [key])));
  if (!Object.keys(evaluation.data).some((key) => bound.has(key))) return evaluation;
  return { ...evaluation, data: Object.fromEntries(Object.entries(evaluation.data).filter(([key]) => !bound.has(key))) };
}
