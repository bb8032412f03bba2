/** The line at the foot of the form: what is saved, what needs attention and the way through it, draft and complete. */
import { html, nothing } from 'lit';
import type { Pointer } from '../../../schemas/form.ts';
import type { Summary } from '../../controllers/form-state.ts';
import type { Translate, Word } from '../../text/index.ts';
import { aboutSign, hardSign, openSign, softSign } from './icons.ts';

/** How saving stands, as the record's controller says; `at` is a time of day, `why` a sentence. */
export interface SaveState {
  kind: 'clean' | 'unsaved' | 'manual' | 'saving' | 'saved' | 'offline' | 'signed-out' | 'conflict' | 'refused';
  at?: string;
  why?: string;
}

export interface Listed {
  pointer: Pointer;
  name: string;
  severity: 'hard' | 'soft' | 'open';
  text: string;
}

export interface FootView {
  save: SaveState;
  summary: Summary;
  /** The findings one by one, while the list is open. */
  listed: readonly Listed[] | undefined;
  isReadonly: boolean;
  /** Where there is no room beside the form, the panel about the field comes up from the foot. */
  aboutIsOpen: boolean;
  /** In place of completing; there are no drafts then. */
  act: string | undefined;
  t: Translate;
}

const signs = { hard: hardSign, soft: softSign, open: openSign };

export const drawFoot = (view: FootView) => html`<div class="foot">
  ${view.listed ? list(view.listed, view.t) : nothing}
  <div class="bar">${counts(view)}<p class="saved meta" role="status">${saved(view)}</p>
    <button type="button" class="step about" data-action="about" aria-expanded=${view.aboutIsOpen} aria-label=${view.t('form.about')} title=${view.t('form.about')}>${aboutSign}</button><span class="acts">${view.isReadonly ? nothing : html`${view.act ? nothing : html`<button type="button" class="button" data-action="save">${view.t('form.saveDraft')}</button>`}
      <button type="button" class="button primary" data-action="complete">${view.act ?? view.t('form.complete')}</button>`}</span></div></div>`;

function saved({ act, isReadonly, save: { kind, at = '', why = '' }, t }: FootView) {
  if (isReadonly) return t('form.readonly');
  return act && (kind === 'clean' || kind === 'unsaved') ? nothing : t(`save.${kind}`, { at, why });
}

function counts({ summary, listed, t }: FootView) {
  const { hard, soft, unanswered } = summary;
  if (hard + soft + unanswered === 0) return nothing;
  return html`<div class="counts"><button type="button" class="summary" data-action="list" aria-expanded=${listed !== undefined}>
      ${hard ? html`<span class="count hard">${hardSign}${t('finding.hardCount', { n: hard })}</span>` : nothing}
      ${soft ? html`<span class="count soft">${softSign}${t('finding.softCount', { n: soft })}</span>` : nothing}
      ${unanswered ? html`<span class="count">${openSign}${t('finding.unanswered', { n: unanswered })}</span>` : nothing}</button>
    ${step('previous', '↑', t)}${step('next', '↓', t)}</div>`;
}

const step = (way: 'previous' | 'next', arrow: string, t: Translate) =>
  html`<button type="button" class="step" data-action=${way} aria-label=${t(`finding.${way}` as Word)} title=${t(`finding.${way}` as Word)}>${arrow}</button>`;

const list = (listed: readonly Listed[], t: Translate) => html`<div class="attention" role="region" aria-label=${t('finding.list')}>
  <div class="attention-head"><h2>${t('finding.list')}</h2><button type="button" class="button plain" data-action="list">${t('finding.close')}</button></div>
  <ul>${listed.map(({ pointer, name, severity, text }) => html`<li><button type="button" class="go" data-action="go" data-to=${pointer}>
    <span class=${severity}>${signs[severity]}</span><span><b>${name}</b> ${text}</span></button></li>`)}</ul></div>`;
