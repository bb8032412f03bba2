/** One standard, to be read like a reference book: what is asked, of which type, in which unit, with which codes, under which rules. */
import { LitElement, css, html, nothing } from 'lit';
import type { VersionEntry } from '../../schemas/dictionary.ts';
import type { Form, Item, Section } from '../../schemas/form.ts';
import { getForm, getStandardHistory } from '../api.ts';
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
import type { PageContext } from './context.ts';
import { dictionaryStyles, renderFiles } from './dictionary/parts.ts';
import { matchesItem, renderChecks, renderElement, standardStyles } from './standard/element.ts';

export class CrfStandardPage extends LitElement {
  static override properties = { context: { attribute: false }, place: { attribute: false }, query: { state: true } };

  static override styles = [base, sheet, standardStyles, dictionaryStyles, css`
    :host { max-width: 920px; }
    .facts { display: flex; flex-wrap: wrap; gap: 0 var(--crf-space-4); margin-bottom: var(--crf-space-4); }
    .search { position: sticky; top: 56px; z-index: 2; max-width: none; margin: 0; padding: var(--crf-space-3) 0; background: var(--crf-page); }
    .search .icon { position: absolute; inset: 24px auto auto 12px; color: var(--crf-ink-2); }
    .search input { width: 100%; max-width: 420px; padding-inline-start: 40px; }
    nav { margin-bottom: var(--crf-space-4); }
    nav ul { display: flex; flex-wrap: wrap; gap: 0 var(--crf-space-2); }
    nav a { display: inline-flex; align-items: center; min-height: 36px; padding: 0 var(--crf-space-2); }
    section h2 { scroll-margin-top: 140px; }
    @media (max-width: 720px) { .search { top: 0; } }
    @media print { .search, nav { display: none; } }
  `];

  declare context: PageContext;
  declare place: PagePlace;
  declare query: string;
  readonly #history = new LoadingController<VersionEntry[]>(this, (signal) => getStandardHistory(this.place.params['subDataset'] ?? '', signal));
  readonly #form = new LoadingController(this, (signal) => getForm(this.place.params['subDataset'] ?? '', this.place.params['version'] ?? '', signal));

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
    await this.#form.load();
    if (!this.#form.value) return;
    this.context.arrived(read(this.#form.value.title));
    await this.#history.load();
  }

  override render() {
    const { value: form, error, isSlow } = this.#form;
    return html`<p class="meta crumbs no-print"><a href=${to('standards')}>${t('dictionary')}</a></p>
      <div class="head"><h1>${form ? read(form.title) : t('standard')}</h1>${form ? renderFiles(form.standard.subDataset) : nothing}</div>
      ${form ? this.#body(form) : error ? renderFailure(error, () => void this.#form.load()) : isSlow ? html`<crf-state kind="loading"></crf-state>` : nothing}`;
  }

  #body(form: Form) {
    const { subDataset, version } = form.standard;
    const words = this.query.trim().toLowerCase();
    const items = form.items.filter((item) => matchesItem(item, form.valueSets[item.valueSet ?? ''], words));
    return html`
      <p class="facts meta"><span>${subDataset} v${version}</span><span>${t(`per.${form.per}` as Word)}</span><span>${t('standards.elements', { n: form.items.reduce((sum, { items }) => sum + (items?.length ?? 1), 0) })}</span>
        <span title=${form.sha256}>SHA-256 <code>${form.sha256.slice(0, 12)}</code></span></p>
      ${form.description ? html`<p class="lead">${read(form.description)}</p>` : nothing}
      <label class="search"><span class="sr-only">${t('standard.search')}</span>${icon('find')}
        <input class="box" type="search" placeholder=${t('standard.search')} autocomplete="off" .value=${this.query} @input=${this.#typed} /></label>
      ${words ? nothing : html`<nav aria-label=${t('standard.sections')}><ul>${form.sections.map(({ id, title }) => html`<li><a href="#${id}" @click=${(event: Event) => this.#jump(event, id)}>${read(title)}</a></li>`)}</ul></nav>`}
      <p class="sr-only" role="status">${words ? t('standard.found', { n: items.length }) : ''}</p>
      ${items.length === 0 ? html`<crf-state heading=${t('standard.none-found')}></crf-state>` : form.sections.map((section) => this.#section(form, section, items))}
      ${form.checks.length && !words ? html`<section><h2>${t('standard.checks')}</h2>${renderChecks(form)}</section>` : nothing}
      ${words ? nothing : this.#versions(form)}`;
  }

  #section(form: Form, { id, title, items }: Section, shown: readonly Item[]) {
    const inSection = items.flatMap((path) => shown.find((item) => item.path === path) ?? []);
    if (inSection.length === 0) return nothing;
    return html`<section><h2 id=${id}>${read(title)}</h2><ul class="card elements">${inSection.map((item) => html`<li>${renderElement(form, item)}</li>`)}</ul></section>`;
  }

  #versions({ standard: { subDataset, version: shown } }: Form) {
    const history = this.#history.value;
    if (!history?.length) return nothing;
    return html`<section><h2>${t('dictionary.history')}</h2><ul class="card links">${history.map(({ version, releases, added, changed, removed, sha256 }, at) => html`<li class="inside">
      <strong>${version === shown ? `v${version}` : html`<a href=${to('standard', { subDataset, version })}>v${version}</a>`}</strong>
      ${releases.length ? releases.map((release) => t('dictionary.release', { release })).join(', ') : t('dictionary.no-release')}
      <span class="meta">${at === history.length - 1 ? t('dictionary.first-version') : t('dictionary.changes', { added: added.length, changed: changed.length, removed: removed.length })} · SHA-256 <code>${sha256.slice(0, 12)}</code></span></li>`)}</ul></section>`;
  }

  #typed(event: Event) {
    this.query = (event.target as HTMLInputElement).value;
    window.scrollTo(0, 0); // what is found begins at the top
  }

  #jump(event: Event, id: string) {
    event.preventDefault();
    this.renderRoot.querySelector(`#${CSS.escape(id)}`)?.scrollIntoView();
  }
}

customElements.define('crf-standard-page', CrfStandardPage);
