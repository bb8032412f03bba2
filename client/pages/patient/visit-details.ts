/** What is known of one visit: numbers, department, bed, times. Filled in once, shown by every form of the visit. */
import { LitElement, css, html, nothing } from 'lit';
import { v7 } from 'uuid';
import type { KnownVisit, Subject, VisitDetails, VisitDetailsRequest } from '../../../schemas/http/api.ts';
import { changeVisitDetails, getVisitDetails } from '../../api.ts';
import { LanguageController } from '../../controllers/language.ts';
import { LoadingController } from '../../controllers/loading.ts';
import { readForm, renderBox } from '../../elements/shell/boxes.ts';
import '../../elements/shell/dialog.ts';
import { failureInWords, renderFailure } from '../../elements/shell/failure.ts';
import { momentOf } from '../../elements/shell/format.ts';
import { visitInWords } from '../../elements/shell/patient-words.ts';
import { sheet } from '../../elements/shell/sheet.ts';
import { base } from '../../styles/base.ts';
import { t } from '../../text/index.ts';
import { changesIn, detailBoxes, fromBox, inWords, toBox } from './visit-boxes.ts';

/** @summary The dialog about one visit. @event close @event crf-known - Something was stored. */
export class CrfVisitDetails extends LitElement {
  static override properties = { subject: { attribute: false }, visitId: {}, field: {}, readonly: { type: Boolean }, isSince: { state: true }, isWorking: { state: true }, failure: { state: true } };

  static override styles = [base, sheet, css`
    :host { display: contents; }
    .boxes { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: var(--crf-space-4); margin-top: var(--crf-space-4); }
    .boxes .field + .field { margin-top: 0; }
    dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(180px, 1fr)); gap: var(--crf-space-3) var(--crf-space-4); }
    dd { overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
    fieldset { margin-top: var(--crf-space-5); }
    legend { padding: 0; color: var(--crf-ink-2); font-size: var(--crf-text-1); }
    .states { margin-top: var(--crf-space-5); }
    .states li { padding-block: var(--crf-space-2); border-top: 1px solid var(--crf-line); font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
    @media (max-width: 480px) { .boxes { grid-template-columns: minmax(0, 1fr); } }
  `];

  declare subject: Subject;
  /** Which visit; undefined while the dialog is closed. */
  declare visitId: string | undefined;
  /** Name of the detail that is wanted, to begin with. */
  declare field: string | undefined;
  /** The person may look and not change. */
  declare readonly: boolean;
  /** It changed at a time, as by moving; else it is so for the whole visit. */
  declare isSince: boolean;
  declare isWorking: boolean;
  declare failure: string | undefined;
  #contribution = v7();

  readonly #known = new LoadingController<KnownVisit>(this, (signal) => getVisitDetails(this.subject.siteId, this.subject.id, this.visitId ?? '', signal));

  constructor() {
    super();
    this.readonly = this.isSince = this.isWorking = false;
    new LanguageController(this);
  }

