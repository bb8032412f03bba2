/** One step of a run: its pictures, times, aliquots and records, and what it still lacks. */
import { css, html, nothing } from 'lit';
import type { Protocol, Run } from '../../../schemas/http/protocol-api.ts';
import { isToCome } from '../../../schemas/protocol/next.ts';
import type { PictureTask, Step } from '../../../schemas/protocol/protocol.ts';
import type { RecordState, StepState } from '../../../schemas/protocol/run.ts';
import { momentOf, read } from '../../elements/shell/format.ts';
import { icon } from '../../elements/shell/icons.ts';
import { renderStatus } from '../../elements/shell/status.ts';
import { thumbnailAddress } from '../../api.ts';
import type { Stamp } from '../../controllers/stamps.ts';
import { t } from '../../text/index.ts';
import type { Acts } from './acts.ts';
import { renderAliquots } from './aliquots.ts';
import { lackInWords, momentTitle, recordInWords, unmarked } from './words.ts';

export const stepStyles = css`
  .step { border: 1px solid var(--crf-line); border-radius: var(--crf-radius); background: var(--crf-surface); }
  .step + .step { margin-top: var(--crf-space-3); }
  .step > summary { display: flex; align-items: center; gap: var(--crf-space-3); min-height: 60px; padding: 0 var(--crf-space-4); cursor: pointer; list-style: none; font-size: var(--crf-text-3); font-weight: var(--crf-strong); }
  .step > summary::-webkit-details-marker { display: none; }
  .step > summary .grow { flex: 1; }
  .step > summary .turn { transition: transform var(--crf-motion); }
  .step[open] > summary .turn { transform: rotate(180deg); }
  .step > summary:focus-visible { outline-offset: -3px; }
  .ordinal { display: grid; place-items: center; width: 36px; height: 36px; border: 2px solid var(--crf-edge); border-radius: 50%; font-variant-numeric: tabular-nums; }
  .step.complete .ordinal { border-color: var(--crf-ok); color: var(--crf-ok); }
  .step .inner { padding: 0 var(--crf-space-4) var(--crf-space-4); }
  .step .inner > * + * { margin-top: var(--crf-space-4); }
  .guide li { padding-inline-start: 1.2em; text-indent: -1.2em; color: var(--crf-ink-2); }
  .guide li::before { content: "·"; display: inline-block; width: 1.2em; text-indent: 0; text-align: center; }
  .pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); gap: var(--crf-space-3); }
  .tile { display: flex; flex-direction: column; gap: 2px; width: 100%; min-height: 132px; padding: 0; border: 2px dashed var(--crf-edge); border-radius: var(--crf-radius); background: var(--crf-surface); text-align: start; overflow: hidden; }
  .tile.done { border-style: solid; border-color: var(--crf-line); }
  .tile:disabled { opacity: 1; }
  .tile:hover:not(:disabled) { background: var(--crf-quiet); }
  .tile img, .tile .empty { display: grid; place-items: center; width: 100%; height: 96px; object-fit: cover; background: var(--crf-quiet); color: var(--crf-ink-2); font-size: var(--crf-text-3); }
  .tile .about { padding: var(--crf-space-1) var(--crf-space-3) var(--crf-space-2); }
  .tile .about strong { display: block; }
  .record { padding: var(--crf-space-3) 0; border-top: 1px solid var(--crf-line); }
  .record > * + * { margin-top: var(--crf-space-3); }
  .moments { display: grid; grid-template-columns: repeat(auto-fill, minmax(220px, 1fr)); gap: var(--crf-space-2) var(--crf-space-4); }
  .moment { display: flex; align-items: center; justify-content: space-between; gap: var(--crf-space-3); min-height: 56px; padding: 0 var(--crf-space-3); border: 1px solid var(--crf-line); border-radius: var(--crf-radius); }
  .moment time { font-size: var(--crf-text-3); font-weight: var(--crf-strong); }
  .moment .button { min-height: 48px; }
  .results { display: flex; flex-wrap: wrap; gap: var(--crf-space-2) var(--crf-space-5); }
  .results output { font-size: var(--crf-text-3); font-weight: var(--crf-strong); overflow-wrap: anywhere; }
  .lacks li { padding: 2px 0; }
  .lacks li::before { content: "○ "; color: var(--crf-ink-2); }
`;

export interface StepView {
  siteId: string;
  protocol: Protocol;
  run: Run;
  /** Moments that are on this device only. */
  stamps: readonly Stamp[];
  acts: Acts;
  mayWrite: boolean;
  isBusy: boolean;
  /** The title of an element by `step.element`. */
  titleOfElement: (path: string) => string;
  /** Asks for the reason of leaving the step out. */
  askSkip: (step: string) => void;
  redraw: () => void;
}

