/** Starts a form: which sub-dataset of the release, and of which lesion and visit. What exists already is offered instead. */
import { LitElement, css, html, nothing } from 'lit';
import { v7 } from 'uuid';
import type { RecordSummary, StandardSummary, Subject } from '../../../schemas/http/api.ts';
import { LanguageController } from '../../controllers/language.ts';
import '../../elements/shell/dialog.ts';
import { renderSelect } from '../../elements/shell/boxes.ts';
import { CrfGoEvent } from '../../elements/shell/events.ts';
import { momentOf, read } from '../../elements/shell/format.ts';
import { lesionInWords, visitInWords } from '../../elements/shell/patient-words.ts';
import { sheet } from '../../elements/shell/sheet.ts';
import { renderStatus } from '../../elements/shell/status.ts';
import { to, toNewRecord } from '../../places.ts';
import { base } from '../../styles/base.ts';
import { t } from '../../text/index.ts';
import { grainOf } from './grain.ts';

export class CrfStartForm extends LitElement {
  static override properties = { subject: { attribute: false }, standards: { attribute: false }, open: { type: Boolean }, chosen: {}, lesionId: { state: true }, visitId: { state: true } };

  static override styles = [base, sheet, css`
    :host { display: contents; }
    fieldset + fieldset, fieldset + .field { margin-top: var(--crf-space-4); }
    legend { padding: 0; color: var(--crf-ink-2); font-size: var(--crf-text-1); }
    .choice { padding: 0 var(--crf-space-3); margin: 0 calc(-1 * var(--crf-space-3)); border-radius: var(--crf-radius); }
    .choice:hover { background: var(--crf-quiet); }
    .choice:has(:checked) { background: var(--crf-accent-quiet); }
    .places { display: grid; grid-template-columns: 1fr 1fr; gap: var(--crf-space-4); margin-top: var(--crf-space-5); }
    .places .field + .field { margin-top: 0; }
    @media (max-width: 480px) { .places { grid-template-columns: 1fr; } }
  `];

  declare subject: Subject;
  declare standards: readonly StandardSummary[];
  declare open: boolean;
  /** The sub-dataset that is chosen. */
  declare chosen: string | undefined;
  declare lesionId: string | undefined;
  declare visitId: string | undefined;

  constructor() {
    super();
    this.open = false;
    this.standards = [];
    new LanguageController(this);
  }

  override willUpdate(changed: Map<string, unknown>) {
    if (!changed.has('open') || !this.open) return;
    this.lesionId = this.subject.lesions.length === 1 ? this.subject.lesions[0]?.id : undefined;
    this.visitId = [...this.subject.visits].sort((a, b) => b.visitDate.localeCompare(a.visitDate))[0]?.id;
  }

  override render() {
    const datasets = new Map(this.standards.map(({ dataset, datasetTitle }) => [dataset, datasetTitle]));
    const standard = this.standards.find(({ subDataset }) => subDataset === this.chosen);
    return html`<crf-dialog .heading=${t('start')} .open=${this.open} @close=${this.#close}>
      <form @submit=${this.#submit}>
        ${[...datasets].map(([name, title]) => html`<fieldset><legend>${read(title)}</legend>${this.standards.filter(({ dataset }) => dataset === name).map((each) => this.#choice(each))}</fieldset>`)}
        ${standard ? this.#places(standard) : nothing}
        ${standard ? this.#existing(standard) : nothing}
        <div class="end-row"><button class="button" type="button" @click=${this.#close}>${t('cancel')}</button>
          <button class="button primary" ?disabled=${!standard || this.#isLacking(standard)}>${t('start.do')}</button></div>
      </form></crf-dialog>`;
  }

  #choice({ subDataset, title }: StandardSummary) {
    return html`<label class="choice"><input type="radio" name="subDataset" value=${subDataset} .checked=${subDataset === this.chosen} @change=${() => (this.chosen = subDataset)} />
      <span>${read(title)}</span></label>`;
  }

  #places(standard: StandardSummary) {
    const grain = grainOf(standard.per);
    const lesions = this.subject.lesions.map((lesion) => ({ value: lesion.id, text: lesionInWords(lesion) }));
    const visits = this.subject.visits.map((visit) => ({ value: visit.id, text: visitInWords(visit) }));
    const none = (need: string) => ({ value: '', text: t(need === 'must' ? 'choose' : 'choose.none') });
    if (grain.lesion === 'none' && grain.visit === 'none') return nothing;
    return html`<div class="places" @change=${this.#placed}>
      ${grain.lesion === 'none' ? nothing : renderSelect('lesion', t('lesion'), [none(grain.lesion), ...lesions], this.lesionId)}
      ${grain.visit === 'none' ? nothing : renderSelect('visit', t('visit'), [none(grain.visit), ...visits], this.visitId)}</div>
      ${grain.lesion === 'must' && lesions.length === 0 ? html`<p class="notice soft">${t('start.needs-lesion')}</p>` : nothing}
      ${grain.visit === 'must' && visits.length === 0 ? html`<p class="notice soft">${t('start.needs-visit')}</p>` : nothing}`;
  }

  #placed(event: Event) {
    const { name, value } = event.target as HTMLSelectElement;
    if (name === 'lesion') this.lesionId = value || undefined;
    else this.visitId = value || undefined;
  }

  /** The same form of the same lesion and visit: most likely it should be opened and not started twice. */
  #existing(standard: StandardSummary) {
    const place = this.#place(standard);
    const records = this.subject.recordList.filter((record) => record.subDataset === standard.subDataset && record.lesionId === place.lesionId && record.visitId === place.visitId);
    if (records.length === 0) return nothing;
    return html`<br /><div class="notice soft"><p>${t('start.exists')}</p>${records.map((record) => this.#link(record))}</div>`;
  }

  #link({ id, status, updatedAt }: RecordSummary) {
    const { siteId, id: subjectId } = this.subject;
    return html`<p class="row"><a href=${to('record', { siteId, subjectId, recordId: id })}>${t('start.open')}</a>${renderStatus(status)}<time class="meta" datetime=${updatedAt}>${momentOf(updatedAt)}</time></p>`;
  }

  #place({ per }: StandardSummary): { lesionId?: string; visitId?: string } {
    const grain = grainOf(per);
    return { ...(this.lesionId && grain.lesion !== 'none' ? { lesionId: this.lesionId } : {}), ...(this.visitId && grain.visit !== 'none' ? { visitId: this.visitId } : {}) };
  }

  #isLacking(standard: StandardSummary): boolean {
    const grain = grainOf(standard.per);
    return (grain.lesion === 'must' && !this.lesionId) || (grain.visit === 'must' && !this.visitId);
  }

  #submit(event: SubmitEvent) {
    event.preventDefault();
    const standard = this.standards.find(({ subDataset }) => subDataset === this.chosen);
    if (!standard || this.#isLacking(standard)) return;
    const { siteId, id: subjectId } = this.subject;
    this.#close();
    this.dispatchEvent(new CrfGoEvent(toNewRecord({ siteId, subjectId, recordId: v7() }, { subDataset: standard.subDataset, version: standard.version, ...this.#place(standard) })));
  }

  #close() {
    this.dispatchEvent(new Event('close'));
  }
}

customElements.define('crf-start-form', CrfStartForm);
