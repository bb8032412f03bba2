/** Adds a visit, a lesion or a specimen. The ids are made when the dialog opens, so that sending twice stores once. */
import { LitElement, css, html, nothing } from 'lit';
import { v7 } from 'uuid';
import type { Subject, Visit } from '../../../schemas/http/api.ts';
import { addLesion, addSpecimen, addVisit } from '../../api.ts';
import { LanguageController } from '../../controllers/language.ts';
import { readForm, renderBox, renderSelect } from '../../elements/shell/boxes.ts';
import '../../elements/shell/dialog.ts';
import { failureInWords } from '../../elements/shell/failure.ts';
import { dayOfInstant } from '../../elements/shell/format.ts';
import { lesionInWords } from '../../elements/shell/patient-words.ts';
import { sheet } from '../../elements/shell/sheet.ts';
import { base } from '../../styles/base.ts';
import { t } from '../../text/index.ts';

export type Addable = 'visit' | 'lesion' | 'specimen';

const visitKinds: readonly Visit['kind'][] = ['baseline', 'follow-up', 'treatment', 'operation', 'outpatient', 'emergency', 'inpatient', 'unplanned'];

/** @summary The dialog that adds one thing. @event close @event crf-added - It is stored; `detail` is its id. */
export class CrfAddThing extends LitElement {
  static override properties = { subject: { attribute: false }, kind: {}, isWorking: { state: true }, failure: { state: true } };
  static override styles = [base, sheet, css`:host { display: contents; }`];

  declare subject: Subject;
  /** What is being added; undefined when nothing is. */
  declare kind: Addable | undefined;
  declare isWorking: boolean;
  declare failure: string | undefined;
  #ids = { id: v7(), contribution: v7() };

  constructor() {
    super();
    this.isWorking = false;
    new LanguageController(this);
  }

  override willUpdate(changed: Map<string, unknown>) {
    if (!changed.has('kind') || !this.kind) return;
    this.failure = undefined;
    this.#ids = { id: v7(), contribution: v7() };
  }

  override render() {
    const { kind } = this;
    return html`<crf-dialog .heading=${kind ? t(`add.${kind}`) : ''} .open=${kind !== undefined} @close=${this.#close}>
      ${kind ? html`<form @submit=${this.#submit}>
        ${this.failure ? html`<p class="notice hard" role="alert">${this.failure}</p><br />` : nothing}
        ${this.#boxes(kind)}
        <div class="end-row"><button class="button" type="button" @click=${this.#close}>${t('cancel')}</button>
          <button class="button primary" ?disabled=${this.isWorking}>${t(`add.${kind}`)}</button></div>
      </form>` : nothing}</crf-dialog>`;
  }

  #boxes(kind: Addable) {
    if (kind === 'visit') {
      return [renderSelect('kind', t('visit.kind'), visitKinds.map((value) => ({ value, text: t(`visit.${value}`) })), this.subject.visits.length ? 'follow-up' : 'baseline'),
        renderBox({ name: 'visitDate', label: t('visit.date'), type: 'date', value: dayOfInstant(new Date()) })];
    }
    if (kind === 'lesion') return renderBox({ name: 'label', label: t('lesion.label'), help: t('lesion.label.help'), maxLength: 200 });
    return [renderBox({ name: 'code', label: t('specimen.code'), help: t('specimen.code.help'), maxLength: 60 }),
      renderSelect('lesionId', t('lesion'), [{ value: '', text: t('lesion.none') }, ...this.subject.lesions.map((lesion) => ({ value: lesion.id, text: lesionInWords(lesion) }))])];
  }

  async #submit(event: SubmitEvent) {
    event.preventDefault();
    const typed = this.isWorking ? undefined : readForm(event.target as HTMLFormElement);
    if (!typed || !this.kind) return;
    this.isWorking = true;
    this.failure = undefined;
    try {
      await this.#send(this.kind, typed);
      this.dispatchEvent(new CustomEvent('crf-added', { detail: this.#ids.id }));
      this.#close();
    } catch (error) {
      this.failure = failureInWords(error);
    } finally {
      this.isWorking = false;
    }
  }

  #send(kind: Addable, typed: { [name: string]: string }) {
    const { siteId, id: subjectId } = this.subject;
    const { label = '', code = '', lesionId, visitDate = '' } = typed;
    if (kind === 'visit') return addVisit(siteId, subjectId, { ...this.#ids, kind: typed['kind'] as Visit['kind'], visitDate });
    if (kind === 'lesion') return addLesion(siteId, subjectId, { ...this.#ids, label });
    return addSpecimen(siteId, subjectId, { ...this.#ids, code, ...(lesionId ? { lesionId } : {}) });
  }

  #close() {
    this.dispatchEvent(new Event('close'));
  }
}

customElements.define('crf-add-thing', CrfAddThing);
