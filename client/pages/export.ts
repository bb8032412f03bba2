/** Takes data out: what, from where, for whom. The page says beforehand how much it is and what stays behind. */
import { LitElement, css, html, nothing } from 'lit';
import type { ExportPreview, ExportRequest, RecordStatus, Site, StandardSummary } from '../../schemas/http/api.ts';
import { getHealth, listSites, listStandards, previewExport } from '../api.ts';
import { LanguageController } from '../controllers/language.ts';
import { LoadingController } from '../controllers/loading.ts';
import { DownloadController } from '../controllers/download.ts';
import { mayAt } from '../controllers/permissions.ts';
import { failureInWords, renderFailure } from '../elements/shell/failure.ts';
import { countInWords, read, siteName, sizeInWords } from '../elements/shell/format.ts';
import { sheet } from '../elements/shell/sheet.ts';
import { base } from '../styles/base.ts';
import { pageLanguage, t } from '../text/index.ts';
import type { PageContext } from './context.ts';
import { renderFilter, renderPicks, renderRadios } from './export/choices.ts';

const statuses: readonly RecordStatus[] = ['in-progress', 'complete', 'signed', 'locked'];

/** Milliseconds after the last change before the preview is asked for. */
const pause = 400;

interface Choices {
  release: string;
  sites: Site[];
  standards: StandardSummary[];
}

export class CrfExportPage extends LitElement {
  static override properties = { context: { attribute: false }, place: { attribute: false }, request: { state: true } };

  static override styles = [base, sheet, css`
    .columns { display: grid; grid-template-columns: minmax(0, 1fr) 340px; gap: var(--crf-space-6); align-items: start; }
    aside { position: sticky; top: 72px; }
    fieldset { padding: var(--crf-space-4) var(--crf-space-5); }
    fieldset + fieldset { border-top: 1px solid var(--crf-line); }
    legend { float: inline-start; width: 100%; padding: 0; margin-bottom: var(--crf-space-2); font-weight: var(--crf-strong); }
    legend + * { clear: both; }
    .picks { display: grid; grid-template-columns: repeat(auto-fill, minmax(220px, 1fr)); gap: 0 var(--crf-space-4); }
    .pick-head { display: flex; justify-content: space-between; align-items: center; }
    .choice .meta { display: block; }
    aside table { margin-top: var(--crf-space-4); font-size: var(--crf-text-1); }
    aside table :is(td, th) { padding: var(--crf-space-1) 0 var(--crf-space-1) var(--crf-space-3); border: 0; }
    aside table :is(td, th):first-child { padding-inline-start: 0; overflow-wrap: anywhere; }
    aside .button { width: 100%; margin-top: var(--crf-space-4); }
    progress { width: 100%; height: 8px; margin-top: var(--crf-space-3); accent-color: var(--crf-accent); }
    .big { font-size: var(--crf-text-5); font-weight: var(--crf-strong); line-height: 1.3; font-variant-numeric: tabular-nums; }
    .preview { min-height: 96px; }
    @media (max-width: 900px) { .columns { grid-template-columns: minmax(0, 1fr); gap: var(--crf-space-5); } aside { position: static; } }
  `];

  declare context: PageContext;
  declare request: ExportRequest | undefined;

