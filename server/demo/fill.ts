/** Enters invented patients the way people do: through the services that check, version and audit everything. */
import { Readable } from 'node:stream';
import type { Context as FormContext, Value } from '../../schemas/form.ts';
import type { ImageSummary, SaveRequest, Site, Visit, VisitDetails } from '../../schemas/http/api.ts';
import type { PreparedForm } from '../../schemas/prepare.ts';
import type { Context } from '../services/context.ts';
import { enrolThen } from '../services/enrol.ts';
import { addLesion, addSpecimen, addVisit } from '../services/entities.ts';
import { identityItems } from '../services/identity.ts';
import { addImage } from '../services/images.ts';
import type { Actor } from '../services/permissions.ts';
import { saveRecord } from '../services/save-record.ts';
import { answerForm, changesOf, cutShort, type Answered, type Wanted } from './answers.ts';
import { addDays } from './days.ts';
import type { Person } from './people.ts';
import type { Painter, View } from './picture.ts';
import type { Random } from './random.ts';
import type { Lesion } from './story.ts';

/** One patient at one hospital, and the people who enter what is known. */
export interface Case {
  context: Context;
  random: Random;
  site: Site;
  nurse: Actor;
  doctor: Actor;
  paint: Painter;
  person: Person;
  subjectId: string;
  /** All days are at or before this one. */
  today: string;
  /** Milliseconds from which ids are made. */
  msecs: number;
  /** Share of the records that are left unfinished. */
  drafts: number;
}

export async function enrolPerson(each: Case): Promise<void> {
  const { context, nurse, site, person, subjectId } = each;
  await enrolThen(context, nurse, site.id, { id: subjectId, contribution: newId(each), identity: person.identity, confirmedNotDuplicate: true }, async () => {});
}

export async function enterVisit(each: Case, kind: Visit['kind'], visitDate: string, details?: VisitDetails): Promise<string> {
  const { context, nurse, site, subjectId } = each;
  return (await addVisit(context, nurse, site.id, subjectId, { id: newId(each), contribution: newId(each), kind, visitDate, ...(details ? { details } : {}) })).id;
}

export async function enterLesion(each: Case, { site: body, laterality }: Lesion): Promise<{ lesionId: string; ordinal: number }> {
  const { context, nurse, site, subjectId } = each;
  const side = laterality === 'left' ? '左侧' : laterality === 'right' ? '右侧' : '';
  const { id, ordinal } = await addLesion(context, nurse, site.id, subjectId, { id: newId(each), contribution: newId(each), label: side + body.label });
  return { lesionId: id, ordinal };
}

export async function enterSpecimen(each: Case, lesionId: string, code: string): Promise<string> {
  const { context, nurse, site, subjectId } = each;
  return (await addSpecimen(context, nurse, site.id, subjectId, { id: newId(each), contribution: newId(each), code, lesionId })).id;
}

export async function enterPicture(each: Case, view: View, lesion: Lesion, lesionId: string): Promise<ImageSummary> {
  const { context, nurse, site, subjectId, paint } = each;
  const id = newId(each);
  const bytes = await paint(id, view, lesion);
  return addImage(context, nurse, site.id, subjectId, { id, contribution: newId(each), lesionId }, Readable.from([bytes]));
}

export interface Entry {
  by: Actor;
  subDataset: string;
  visitId?: string;
  lesionId?: string;
  wishes: NonNullable<Wanted['wishes']>;
  /** A share of all items is left out on purpose and explained. */
  withReason?: number;
  /** After it is complete: a correction, with the reason that the record's history will show. */
  correction?: { key: string; value: Value; reason: string };
  neverDraft?: boolean;
}

/** Fills in one form; most are completed, some in two sittings, some never. */
export async function enterRecord(each: Case, entry: Entry): Promise<string> {
  const { context, random, drafts } = each;
  const form = context.forms.get(entry.subDataset);
  const answers = answerForm(form, boundTo(each), {
    random, wishes: entry.wishes, optional: 0.75, withReason: entry.withReason ?? 0.02,
    period: { from: addDays(each.today, -700), to: each.today }, reference: (kind) => (kind === 'person' ? entry.by.accountId : undefined),
  });
  const isDraft = !entry.neverDraft && random.chance(drafts);
  const recordId = newId(each);
  const save = saver(each, entry, form, recordId);
  if (isDraft || random.chance(0.12)) await save(cutShort(form.form, answers, 0.3 + 0.6 * random.next()), 'in-progress');
  if (!isDraft) await save(answers, 'complete');
  const { correction } = entry;
  if (correction && !isDraft) await save({ data: { [correction.key]: correction.value }, missing: {} }, 'complete', correction.reason);
  return recordId;
}

function saver(each: Case, { by, subDataset, visitId, lesionId }: Entry, { form }: PreparedForm, recordId: string) {
  const { context, site, subjectId } = each;
  let base = 0;
  return async (answers: Answered, status: SaveRequest['status'], reason?: string): Promise<void> => {
    const request: SaveRequest = {
      contribution: newId(each), subjectId, subDataset, standardVersion: form.standard.version, changes: changesOf(answers), status,
      ...(visitId === undefined ? {} : { visitId }), ...(lesionId === undefined ? {} : { lesionId }), ...(reason === undefined ? {} : { reason }),
    };
    base = (await saveRecord(context, context.db, by, { siteId: site.id, recordId, base, request })).version;
  };
}

/** What the server will know of the surroundings when it checks. */
function boundTo({ context, site, person, subjectId, today }: Case): FormContext {
  const known = identityItems(context).flatMap(({ key }) => {
    const value = person.identity[key];
    return value === undefined ? [] : [[`subject.${key}`, value] as const];
  });
  return { today, bound: { ...Object.fromEntries(known), 'site.id': site.id, 'site.code': site.code, 'site.name': site.name, 'subject.id': subjectId } };
}

export function newId({ random, msecs }: Case): string {
  return random.uuid(msecs);
}