export function renderStep(view: StepView, step: Step, state: StepState, index: number, isOpen: boolean) {
  const { protocol, run, mayWrite, acts, isBusy } = view;
  const sign = { open: '◐', complete: '✓', skipped: '–' }[state.state];
  const mayAct = mayWrite && run.status === 'running' && state.state === 'open';
  return html`<details class="step ${state.state}" ?open=${isOpen} id="step-${step.id}">
    <summary><span class="ordinal" aria-hidden="true">${index + 1}</span><span class="grow">${read(step.title)}</span>
      <span class="tag ${state.state === 'complete' ? 'ok' : ''}"><span aria-hidden="true">${sign}</span>${t(`step.${state.state}`)}</span><span class="turn">${icon('down')}</span></summary>
    <div class="inner">
      ${step.guide.length ? html`<ul class="guide" aria-label=${t('step.guide')}>${step.guide.map((line) => html`<li>${read(line)}</li>`)}</ul>` : nothing}
      ${renderPictures(view, step, state, mayAct)}
      ${(state.records.length ? state.records : [undefined]).map((record) => renderRecord(view, step, record, mayAct))}
      ${mayAct && state.records.length ? html`<p><button class="button" type="button" ?disabled=${isBusy} @click=${() => acts.form(step.id)}>${icon('add')}${t('step.more')}</button></p>` : nothing}
      ${state.state === 'open' && state.missing.length ? html`<div><p class="meta">${t('step.missing')}</p><ul class="lacks">${state.missing.map((lack) => html`<li>${lackInWords(protocol, run, step, lack)}</li>`)}</ul></div>` : nothing}
      ${mayAct ? html`<div class="end-row"><button class="button plain" type="button" ?disabled=${isBusy} @click=${() => view.askSkip(step.id)}>${t('step.do-skip')}</button>
        <button class="button ${state.missing.length ? '' : 'primary'}" type="button" ?disabled=${isBusy} @click=${() => acts.complete(step.id)}>${t('step.do-complete')}</button></div>` : nothing}
    </div></details>`;
}

function renderPictures({ siteId, acts, isBusy }: StepView, step: Step, state: StepState, mayAct: boolean) {
  const tasks = step.tasks.filter((task): task is PictureTask => task.kind === 'picture');
  if (tasks.length === 0) return nothing;
  return html`<ul class="pictures" aria-label=${t('step.pictures')}>${tasks.map((task) => {
    const picture = state.pictures.find(({ id }) => id === task.id);
    if (!picture) return nothing;
    const shown = picture.images.at(-1) ?? picture.refused.at(-1);
    const isDone = picture.images.length >= picture.want;
    const word = isDone ? t('picture.retake') : picture.begun ? t('picture.go-on') : picture.refused.length ? t('picture.retake') : t('picture.take');
    return html`<li><button class="tile ${isDone ? 'done' : ''}" type="button" ?disabled=${!mayAct || isBusy} @click=${() => acts.picture(step.id, picture)}>
      ${shown ? html`<img src=${thumbnailAddress(siteId, shown)} alt="" width="150" height="96" loading="lazy" />` : html`<span class="empty">${word}</span>`}
      <span class="sr-only">${picture.images.length} / ${picture.want}</span>
      <span class="about"><strong><span aria-hidden="true">${isDone ? '✓ ' : '○ '}</span>${read(task.title)}</strong>
        <span class="meta">${picture.refused.length && !isDone ? `▲ ${t('picture.refused')} · ${word}` : isDone || !task.description ? '' : read(task.description)}</span></span></button></li>`;
  })}</ul>`;
}

function renderRecord(view: StepView, step: Step, record: RecordState | undefined, mayAct: boolean) {
  const { run, acts, isBusy, mayWrite } = view;
  const label = recordInWords(run, record?.id);
  const isDraft = record === undefined || record.status === 'in-progress';
  return html`<div class="record">
    <div class="row">${label ? html`<h3>${label}</h3>` : nothing}${record ? renderStatus(record.status) : nothing}
      ${record || (mayAct && mayWrite) ? html`<button class="button" type="button" ?disabled=${isBusy} @click=${() => acts.form(step.id, record?.id)}>${icon('form')}${t('step.form')}</button>` : nothing}</div>
    ${renderMoments(view, step, record, mayAct && isDraft)}
    ${record ? renderResults(step, record) : nothing}
    ${record ? renderAliquots(view, step, record, mayAct) : nothing}
  </div>`;
}

/** What the form calculates; a yes or no with its shape, a number with its unit. */
function renderResults({ results }: Step, record: RecordState) {
  const known = results.filter(({ key }) => record.results[key] !== undefined);
  if (known.length === 0) return nothing;
  return html`<dl class="results">${known.map(({ key, title, unit }) => {
    const value = record.results[key];
    const shown = typeof value === 'boolean' ? html`<span class="tag ${value ? 'ok' : 'hard'}"><span aria-hidden="true">${value ? '✓' : '▲'}</span>${t(value ? 'acceptance.yes' : 'acceptance.no')}</span>` : html`<output>${String(value)}${unit ? ` ${unit}` : ''}</output>`;
    return html`<div><dt class="meta">${unmarked(title)}</dt><dd>${shown}</dd></div>`;
  })}</dl>`;
}

function renderMoments({ acts, isBusy, stamps }: StepView, step: Step, record: RecordState | undefined, mayAct: boolean) {
  const tasks = step.tasks.filter((task) => task.kind === 'moment');
  return html`<ul class="moments" aria-label=${t('step.times')}>${tasks.map(({ key, title, optional }) => {
    const moment = record?.moments.find((each) => each.key === key);
    const what = momentTitle(step, key);
    const kept = moment?.at ? undefined : stamps.find((stamp) => stamp.step === step.id && stamp.key === key && (record === undefined || stamp.recordId === record.id));
    return html`<li class="moment" data-moment=${key}><span>${read(title)}${optional && !moment?.at ? html` <span class="meta">${t('moment.optional')}</span>` : nothing}</span>
      ${moment?.at ? html`<time datetime=${moment.at}>${momentOf(moment.at)}</time>` : moment?.missing ? html`<span class="meta">${t('moment.reason')}</span>`
        : kept ? html`<span class="tag soft"><span aria-hidden="true">◆</span>${t('moment.waiting', { at: momentOf(kept.at) })}</span>`
        : mayAct && isToCome(record, key) ? html`<button class="button" type="button" ?disabled=${isBusy} aria-label=${t('moment.now.of', { what })} @click=${() => void acts.stamp(step.id, key, record?.id)}>${t('moment.now')}</button>` : html`<span class="meta">–</span>`}</li>`;
  })}</ul>`;
}
