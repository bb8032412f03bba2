/** Whose data this is, in view on every page of a patient. The name is masked until somebody asks for it, which is written down. */
import { LitElement, css, html, nothing } from 'lit';
import type { Form, Value } from '../../../schemas/form.ts';
import type { Site, Subject } from '../../../schemas/http/api.ts';
import { LanguageController } from '../../controllers/language.ts';
import { LoadingController } from '../../controllers/loading.ts';
import { base } from '../../styles/base.ts';
import { t } from '../../text/index.ts';
import { failureInWords } from './failure.ts';
import { dayOfInstant, read, siteName } from './format.ts';
import { icon } from './icons.ts';
import { personInWords } from './patient-words.ts';

/** What is on file in clear, with the form that names its elements. */
export interface Identity {
  form: Form;
  values: { readonly [key: string]: Value };
}

/** @summary The patient. @slot title - The study number: the heading of the patient's page, a way back on those below it. @slot - What can be done here. */
export class CrfPatientHeader extends LitElement {
  static override properties = { subject: { attribute: false }, site: { attribute: false }, reveal: { attribute: false }, isShown: { state: true }, compact: { type: Boolean, reflect: true } };

  static override styles = [base, css`
    :host { position: sticky; top: 56px; z-index: 5; background: var(--crf-surface); border-bottom: 1px solid var(--crf-line); }
    .line { display: flex; flex-wrap: wrap; align-items: center; gap: var(--crf-space-1) var(--crf-space-4); max-width: 1120px; min-height: 60px; margin: 0 auto; padding: var(--crf-space-2) var(--crf-space-5); }
    ::slotted([slot="title"]) { margin: 0; color: inherit; font-size: var(--crf-text-4); font-weight: var(--crf-strong); font-variant-numeric: tabular-nums; line-height: 1.3; text-decoration: none; }
    .name { display: inline-flex; align-items: center; gap: var(--crf-space-2); }
    .masked { letter-spacing: 3px; color: var(--crf-ink-2); }
    .quiet { display: inline-flex; align-items: center; gap: 6px; min-height: 36px; padding: 0 var(--crf-space-2); border: 1px solid transparent; border-radius: var(--crf-radius); background: none; color: var(--crf-accent); }
    .quiet:hover { background: var(--crf-quiet); }
    .gap { flex: 1; }
    dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(220px, 1fr)); gap: var(--crf-space-3) var(--crf-space-5); max-width: 1120px; margin: 0 auto; padding: var(--crf-space-2) var(--crf-space-5) var(--crf-space-4); }
    dd { overflow-wrap: anywhere; }
    @media (max-width: 900px) { .site { display: none; } }
    @media (max-width: 720px) {
      :host { top: 0; }
      .line { gap: 0 var(--crf-space-3); min-height: 48px; padding: var(--crf-space-1) var(--crf-space-4); }
      ::slotted(.button) { order: 1; margin-inline-start: auto; }
      .name, .person { order: 2; }
      dl { padding-inline: var(--crf-space-4); }
      .gap { display: none; }
      :host([compact]) .name { display: none; }
    }
    @media (max-height: 480px) { :host { position: static; } }
    @media (pointer: coarse) { .quiet { min-height: var(--crf-target); } }
  `];

  /** Undefined until it is read. */
  declare subject: Subject | undefined;
  declare site: Site | undefined;
  /** Reads what is on file in clear; absent for somebody who may not. */
  declare reveal: (() => Promise<Identity>) | undefined;
  declare isShown: boolean;
  /** One line on a phone: who it is, without the name. */
  declare compact: boolean;

  readonly #identity = new LoadingController(this, async () => (this.reveal ? this.reveal() : undefined));

  constructor() {
    super();
    this.isShown = this.compact = false;
    new LanguageController(this);
  }

  override render() {
    const { subject } = this;
    return html`<div class="line">
        <slot name="title"></slot>
        ${subject ? html`${this.#name(subject)}
        <span class="person">${personInWords(subject, dayOfInstant(new Date()))}</span>
        <span class="meta site">${this.site ? siteName(this.site) : ''}</span>` : nothing}
        <span class="gap"></span><slot></slot>
      </div>${this.#details()}`;
  }

  #name({ identifierKeys }: Subject) {
    const identity = this.isShown ? this.#identity.value : undefined;
    const item = identity?.form.items.find(({ bind }) => bind === 'subject.name');
    const name = item && identity ? identity.values[item.key] : undefined;
    if (identifierKeys.length === 0) return html`<span class="meta">${t('patient.name.none')}</span>`;
    if (!this.reveal) return html`<span class="meta">${t('patient.name.withheld')}</span>`;
    return html`<span class="name">${name ? html`<strong>${name}</strong>` : this.isShown ? nothing : html`<span class="masked" aria-hidden="true">●●●</span>`}
      <button class="quiet" type="button" aria-pressed=${this.isShown} ?disabled=${this.#identity.isLoading} @click=${this.#toggle}>${icon('eye')}${this.isShown ? t('patient.name.hide') : t('patient.name.show')}</button></span>`;
  }

  #details() {
    if (!this.isShown) return nothing;
    const { value: identity, error } = this.#identity;
    if (error) return html`<dl role="alert"><dd>${failureInWords(error)}</dd></dl>`;
    const items = identity?.form.items.filter(({ key, bind }) => bind !== 'subject.name' && identity.values[key] !== undefined) ?? [];
    if (!identity || items.length === 0) return nothing;
    return html`<dl>${items.map(({ key, title }) => html`<div><dt class="meta">${read(title)}</dt><dd>${String(identity.values[key])}</dd></div>`)}</dl>`;
  }

  #toggle() {
    this.isShown = !this.isShown;
    if (this.isShown && !this.#identity.value) void this.#identity.load();
  }
}

customElements.define('crf-patient-header', CrfPatientHeader);