  readonly #choices = new LoadingController<Choices>(this, async (signal) => {
    const [{ release }, { items }, standards] = await Promise.all([getHealth(signal), listSites(signal), listStandards(signal)]);
    return { release, sites: items.filter(({ id }) => mayAt(this.context.me, id, 'export:run')), standards };
  });
  readonly #preview = new LoadingController<ExportPreview | undefined>(this, (signal) => (this.#asked ? previewExport(this.#asked, signal) : Promise.resolve(undefined)));
  readonly #download = new DownloadController(this);
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    new LanguageController(this);
  }

  override connectedCallback() {
    super.connectedCallback();
    void this.#open();
  }

  async #open() {
    await this.#choices.load();
    const { value } = this.#choices;
    if (!value) return;
    this.#change({
      release: value.release, siteIds: value.sites.map(({ id }) => id), subDatasets: value.standards.map(({ subDataset }) => subDataset),
      statuses: [...statuses], profile: 'analysis', language: pageLanguage(),
    });
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  override render() {
    const { value, error, isSlow } = this.#choices;
    return html`<div class="head"><h1>${t('export')}</h1></div>
      ${value && this.request ? html`<div class="columns"><form class="card" @submit=${(event: Event) => event.preventDefault()}>${this.#form(value, this.request)}</form>
        <aside class="card inside" aria-label=${t('export.preview')}>${this.#summary(this.request)}</aside></div>`
        : error ? renderFailure(error, () => void this.#open()) : isSlow ? html`<crf-state kind="loading"></crf-state>` : nothing}`;
  }

  #form({ release, sites, standards }: Choices, request: ExportRequest) {
    const toggle = (list: readonly string[], id: string, isOn: boolean) => (isOn ? [...list, id] : list.filter((each) => each !== id));
    return html`
      <fieldset><legend>${t('export.release')}</legend><p>${t('footer.release', { release })}</p></fieldset>
      ${renderPicks('sites', sites.map((site) => ({ id: site.id, text: siteName(site), note: site.code })), request.siteIds,
        (id, isOn) => this.#change({ siteIds: toggle(request.siteIds, id, isOn) }), (siteIds) => this.#change({ siteIds }))}
      ${renderPicks('subDatasets', standards.map(({ subDataset, title, version }) => ({ id: subDataset, text: read(title), note: `v${version}` })), request.subDatasets,
        (id, isOn) => this.#change({ subDatasets: toggle(request.subDatasets, id, isOn) }), (subDatasets) => this.#change({ subDatasets }))}
      ${renderPicks('statuses', statuses.map((status) => ({ id: status, text: t(`status.${status}`) })), request.statuses ?? [],
        (id, isOn) => this.#change({ statuses: toggle(request.statuses ?? [], id, isOn) as RecordStatus[] }))}
      ${renderRadios('profile', ['analysis', 'excel'], request.profile, (profile) => this.#change({ profile }))}
      ${renderRadios('language', ['zh', 'en'], request.language, (language) => this.#change({ language }))}
      ${renderFilter(standards, request, this.#preview.error, (filter) => this.#changeFilter(filter))}`;
  }

  #summary(request: ExportRequest) {
    const { value, error, isLoading } = this.#preview;
    const total = value?.tables.reduce((sum, { rows }) => sum + rows, 0) ?? 0;
    return html`<h2>${t('export.preview')}</h2>
      <div class="preview" aria-busy=${isLoading}>${this.#isEmpty(request) ? html`<p class="lead">${t('export.choose')}</p>`
        : error ? html`<p class="notice hard" role="alert">${failureInWords(error)}</p>`
        : value ? html`<p><span class="big">${countInWords(value.subjects)}</span> ${t(value.subjects === 1 ? 'export.subject' : 'export.subjects')}</p>
          ${value.withheldColumns ? html`<p class="meta">${t('export.withheld', { n: value.withheldColumns })}</p>` : nothing}` : nothing}</div>
      ${this.#downloading(request, total, value !== undefined && !isLoading && !error)}
      ${value && !error ? this.#tables(value) : nothing}`;
  }

  #tables({ tables }: ExportPreview) {
    return html`<table><caption class="sr-only">${t('export.tables')}</caption>
      <thead><tr><th>${t('export.table')}</th><th class="end">${t('export.rows')}</th><th class="end">${t('export.columns')}</th></tr></thead>
      <tbody>${tables.map(({ table, rows, columns }) => html`<tr><td>${this.#titleOf(table)}</td><td class="end">${countInWords(rows)}</td><td class="end">${columns}</td></tr>`)}</tbody></table>`;
  }

  #downloading(request: ExportRequest, rows: number, isReady: boolean) {
    const { isRunning, bytes, error, name } = this.#download;
    if (isRunning) return html`<progress aria-label=${t('export.downloading')}></progress><p class="meta" role="status">${t('export.received', { size: sizeInWords(bytes) })}</p>
      <button class="button" type="button" @click=${() => this.#download.cancel()}>${t('cancel')}</button>`;
    return html`<button class="button primary" type="button" ?disabled=${!isReady || this.#isEmpty(request) || rows === 0} @click=${() => void this.#download.start(request)}>${t('export.do')}</button>
      ${error ? html`<p class="error" role="alert">${failureInWords(error)}</p>` : name ? html`<p class="tag ok" role="status"><span aria-hidden="true">✓</span>${t('export.done', { name, size: sizeInWords(bytes) })}</p>` : nothing}
      ${isReady && rows === 0 && !this.#isEmpty(request) ? html`<p class="meta">${t('export.nothing')}</p>` : nothing}`;
  }

  #titleOf(table: string): string {
    const standard = this.#choices.value?.standards.find(({ subDataset }) => subDataset === table.replace(/\.csv$/, ''));
    return standard ? read(standard.title) : table;
  }

  #isEmpty({ siteIds, subDatasets, statuses: chosen }: ExportRequest): boolean {
    return siteIds.length === 0 || subDatasets.length === 0 || chosen?.length === 0;
  }

  get #asked(): ExportRequest | undefined {
    return this.request && !this.#isEmpty(this.request) ? this.request : undefined;
  }

  #change(changes: Partial<ExportRequest>) {
    const next = { ...this.request, ...changes } as ExportRequest;
    if (next.filter && !next.subDatasets.includes(next.filter.subDataset)) delete next.filter;
    this.request = next;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#preview.load(), this.#preview.value || this.#preview.error ? pause : 0);
  }

  #changeFilter(filter: ExportRequest['filter']) {
    const { filter: _, ...others } = this.request as ExportRequest;
    this.request = others;
    this.#change(filter ? { filter } : {});
  }
}

customElements.define('crf-export-page', CrfExportPage);
