/** Corrects who a patient is: name, numbers, address. Reading and correcting are both written to the audit trail; the old values stay in it by name only. */
import { LitElement, html, nothing } from 'lit';
import { v7 } from 'uuid';
import type { Answers, Data, Form, Value } from '../../schemas/form.ts';
import type { Subject } from '../../schemas/http/api.ts';
import type { StructureCheck } from '../../schemas/prepare.ts';
import { Problem } from '../../schemas/problem.ts';
import { editSubject, getIdentifiers, getSubject } from '../api.ts';
import { LanguageController } from '../controllers/language.ts';
import { LeavingController } from '../controllers/leaving.ts';
import { LoadingController } from '../controllers/loading.ts';
import type { CrfForm } from '../elements/form/form.ts';
import '../elements/form/form.ts';
import type { SaveState } from '../elements/form/foot.ts';
import { CrfGoEvent } from '../elements/shell/events.ts';
import { failureInWords, renderFailure } from '../elements/shell/failure.ts';
import { dayOfInstant } from '../elements/shell/format.ts';
import { icon } from '../elements/shell/icons.ts';
import { sheet } from '../elements/shell/sheet.ts';
import type { CrfSaveRequestEvent } from '../events.ts';
import { to } from '../places.ts';
import type { PagePlace } from '../places.ts';
import { base } from '../styles/base.ts';
import { pageLanguage, t } from '../text/index.ts';
import type { PageContext } from './context.ts';
import { enrolmentForm, identityChanges } from './enrol/enrolment.ts';
import { readIdentitySheet } from './enrol/identity-standard.ts';
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
  static override properties = { context: { attribute: false }, place: { attribute: false }, saveState: { state: true } };

  static override styles = [base, sheet, identityStyles];

  declare context: PageContext;
  declare place: PagePlace;
  declare saveState: SaveState;

  /** Made anew with each change, so that sending twice corrects once. */
  #contribution = v7();
  #isTouched = false;
  readonly #today = { today: dayOfInstant(new Date()) };
  readonly #leaving = new LeavingController(this, () => this.#isTouched);
  readonly #known = new LoadingController<Known>(this, async (signal) => {
    const { siteId, subjectId } = this.#ids;
    const [subject, identifiers, { form, check }] = await Promise.all([getSubject(siteId, subjectId, signal), getIdentifiers(siteId, subjectId), readIdentitySheet(signal)]);
    return { subject, form: enrolmentForm(form), check, answers: { data: { ...identifiers, ...columnsOf(form, subject) } } };
  });

  constructor() {
    super();
    this.saveState = { kind: 'clean' };
    new LanguageController(this);
  }

  override connectedCallback() {
    super.connectedCallback();
    this.context.guard(async () => (await this.#leaving.ask()) === 'go');
    void this.#known.load().then(() => this.context.arrived());
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
        <div slot="head" class="above"><p class="back"><a href=${to('patient', this.#ids)}>${icon('left')}${value.subject.studyNumber}</a></p><h1>${t('identity')}</h1><p class="lead">${t('identity.lead')}</p>
          <div class="field"><label for="reason">${t('identity.reason')} <span class="meta">${t('optional')}</span></label>
            <input class="box" id="reason" maxlength="300" autocomplete="off" @input=${this.#touch} /></div></div>
      </crf-form>
      ${renderLeaving(this.#leaving, { keeps: false })}`;
  }

  #touch() {
    this.#isTouched = true;
    this.#contribution = v7();
    if (this.saveState.kind === 'refused' || this.saveState.kind === 'offline') this.saveState = { kind: 'clean' };
  }

  async #correct({ answers, form }: Known) {
    if (this.saveState.kind === 'saving') return;
    const identity = identityChanges(form, answers.data, this.renderRoot.querySelector<CrfForm>('crf-form')?.evaluation()?.data ?? {});
    if (Object.keys(identity).length > 0 && !(await this.#send(identity))) return;
    this.#isTouched = false;
    this.dispatchEvent(new CrfGoEvent(to('patient', this.#ids), { replace: true }));
  }

  /** False when it was not stored; the foot says why. */
  async #send(identity: { [key: string]: Value | null }): Promise<boolean> {
    const { siteId, subjectId } = this.#ids;
    const reason = this.renderRoot.querySelector<HTMLInputElement>('#reason')?.value.trim();
    this.saveState = { kind: 'saving' };
    try {
      await editSubject(siteId, subjectId, { contribution: this.#contribution, identity, ...(reason ? { reason } : {}) });
      return true;
    } catch (error) {
      const detail = error instanceof Problem ? error.errors?.map((each) => each.detail).join(' ') : undefined;
      this.saveState = { kind: 'refused', why: detail || failureInWords(error) };
      return false;
    }
  }
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
