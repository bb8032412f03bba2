/** A record as one reader may see it, the surroundings of a new one, and who changed what. */
import type { Form, Pointer } from '../../schemas/form.ts';
import type { FormContext, FormRecord, HistoryEntry, Page, RecordSummary } from '../../schemas/http/api.ts';
import { fail } from '../../schemas/problem.ts';
import { transact, type Trx } from '../database.ts';
import { appendAuditEvent } from '../repositories/audit.ts';
import { findRecord, findSaveState, hasRecord, listVersions, type HistoryRow, type RecordSummaryRow, type SavePlace } from '../repositories/records.ts';
import { differences, nothing, type Standing } from './answers.ts';
import { dayOfRecord, fullContext, sealedFacts, tellContext } from './bound-values.ts';
import type { Context } from './context.ts';
import { namesIn } from './people-names.ts';
import { can, type Actor } from './permissions.ts';

export function recordSummaryOf(row: RecordSummaryRow): RecordSummary {
  return {
    id: row.id, subjectId: row.subject_id, ...(row.visit_id === null ? {} : { visitId: row.visit_id }), ...(row.lesion_id === null ? {} : { lesionId: row.lesion_id }),
    subDataset: row.sub_dataset, standardVersion: row.standard_version, status: row.status, version: row.version,
    updatedAt: row.updated_at.toISOString(), hardFindings: row.hard_findings, softFindings: row.soft_findings,
  };
}

/** With its findings as of today. @throws Problem `record-not-found` */
export function readRecord(context: Context, actor: Actor, siteId: string, id: string): Promise<FormRecord> {
  return transact(context.db, { accountId: actor.accountId, sites: [siteId] }, async (trx) => {
    const row = (await findRecord(trx, siteId, id)) ?? fail('record-not-found');
    const { data, missing, parked, origin } = row;
    const place = { siteId, subjectId: row.subject_id, visitId: row.visit_id ?? undefined, lesionId: row.lesion_id ?? undefined, recordId: id, contributionId: undefined };
    const form = context.forms.get(row.sub_dataset, row.standard_version);
    const { full, told, day } = await surroundings(context, trx, actor, form.form, place);
    const { findings } = form.evaluate({ data, missing, parked }, full);
    const people = await namesIn(trx, form.form, { data, parked }, day);
    return { ...recordSummaryOf(row), data, missing, parked, findings, ...(origin === null ? {} : { origin }), ...told, people };
  });
}

/** @throws Problem `standard-not-found`, `subject-not-found`, `data-invalid` */
export function readNewContext(context: Context, actor: Actor, place: Omit<SavePlace, 'recordId' | 'contributionId'>, subDataset: string, version: string): Promise<FormContext> {
  const { form } = context.forms.get(subDataset, version);
  return transact(context.db, { accountId: actor.accountId, sites: [place.siteId] }, async (trx) =>
    (await surroundings(context, trx, actor, form, { ...place, recordId: place.subjectId, contributionId: undefined })).told);
}

/** Telling identifiers is written to the audit trail. */
async function surroundings(context: Context, trx: Trx, actor: Actor, form: Form, place: SavePlace) {
  const { siteId, subjectId, visitId } = place;
  const state = (await findSaveState(trx, place, sealedFacts(context, form))) ?? fail('site-not-found');
  if (state.subject_id === null) fail('subject-not-found');
  if (visitId !== undefined && state.visit_subject !== subjectId) fail('data-invalid', [{ pointer: '/visitId', detail: 'This patient has no such visit' }]);
  const full = await fullContext(context, trx, actor, form, place, state);
  const { told, ...reply } = tellContext(context, form, full, can(actor, 'subject:read-identifiers', siteId));
  if (told.length > 0) {
    await appendAuditEvent(trx, { siteId, accountId: actor.accountId, action: 'subject.read-identifiers', entity: 'subject', entityId: subjectId, subjectId, device: actor.device, detail: { paths: told } });
  }
  return { full, told: reply, day: dayOfRecord(state, context.clock.now()) };
}

export interface HistoryQuery {
  /** Only changes at this place or, for a row or a repeat, below it. */
  pointer: Pointer | undefined;
  /** Version before which to go on. */
  after: string | undefined;
  limit: number;
}

/** Newest first. @throws Problem `record-not-found` */
export function readHistory(context: Context, actor: Actor, siteId: string, id: string, { pointer, after, limit }: HistoryQuery): Promise<Page<HistoryEntry>> {
  return transact(context.db, { accountId: actor.accountId, sites: [siteId] }, async (trx) => {
    if (!(await hasRecord(trx, siteId, id))) fail('record-not-found');
    const items: HistoryEntry[] = [];
    let before = after === undefined || !/^\d{1,9}$/.test(after) ? undefined : Number(after);
    for (;;) {
      // One more than is shown, because a version is told by its difference from the one before.
      const rows = await listVersions(trx, siteId, id, { ...(before === undefined ? {} : { before }), limit: pageRows + 1 });
      for (const [index, row] of rows.slice(0, pageRows).entries()) {
        const entry = entryOf(row, rows[index + 1], pointer);
        if (pointer === undefined || entry.changes.length > 0) items.push(entry);
        if (items.length === limit) return rows.length > index + 1 ? { items, next: String(row.version) } : { items };
      }
      if (rows.length <= pageRows) return { items };
      before = rows[pageRows - 1]?.version;
    }
  });
}

const pageRows = 50;

function entryOf(row: HistoryRow, older: HistoryRow | undefined, pointer: Pointer | undefined): HistoryEntry {
  const changes = differences(older ?? nothing, row)
    .filter((place) => pointer === undefined || place.pointer === pointer || place.pointer.startsWith(`${pointer}/`))
    // That a row came or went is told by its columns.
    .filter((place) => !place.old?.isRow && !place.new?.isRow)
    .map((place) => ({ pointer: place.pointer, ...told('old', place.old), ...told('new', place.new) }));
  return { version: row.version, at: row.created_at.toISOString(), by: row.by, status: row.status, ...(row.reason === null ? {} : { reason: row.reason }), changes };
}

function told(side: 'old' | 'new', standing: Standing | undefined): { [member: string]: unknown } {
  return {
    ...(standing?.value === undefined ? {} : { [side]: standing.value }),
    ...(standing?.missing === undefined ? {} : { [`${side}Missing`]: standing.missing }),
  };
}
