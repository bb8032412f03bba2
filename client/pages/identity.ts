/**
 * Who a patient is: all that is known, to be added to, corrected for all days, or changed from a day on. Reading and changing are both written to the
 * audit trail; what stood here before can be seen. From a form one comes here to add what it shows, and goes back.
 */
import { LitElement, css, html, nothing } from 'lit';
import { v7 } from 'uuid';
import type { Answers, Data, Form, Value } from '../../schemas/form.ts';
import type { KnownFact, Subject } from '../../schemas/http/api.ts';
import type { StructureCheck } from '../../schemas/prepare.ts';
import { Problem } from '../../schemas/problem.ts';
import { editSubject, getIdentifiers, getSubject, listIdentifierHistory } from '../api.ts';
import { LanguageController } from '../controllers/language.ts';
import { LeavingController } from '../controllers/leaving.ts';
import { LoadingController } from '../controllers/loading.ts';
import type { CrfForm } from '../elements/form/form.ts';
import '../elements/form/form.ts';
import type { SaveState } from '../elements/form/foot.ts';
import { CrfGoEvent } from '../elements/shell/events.ts';
import { failureInWords, renderFailure } from '../elements/shell/failure.ts';
import { dayOfInstant, momentOf, read } from '../elements/shell/format.ts';
import { formatValue } from '../fields/format.ts';
import { codeOptions } from '../fields/option.ts';
import { icon } from '../elements/shell/icons.ts';
import { sheet } from '../elements/shell/sheet.ts';
import type { CrfSaveRequestEvent } from '../events.ts';
import { to } from '../places.ts';
import type { PagePlace } from '../places.ts';
import { base } from '../styles/base.ts';
import { pageLanguage, t } from '../text/index.ts';
import type { PageContext } from './context.ts';
import { enrolmentForm, identityChanges } from './enrol/enrolment.ts';
import { readIdentityForm } from './enrol/identity-standard.ts';
import { identityStyles } from './enrol/styles.ts';
import { renderLeaving } from './record/leaving.ts';

interface Known {
  subject: Subject;
  form: Form;
  check: StructureCheck;
  answers: Answers;
}

const noHistory: readonly never[] = [];

export class CrfIdentityPage extends LitElement {
  static override properties = { context: { attribute: false }, place: { attribute: false }, saveState: { state: true }, isSince: { state: true }, history: { state: true } };

  static override styles = [base, sheet, identityStyles, css`
    fieldset { margin-top: var(--crf-space-4); }
    legend { padding: 0; color: var(--crf-ink-2); font-size: var(--crf-text-1); }
    .two { display: grid; grid-template-columns: 1fr 1fr; gap: var(--crf-space-4); margin-top: var(--crf-space-4); }
    .two .field { margin-top: 0; }
    details { margin-top: var(--crf-space-4); }
    summary { min-height: 36px; color: var(--crf-accent); cursor: pointer; }
    .said li { padding-block: var(--crf-space-2); border-top: 1px solid var(--crf-line); overflow-wrap: anywhere; }
    @media (pointer: coarse) { summary { min-height: var(--crf-target); } }
    @media (max-width: 480px) { .two { grid-template-columns: 1fr; } }
  `];

  declare context: PageContext;
  declare place: PagePlace;
  declare saveState: SaveState;
  /** Whether it is so from a day on; else it is a correction for all days. */
  declare isSince: boolean;
  /** All that was said, once it was asked for. */
  declare history: readonly KnownFact[] | undefined;

