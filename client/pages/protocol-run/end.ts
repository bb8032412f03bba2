/** The end of a run: what was accepted, what is printed, finishing or abandoning it. */
import { html, nothing } from 'lit';
import '../../elements/shell/dialog.ts';
import { readForm, renderBox } from '../../elements/shell/boxes.ts';
import { read } from '../../elements/shell/format.ts';
import { labelsAddress, runSheetAddress } from '../../protocol-api.ts';
import { pageLanguage, t } from '../../text/index.ts';
import type { StepView } from './step.ts';
import { recordInWords } from './words.ts';

export type Why = { kind: 'skip'; step: string } | { kind: 'abandon' };

export function renderEnd({ siteId, protocol, run, acts, mayWrite, isBusy }: StepView, abandon: () => void) {
  const isDone = run.state.steps.every(({ state }) => state !== 'open');
  const isOpen = mayWrite && run.status === 'running';
  return html`<section><h2>${t('acceptance')}</h2><ul>${run.state.acceptance.map(({ id, holds, recordId }) => {
    const title = protocol.acceptance.find((each) => each.id === id)?.title;
    const word = holds === undefined ? 'unknown' : holds ? 'yes' : 'no';
    return html`<li class="row"><span>${[title ? read(title) : id, recordInWords(run, recordId)].filter(Boolean).join(' · ')}</span>
      <span class="tag ${holds === undefined ? '' : holds ? 'ok' : 'hard'}"><span aria-hidden="true">${{ yes: '✓', no: '▲', unknown: '○' }[word]}</span>${t(`acceptance.${word}`)}</span></li>`;
  })}</ul></section>
  <section><h2>${t('papers')}</h2><div class="row">
    <a class="button" target="_blank" href=${runSheetAddress(siteId, run.id, pageLanguage())}>${t('run-sheet.print')}</a>
    ${run.aliquots.length ? html`<label>${t('labels.skip')} <input class="box" id="skip" type="number" min="0" max=${protocol.labels.columns * protocol.labels.rows - 1} value="0" inputmode="numeric" @input=${followSkip} /></label>
      <a class="button" id="labels" target="_blank" href=${labelsAddress(siteId, run.id, pageLanguage())}>${t('labels.print')}</a>` : nothing}
  </div></section>
  ${isOpen ? html`<div class="end-row"><button class="button plain" type="button" ?disabled=${isBusy} @click=${abandon}>${t('run.abandon')}</button>
    <button class="button ${isDone ? 'primary' : ''}" type="button" ?disabled=${isBusy || !isDone} @click=${() => acts.close('finished')}>${t('run.finish')}</button></div>` : nothing}`;
}

export function renderWhy(why: Why | undefined, save: (reason: string) => void, close: () => void) {
  const title = why?.kind === 'skip' ? t('run.skip.title') : t('run.abandon.title');
  return html`<crf-dialog .heading=${title} .open=${why !== undefined} @close=${close}>${why ? html`<form @submit=${(event: SubmitEvent) => {
    event.preventDefault();
    const reason = readForm(event.target as HTMLFormElement)?.['reason'];
    if (reason) save(reason);
  }}>${renderBox({ name: 'reason', label: t('deviation.reason'), help: t('deviation.reason.help'), maxLength: 1000 })}
    <div class="end-row"><button class="button" type="button" @click=${close}>${t('cancel')}</button><button class="button primary">${t('run.reason.save')}</button></div></form>` : nothing}</crf-dialog>`;
}

/** The address of the labels follows how many of the first sheet are gone. */
function followSkip(event: Event): void {
  const input = event.target as HTMLInputElement;
  const link = (input.getRootNode() as ShadowRoot).querySelector<HTMLAnchorElement>('#labels');
  if (!link || !input.checkValidity()) return;
  const address = new URL(link.href);
  if (Number(input.value) > 0) address.searchParams.set('skip', input.value);
  else address.searchParams.delete('skip');
  link.href = address.pathname + address.search;
}
