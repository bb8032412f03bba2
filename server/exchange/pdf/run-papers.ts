/** What is printed of a run: gathered from its records, in the language that was asked for. */
import type { Form } from '../../../schemas/form.ts';
import { fail } from '../../../schemas/problem.ts';
import { linesOf } from '../../../schemas/protocol/naming.ts';
import type { Step } from '../../../schemas/protocol/protocol.ts';
import type { ClockState } from '../../../schemas/protocol/run.ts';
import { transact, type Trx } from '../../database.ts';
import { listNames } from '../../repositories/accounts.ts';
import { findLesion, findVisit } from '../../repositories/entities.ts';
import { findRun } from '../../repositories/protocol-runs.ts';
import { findSite } from '../../repositories/sites.ts';
import type { Context } from '../../services/context.ts';
import type { Actor } from '../../services/permissions.ts';
import { openRun, runOf, tellRun, type OpenRun } from '../../services/protocol-view.ts';
import { labelSheets } from './labels.ts';
import { drawRunSheet, type RunSheet, type SheetStep } from './run-sheet.ts';
import { dayInWords, momentInWords, shown, type Shower } from './shown.ts';
import { say, type Language } from './words.ts';

export interface Printed {
  /** Without a patient's value. */
  name: string;
  bytes: Buffer;
}

export interface LabelsAsked {
  language: Language;
  /** Only those of one record. */
  recordId?: string | undefined;
  /** Labels of the first sheet that are used up. */
  skip: number;
}

/** @throws Problem `run-not-found` */
export async function printLabels(context: Context, actor: Actor, siteId: string, runId: string, { language, recordId, skip }: LabelsAsked): Promise<Printed> {
  const run = await inRun(context, actor, siteId, runId, (_trx, open) => Promise.resolve(open));
  const { naming, aliquots, labels } = run.prepared.protocol;
  const title = say(language)('labels');
  const rows = run.aliquots.filter((each) => recordId === undefined || each.record_id === recordId).map(({ code, kind, created_at }) => ({
    code, lines: linesOf(naming, code), content: aliquots.find(({ id }) => id === kind)?.title[language] ?? kind, date: dayInWords(created_at.toISOString()),
  }));
  return { name: `labels-${runId.slice(-8)}.pdf`, bytes: await labelSheets(rows, labels, { title, at: context.clock.now(), skip }) };
}

/** @throws Problem `run-not-found` */
export async function printRunSheet(context: Context, actor: Actor, siteId: string, runId: string, language: Language): Promise<Printed> {
  const sheet = await inRun(context, actor, siteId, runId, (trx, open) => sheetOf(context, trx, siteId, open, language));
  return { name: `run-sheet-${runId.slice(-8)}.pdf`, bytes: await drawRunSheet(sheet, { language, at: context.clock.now() }) };
}

function inRun<T>(context: Context, actor: Actor, siteId: string, runId: string, work: (trx: Trx, open: OpenRun) => Promise<T>): Promise<T> {
  return transact(context.db, { accountId: actor.accountId, sites: [siteId] }, async (trx) => {
    const row = (await findRun(trx, siteId, runId)) ?? fail('run-not-found');
    // Printing is a reading too: what is late by now is written down first, and stands on the sheet.
    await tellRun(context, trx, actor, siteId, row);
    return work(trx, await openRun(context, trx, siteId, row));
  });
}

