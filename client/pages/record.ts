/** A form of a patient: read, filled in, saved by itself as a draft, completed; with its history, and both values where two people met. */
import { LitElement, css, html, nothing } from 'lit';
import type { Change, HistoryEntry, Subject } from '../../schemas/http/api.ts';
import { getFormContext, getRecord, getSubject, listHistory, saveRecord } from '../api.ts';
import { applyChanges } from '../controllers/changes.ts';
import { codeLists } from '../controllers/code-lists.ts';
import { openJournal } from '../controllers/draft.ts';
import { LanguageController } from '../controllers/language.ts';
import { LeavingController } from '../controllers/leaving.ts';
import { LoadingController } from '../controllers/loading.ts';
import { People } from '../controllers/people.ts';
import { mayAt } from '../controllers/permissions.ts';
import { RecordController } from '../controllers/record.ts';
import type { CrfForm } from '../elements/form/form.ts';
import '../elements/form/form.ts';
import type { SaveState } from '../elements/form/foot.ts';
import { CrfGoEvent } from '../elements/shell/events.ts';
import { failureInWords, renderFailure } from '../elements/shell/failure.ts';
import { momentOf, read, siteName } from '../elements/shell/format.ts';
import { icon } from '../elements/shell/icons.ts';
import '../elements/shell/patient-header.ts';
import { lesionInWords, visitInWords } from '../elements/shell/patient-words.ts';
import { sheet } from '../elements/shell/sheet.ts';
import { renderStatus } from '../elements/shell/status.ts';
import type { CrfAddKnownEvent, CrfCaptureRequestEvent, CrfChangeEvent, CrfNewEntityEvent, CrfSaveRequestEvent, CrfShowHistoryEvent } from '../events.ts';
import { to } from '../places.ts';
import type { PagePlace } from '../places.ts';
import { base } from '../styles/base.ts';
import { pageLanguage, t } from '../text/index.ts';
import type { PageContext } from './context.ts';
import './patient/add.ts';
import type { Addable } from './patient/add.ts';
import './patient/visit-details.ts';
import { conflictStyles, itemAt, renderConflicts } from './record/conflicts.ts';
import { entitiesOf } from './record/entities.ts';
import { revealIdentity } from './patient/identity.ts';
import { isAddable, peopleIn } from './record/known.ts';
import { renderLeaving } from './record/leaving.ts';
import { PictureDesk } from './record/picture.ts';
import { givenChanges, startIn } from './record/place.ts';
import { renderReason } from './record/reason.ts';
import { readSheet } from './record/sheet.ts';
import type { Sheet } from './record/sheet.ts';

const addables = new Set<string>(['visit', 'lesion', 'specimen']);

export class CrfRecordPage extends LitElement {
  static override properties = {
    context: { attribute: false }, place: { attribute: false },
    subject: { state: true }, known: { state: true }, history: { state: true }, adding: { state: true }, addingKnown: { state: true }, isAskingReason: { state: true },
  };

  static override styles = [base, sheet, conflictStyles, css`
    :host { max-width: none; padding: 0; --crf-top: 116px; }
    crf-form { padding: 0 var(--crf-space-4); }
    .about { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 var(--crf-space-4); padding-block: var(--crf-space-4) var(--crf-space-3); }
    .back { display: inline-flex; align-items: center; gap: 2px; text-decoration: none; }
    @media (max-width: 720px) { :host { --crf-top: 48px; } }
    @media (max-width: 480px) { crf-form { padding: 0 1px; } .about, .notice { margin-inline: var(--crf-space-4); } }
  `];

  declare context: PageContext;
  declare place: PagePlace;
  /** As it is now: what was added from the form is in it. */
  declare subject: Subject | undefined;
  /** What the form is bound to, as it is now: what was added from it is there. */
  declare known: Pick<Sheet, 'context' | 'withheld'> | undefined;
  declare history: readonly HistoryEntry[] | undefined;
  declare adding: { kind: Addable; pointer: string } | undefined;
  /** A bound value of the visit that is being added. */
  declare addingKnown: { pointer: string; field: string } | undefined;
  declare isAskingReason: boolean;

