/** What was recorded of a patient, in order: first what belongs to the person, then visit by visit, or lesion by lesion. */
import { css, html, nothing } from 'lit';
import type { Lesion, RecordSummary, Subject } from '../../../schemas/http/api.ts';
import { momentOf } from '../../elements/shell/format.ts';
import { lesionInWords, visitInWords } from '../../elements/shell/patient-words.ts';
import { renderFindings, renderStatus } from '../../elements/shell/status.ts';
import { to } from '../../places.ts';
import { t } from '../../text/index.ts';

export type Order = 'visit' | 'lesion';

export interface Group {
  id: string;
  title: string;
  records: RecordSummary[];
}

/** Records under their visit (or lesion), visits by date with the latest first, lesions by number; those of neither come first. */
export function groupRecords(subject: Pick<Subject, 'visits' | 'lesions' | 'recordList'>, order: Order): Group[] {
  const places = order === 'visit'
    ? [...subject.visits].sort((a, b) => b.visitDate.localeCompare(a.visitDate)).map((visit) => ({ id: visit.id, title: visitInWords(visit) }))
    : [...subject.lesions].sort((a, b) => a.ordinal - b.ordinal).map((lesion) => ({ id: lesion.id, title: lesionInWords(lesion) }));
  const of = (id: string | undefined) => subject.recordList.filter(({ visitId, lesionId }) => (order === 'visit' ? visitId : lesionId) === id);
  const person = of(undefined);
  return [...(person.length ? [{ id: '', title: t('timeline.person'), records: person }] : []), ...places.map((place) => ({ ...place, records: of(place.id) }))];
}

export const timeLineStyles = css`
  .time-line { position: relative; }
  .time-line > li { position: relative; padding: 0 0 var(--crf-space-5) 28px; }
  .time-line > li::before { content: ""; position: absolute; inset: 8px auto auto 4px; width: 11px; height: 11px; border: 2px solid var(--crf-accent); border-radius: 50%; background: var(--crf-page); }
  .time-line > li::after { content: ""; position: absolute; inset: 26px auto -4px 10px; border-inline-start: 1px solid var(--crf-line); }
  .time-line > li:last-child::after { display: none; }
  .time-line h3 { font-variant-numeric: tabular-nums; margin-bottom: var(--crf-space-2); }
  .records li + li { border-top: 1px solid var(--crf-line); }
  .record { display: grid; grid-template-columns: 1fr auto; gap: 0 var(--crf-space-4); padding: var(--crf-space-3) var(--crf-space-4); color: inherit; text-decoration: none; border-radius: var(--crf-radius); }
  .record:hover { background: var(--crf-quiet); }
  .record:hover .title { text-decoration: underline; }
  .record:focus-visible { outline-offset: -3px; }
  .record .title { font-weight: var(--crf-strong); }
  .record .about { display: flex; flex-wrap: wrap; gap: 0 var(--crf-space-4); }
  .record time { grid-row: 1; grid-column: 2; color: var(--crf-ink-2); font-size: var(--crf-text-1); line-height: 1.9; }
  @media (max-width: 480px) { .record { grid-template-columns: minmax(0, 1fr); } .record time { grid-row: auto; grid-column: auto; } .time-line > li { padding-inline-start: 22px; } }
`;

export function renderTimeLine(subject: Subject, order: Order, titleOf: (subDataset: string) => string) {
  const lesions = new Map(subject.lesions.map((lesion) => [lesion.id, lesion]));
  return html`<ol class="time-line">${groupRecords(subject, order).map(({ title, records }) => html`<li>
    <h3>${title}</h3>
    ${records.length === 0 ? html`<p class="meta">${t('timeline.nothing')}</p>` : html`<ul class="card records">${records.map((record) =>
      html`<li>${renderRecord(subject.siteId, record, titleOf(record.subDataset), order === 'visit' ? lesions.get(record.lesionId ?? '') : undefined)}</li>`)}</ul>`}
  </li>`)}</ol>`;
}

function renderRecord(siteId: string, record: RecordSummary, title: string, lesion: Lesion | undefined) {
  return html`<a class="record" href=${to('record', { siteId, subjectId: record.subjectId, recordId: record.id })}>
    <span class="title">${title}</span>
    <span class="about">${renderStatus(record.status)}${renderFindings(record)}${lesion ? html`<span class="tag">${lesionInWords(lesion)}</span>` : nothing}</span>
    <time datetime=${record.updatedAt}>${momentOf(record.updatedAt)}</time></a>`;
}