async function sheetOf(context: Context, trx: Trx, siteId: string, open: OpenRun, language: Language): Promise<RunSheet> {
  const { row, prepared, state, studyNumber } = open;
  const { protocol } = prepared;
  const word = say(language);
  const run = runOf(open);
  const [site, visit, lesion] = [await findSite(trx, siteId), await findVisit(trx, siteId, row.visit_id), row.lesion_id === null ? undefined : await findLesion(trx, siteId, row.lesion_id)];
  const shower: Shower = { language, people: await peopleIn(context, trx, open) };
  const labelOf = (recordId: string | undefined) => labelIn(open, recordId);
  return {
    title: `${protocol.title[language]} · ${word('run-sheet')}`,
    head: [
      [word('patient'), studyNumber], [word('site'), (language === 'en' ? site?.name_en : undefined) ?? site?.name ?? ''], [word('visit'), visit?.visit_date ?? ''],
      [word('lesion'), lesion ? `L${lesion.ordinal} ${lesion.label}` : ''], [word('started'), `${momentInWords(run.startedAt)} ${run.startedBy}`],
      [word('status'), `${word(row.status)}${run.closedAt ? ` ${momentInWords(run.closedAt)}` : ''}`],
    ],
    steps: protocol.steps.map((step) => stepOf(context, open, step, shower)),
    clocks: state.clocks.map((clock) => clockRow(clock, protocol.clocks.find(({ id }) => id === clock.id)?.title[language] ?? clock.id, labelOf(clock.recordId), word)),
    deviations: run.deviations.map(({ code, of, minutes, limit, recordedAt, holds, reasons, recordId }) => {
      const kind = [...protocol.clocks, ...protocol.rules].find(({ id }) => id === of)?.deviation;
      const why = reasons.map(({ reason, by, at }) => `${reason} (${by} ${momentInWords(at)})`).join('; ') || word('no-reason');
      return [momentInWords(recordedAt), kind?.title[language] ?? code, labelOf(recordId), minutes === undefined ? '' : `${minutes} / ${limit ?? ''} min`, holds ? '' : word('corrected'), `— ${why}`].filter(Boolean).join('  ');
    }),
    acceptance: state.acceptance.map(({ id, holds, recordId }) => [[protocol.acceptance.find((each) => each.id === id)?.title[language] ?? id, labelOf(recordId)].filter(Boolean).join(' '), word(holds === undefined ? 'unknown' : holds ? 'yes' : 'no')]),
    aliquots: run.aliquots.map(({ code, kind }) => ({ code, content: protocol.aliquots.find(({ id }) => id === kind)?.title[language] ?? kind })),
    foot: `${word('privacy')} ${protocol.name} ${protocol.version} · ${row.id} · ${word('printed')} ${dayInWords(run.now)} ${momentInWords(run.now).slice(6)}`,
  };
}

function stepOf({ forms }: Context, { facts, state, prepared }: OpenRun, step: Step, shower: Shower): SheetStep {
  const form: Form = forms.get(step.form.subDataset, step.form.version).form;
  const own = state.steps.find(({ id }) => id === step.id);
  const records = facts.records.filter((record) => record.step === step.id).map((record, i) => ({
    label: `${i + 1}${step.label && typeof record.data[step.label] === 'string' ? ` · ${String(record.data[step.label])}` : ''}`,
    rows: step.sheet.flatMap((key): [string, string][] => {
      const item = form.items.find((each) => each.key === key);
      const text = item && shown(form, item, record.data, record.missing, shower);
      // What is calculated is said so in the form, and only takes room here.
      return item && text !== undefined ? [[item.title[shower.language].replace(/\s*[（(](计算|computed)[）)]$/, ''), text]] : [];
    }),
  }));
  const index = prepared.protocol.steps.indexOf(step) + 1;
  return { title: `${index} ${step.title[shower.language]}`, state: say(shower.language)(own?.state ?? 'open'), records };
}

function clockRow({ from, to, minutes, limit, state }: ClockState, title: string, label: string, word: ReturnType<typeof say>): string[] {
  const inWords = { waiting: 'waits', running: 'runs', warned: 'runs', exceeded: 'late', stopped: limit === undefined ? undefined : 'in-time', late: 'late', wrong: 'wrong' } as const;
  const said = inWords[state];
  return [[title, label].filter(Boolean).join(' · '), from ? momentInWords(from) : '', to ? momentInWords(to) : '', minutes === undefined ? '' : String(minutes), limit === undefined ? word('no-limit') : String(limit), said ? word(said) : ''];
}

/** How a record is told apart from others of its step; nothing where it is the only one. */
function labelIn({ facts, prepared }: OpenRun, recordId: string | undefined): string {
  const record = facts.records.find(({ id }) => id === recordId);
  const all = facts.records.filter(({ step }) => step === record?.step);
  if (!record || all.length < 2) return '';
  const key = prepared.protocol.steps.find(({ id }) => id === record.step)?.label;
  const label = key === undefined ? undefined : record.data[key];
  return typeof label === 'string' ? label : String(all.indexOf(record) + 1);
}

/** Names of the people that the sheet's elements refer to. */
async function peopleIn({ forms }: Context, trx: Trx, { facts, prepared }: OpenRun): Promise<ReadonlyMap<string, string>> {
  const ids = prepared.protocol.steps.flatMap((step) => {
    const { items } = forms.get(step.form.subDataset, step.form.version).form;
    const keys = step.sheet.filter((key) => items.some((item) => item.key === key && item.refersTo === 'person'));
    return facts.records.filter((record) => record.step === step.id).flatMap(({ data }) => keys.map((key) => data[key]).filter((value) => typeof value === 'string'));
  });
  return listNames(trx, [...new Set(ids)], dayInWords(facts.now));
}
