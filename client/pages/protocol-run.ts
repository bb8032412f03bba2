/** A run of a protocol: the one thing to do next, the clocks, the steps, what went otherwise, what is printed. For a cold room and gloves. */
import { LitElement, css, html, nothing } from 'lit';
import type { Subject } from '../../schemas/http/api.ts';
import { Problem } from '../../schemas/problem.ts';
import type { ClockState, NextAction } from '../../schemas/protocol/run.ts';
import { getSubject } from '../api.ts';
import { LanguageController } from '../controllers/language.ts';
import { mayAt } from '../controllers/permissions.ts';
import { RunController } from '../controllers/run.ts';
import { CrfGoEvent } from '../elements/shell/events.ts';
import { failureInWords, renderFailure } from '../elements/shell/failure.ts';
import { momentOf, read } from '../elements/shell/format.ts';
import { icon } from '../elements/shell/icons.ts';
import '../elements/shell/patient-header.ts';
import { lesionInWords, visitInWords } from '../elements/shell/patient-words.ts';
import { sheet } from '../elements/shell/sheet.ts';
import { to, toRecordOfRun } from '../places.ts';
import type { PagePlace } from '../places.ts';
import { ConnectionError } from '../request.ts';
import { base } from '../styles/base.ts';
import { t } from '../text/index.ts';
import type { PageContext } from './context.ts';
import { createActs } from './protocol-run/acts.ts';
import { isSoundOn, sound, switchSound } from './protocol-run/alarm.ts';
import { aliquotStyles } from './protocol-run/aliquots.ts';
import { clockStyles, renderClocks } from './protocol-run/clocks.ts';
import { deviationStyles, renderDeviations, unexplained } from './protocol-run/deviations.ts';
import { renderEnd, renderWhy } from './protocol-run/end.ts';
import type { Why } from './protocol-run/end.ts';
import { renderStep, stepStyles } from './protocol-run/step.ts';
import { actionInWords, momentTitle, recordInWords, stepOf, titleOf } from './protocol-run/words.ts';

export class CrfProtocolRunPage extends LitElement {
  static override properties = { context: { attribute: false }, place: { attribute: false }, subject: { state: true }, said: { state: true }, why: { state: true } };

  static override styles = [base, sheet, clockStyles, stepStyles, aliquotStyles, deviationStyles, css`
    :host { max-width: none; padding: 0; }
    .page { max-width: 960px; margin: 0 auto; padding: var(--crf-space-4) var(--crf-space-5) var(--crf-space-7); }
    .page > * + * { margin-top: var(--crf-space-5); }
    .back { display: inline-flex; align-items: center; gap: 2px; text-decoration: none; }
    .about { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 var(--crf-space-4); }
    .next { display: grid; gap: var(--crf-space-3); padding: var(--crf-space-4) var(--crf-space-5); border: 2px solid var(--crf-accent); border-radius: calc(var(--crf-radius) * 1.5); background: var(--crf-accent-quiet); }
    .next h2 { font-size: var(--crf-text-2); color: var(--crf-ink-2); }
    .next .button { min-height: 72px; padding: var(--crf-space-3) var(--crf-space-5); font-size: var(--crf-text-4); white-space: normal; text-align: center; line-height: 1.3; }
    .said { font-weight: var(--crf-strong); }
    @media (max-width: 640px) { .page { padding-inline: var(--crf-space-4); } .next { padding: var(--crf-space-3) var(--crf-space-4); } }
  `];

  declare context: PageContext;
  declare place: PagePlace;
  declare subject: Subject | undefined;
  /** What was just done, or what a clock came to. */
  declare said: string | undefined;
  /** A step to be left out, or the run to be abandoned: asked for the reason. */
  declare why: Why | undefined;

  readonly #run: RunController = new RunController(this, () => this.#ids, (clock) => this.#alarm(clock));
  readonly #acts = createActs(this.#run, () => this.#mayWrite, (recordId) => this.#open(recordId));

  constructor() {
    super();
    new LanguageController(this);
  }

  override connectedCallback() {
    super.connectedCallback();
    void this.#load();
  }