  /** Made anew with each change, so that sending twice corrects once. */
  #contribution = v7();
  #isTouched = false;
  readonly #today = { today: dayOfInstant(new Date()) };
  readonly #leaving = new LeavingController(this, () => this.#isTouched);
  readonly #known = new LoadingController<Known>(this, async (signal) => {
    const { siteId, subjectId } = this.#ids;
    const [subject, identifiers, { form, check }] = await Promise.all([getSubject(siteId, subjectId, signal), getIdentifiers(siteId, subjectId), readIdentityForm(signal)]);
    return { subject, form: enrolmentForm(form), check, answers: { data: { ...identifiers, ...columnsOf(form, subject) } } };
  });

  constructor() {
    super();
    this.saveState = { kind: 'clean' };
    this.isSince = false;
    new LanguageController(this);
  }

  override connectedCallback() {
    super.connectedCallback();
    this.context.guard(async () => (await this.#leaving.ask()) === 'go');
    void this.#open();
  }

  async #open() {
    await this.#known.load();
    this.context.arrived();
    const item = this.place.query.get('item');
    await this.updateComplete;
    const form = this.renderRoot.querySelector<CrfForm>('crf-form');
    await form?.updateComplete;
    if (item) form?.focusPointer(`/${item}`);
  }

  /** Where one came from, of this origin; else the patient. */
  get #back(): string {
    const back = this.place.query.get('back') ?? '';
    return back.startsWith(`${to('patient', this.#ids)}/`) ? back : to('patient', this.#ids);
  }

  get #ids() {
    const { siteId = '', subjectId = '' } = this.place.params;
    return { siteId, subjectId };
  }

  override render() {
    const { value, error, isSlow } = this.#known;
    if (!value) return html`<h1 class="sr-only">${t('identity')}</h1>${error ? renderFailure(error, () => void this.#known.load()) : isSlow ? html`<crf-state kind="loading"></crf-state>` : nothing}`;
    return html`<crf-form .form=${value.form} .check=${value.check} .answers=${value.answers} .context=${this.#today} .history=${noHistory} language=${pageLanguage()} .saveState=${this.saveState}
        .act=${this.saveState.kind === 'saving' ? t('identity.working') : t('identity.do')} @crf-change=${this.#touch} @crf-save-request=${(event: CrfSaveRequestEvent) => event.complete && void this.#correct(value)}>
        <div slot="head" class="above"><p class="back"><a href=${this.#back}>${icon('left')}${value.subject.studyNumber}</a></p><h1>${t('identity')}</h1><p class="lead">${t('identity.lead')}</p>
          ${this.#how()}${this.#said(value)}</div>
      </crf-form>
      ${renderLeaving(this.#leaving, { keeps: false })}`;
  }

  #how() {
    const choice = (isSince: boolean, text: string) => html`<label class="choice"><input type="radio" name="how" .checked=${this.isSince === isSince} @change=${() => (this.isSince = isSince)} /><span>${text}</span></label>`;
    return html`<fieldset><legend>${t('identity.how')}</legend>${choice(false, t('identity.correct'))}${choice(true, t('identity.since'))}</fieldset>
      <div class="two">${this.isSince ? html`<div class="field"><label for="from">${t('identity.from')}</label>
        <input class="box" id="from" type="date" required max=${this.#today.today} .defaultValue=${this.#today.today} aria-describedby="from-help" @input=${this.#touch} /><p class="meta" id="from-help">${t('identity.birth-date')}</p></div>` : nothing}
      <div class="field"><label for="reason">${t('identity.reason')} <span class="meta">${t('optional')}</span></label>
        <input class="box" id="reason" maxlength="300" autocomplete="off" @input=${this.#touch} /></div></div>`;
  }

  #said({ form }: Known) {
    const items = new Map(form.items.map((item) => [item.key, item]));
    const changed = this.history && repeated(this.history);
    return html`<details @toggle=${(event: Event) => (event.target as HTMLDetailsElement).open && void this.#readHistory()}><summary>${t('identity.history')}</summary>
      ${changed === undefined ? nothing : changed.length === 0 ? html`<p class="meta">${t('identity.history.none')}</p>` : html`<ul class="said">${changed.map((fact) => html`<li>
        <span class="meta">${read(items.get(fact.key)?.title ?? { zh: fact.key, en: fact.key })}</span> ${this.#inWords(form, fact)}
        <span class="meta">${fact.from ?? t('identity.history.all-days')} · ${t('identity.history.said', { at: momentOf(fact.at), by: fact.by })}</span></li>`)}</ul>`}</details>`;
  }

  #inWords(form: Form, { key, value }: KnownFact): string {
    const item = form.items.find((each) => each.key === key);
    if (value === undefined) return t('identity.history.cleared');
    const set = item?.valueSet === undefined ? undefined : form.valueSets[item.valueSet];
    return item ? formatValue(item, value, set ? codeOptions(set, pageLanguage(), t) : [], t) : value;
  }

  async #readHistory() {
    const { siteId, subjectId } = this.#ids;
    this.history ??= (await listIdentifierHistory(siteId, subjectId).catch(() => undefined))?.items;
  }

  #touch() {
    this.#isTouched = true;
    this.#contribution = v7();
    if (this.saveState.kind === 'refused' || this.saveState.kind === 'offline') this.saveState = { kind: 'clean' };
  }

  async #correct({ answers, form }: Known) {
    if (this.saveState.kind === 'saving' || this.renderRoot.querySelector<HTMLInputElement>('#from')?.reportValidity() === false) return;
    const identity = identityChanges(form, answers.data, this.renderRoot.querySelector<CrfForm>('crf-form')?.evaluation()?.data ?? {});
    if (Object.keys(identity).length > 0 && !(await this.#send(identity))) return;
    this.#isTouched = false;
    this.dispatchEvent(new CrfGoEvent(this.#back, { replace: true }));
  }

  /** False when it was not stored; the foot says why. */
  async #send(identity: { [key: string]: Value | null }): Promise<boolean> {
    const { siteId, subjectId } = this.#ids;
    const reason = this.renderRoot.querySelector<HTMLInputElement>('#reason')?.value.trim();
    const from = this.isSince ? this.renderRoot.querySelector<HTMLInputElement>('#from')?.value : undefined;
    this.saveState = { kind: 'saving' };
    try {
      await editSubject(siteId, subjectId, { contribution: this.#contribution, identity, ...(reason ? { reason } : {}), ...(from ? { from } : {}) });
      return true;
    } catch (error) {
      const detail = error instanceof Problem ? error.errors?.map((each) => each.detail).join(' ') : undefined;
      this.saveState = { kind: 'refused', why: detail || failureInWords(error) };
      return false;
    }
  }
}

/** Of what was said more than once, everything: what was said once stands in the form. */
function repeated(history: readonly KnownFact[]): KnownFact[] {
  return history.filter(({ key }) => history.filter((fact) => fact.key === key).length > 1);
}

/** Sex and date of birth are known without opening an identifier; the items that hold them are found by what they are bound to. */
function columnsOf({ items }: Form, { sex, birthDate }: Subject): Data {
  const known = { 'subject.sex': sex, 'subject.birthDate': birthDate };
  return Object.fromEntries(items.flatMap(({ key, bind }) => {
    const value = known[bind as keyof typeof known];
    return value === undefined ? [] : [[key, value]];
  }));
}

customElements.define('crf-identity-page', CrfIdentityPage);
