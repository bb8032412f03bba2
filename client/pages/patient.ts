/** One patient: who, what was recorded and when, the pictures, and the next thing to do. */
import { LitElement, css, html, nothing } from 'lit';
import type { ImageSummary, StandardSummary, Subject, Visit } from '../../schemas/http/api.ts';
import { getSubject, listStandards } from '../api.ts';
import { LanguageController } from '../controllers/language.ts';
import { LoadingController } from '../controllers/loading.ts';
import { mayAt } from '../controllers/permissions.ts';
import { renderFailure } from '../elements/shell/failure.ts';
import { read } from '../elements/shell/format.ts';
import { icon } from '../elements/shell/icons.ts';
import '../elements/shell/patient-header.ts';
import { lesionInWords, visitInWords } from '../elements/shell/patient-words.ts';
import { sheet } from '../elements/shell/sheet.ts';
import { to } from '../places.ts';
import type { PagePlace } from '../places.ts';
import { base } from '../styles/base.ts';
import { t } from '../text/index.ts';
import type { PageContext } from './context.ts';
import './patient/accesses.ts';
import './patient/add.ts';
import type { Addable } from './patient/add.ts';
import { revealIdentity } from './patient/identity.ts';
import { pictureStyles, renderPictures, renderWholePicture } from './patient/pictures.ts';
import './patient/protocol-runs.ts';
import './patient/start-form.ts';
import { renderTimeLine, timeLineStyles } from './patient/time-line.ts';
import './patient/visit-details.ts';
import type { Order } from './patient/time-line.ts';

const encounters = new Set<Visit['kind']>(['outpatient', 'emergency', 'inpatient']);

interface Loaded {
  subject: Subject;
  standards: StandardSummary[];
}

export class CrfPatientPage extends LitElement {
  static override properties = {
    context: { attribute: false }, place: { attribute: false },
    order: { state: true }, adding: { state: true }, isStarting: { state: true }, isAsking: { state: true }, startWith: { state: true }, picture: { state: true }, visitId: { state: true },
  };

  static override styles = [base, sheet, timeLineStyles, pictureStyles, css`
    :host { max-width: none; padding: 0; }
    .columns { display: grid; grid-template-columns: minmax(0, 1fr) var(--crf-side); gap: var(--crf-space-6); max-width: 1120px; margin: 0 auto; padding: var(--crf-space-5) var(--crf-space-5) var(--crf-space-7); }
    .between { display: flex; align-items: center; justify-content: space-between; gap: var(--crf-space-3); min-height: var(--crf-target); margin-bottom: var(--crf-space-2); }
    .between h2 { margin: 0; }
    .between .plain { margin-inline-end: calc(-1 * var(--crf-space-4)); }
    .things li { padding: var(--crf-space-2) var(--crf-space-4); font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
    .things li + li { border-top: 1px solid var(--crf-line); }
    .things li:has(.thing) { padding: 0; }
    .thing { display: flex; flex-wrap: wrap; align-items: baseline; justify-content: space-between; gap: 0 var(--crf-space-3); width: 100%; min-height: var(--crf-target); padding: var(--crf-space-2) var(--crf-space-4); border: 0; border-radius: var(--crf-radius); background: none; color: inherit; font-variant-numeric: tabular-nums; text-align: start; }
    .file a { display: inline-flex; align-items: center; gap: var(--crf-space-2); min-height: var(--crf-target); text-decoration: none; }
    .file a:hover { text-decoration: underline; }
    .thing:hover { background: var(--crf-quiet); }
    .thing .meta { color: var(--crf-accent); }
    .order { display: inline-flex; border: 1px solid var(--crf-line); border-radius: var(--crf-radius); }
    .order button { min-height: 36px; padding: 0 var(--crf-space-3); border: 0; border-radius: var(--crf-radius); background: none; color: var(--crf-ink-2); font-size: var(--crf-text-1); }
    .order button[aria-pressed="true"] { background: var(--crf-accent-quiet); color: var(--crf-accent); font-weight: var(--crf-strong); }
    @media (pointer: coarse) { .order button { min-height: var(--crf-target); } }
    @media (max-width: 900px) { .columns { grid-template-columns: minmax(0, 1fr); } }
    @media (max-width: 640px) { .columns { padding: var(--crf-space-4); gap: var(--crf-space-5); } }
  `];

