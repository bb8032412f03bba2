/** The runs of a patient, and the start of another: of which operation, of which lesion. */
import { LitElement, css, html, nothing } from 'lit';
import { v7 } from 'uuid';
import type { Subject } from '../../../schemas/http/api.ts';
import type { ProtocolSummary, RunSummary } from '../../../schemas/http/protocol-api.ts';
import { LanguageController } from '../../controllers/language.ts';
import { LoadingController } from '../../controllers/loading.ts';
import { readForm, renderSelect } from '../../elements/shell/boxes.ts';
import '../../elements/shell/dialog.ts';
import { CrfGoEvent } from '../../elements/shell/events.ts';
import { failureInWords } from '../../elements/shell/failure.ts';
import { momentOf, read } from '../../elements/shell/format.ts';
import { lesionInWords, visitInWords } from '../../elements/shell/patient-words.ts';
import { sheet } from '../../elements/shell/sheet.ts';
import { to } from '../../places.ts';
import { listProtocols, listRuns, startRun } from '../../protocol-api.ts';
import { base } from '../../styles/base.ts';
import { t } from '../../text/index.ts';

export class CrfProtocolRuns extends LitElement {
  static override properties = { subject: { attribute: false }, mayWrite: { type: Boolean }, starting: { state: true }, failure: { state: true }, isWorking: { state: true } };

  static override styles = [base, sheet, css`
    :host { max-width: none; padding: 0; }
    section { margin-block: var(--crf-space-4) var(--crf-space-6); }
    h2 { margin-bottom: var(--crf-space-2); }
    li a { display: block; padding: var(--crf-space-3) var(--crf-space-4); color: inherit; text-decoration: none; }
    li a:hover strong { text-decoration: underline; }
    li + li { border-top: 1px solid var(--crf-line); }
    .button { width: 100%; margin-top: var(--crf-space-3); white-space: normal; }
    .end-row .button { width: auto; margin: 0; }
  `];

  declare subject: Subject;
  declare mayWrite: boolean;
  declare starting: ProtocolSummary | undefined;
  declare failure: string | undefined;
  declare isWorking: boolean;
  #ids = { id: v7(), contribution: v7() };

  readonly #loaded = new LoadingController<{ runs: RunSummary[]; protocols: ProtocolSummary[] }>(this, async (signal) => {
    const [runs, protocols] = await Promise.all([listRuns(this.subject.siteId, this.subject.id, signal), listProtocols(signal)]);
    return { runs: runs.items, protocols };
  });

  constructor() {
    super();
    this.mayWrite = this.isWorking = false;
    new LanguageController(this);
  }

  override connectedCallback() {
    super.connectedCallback();
    void this.#loaded.load();
  }

  override render() {
    const { value } = this.#loaded;
    // Without an answer the rest of the patient's page stands all the same.
    if (!value || (value.protocols.length === 0 && value.runs.length === 0)) return nothing;
    return html`<section><h2>${t('runs')}</h2>
      ${value.runs.length ? html`<ul class="card">${value.runs.map((run) => this.#run(run))}</ul>` : html`<p class="meta">${t('runs.none')}</p>`}
      ${this.mayWrite ? value.protocols.map((protocol) => html`<button class="button" type="button" @click=${() => this.#ask(protocol)}>${t('run.start', { title: read(protocol.title) })}</button>`) : nothing}
      ${this.#dialog()}</section>`;
  }

  #run({ id, title, status, visitId, lesionId, startedAt }: RunSummary) {
    const visit = this.subject.visits.find((each) => each.id === visitId);
    const lesion = this.subject.lesions.find((each) => each.id === lesionId);
    return html`<li><a href=${to('protocolRun', { siteId: this.subject.siteId, subjectId: this.subject.id, runId: id })}><strong>${read(title)}</strong>
      <span class="tag ${status === 'finished' ? 'ok' : ''}"><span aria-hidden="true">${{ running: '▶', finished: '✓', abandoned: '–' }[status]}</span>${t(`run.${status}`)}</span><br />
      <span class="meta">${[lesion && lesionInWords(lesion), visit && visitInWords(visit), momentOf(startedAt)].filter(Boolean).join(' · ')}</span></a></li>`;
  }

  #ask(protocol: ProtocolSummary) {
    this.failure = undefined;
    this.#ids = { id: v7(), contribution: v7() };
    this.starting = protocol;
  }

  #dialog() {
    const { starting: protocol } = this;
    const visits = this.subject.visits.filter(({ kind }) => protocol?.visit.includes(kind)).sort((a, b) => b.visitDate.localeCompare(a.visitDate));
    const { lesions } = this.subject;
    const lacksVisit = visits.length === 0;
    const lacksLesion = protocol?.lesion === 'must' && lesions.length === 0;
    return html`<crf-dialog .heading=${protocol ? t('run.start', { title: read(protocol.title) }) : ''} .open=${protocol !== undefined} @close=${() => (this.starting = undefined)}>${protocol ? html`<form @submit=${this.#submit}>
      ${this.failure ? html`<p class="notice hard" role="alert">${this.failure}</p>` : nothing}
      ${lacksVisit ? html`<p class="notice soft">${t('run.needs-visit', { kinds: protocol.visit.map((kind) => t(`visit.${kind}`)).join('、') })}</p>` : renderSelect('visitId', t('visit'), visits.map((visit) => ({ value: visit.id, text: visitInWords(visit) })))}
      ${protocol.lesion === 'none' ? nothing : lacksLesion ? html`<br /><p class="notice soft">${t('run.needs-lesion')}</p>`
        : renderSelect('lesionId', t('lesion'), [...(protocol.lesion === 'may' ? [{ value: '', text: t('choose.none') }] : []), ...lesions.map((lesion) => ({ value: lesion.id, text: lesionInWords(lesion) }))])}
      <div class="end-row"><button class="button" type="button" @click=${() => (this.starting = undefined)}>${t('cancel')}</button>
        <button class="button primary" ?disabled=${lacksVisit || lacksLesion || this.isWorking}>${t('run.start.do')}</button></div></form>` : nothing}</crf-dialog>`;
  }

  async #submit(event: SubmitEvent) {
    event.preventDefault();
    const { starting: protocol } = this;
    const { visitId, lesionId } = readForm(event.target as HTMLFormElement) ?? {};
    if (!protocol || !visitId || this.isWorking) return;
    this.isWorking = true;
    const { siteId, id: subjectId } = this.subject;
    try {
      const run = await startRun(siteId, { ...this.#ids, protocol: protocol.name, subjectId, visitId, ...(lesionId ? { lesionId } : {}) });
      this.starting = undefined;
      this.dispatchEvent(new CrfGoEvent(to('protocolRun', { siteId, subjectId, runId: run.id })));
    } catch (error) {
      this.failure = failureInWords(error);
    } finally {
      this.isWorking = false;
    }
  }
}

customElements.define('crf-protocol-runs', CrfProtocolRuns);
