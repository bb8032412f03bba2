/** One data element: its definition, its codes, the rules that read it, where else it stands, and since when. */
import { LitElement, css, html, nothing } from 'lit';
import type { DictionaryIndex, VersionEntry } from '../../schemas/dictionary.ts';
import type { Form, Item } from '../../schemas/form.ts';
import { getDictionary, getForm, getStandardHistory } from '../api.ts';
import { LanguageController } from '../controllers/language.ts';
import { LoadingController } from '../controllers/loading.ts';
import { renderFailure } from '../elements/shell/failure.ts';
import { read } from '../elements/shell/format.ts';
import { sheet } from '../elements/shell/sheet.ts';
import { to } from '../places.ts';
import type { PagePlace } from '../places.ts';
import { base } from '../styles/base.ts';
import { t } from '../text/index.ts';
import type { PageContext } from './context.ts';
import { dictionaryStyles, toElement } from './dictionary/parts.ts';
import { renderChecks, renderElement, standardStyles } from './standard/element.ts';

interface Entry {
  form: Form;
  item: Item;
  index: DictionaryIndex;
  history: VersionEntry[];
}

export class CrfElementPage extends LitElement {
  static override properties = { context: { attribute: false }, place: { attribute: false } };

  static override styles = [base, sheet, standardStyles, dictionaryStyles, css`
    :host { max-width: 920px; }
    .entry { padding: var(--crf-space-4) var(--crf-space-5); }
  `];

  declare context: PageContext;
  declare place: PagePlace;
  readonly #entry = new LoadingController<Entry | null>(this, (signal) => this.#read(signal));

  constructor() {
    super();
    new LanguageController(this);
  }

  override connectedCallback() {
    super.connectedCallback();
    void this.#open();
  }

  async #read(signal: AbortSignal): Promise<Entry | null> {
    const { subDataset = '', version = '', path = '' } = this.place.params;
    const [form, index, history] = await Promise.all([getForm(subDataset, version, signal), getDictionary(signal), getStandardHistory(subDataset, signal)]);
    const wanted = path.replace('.', '/');
    const item = form.items.flatMap((each) => [each, ...(each.items ?? [])]).find((each) => each.path === wanted);
    return item ? { form, item, index, history } : null;
  }

  async #open() {
    await this.#entry.load();
    if (this.#entry.value) this.context.arrived(read(this.#entry.value.item.title));
  }

  override render() {
    const { value, error, isSlow } = this.#entry;
    const { subDataset = '', version = '' } = this.place.params;
    const standard = value ? read(value.form.title) : subDataset;
    return html`<p class="meta crumbs no-print"><a href=${to('standards')}>${t('dictionary')}</a><span aria-hidden="true">›</span><a href=${to('standard', { subDataset, version })}>${standard}</a></p>
      <div class="head"><h1>${value ? read(value.item.title) : t('dictionary.elements')}</h1></div>
      ${value ? this.#body(value) : error ? renderFailure(error, () => void this.#entry.load())
        : value === null ? html`<crf-state heading=${t('standard.none-found')}></crf-state>` : isSlow ? html`<crf-state kind="loading"></crf-state>` : nothing}`;
  }

  #body({ form, item, index, history }: Entry) {
    const { subDataset, version } = form.standard;
    const section = form.sections.find(({ items }) => items.includes(item.path.split('/')[0] ?? ''));
    const checks = form.checks.filter(({ assert }) => assert.reads.includes(item.path));
    const dependents = form.items.flatMap((each) => [each, ...(each.items ?? [])]).filter(({ calculate, enableWhen }) => calculate?.reads.includes(item.path) || enableWhen?.reads.includes(item.path));
    const same = sameIn(index, subDataset, item);
    return html`
      <p class="meta">${item.title.zh} · ${item.title.en}${section ? html` · ${t('dictionary.section')}: ${read(section.title)}` : nothing} · ${read(form.title)} v${version}</p>
      <div class="card">${renderElement(form, item, true)}</div>
      ${dependents.length ? html`<section><h2>${t('dictionary.depends')}</h2><ul class="card links">${dependents.map((each) => html`<li><a class="entry-link" href=${toElement({ subDataset, version, path: each.path })}>
        <strong>${read(each.title)}</strong><code class="right">${each.path}</code><span class="meta">${each.calculate?.source ?? each.enableWhen?.source}</span></a></li>`)}</ul></section>` : nothing}
      ${checks.length ? html`<section><h2>${t('dictionary.rules')}</h2>${renderChecks({ ...form, checks })}</section>` : nothing}
      ${same.length ? html`<section><h2>${t('dictionary.same')} <span class="meta">${same.length}</span></h2><ul class="card links">${same.map((each) => html`<li><a class="entry-link" href=${toElement(each)}>
        <strong>${each.subDataset}</strong><span class="meta right">v${each.version}</span><span class="meta">${each.path} · ${each.ids.join(' · ')}</span></a></li>`)}</ul></section>` : nothing}
      ${this.#history(history, item)}`;
  }

  #history(history: readonly VersionEntry[], { path }: Item) {
    const told = history.flatMap((entry) => (entry.added.includes(path) ? [t('dictionary.since', { version: entry.version })] : entry.changed.includes(path) ? [t('dictionary.changed-in', { version: entry.version })] : []));
    return told.length ? html`<section><h2>${t('dictionary.history')}</h2><ul>${told.map((line) => html`<li>${line}</li>`)}</ul></section>` : nothing;
  }
}

/** Elements of other sub-datasets with the same data element identifier and title. */
function sameIn(index: DictionaryIndex, subDataset: string, item: Item) {
  const de = item.element?.['DE'];
  if (de === undefined) return [];
  return index.standards.flatMap((each) => (each.subDataset === subDataset ? [] : each.elements
    .filter(({ ids, zh }) => ids.includes(de) && zh === item.title.zh).map((element) => ({ ...element, subDataset: each.subDataset, version: each.version }))));
}

customElements.define('crf-element-page', CrfElementPage);