  declare context: PageContext;
  declare place: PagePlace;
  declare order: Order;
  declare adding: Addable | undefined;
  declare isStarting: boolean;
  declare startWith: string | undefined;
  declare picture: ImageSummary | undefined;
  /** Who saw what identifies the patient is shown. */
  declare isAsking: boolean;
  /** The visit whose details are open. */
  declare visitId: string | undefined;

  readonly #loaded = new LoadingController<Loaded>(this, async (signal) => {
    const [subject, standards] = await Promise.all([getSubject(this.#siteId, this.place.params['subjectId'] ?? '', signal), listStandards(signal)]);
    return { subject, standards };
  });

  constructor() {
    super();
    this.order = 'visit';
    this.isStarting = this.isAsking = false;
    new LanguageController(this);
  }

  override connectedCallback() {
    super.connectedCallback();
    void this.#open();
  }

  async #open() {
    await this.#loaded.load();
    const { subject } = this.#loaded.value ?? {};
    if (!subject) return;
    this.context.arrived(subject.studyNumber);
    this.startWith = this.place.query.get('form') ?? undefined;
    if (this.startWith) this.isStarting = true;
  }

  get #siteId(): string {
    return this.place.params['siteId'] ?? '';
  }

  #may(permission: Parameters<typeof mayAt>[2]): boolean {
    return mayAt(this.context.me, this.#siteId, permission);
  }

  override render() {
    const { value } = this.#loaded;
    return html`
      <crf-patient-header .subject=${value?.subject} .site=${this.context.sites.find(({ id }) => id === this.#siteId)} .reveal=${this.#may('subject:read-identifiers') ? this.#reveal : undefined}>
        <h1 slot="title">${value?.subject.studyNumber ?? t('patient')}</h1>
        ${value && this.#may('record:write') ? html`<button class="button primary" type="button" @click=${() => this.#start()}>${icon('form')}${t('start')}</button>` : nothing}
      </crf-patient-header>
      ${value ? this.#body(value) : this.#waiting()}`;
  }

  #waiting() {
    const { error, isSlow } = this.#loaded;
    if (error) return renderFailure(error, () => void this.#loaded.load());
    return isSlow ? html`<crf-state kind="loading"></crf-state>` : nothing;
  }

  #body(value: Loaded) {
    const { subject, standards } = value;
    return html`<div class="columns">
        <div>
          ${subject.images.length ? html`<section><h2>${t('pictures')}</h2>${renderPictures(subject, (image) => (this.picture = image))}</section>` : nothing}
          <section><div class="between"><h2>${t('timeline')}</h2>${this.#orders()}</div>${this.#records(value)}</section>
        </div>
        <aside aria-label=${t('patient.things')}>${this.#things(subject)}</aside>
      </div>
      <crf-add-thing .subject=${subject} .kind=${this.adding} @close=${() => (this.adding = undefined)} @crf-added=${(event: CustomEvent<string>) => void this.#added(event.detail)}></crf-add-thing>
      <crf-visit-details .subject=${subject} .visitId=${this.visitId} .readonly=${!this.#may('subject:write')} @close=${() => (this.visitId = undefined)}></crf-visit-details>
      <crf-accesses .subject=${subject} .open=${this.isAsking} @close=${() => (this.isAsking = false)}></crf-accesses>
      <crf-start-form .subject=${subject} .standards=${standards} .open=${this.isStarting} .chosen=${this.startWith} @close=${() => (this.isStarting = false)}></crf-start-form>
      ${renderWholePicture(subject, this.picture, () => (this.picture = undefined))}`;
  }

  #orders() {
    return html`<span class="order" role="group" aria-label=${t('timeline.order')}>${(['visit', 'lesion'] as const).map((order) => html`
      <button type="button" aria-pressed=${this.order === order} @click=${() => (this.order = order)}>${t(`timeline.by-${order}`)}</button>`)}</span>`;
  }

  #records({ subject, standards }: Loaded) {
    const titles = new Map(standards.map(({ subDataset, title }) => [subDataset, read(title)]));
    const isNew = subject.recordList.length + subject.visits.length + subject.lesions.length === 0;
    if (!isNew) return renderTimeLine(subject, this.order, (subDataset) => titles.get(subDataset) ?? subDataset);
    return html`<crf-state heading=${t('timeline.empty')} text=${this.#may('record:write') ? t('timeline.empty.next') : ''}>
      ${this.#may('record:write') ? html`<button class="button" type="button" @click=${() => (this.adding = 'visit')}>${t('add.visit')}</button><button class="button" type="button" @click=${() => (this.adding = 'lesion')}>${t('add.lesion')}</button>` : nothing}</crf-state>`;
  }

  #things(subject: Subject) {
    const specimens = subject.specimens.map(({ id, code, lesionId }) => ({ id, text: code, note: subject.lesions.find((lesion) => lesion.id === lesionId) }));
    const mayKnow = this.#may('subject:write') && this.#may('subject:read-identifiers');
    return [
      mayKnow ? html`<p class="file"><a href=${to('identity', { siteId: this.#siteId, subjectId: subject.id })}>${icon('form')}${t('identity')}</a></p>` : nothing,
      this.#may('audit:read') ? html`<p class="file"><button class="button plain" type="button" aria-haspopup="dialog" @click=${() => (this.isAsking = true)}>${icon('eye')}${t('accesses')}</button></p>` : nothing,
      html`<crf-protocol-runs .subject=${subject} ?mayWrite=${this.#may('record:write')}></crf-protocol-runs>`,
      this.#list('lesion', t('lesions'), subject.lesions.map((lesion) => lesionInWords(lesion))),
      this.#list('visit', t('visits'), [...subject.visits].sort((a, b) => b.visitDate.localeCompare(a.visitDate)).map((visit) => this.#visit(visit))),
      this.#list('specimen', t('specimens'), specimens.map(({ text, note }) => (note ? `${text} · L${note.ordinal}` : text))),
    ];
  }

  /** A press shows numbers, ward, bed and times. */
  #visit(visit: Visit) {
    return html`<button class="thing" type="button" aria-haspopup="dialog" @click=${() => (this.visitId = visit.id)}><span>${visitInWords(visit)}</span><span class="meta">${t(this.#may('subject:write') ? 'visit.details.open' : 'visit.details.see')}</span></button>`;
  }

  #list(kind: Addable, title: string, things: readonly unknown[]) {
    return html`<section><div class="between"><h2>${title}</h2>
        ${this.#may('record:write') ? html`<button class="button plain" type="button" aria-label=${t(`add.${kind}`)} @click=${() => (this.adding = kind)}>${icon('add')}${t('add')}</button>` : nothing}</div>
      ${things.length ? html`<ul class="card things">${things.map((thing) => html`<li>${thing}</li>`)}</ul>` : html`<p class="meta">${t(`none.${kind}`)}</p>`}</section>`;
  }

  /** An encounter has numbers and a place: they are asked for at once. */
  async #added(id: string) {
    await this.#loaded.load();
    const visit = this.#loaded.value?.subject.visits.find((each) => each.id === id);
    if (visit && encounters.has(visit.kind)) this.visitId = id;
  }

  #start() {
    this.startWith = undefined;
    this.isStarting = true;
  }

  readonly #reveal = () => revealIdentity({ siteId: this.#siteId, subjectId: this.place.params['subjectId'] ?? '' });
}

customElements.define('crf-patient-page', CrfPatientPage);