  #people: People | undefined;
  #record: RecordController | undefined;
  /** Known from where the form was started: shown at once, but a change only when the person makes one. */
  #given: readonly Change[] = [];
  readonly #pictures = new PictureDesk(this);
  readonly #sheet = new LoadingController<Sheet>(this, (signal) => readSheet({ ...this.#ids, start: startIn(this.place.query) }, signal));
  /** What is journalled comes back by itself; asked only where leaving would lose or hide something. */
  readonly #leaving = new LeavingController(this, () => this.#pictures.isUnsent || (this.#record?.isUnsaved ?? false));

  constructor() {
    super();
    this.isAskingReason = false;
    new LanguageController(this);
  }

  override connectedCallback() {
    super.connectedCallback();
    void this.#open();
    document.addEventListener('visibilitychange', this.#hidden);
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    document.removeEventListener('visibilitychange', this.#hidden);
  }

  async #open() {
    await this.#sheet.load();
    const { value } = this.#sheet;
    if (!value) return;
    const { siteId, recordId } = this.#ids;
    this.subject = value.subject;
    this.known = value;
    const { accountId, displayName } = this.context.me;
    this.#people = new People(siteId, { id: accountId, name: displayName }, value.record?.people);
    this.#record = new RecordController(this, {
      identity: value.identity, ...(value.record ? { record: value.record } : {}), journal: openJournal(this.context.me.accountId),
      save: async (request, version) => {
        const reply = await saveRecord(siteId, recordId, version, request);
        if (version === 0) this.context.rename(to('record', this.#ids)); // from now on it is a record and not the start of one
        return reply;
      },
      load: () => getRecord(siteId, recordId),
    });
    this.#given = value.record || this.#record.isUnsaved ? [] : givenChanges(value, { today: value.context.today, personId: accountId });
    if (this.#given.length) this.#record.answers = applyChanges(this.#record.answers, this.#given);
    this.context.guard(() => this.#mayLeave());
    this.requestUpdate();
    await this.updateComplete;
    this.context.arrived(`${read(value.form.title)} · ${value.subject.studyNumber}`);
  }

  get #ids() {
    const { siteId = '', subjectId = '', recordId = '' } = this.place.params;
    return { siteId, subjectId, recordId };
  }

  /** Where the form was opened from: the patient, or a run of a protocol. */
  get #back(): string {
    const runId = this.place.query.get('run');
    return runId ? to('protocolRun', { ...this.#ids, runId }) : to('patient', this.#ids);
  }

  get #form(): CrfForm | null {
    return this.renderRoot.querySelector('crf-form');
  }

  #may(permission: Parameters<typeof mayAt>[2]): boolean {
    return mayAt(this.context.me, this.#ids.siteId, permission);
  }

  override render() {
    const { value, error, isSlow } = this.#sheet;
    const subject = this.subject;
    return html`<crf-patient-header compact .subject=${subject} .site=${this.context.sites.find(({ id }) => id === this.#ids.siteId)} .reveal=${this.#may('subject:read-identifiers') ? this.#reveal : undefined}>
        <a slot="title" class="back" href=${this.#back}>${icon('left')}${this.place.query.get('run') ? t('run') : subject?.studyNumber ?? t('patient')}</a></crf-patient-header>
      ${value && subject && this.#record ? this.#sheetView(value, subject, this.#record)
        : error ? html`<h1 class="sr-only">${t('record')}</h1>${renderFailure(error, () => void this.#open())}` : isSlow ? html`<crf-state kind="loading"></crf-state>` : nothing}`;
  }

  #sheetView(sheetValue: Sheet, subject: Subject, record: RecordController) {
    const { form, check, standards, identity } = sheetValue;
    const { context, withheld } = this.known ?? sheetValue;
    const isReadonly = !this.#may('record:write') || record.status === 'signed' || record.status === 'locked';
    const entities = entitiesOf(subject, this.context.sites, standards, this.#people?.names ?? new Map());
    return html`<crf-form .form=${form} .check=${check} .answers=${record.answers} .context=${context} language=${pageLanguage()} .readonly=${isReadonly} .withheld=${withheld}
        .entities=${this.#stable(entities)} .codes=${codeLists()} .people=${this.#people} .mayAdd=${this.#mayAdd} .displayValues=${this.#shown(subject)} .saveState=${this.#saveState(record)} .history=${this.history}
        @crf-change=${this.#change} @crf-save-request=${this.#save} @crf-show-history=${this.#showHistory} @crf-new-entity=${this.#newEntity} @crf-add-known=${this.#addKnown} @crf-capture-request=${this.#capture} @crf-field-focus=${() => (this.history = undefined)}>
        <div slot="head"><div class="about"><h1>${read(form.title)}</h1>${renderStatus(record.status)}<span class="meta">${this.#about(subject, form.standard.version)}</span></div>
          ${record.isJournalled ? nothing : html`<p class="notice soft">${t('record.not-journalled')}</p>`}
          ${this.#pictures.isRunLost ? html`<p class="notice soft">${t('picture.run-lost')}</p>` : nothing}</div>
      </crf-form>
      <crf-add-thing .subject=${subject} .kind=${this.adding?.kind} @close=${() => (this.adding = undefined)} @crf-added=${this.#added}></crf-add-thing>
      <crf-visit-details .subject=${subject} .visitId=${this.addingKnown ? identity.visitId : undefined} .field=${this.addingKnown?.field} @close=${() => (this.addingKnown = undefined)} @crf-known=${this.#becameKnown}></crf-visit-details>
      ${renderConflicts({ form, entities, conflicts: record.conflicts, resolve: (pointer, keep) => record.resolve(pointer, keep) })}
      ${renderReason(this.isAskingReason, (reason) => void this.#complete(reason), () => (this.isAskingReason = false))}
      ${this.#pictures.render()}
      ${renderLeaving(this.#leaving, { keeps: record.isJournalled && !this.#pictures.isUnsent })}`;
  }

  /** The same list while nothing in it changed: the form draws everything anew for another one. */
  #stable(entities: ReturnType<typeof entitiesOf>) {
    const text = JSON.stringify(entities);
    if (this.#entities?.text !== text) this.#entities = { text, list: entities };
    return this.#entities.list;
  }
  #entities: { text: string; list: ReturnType<typeof entitiesOf> } | undefined;

  #shown({ id, studyNumber }: Subject) {
    const site = this.context.sites.find((each) => each.id === this.#ids.siteId);
    const key = `${id} ${pageLanguage()}`;
    if (this.#bound?.key !== key) this.#bound = { key, values: { 'subject.id': studyNumber, ...(site ? { 'site.id': siteName(site) } : {}) } };
    return this.#bound.values;
  }
  #bound: { key: string; values: { [path: string]: string } } | undefined;

  #about({ lesions, visits }: Subject, version: string): string {
    const { lesionId, visitId } = this.#sheet.value?.identity ?? {};
    const lesion = lesions.find(({ id }) => id === lesionId);
    const visit = visits.find(({ id }) => id === visitId);
    return [lesion && lesionInWords(lesion), visit && visitInWords(visit), `v${version}`].filter(Boolean).join(' · ');
  }

  #saveState(record: RecordController): SaveState {
    return {
      kind: record.state, ...(record.savedAt ? { at: momentOf(record.savedAt) } : {}),
      ...(record.problem ? { why: record.findings[0] ? read(record.findings[0].message) : failureInWords(record.problem) } : {}),
    };
  }

  #change({ pointer, value, missing }: CrfChangeEvent) {
    this.#give();
    this.#record?.change({ pointer, ...(value === undefined ? {} : { value }), ...(missing === undefined ? {} : { missing }) });
  }

  #give() {
    for (const change of this.#given) this.#record?.change(change);
    this.#given = [];
  }

  #save({ complete }: CrfSaveRequestEvent) {
    const record = this.#record;
    if (!record) return;
    this.#give();
    if (record.status === 'in-progress') return void (complete ? this.#complete() : record.save(false));
    if (record.isUnsaved) this.isAskingReason = true;
  }

  async #complete(reason?: string) {
    this.isAskingReason = false;
    await this.#record?.save(true, reason);
    if (this.#record?.state === 'saved' && this.#record.status === 'complete') this.dispatchEvent(new CrfGoEvent(this.#back));
  }

  async #showHistory({ pointer }: CrfShowHistoryEvent) {
    if (this.#record?.version === 0) return void (this.history = []);
    const { items } = await listHistory(this.#ids.siteId, this.#ids.recordId, pointer).catch(() => ({ items: [] as HistoryEntry[] }));
    await this.#people?.read(peopleIn(items, (at) => itemAt(this.#sheet.value?.form, at)).filter((id) => !this.#people?.names.has(id))).catch(() => {});
    this.history = items;
  }

  #newEntity({ pointer, refersTo }: CrfNewEntityEvent) {
    if (addables.has(refersTo)) this.adding = { kind: refersTo as Addable, pointer };
  }

  readonly #mayAdd = (path: string): boolean => isAddable(path, this.#sheet.value?.identity.visitId !== undefined) && this.#may('subject:write') && (path.startsWith('visit.') || this.#may('subject:read-identifiers'));

  /** What is of the visit is filled in here; what is of the patient on their own page, which leads back. */
  #addKnown({ pointer, path }: CrfAddKnownEvent) {
    const field = path.slice(path.indexOf('.') + 1);
    if (path.startsWith('visit.')) this.addingKnown = { pointer, field };
    else this.dispatchEvent(new CrfGoEvent(`${to('identity', this.#ids)}?${new URLSearchParams({ item: field, back: `${location.pathname}${location.search}` })}`));
  }

  async #becameKnown() {
    const { pointer } = this.addingKnown ?? {};
    const { value } = this.#sheet;
    const { siteId, subjectId, recordId } = this.#ids;
    if (!value || !this.#record) return;
    const { subDataset, standardVersion: version, visitId, lesionId } = value.identity;
    this.known = this.#record.version === 0
      ? await getFormContext(siteId, subjectId, { subDataset, version, ...(visitId ? { visitId } : {}), ...(lesionId ? { lesionId } : {}) }) : await getRecord(siteId, recordId);
    this.#record.reopen();
    if (this.#given.length) this.#record.answers = applyChanges(this.#record.answers, this.#given);
    await this.updateComplete;
    if (pointer !== undefined) this.#form?.focusPointer(pointer);
  }

  async #added({ detail: id }: CustomEvent<string>) {
    const { pointer } = this.adding ?? {};
    await this.#refresh();
    if (pointer === undefined) return;
    this.#form?.apply([{ pointer, value: id }]);
    this.#form?.focusPointer(pointer);
  }

  async #capture(event: CrfCaptureRequestEvent) {
    const { value } = this.#sheet;
    if (!value || !this.#form) return;
    await this.#record?.flush(); // a camera may kill the page
    await this.#pictures.take(event, this.#ids.siteId, value, this.#form, () => this.#refresh());
  }

  async #refresh() {
    this.subject = await getSubject(this.#ids.siteId, this.#ids.subjectId);
    await this.updateComplete;
  }

  async #mayLeave(): Promise<boolean> {
    await Promise.race([this.#record?.flush(), new Promise((resolve) => setTimeout(resolve, 1500))]);
    return (await this.#leaving.ask()) === 'go';
  }

  readonly #hidden = () => {
    if (document.visibilityState === 'hidden') void this.#record?.flush();
  };

  readonly #reveal = () => revealIdentity(this.#ids);
}

customElements.define('crf-record-page', CrfRecordPage);
