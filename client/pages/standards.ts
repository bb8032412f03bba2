/** The data dictionary: datasets and sub-datasets to leaf through, and one search over every sub-dataset, element and value set. */
import { LitElement, css, html, nothing } from 'lit';
import type { DictionaryIndex } from '../../schemas/dictionary.ts';
import type { StandardSummary } from '../../schemas/http/api.ts';
import { getDictionary, listStandards } from '../api.ts';
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
import type { Word } from '../text/index.ts';
import { dictionaryStyles, renderFiles, toElement } from './dictionary/parts.ts';
import { searchDictionary, type FoundElement } from './dictionary/search.ts';

const grains = new Set(['subject', 'visit', 'lesion', 'image', 'specimen', 'any']);
/** So many elements are shown before one asks for more. */
const step = 50;

interface Book {
  standards: StandardSummary[];
  index: DictionaryIndex;
}

export class CrfStandardsPage extends LitElement {
  static override properties = { context: { attribute: false }, place: { attribute: false }, query: { state: true }, shown: { state: true } };

  static override styles = [base, sheet, dictionaryStyles, css`
    .lead { max-width: none; margin-bottom: var(--crf-space-4); }
    section > h2 a { color: inherit; text-decoration: none; }
    section > h2 a:hover { text-decoration: underline; }
    .end-row { justify-content: center; }
  `];

  declare place: PagePlace;
  declare query: string;
  declare shown: number;
  readonly #book = new LoadingController<Book>(this, async (signal) => {
    const [standards, index] = await Promise.all([listStandards(signal), getDictionary(signal)]);
    return { standards, index };
  });

  constructor() {
    super();
    this.query = '';
    this.shown = step;
    new LanguageController(this);
  }

  override connectedCallback() {
    super.connectedCallback();
    this.query = this.place.query.get('q') ?? '';
    void this.#book.load();
  }

  override render() {
    return html`<div class="head"><h1>${t('dictionary')}</h1>${renderFiles()}</div>${this.#body()}`;
  }

  #body() {
    const { value, error, isSlow } = this.#book;
    if (error) return renderFailure(error, () => void this.#book.load());
    if (!value) return isSlow ? html`<crf-state kind="loading"></crf-state>` : nothing;
    if (value.standards.length === 0) return html`<crf-state heading=${t('standards.none')}></crf-state>`;
    return html`${this.query.trim() ? nothing : this.#lead(value)}
      <label class="search"><span class="sr-only">${t('dictionary.search')}</span>${icon('find')}
        <input class="box" type="search" placeholder=${t('dictionary.search')} autocomplete="off" .value=${this.query} @input=${this.#typed} /></label>
      ${this.query.trim() ? this.#found(value) : this.#datasets(value)}`;
  }

  #lead({ standards, index }: Book) {
    const core = standards.filter(({ part }) => part !== 'annex');
    const elements = core.reduce((sum, each) => sum + each.elements, 0);
    const counts = { datasets: new Set(core.map(({ dataset }) => dataset)).size, n: core.length, elements, annex: standards.length - core.length, release: index.release };
    return html`<p class="lead">${t('dictionary.lead', counts)}</p>`;
  }

  #datasets({ standards, index }: Book) {
    const core = standards.filter(({ part }) => part !== 'annex');
    const annex = standards.filter(({ part }) => part === 'annex');
    return html`${this.#byDataset(core)}
      ${annex.length ? html`<section><h2>${t('dictionary.annex')}</h2></section>${this.#byDataset(annex)}` : nothing}
      <section><details><summary>${t('dictionary.all-sets', { n: index.valueSets.length })}</summary>${this.#valueSets(index.valueSets)}</details></section>`;
  }

  #byDataset(standards: readonly StandardSummary[]) {
    const datasets = new Map(standards.map(({ dataset, datasetTitle }) => [dataset, datasetTitle]));
    return [...datasets].map(([name, title]) => html`<section><h2 id=${name}>${read(title)}</h2>
      <ul class="card links">${standards.filter(({ dataset }) => dataset === name).map((each) => this.#standard(each))}</ul></section>`);
  }

  #standard({ subDataset, version, title, per, elements }: StandardSummary) {
    return html`<li><a class="entry-link" href=${to('standard', { subDataset, version })}>
      <strong>${read(title)}</strong><span class="right">${t('standards.elements', { n: elements })}</span>
      <span class="meta">${subDataset} · v${version}</span><span class="meta right">${grains.has(per) ? t(`per.${per}` as Word) : per}</span></a></li>`;
  }

  #found({ standards, index }: Book) {
    const hits = searchDictionary(index, standards, this.query);
    const titles = new Map(standards.map(({ subDataset, title }) => [subDataset, title]));
    const rest = hits.elements.length - this.shown;
    return html`<p class="sr-only" role="status">${t('dictionary.found', { standards: hits.standards.length, elements: hits.elements.length, valueSets: hits.valueSets.length })}</p>
      ${hits.standards.length + hits.elements.length + hits.valueSets.length === 0 ? html`<crf-state heading=${t('dictionary.none-found')}></crf-state>` : nothing}
      ${hits.standards.length ? html`<section><h2>${t('dictionary.standards')} <span class="meta">${hits.standards.length}</span></h2><ul class="card links">${hits.standards.map((each) => this.#standard(each))}</ul></section>` : nothing}
      ${hits.elements.length ? html`<section><h2>${t('dictionary.elements')} <span class="meta">${hits.elements.length}</span></h2>
        <ul class="card links">${hits.elements.slice(0, this.shown).map((each) => this.#element(each, titles.get(each.subDataset) ?? { zh: each.subDataset, en: each.subDataset }))}</ul>
        ${rest > 0 ? html`<p class="end-row"><button type="button" class="button" @click=${() => (this.shown += step)}>${t('dictionary.more', { n: Math.min(step, rest) })}</button></p>` : nothing}</section>` : nothing}
      ${hits.valueSets.length ? html`<section><h2>${t('dictionary.valueSets')} <span class="meta">${hits.valueSets.length}</span></h2>${this.#valueSets(hits.valueSets)}</section>` : nothing}`;
  }

  #element(element: FoundElement, standard: { zh: string; en: string }) {
    return html`<li><a class="entry-link" href=${toElement(element)}>
      <strong>${read(element)}</strong><span class="right meta">${t(`type.${element.type}` as Word)}</span>
      <span class="meta">${read(standard)} · ${element.path}</span><span class="meta right">${element.ids.join(' · ')}</span></a></li>`;
  }

  #valueSets(valueSets: DictionaryIndex['valueSets']) {
    return html`<ul class="card links">${valueSets.map(({ id, version, title, codes }) => html`<li><a class="entry-link" href=${to('valueSet', { id, version })}>
      <strong>${read(title)}</strong><span class="right">${t('standard.codes', { n: codes })}</span><span class="meta">${id} · v${version}</span></a></li>`)}</ul>`;
  }

  /** What is searched for here is of the standards, never of a patient, so the address may keep it. */
  #typed(event: Event) {
    this.query = (event.target as HTMLInputElement).value;
    this.shown = step;
    const words = this.query.trim();
    history.replaceState(history.state, '', words ? `${location.pathname}?q=${encodeURIComponent(words)}` : location.pathname);
  }
}

customElements.define('crf-standards-page', CrfStandardsPage);
