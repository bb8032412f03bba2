/** The aliquots of one record: which codes there are, how many more, and their labels. */
import { css, html, nothing } from 'lit';
import type { Step } from '../../../schemas/protocol/protocol.ts';
import type { AliquotState, RecordState } from '../../../schemas/protocol/run.ts';
import { labelsAddress } from '../../protocol-api.ts';
import { pageLanguage, t } from '../../text/index.ts';
import type { StepView } from './step.ts';
import { kindTitle } from './words.ts';

export const aliquotStyles = css`
  .aliquots { display: grid; gap: var(--crf-space-2); padding: var(--crf-space-3); border: 1px solid var(--crf-line); border-radius: var(--crf-radius); }
  .kind { display: flex; flex-wrap: wrap; align-items: center; gap: var(--crf-space-2) var(--crf-space-4); min-height: 48px; }
  .kind > strong { min-width: 6em; }
  .stepper { display: inline-flex; align-items: center; }
  .stepper button { width: 48px; height: 48px; border: 1px solid var(--crf-edge); border-radius: var(--crf-radius); background: var(--crf-surface); font-size: var(--crf-text-4); }
  .stepper output { min-width: 2.2em; font-size: var(--crf-text-3); font-weight: var(--crf-strong); text-align: center; }
  .codes { font-family: var(--crf-mono); font-size: var(--crf-text-1); overflow-wrap: anywhere; }
`;

/** How many of each kind are to be named, as the person set them; else what the protocol offers. */
const wanted = new Map<string, number>();
const placeOf = ({ kind, recordId, named }: AliquotState) => `${recordId}/${kind}/${named.length}`;
const countOf = (state: AliquotState): number => wanted.get(placeOf(state)) ?? (state.named.length === 0 || state.want !== undefined ? state.next.length : 0);

export function renderAliquots(view: StepView, step: Step, record: RecordState, mayAct: boolean) {
  if (!step.tasks.some(({ kind }) => kind === 'aliquots')) return nothing;
  const { run, protocol, acts, isBusy } = view;
  const states = run.state.aliquots.filter(({ recordId }) => recordId === record.id);
  const named = states.flatMap((state) => state.named);
  const open = states.filter(({ cannot }) => cannot === undefined);
  const total = open.reduce((sum, state) => sum + countOf(state), 0);
  const blocked = [...new Set(states.flatMap(({ cannot }) => (cannot && 'unanswered' in cannot ? cannot.unanswered : [])))];
  const fault = states.find(({ cannot }) => cannot && 'name' in cannot)?.cannot;
  const name = () => acts.name(record.id, Object.fromEntries(open.map((state) => [state.kind, countOf(state)]).filter(([, count]) => count !== 0)));
  return html`<section class="aliquots" aria-label=${t('aliquots')}>
    ${blocked.length && mayAct ? html`<p class="notice soft">${t('aliquots.unanswered', { what: blocked.map(view.titleOfElement).join('、') })}</p>` : nothing}
    ${fault && 'name' in fault ? html`<p class="notice hard">${t(`aliquots.cannot.${fault.name}`)}</p>` : nothing}
    ${states.filter((state) => state.named.length > 0 || state.cannot === undefined).map((state) => html`<div class="kind">
      <strong>${kindTitle(protocol, state.kind)}</strong>
      <span class="codes">${state.named.map((code) => html`<span>${code}</span> `)}</span>
      ${mayAct && state.cannot === undefined ? renderStepper(view, state, kindTitle(protocol, state.kind)) : nothing}</div>`)}
    <div class="row">
      ${mayAct && total > 0 ? html`<button class="button primary" type="button" ?disabled=${isBusy} @click=${name}>${t('aliquots.name', { n: total })}</button>` : nothing}
      ${named.length ? html`<a class="button" target="_blank" href=${labelsAddress(view.siteId, run.id, pageLanguage(), { recordId: record.id })}>${t('labels.print')}</a><span class="meta">${t('aliquots.named', { n: named.length })}</span>` : nothing}
    </div></section>`;
}

function renderStepper(view: StepView, state: AliquotState, title: string) {
  const count = countOf(state);
  const set = (to: number) => () => {
    wanted.set(placeOf(state), Math.max(0, Math.min(99, to)));
    view.redraw();
  };
  return html`<span class="stepper" role="group" aria-label=${t('aliquots.count', { kind: title })}>
    <button type="button" aria-label=${t('aliquots.fewer')} ?disabled=${count === 0 || view.isBusy} @click=${set(count - 1)}>−</button>
    <output aria-live="polite">${count}</output>
    <button type="button" aria-label=${t('aliquots.more')} ?disabled=${view.isBusy} @click=${set(count + 1)}>+</button></span>`;
}