  async #load() {
    const { siteId, subjectId } = this.#ids;
    const subject = getSubject(siteId, subjectId).catch(() => undefined);
    await this.#run.load();
    this.subject = await subject;
    const { run } = this.#run;
    if (run) this.context.arrived([read(run.title), this.subject?.studyNumber].filter(Boolean).join(' · '));
  }

  get #ids() {
    const { siteId = '', subjectId = '', runId = '' } = this.place.params;
    return { siteId, subjectId, runId, accountId: this.context.me.accountId };
  }

  get #mayWrite(): boolean {
    return mayAt(this.context.me, this.#ids.siteId, 'record:write');
  }

  override render() {
    const { run, protocol, error } = this.#run;
    return html`<crf-patient-header compact .subject=${this.subject} .site=${this.context.sites.find(({ id }) => id === this.#ids.siteId)}>
        <a slot="title" class="back" href=${to('patient', this.#ids)}>${icon('left')}${this.subject?.studyNumber ?? t('patient')}</a></crf-patient-header>
      ${run && protocol ? this.#view(run, protocol) : error ? html`<h1 class="sr-only">${t('run')}</h1>${renderFailure(error, () => void this.#load())}` : html`<crf-state kind="loading"></crf-state>`}`;
  }

  #view(run: NonNullable<RunController['run']>, protocol: NonNullable<RunController['protocol']>) {
    const { isBusy } = this.#run;
    const { next } = run.state;
    const missing = unexplained(run);
    const view = {
      siteId: this.#ids.siteId, protocol, run, stamps: this.#run.stamps, acts: this.#acts, mayWrite: this.#mayWrite, isBusy, titleOfElement: this.#titleOfElement,
      askSkip: (step: string) => (this.why = { kind: 'skip', step }), redraw: () => this.requestUpdate(),
    };
    return html`<div class="page">
      <div class="about"><h1>${read(run.title)}</h1><span class="tag ${run.status === 'finished' ? 'ok' : ''}">${t(`run.${run.status}`)}</span><span class="meta">${this.#about(run)}</span></div>
      ${this.#notices()}
      ${run.status === 'running' && this.#mayWrite ? this.#next(run, protocol, next) : nothing}
      ${missing > 0 ? html`<p class="notice hard"><strong><span aria-hidden="true">▲ </span>${t('deviation.unexplained', { n: missing })}</strong></p>` : nothing}
      <section><div class="row"><h2>${t('clocks')}</h2><button class="button plain" type="button" aria-pressed=${isSoundOn()} @click=${() => this.#switchSound()}>${t(isSoundOn() ? 'sound.on' : 'sound.off')}</button></div>
        ${renderClocks(protocol, run, this.#run.clocks, (clock) => this.#run.secondsOf(clock))}</section>
      ${renderDeviations(protocol, run, view)}
      <section>${protocol.steps.map((step, i) => {
        const state = run.state.steps.find(({ id }) => id === step.id);
        return state ? renderStep(view, step, state, i, next?.step === step.id) : nothing;
      })}</section>
      ${renderEnd(view, () => (this.why = { kind: 'abandon' }))}
      ${renderWhy(this.why, (reason) => this.#because(reason), () => (this.why = undefined))}
    </div>`;
  }

  #notices() {
    const { failure } = this.#run;
    const isOffline = failure instanceof ConnectionError;
    const words = isOffline ? t('run.offline') : failure instanceof Problem && failure.key === 'moment-recorded' ? t('moment.recorded') : failure ? failureInWords(failure) : undefined;
    return html`<div role="status" aria-live="assertive">${this.said ? html`<p class="said">${this.said}</p>` : nothing}</div>
      ${words ? html`<p class="notice ${isOffline ? 'soft' : 'hard'}" role="alert">${words}</p>` : nothing}`;
  }

  #next(run: NonNullable<RunController['run']>, protocol: NonNullable<RunController['protocol']>, next: NextAction | undefined) {
    if (!next) return html`<div class="next"><h2>${t('run.next')}</h2><p>${t('run.next.none')}</p></div>`;
    const kept = next.kind === 'moment' ? this.#run.stamps.find(({ step, key }) => step === next.step && key === next.key) : undefined;
    if (kept) return html`<div class="next"><h2>${t('run.next')}</h2><p>${t('moment.waiting', { at: momentOf(kept.at) })}</p></div>`;
    const clock = next.kind === 'moment' && next.clock ? t('run.next.because', { clock: titleOf(protocol.clocks, next.clock) }) : '';
    return html`<div class="next"><h2>${t('run.next')}</h2>
      <button class="button primary" type="button" ?disabled=${this.#run.isBusy} @click=${() => void this.#do(next)}>${actionInWords(protocol, run, next, this.#titleOfElement)}</button>
      ${clock ? html`<p class="meta">${clock}</p>` : nothing}</div>`;
  }

  async #do(next: NextAction) {
    const { run, protocol } = this.#run;
    const step = protocol && stepOf(protocol, next.step);
    if (!run || !step) return;
    this.said = undefined;
    if (next.kind === 'picture') {
      const picture = run.state.steps.find(({ id }) => id === next.step)?.pictures.find(({ id }) => id === next.id);
      if (picture) this.#acts.picture(next.step, picture);
    } else if (next.kind === 'moment') {
      const outcome = await this.#acts.stamp(next.step, next.key, next.recordId);
      if (outcome !== 'refused') this.said = t(outcome === 'stored' ? 'moment.done' : 'moment.kept', { what: momentTitle(step, next.key), at: momentOf(this.#run.now()) });
    } else if (next.kind === 'form') this.#acts.form(next.step, next.asks ? this.#recordAsked(next.asks) ?? next.recordId : next.recordId);
    else if (next.kind === 'complete') this.#acts.complete(next.step);
    else this.#show(next.step);
  }

  /** A question that blocks a name may stand in the form of another step. */
  #recordAsked([path = '']: readonly string[]): string | undefined {
    const step = path.split('.')[0];
    const records = this.#run.run?.state.steps.find(({ id }) => id === step)?.records ?? [];
    const { next } = this.#run.run?.state ?? {};
    return next && step !== next.step ? records[0]?.id : undefined;
  }

  #show(step: string) {
    const section = this.renderRoot.querySelector<HTMLDetailsElement>(`#step-${step}`);
    if (section) section.open = true;
    const aliquots = section?.querySelector<HTMLElement>('.aliquots');
    aliquots?.scrollIntoView({ block: 'center' });
    aliquots?.querySelector<HTMLElement>('button.primary, button')?.focus();
  }

  #about(run: NonNullable<RunController['run']>): string {
    const lesion = this.subject?.lesions.find(({ id }) => id === run.lesionId);
    const visit = this.subject?.visits.find(({ id }) => id === run.visitId);
    return [lesion && lesionInWords(lesion), visit && visitInWords(visit), t('run.started', { by: run.startedBy, at: momentOf(run.startedAt) })].filter(Boolean).join(' · ');
  }

  #open(recordId: string) {
    const { siteId, subjectId, runId } = this.#ids;
    this.dispatchEvent(new CrfGoEvent(toRecordOfRun({ siteId, subjectId, runId, recordId })));
  }

  #because(reason: string) {
    const { why } = this;
    this.why = undefined;
    if (why?.kind === 'skip') this.#acts.skip(why.step, reason);
    else this.#acts.close('abandoned', reason);
  }

  #alarm({ id, recordId, state, left = 0 }: ClockState) {
    const { run, protocol } = this.#run;
    if (!run || !protocol) return;
    const clock = [titleOf(protocol.clocks, id), recordInWords(run, recordId)].filter(Boolean).join(' · ');
    this.said = state === 'warned' ? t('clock.warned', { clock, n: left }) : t('clock.exceeded', { clock });
    if (isSoundOn()) sound(state === 'warned' ? 'warned' : 'exceeded');
  }

  #switchSound() {
    switchSound(!isSoundOn());
    this.requestUpdate();
  }

  readonly #titleOfElement = (path: string): string => {
    const title = this.#run.protocol?.elements[path];
    return title ? read(title) : path;
  };
}

customElements.define('crf-protocol-run-page', CrfProtocolRunPage);
