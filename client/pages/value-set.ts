/** One value set: its codes in order, where they come from, and which data elements have it. */
import { LitElement, css, html, nothing } from 'lit';
import type { DictionaryValueSetReply } from '../../schemas/dictionary.ts';
import { textOf } from '../../schemas/documents.ts';
import { getDictionaryValueSet } from '../api.ts';
import { LanguageController } from '../controllers/language.ts';
import { LoadingController } from '../controllers/loading.ts';
import { renderFailure } from '../elements/shell/failure.ts';
import { read } from '../elements/shell/format.ts';
import { icon } from '../elements/shell/icons.ts';
import { sheet } from '../elements/shell/sheet.ts';
import { to } from '../places.ts';
import type { PagePlace } from '../places.ts';
import { base } from '../styles/base.ts';
import { t } from '../text/index.ts';
import type { PageContext } from './context.ts';
import { dictionaryStyles, toElement } from './dictionary/parts.ts';

type Codes = DictionaryValueSetReply['document']['codes'];

export class CrfValueSetPage extends LitElement {
  static override properties = { context: { attribute: false }, place: { attribute: false }, query: { state: true } };

  static override styles = [base, sheet, dictionaryStyles, css`
    :host { max-width: 920px; }
    .scroll { overflow-x: auto; }
    .scroll:focus-visible { outline-offset: -3px; }
    tr.retired td { color: var(--crf-ink-2); }
    .facts { display: grid; grid-template-columns: 96px minmax(0, 1fr); gap: var(--crf-space-1) var(--crf-space-4); margin: var(--crf-space-4) 0; }
    dt { color: var(--crf-ink-2); }
  `];

  declare context: PageContext;
  declare place: PagePlace;
  declare query: string;
  readonly #reply = new LoadingController(this, (signal) => getDictionaryValueSet(this.place.params['id'] ?? '', this.place.params['version'] ?? '', signal));

  constructor() {
    super();
    this.query = '';
    new LanguageController(this);
  }

  override connectedCallback() {
    super.connectedCallback();
    void this.#open();
  }

  async #open() {
    await this.#reply.load();
    if (this.#reply.value) this.context.arrived(read(textOf(this.#reply.value.document)));
  }

  override render() {
    const { value, error, isSlow } = this.#reply;
    return html`<p class="meta crumbs no-print"><a href=${to('standards')}>${t('dictionary')}</a></p>
      <div class="head"><h1>${value ? read(textOf(value.document)) : t('dictionary.valueSets')}</h1></div>
      ${value ? this.#body(value) : error ? renderFailure(error, () => void this.#reply.load()) : isSlow ? html`<crf-state kind="loading"></crf-state>` : nothing}`;
  }

  #body({ document, uses, versions }: DictionaryValueSetReply) {
    const { id = '', version } = this.place.params;
    const { codes, open, source, system, note } = document;
    const words = this.query.trim().toLowerCase();
    const shown = codes.filter(({ code, zh, en, pinyin, synonyms }) => [code, zh, en, pinyin, ...(synonyms ?? [])].some((text) => text?.toLowerCase().includes(words)));
    return html`<p class="meta"><code>${id}</code> · ${versions.map((each, at) => html`${at ? ', ' : ''}${each === version ? html`v${each}` : html`<a href=${to('valueSet', { id, version: each })}>v${each}</a>`}`)} · ${t('standard.codes', { n: codes.length })}</p>
      <dl class="facts">${system ? html`<dt>${t('dictionary.system')}</dt><dd>${system}</dd>` : nothing}<dt>${t('panel.source')}</dt><dd>${source}</dd></dl>
      ${open ? html`<p class="notice">${t('dictionary.open', { n: codes.length, pattern: open.pattern })}</p>` : nothing}
      ${note ? html`<p class="lead">${note}</p>` : nothing}
      ${codes.length > 12 ? html`<label class="search"><span class="sr-only">${t('dictionary.filter')}</span>${icon('find')}
        <input class="box" type="search" placeholder=${t('dictionary.filter')} autocomplete="off" .value=${this.query} @input=${(event: Event) => (this.query = (event.target as HTMLInputElement).value)} /></label>
        <p class="sr-only" role="status">${t('standard.codes', { n: shown.length })}</p>` : nothing}
      ${codes.length ? this.#codes(shown) : nothing}
      <section><h2>${uses.length ? t('dictionary.uses', { n: uses.length }) : t('dictionary.unused')}</h2>
        ${uses.length ? html`<ul class="card links">${uses.map((use) => html`<li><a class="entry-link" href=${toElement(use)}><strong>${use.path}</strong><span class="meta right">${use.subDataset} v${use.version}</span></a></li>`)}</ul>` : nothing}</section>`;
  }

  #codes(codes: Codes) {
    const hasSynonyms = codes.some(({ synonyms }) => synonyms?.length);
    return html`<div class="card scroll" tabindex="0" role="region" aria-label=${t('dictionary.valueSets')}><table>
      <thead><tr><th>${t('dictionary.code')}</th><th>${t('dictionary.zh')}</th><th>${t('dictionary.en')}</th><th>${t('dictionary.pinyin')}</th>${hasSynonyms ? html`<th>${t('dictionary.synonyms')}</th>` : nothing}</tr></thead>
      <tbody>${codes.map(({ code, zh, en, pinyin, synonyms, status }) => html`<tr class=${status === 'retired' ? 'retired' : ''}>
        <td><code>${code}</code>${status === 'retired' ? html` <span class="tag">${t('standard.retired')}</span>` : nothing}</td><td lang="zh">${zh}</td><td lang="en">${en}</td><td><code>${pinyin ?? ''}</code></td>
        ${hasSynonyms ? html`<td>${synonyms?.join(' · ')}</td>` : nothing}</tr>`)}</tbody></table></div>`;
  }
}

customElements.define('crf-value-set-page', CrfValueSetPage);
