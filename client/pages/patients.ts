/** The patients of a site, by study number: read page by page, found by the beginning of the number or by a whole identifier. */
import { LitElement, css, html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { SubjectSummary } from '../../schemas/http/api.ts';
import { listSubjects, searchSubjects } from '../api.ts';
import { LanguageController } from '../controllers/language.ts';
import { PagingController } from '../controllers/paging.ts';
import { mayAt } from '../controllers/permissions.ts';
import { renderFailure } from '../elements/shell/failure.ts';
import { countInWords, dayOfInstant } from '../elements/shell/format.ts';
import { icon } from '../elements/shell/icons.ts';
import { personInWords } from '../elements/shell/patient-words.ts';
import { sheet } from '../elements/shell/sheet.ts';
import { to } from '../places.ts';
import type { PagePlace } from '../places.ts';
import { base } from '../styles/base.ts';
import { t } from '../text/index.ts';
import type { PageContext } from './context.ts';

/** Milliseconds after the last key before the server is asked. */
const pause = 250;

/** The list as it was left, so that coming back finds the same place. What was searched for stays in memory only. */
let left: { siteId: string; query: string; rows: number; top: number } | undefined;

/** Most rows that one request may bring. */
const most = 500;

export class CrfPatientsPage extends LitElement {
  static override properties = { context: { attribute: false }, place: { attribute: false }, query: { state: true } };

  static override styles = [base, sheet, css`
    .search { display: flex; align-items: center; gap: var(--crf-space-3); margin-bottom: var(--crf-space-4); }
    .search label { flex: 1; max-width: 420px; position: relative; }
    .search .icon { position: absolute; inset: 12px auto auto 12px; color: var(--crf-ink-2); }
    .search input { width: 100%; padding-inline-start: 40px; }
    tbody tr { content-visibility: auto; contain-intrinsic-size: auto 52px; }
    tbody tr:hover { background: var(--crf-quiet); }
    td:first-child { padding: 0; }
    td a { display: flex; align-items: center; min-height: 52px; padding: 0 var(--crf-space-4); color: inherit; font-weight: var(--crf-strong); text-decoration: none; }
    td a:hover { text-decoration: underline; }
    td a:focus-visible { outline-offset: -3px; }
    .foot { display: flex; flex-direction: column; align-items: center; gap: var(--crf-space-2); padding: var(--crf-space-4); }
    @media (max-width: 640px) {
      table, tbody { display: block; }
      thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
      tbody tr { display: grid; grid-template-columns: 1fr auto; position: relative; padding: var(--crf-space-2) 0; contain-intrinsic-size: auto 76px; }
      tbody tr + tr > * { border: 0; }
      tbody tr + tr { border-top: 1px solid var(--crf-line); }
      td { padding: 0 var(--crf-space-4); }
      td a { min-height: 32px; }
      td a::after { content: ""; position: absolute; inset: 0; }
      td.person { grid-area: 2 / 1; color: var(--crf-ink-2); }
      td.drafts { grid-area: 2 / 2; text-align: end; }
      td.number { grid-area: 1 / 2; align-self: center; }
      td.number::before { content: attr(data-label) " "; color: var(--crf-ink-2); font-size: var(--crf-text-1); }
      td.enrolled { display: none; }
    }
  `];

  declare context: PageContext;
  declare place: PagePlace;
  declare query: string;

  readonly #patients = new PagingController<SubjectSummary>(this, (after, signal) =>
    this.query ? searchSubjects(this.#siteId, this.query, after, signal, this.#rows(after)) : listSubjects(this.#siteId, after, signal, this.#rows(after)));
  /** Where it was left, until it stands there again. */
  #returning: typeof left;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Kept while scrolling: once the page is being taken away it is too short to ask. */
  #top = 0;
  readonly #scrolled = () => { this.#top = window.scrollY; };

  /** Reads on before the end of the list is reached. */
  readonly #watcher = new IntersectionObserver((entries) => {
    if (entries.some(({ isIntersecting }) => isIntersecting) && !this.#patients.error) void this.#patients.more();
  }, { rootMargin: '600px' });

  constructor() {
    super();
    this.query = '';
    new LanguageController(this);
  }

  override connectedCallback() {
    super.connectedCallback();
    this.#returning = this.place.isReturn && left?.siteId === this.#siteId ? left : undefined;
    this.query = this.#returning?.query ?? '';
    window.addEventListener('scroll', this.#scrolled, { passive: true });
    void this.#patients.start();
  }

  override updated() {
    this.#watcher.disconnect();
    const end = this.renderRoot.querySelector('.foot');
    if (end) this.#watcher.observe(end);
    if (!this.#patients.items || !this.#returning) return;
    window.scrollTo(0, this.#returning.top);
    this.#returning = undefined;
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    left = { siteId: this.#siteId, query: this.query, rows: this.#patients.items?.length ?? 0, top: this.#top };
    window.removeEventListener('scroll', this.#scrolled);
    this.#watcher.disconnect();
    clearTimeout(this.#timer);
  }

  /** As many as were there when it was left, else a page. */
  #rows(after: string | undefined): number {
    return after === undefined ? Math.min(most, Math.max(100, this.#returning?.rows ?? 0)) : 100;
  }

  get #siteId(): string {
    return this.place.params['siteId'] ?? '';
  }

  get #mayEnrol(): boolean {
    return mayAt(this.context.me, this.#siteId, 'subject:write');
  }

  override render() {
    return html`<div class="head"><h1>${t('nav.patients')}</h1>
        ${this.#mayEnrol ? html`<a class="button primary" href=${to('enrol', { siteId: this.#siteId })}>${icon('add')}${t('enrol')}</a>` : nothing}</div>
      <search class="search"><label><span class="sr-only">${t('patients.search')}</span>${icon('find')}
        <input class="box" type="search" placeholder=${t('patients.search')} autocomplete="off" spellcheck="false" .value=${this.query} @input=${this.#typed} @compositionend=${this.#typed} @keydown=${this.#key} /></label></search>
      <div aria-busy=${this.#patients.isLoading}>${this.#list()}</div>
      <p class="sr-only" role="status">${this.#said()}</p>`;
  }

  #list() {
    const { items, error, isSlow } = this.#patients;
    if (!items) {
      if (error) return renderFailure(error, () => void this.#patients.retry());
      return isSlow ? html`<crf-state kind="loading"></crf-state>` : nothing;
    }
    if (items.length === 0) return this.#empty();
    const today = dayOfInstant(new Date());
    return html`<div class="card"><table>
        <caption class="sr-only">${t('nav.patients')}</caption>
        <thead><tr><th>${t('patient.studyNumber')}</th><th>${t('patient.person')}</th><th class="end">${t('patient.records')}</th><th>${t('patient.drafts')}</th><th class="enrolled">${t('patient.enrolled')}</th></tr></thead>
        <tbody>${repeat(items, ({ id }) => id, (subject) => this.#row(subject, today))}</tbody>
      </table></div>
      <div class="foot">${this.#foot(items.length)}</div>`;
  }

  #row(subject: SubjectSummary, today: string) {
    const { id, siteId, studyNumber, records, drafts, createdAt } = subject;
    return html`<tr>
      <td><a href=${to('patient', { siteId, subjectId: id })}>${studyNumber}</a></td>
      <td class="person">${personInWords(subject, today) || '—'}</td>
      <td class="number end" data-label=${t('patient.records')}>${t('patient.recordCount', { n: records })}</td>
      <td class="drafts">${drafts ? html`<span class="tag"><span aria-hidden="true">◐</span>${t('patient.draftCount', { n: drafts })}</span>` : nothing}</td>
      <td class="enrolled"><time datetime=${createdAt}>${dayOfInstant(createdAt)}</time></td>
    </tr>`;
  }

  #empty() {
    if (this.query) return html`<crf-state heading=${t('patients.none-found')} text=${t('patients.none-found.next')}>
      <button class="button" type="button" @click=${() => this.#find('')}>${t('patients.show-all')}</button></crf-state>`;
    return html`<crf-state heading=${t('patients.empty')} text=${this.#mayEnrol ? t('patients.empty.next') : t('patients.empty.wait')}>
      ${this.#mayEnrol ? html`<a class="button primary" href=${to('enrol', { siteId: this.#siteId })}>${t('enrol')}</a>` : nothing}</crf-state>`;
  }

  #foot(count: number) {
    const { error, hasMore, isLoading } = this.#patients;
    if (error) return renderFailure(error, () => void this.#patients.retry());
    return html`<span class="meta">${t(hasMore ? 'patients.shown' : 'patients.all', { n: countInWords(count) })}</span>
      ${hasMore ? html`<button class="button" type="button" ?disabled=${isLoading} @click=${() => void this.#patients.more()}>${isLoading ? t('loading') : t('more')}</button>` : nothing}`;
  }

  #said(): string {
    const { items, isLoading, hasMore } = this.#patients;
    return isLoading || !items ? '' : t(hasMore ? 'patients.shown' : 'patients.all', { n: items.length });
  }

  #typed(event: Event & { isComposing?: boolean }) {
    if (event.isComposing) return; // a half-written character is no search
    const { value } = event.target as HTMLInputElement;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#find(value), pause);
  }

  #key(event: KeyboardEvent) {
    if (event.key === 'Enter' && !event.isComposing) this.#find((event.target as HTMLInputElement).value);
  }

  #find(value: string) {
    clearTimeout(this.#timer);
    if (value.trim() === this.query) return;
    this.query = value.trim();
    void this.#patients.start();
  }
}

customElements.define('crf-patients-page', CrfPatientsPage);
