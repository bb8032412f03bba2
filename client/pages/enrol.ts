/** Enrols a patient. Whoever may be the same person is shown first; enrolling anyway is a choice that is made, never a default. */
import { LitElement, html, nothing } from 'lit';
import { v7 } from 'uuid';
import type { Answers, Form } from '../../schemas/form.ts';
import type { EnrolRequest, SubjectSummary } from '../../schemas/http/api.ts';
import type { StructureCheck } from '../../schemas/prepare.ts';
import { Problem } from '../../schemas/problem.ts';
import { enrol } from '../api.ts';
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
import { renderDuplicates } from './enrol/duplicates.ts';
import { enrolmentForm, identityOf } from './enrol/enrolment.ts';
import { readIdentityForm } from './enrol/identity-standard.ts';
import { identityStyles } from './enrol/styles.ts';
import { renderLeaving } from './record/leaving.ts';

/** There is none before there is a patient. */
const noHistory: readonly never[] = [];

export class CrfEnrolPage extends LitElement {
  static override properties = { context: { attribute: false }, place: { attribute: false }, saveState: { state: true }, duplicates: { state: true }, isSure: { state: true } };

  static override styles = [base, sheet, identityStyles];

  declare context: PageContext;
  declare place: PagePlace;
  declare saveState: SaveState;
  declare duplicates: readonly SubjectSummary[] | undefined;
  declare isSure: boolean;

  /** Made once, so that sending twice enrols once; a changed answer makes it another act. */
  #ids = { id: v7(), contribution: v7() };
  #isTouched = false;
  readonly #answers: Answers = { data: {} };
  readonly #today = { today: dayOfInstant(new Date()) };
  readonly #leaving = new LeavingController(this, () => this.#isTouched);
  readonly #form = new LoadingController<{ form: Form; check: StructureCheck }>(this, async (signal) => {
    const { form, check, enrol: asked } = await readIdentityForm(signal);
    return { form: enrolmentForm(form, asked), check };
  });

  constructor() {
    super();
    this.saveState = { kind: 'clean' };
    this.isSure = false;
    new LanguageController(this);
  }

  override connectedCallback() {
    super.connectedCallback();
    this.context.guard(async () => (await this.#leaving.ask()) === 'go');
    void this.#form.load().then(() => this.context.arrived());
  }

  override render() {
    const { value, error, isSlow } = this.#form;
    if (!value) return html`<h1 class="sr-only">${t('enrol')}</h1>${error ? renderFailure(error, () => void this.#form.load()) : isSlow ? html`<crf-state kind="loading"></crf-state>` : nothing}`;
    return html`<crf-form .form=${value.form} .check=${value.check} .answers=${this.#answers} .context=${this.#today} .history=${noHistory} language=${pageLanguage()} .saveState=${this.saveState}
        .act=${this.saveState.kind === 'saving' ? t('enrol.working') : t('enrol.do')} @crf-change=${this.#touch} @crf-save-request=${(event: CrfSaveRequestEvent) => event.complete && void this.#enrol(false)}>
        <div slot="head" class="above"><p class="back"><a href=${to('patients', { siteId: this.#siteId })}>${icon('left')}${t('nav.patients')}</a></p><h1>${t('enrol')}</h1><p class="lead">${t('enrol.lead')}</p>
          <div class="field"><label for="studyNumber">${t('enrol.studyNumber')} <span class="meta">${t('optional')}</span></label>
            <input class="box" id="studyNumber" maxlength="40" autocomplete="off" autocapitalize="characters" spellcheck="false" aria-describedby="studyNumber-help" @input=${this.#touch} />
            <p class="meta" id="studyNumber-help">${t('enrol.studyNumber.help')}</p></div></div>
      </crf-form>
      ${renderDuplicates({ siteId: this.#siteId, duplicates: this.duplicates, isSure: this.isSure, isWorking: this.saveState.kind === 'saving',
        check: (isSure) => (this.isSure = isSure), enrol: () => void this.#enrol(true), close: () => (this.duplicates = undefined) })}
      ${renderLeaving(this.#leaving, { keeps: false })}`;
  }

  get #siteId(): string {
    return this.place.params['siteId'] ?? '';
  }

  #touch() {
    this.#isTouched = true;
    this.#ids = { id: v7(), contribution: v7() };
    if (this.saveState.kind === 'refused' || this.saveState.kind === 'offline') this.saveState = { kind: 'clean' };
  }

  async #enrol(confirmedNotDuplicate: boolean) {
    if (this.saveState.kind === 'saving') return;
    this.saveState = { kind: 'saving' };
    try {
      const { id } = await enrol(this.#siteId, this.#request(confirmedNotDuplicate));
      this.#isTouched = false;
      this.dispatchEvent(new CrfGoEvent(to('patient', { siteId: this.#siteId, subjectId: id }), { replace: true }));
    } catch (error) {
      this.#refused(error);
    }
  }

  #request(confirmedNotDuplicate: boolean): EnrolRequest {
    const data = this.renderRoot.querySelector<CrfForm>('crf-form')?.evaluation()?.data ?? {};
    const studyNumber = this.renderRoot.querySelector<HTMLInputElement>('#studyNumber')?.value.trim();
    return { ...this.#ids, identity: identityOf(data), ...(studyNumber ? { studyNumber } : {}), ...(confirmedNotDuplicate ? { confirmedNotDuplicate } : {}) };
  }

  #refused(error: unknown) {
    if (error instanceof Problem && error.key === 'possible-duplicate') {
      this.duplicates = error.extra?.['duplicates'] as SubjectSummary[];
      this.isSure = false;
      this.saveState = { kind: 'clean' };
      return;
    }
    const detail = error instanceof Problem ? error.errors?.map((each) => each.detail).join(' ') : undefined;
    this.saveState = { kind: 'refused', why: detail || failureInWords(error) };
  }
}

customElements.define('crf-enrol-page', CrfEnrolPage);
