/** The standards of the release, dataset by dataset. */
import { LitElement, css, html, nothing } from 'lit';
import type { StandardSummary } from '../../schemas/http/api.ts';
import { listStandards } from '../api.ts';
import { LanguageController } from '../controllers/language.ts';
import { LoadingController } from '../controllers/loading.ts';
import { renderFailure } from '../elements/shell/failure.ts';
import { read } from '../elements/shell/format.ts';
import { icon } from '../elements/shell/icons.ts';
import { sheet } from '../elements/shell/sheet.ts';
import { to } from '../places.ts';
import { base } from '../styles/base.ts';
import { t } from '../text/index.ts';
import type { Word } from '../text/index.ts';

const grains = new Set(['subject', 'visit', 'lesion', 'image', 'specimen', 'any']);

export class CrfStandardsPage extends LitElement {
  static override properties = { context: { attribute: false }, place: { attribute: false }, query: { state: true } };

  static override styles = [base, sheet, css`
    .search { position: relative; display: block; max-width: 420px; margin-bottom: var(--crf-space-5); }
    .search .icon { position: absolute; inset: 12px auto auto 12px; color: var(--crf-ink-2); }
    .search input { width: 100%; padding-inline-start: 40px; }
    a.standard { display: grid; grid-template-columns: 1fr auto; gap: 0 var(--crf-space-4); padding: var(--crf-space-3) var(--crf-space-4); color: inherit; text-decoration: none; border-radius: var(--crf-radius); }
    a.standard:hover { background: var(--crf-quiet); }
    a.standard:focus-visible { outline-offset: -3px; }
    a.standard strong { font-weight: var(--crf-strong); }
    li + li { border-top: 1px solid var(--crf-line); }
    .right { text-align: end; font-variant-numeric: tabular-nums; }
  `];

  declare query: string;
  readonly #standards = new LoadingController(this, (signal) => listStandards(signal));

  constructor() {
    super();
    this.query = '';
    new LanguageController(this);
    void this.#standards.load();
  }

  override render() {
    return html`<div class="head"><h1>${t('nav.standards')}</h1></div>${this.#body()}`;
  }

  #body() {
    const { value, error, isSlow } = this.#standards;
    if (error) return renderFailure(error, () => void this.#standards.load());
    if (!value) return isSlow ? html`<crf-state kind="loading"></crf-state>` : nothing;
    const words = this.query.trim().toLowerCase();
    const shown = value.filter(({ title, subDataset, datasetTitle }) => [title.zh, title.en, subDataset, datasetTitle.zh, datasetTitle.en].some((text) => text.toLowerCase().includes(words)));
    const datasets = new Map(shown.map(({ dataset, datasetTitle }) => [dataset, datasetTitle]));
    return html`<label class="search"><span class="sr-only">${t('standards.search')}</span>${icon('find')}
        <input class="box" type="search" placeholder=${t('standards.search')} autocomplete="off" .value=${this.query} @input=${(event: Event) => (this.query = (event.target as HTMLInputElement).value)} /></label>
      <p class="sr-only" role="status">${t('standards.count', { n: shown.length })}</p>
      ${shown.length === 0 ? html`<crf-state heading=${value.length ? t('standards.none-found') : t('standards.none')}></crf-state>` : nothing}
      ${[...datasets].map(([name, title]) => html`<section><h2>${read(title)}</h2><ul class="card">${shown.filter(({ dataset }) => dataset === name).map((each) => this.#row(each))}</ul></section>`)}`;
  }

  #row({ subDataset, version, title, per, elements }: StandardSummary) {
    return html`<li><a class="standard" href=${to('standard', { subDataset, version })}>
      <strong>${read(title)}</strong><span class="right">${t('standards.elements', { n: elements })}</span>
      <span class="meta">${subDataset} · v${version}</span><span class="meta right">${grains.has(per) ? t(`per.${per}` as Word) : per}</span></a></li>`;
  }
}

customElements.define('crf-standards-page', CrfStandardsPage);