  override willUpdate(changed: Map<string, unknown>) {
    if (!changed.has('visitId') || !this.visitId) return;
    this.isSince = false;
    this.failure = undefined;
    this.#contribution = v7();
    void this.#known.load().then(async () => {
      await this.updateComplete;
      if (this.field) this.renderRoot.querySelector<HTMLInputElement>(`#${this.field}`)?.focus();
    });
  }

  override render() {
    const visit = this.subject.visits.find(({ id }) => id === this.visitId);
    return html`<crf-dialog .heading=${visit ? t('visit.details.of', { visit: visitInWords(visit) }) : ''} .open=${this.visitId !== undefined} @close=${this.#close}>
      ${this.visitId === undefined ? nothing : this.#body()}</crf-dialog>`;
  }

  #body() {
    const { value, error, isLoading } = this.#known;
    if (error) return renderFailure(error, () => void this.#known.load());
    if (!value || isLoading) return html`<crf-state kind="loading"></crf-state>`;
    if (this.readonly) return html`${this.#list(value)}${this.#states(value)}`;
    return html`<form @submit=${this.#submit} @input=${() => (this.#contribution = v7())}>
      <p class="lead">${t('visit.details.lead')}</p>
      ${this.failure ? html`<p class="notice hard" role="alert">${this.failure}</p>` : nothing}
      <div class="boxes">${detailBoxes.map(({ key, ...box }) => (value.withheld.includes(key) ? this.#withheld(key)
        : renderBox({ ...box, name: key, label: t(`visit.${key}`), isOptional: true, value: toBox(key, value.now[key]) })))}</div>
      ${Object.keys(value.now).length > 0 ? this.#how() : nothing}
      ${this.#states(value)}
      <div class="end-row"><button class="button" type="button" @click=${this.#close}>${t('cancel')}</button>
        <button class="button primary" ?disabled=${this.isWorking}>${t('visit.details.save')}</button></div></form>`;
  }

  #withheld(key: keyof VisitDetails) {
    return html`<div class="field"><span>${t(`visit.${key}`)}</span><p class="meta">●●● ${t('field.withheld')}</p></div>`;
  }

  #list({ now, withheld }: KnownVisit) {
    const rows = detailBoxes.filter(({ key }) => now[key] !== undefined || withheld.includes(key));
    return rows.length === 0 ? html`<p class="meta">${t('none.visit-details')}</p>`
      : html`<dl>${rows.map(({ key }) => html`<div><dt class="meta">${t(`visit.${key}`)}</dt><dd>${withheld.includes(key) ? `●●● ${t('field.withheld')}` : inWords(key, now[key])}</dd></div>`)}</dl>`;
  }

  #how() {
    const choice = (isSince: boolean, text: string) => html`<label class="choice"><input type="radio" name="how" .checked=${this.isSince === isSince} @change=${() => (this.isSince = isSince)} /><span>${text}</span></label>`;
    return html`<fieldset><legend>${t('identity.how')}</legend>${choice(false, t('visit.how.whole'))}${choice(true, t('visit.how.since'))}</fieldset>
      ${this.isSince ? renderBox({ name: 'from', label: t('visit.from'), type: 'datetime-local', value: toBox('admittedAt', new Date().toISOString()) }) : nothing}`;
  }

  #states({ states }: KnownVisit) {
    if (states.length < 2) return nothing;
    return html`<div class="states"><h3>${t('visit.states')}</h3><ul>${states.map(({ from, details }) => html`<li><span class="meta">${from ? momentOf(from) : t('visit.states.first')}</span>
      ${detailBoxes.filter(({ key }) => details[key] !== undefined).map(({ key }) => `${t(`visit.${key}`)} ${inWords(key, details[key]) || t('identity.history.cleared')}`).join(t('list.comma'))}</li>`)}</ul></div>`;
  }

  async #submit(event: SubmitEvent) {
    event.preventDefault();
    const { value } = this.#known;
    const typed = this.isWorking ? undefined : readForm(event.target as HTMLFormElement);
    if (!typed || !value || !this.visitId) return;
    const details = changesIn(value, typed);
    if (Object.keys(details).length === 0) return this.#close();
    const request: VisitDetailsRequest = { contribution: this.#contribution, details, ...(this.isSince && typed['from'] ? { from: fromBox(typed['from']) } : {}) };
    this.isWorking = true;
    this.failure = undefined;
    try {
      await changeVisitDetails(this.subject.siteId, this.subject.id, this.visitId, request);
      this.dispatchEvent(new Event('crf-known'));
      this.#close();
    } catch (error) {
      this.failure = failureInWords(error);
    } finally {
      this.isWorking = false;
    }
  }

  #close() {
    this.dispatchEvent(new Event('close'));
  }
}

customElements.define('crf-visit-details', CrfVisitDetails);
