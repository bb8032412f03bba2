/** Who I am here, how I want the page, and the way out. */
import { LitElement, css, html } from 'lit';
import type { Me, Site } from '../../../schemas/http/api.ts';
import { LanguageController } from '../../controllers/language.ts';
import type { Preferences } from '../../preferences.ts';
import { base } from '../../styles/base.ts';
import { t } from '../../text/index.ts';
import type { Word } from '../../text/index.ts';
import { to } from '../../places.ts';
import { CrfCommandEvent, CrfPreferencesEvent } from './events.ts';
import { icon } from './icons.ts';

/** One choice stands for scheme and contrast together. */
type Appearance = 'system' | 'light' | 'dark' | 'contrast';

export class CrfMeMenu extends LitElement {
  static override properties = { me: { attribute: false }, site: { attribute: false }, preferences: { attribute: false } };

  static override styles = [base, css`
    :host { position: relative; }
    summary { display: flex; align-items: center; gap: 2px; height: var(--crf-target); padding: 0 var(--crf-space-2); border-radius: var(--crf-radius); list-style: none; cursor: pointer; white-space: nowrap; }
    summary::-webkit-details-marker { display: none; }
    summary:hover { background: var(--crf-quiet); }
    .icon { color: var(--crf-ink-2); }
    .panel { position: absolute; z-index: 12; inset: calc(100% + 6px) 0 auto auto; width: 272px; padding: var(--crf-space-4); border: 1px solid var(--crf-line); border-radius: var(--crf-radius); background: var(--crf-raised); box-shadow: var(--crf-shade); }
    .panel > * + * { margin-top: var(--crf-space-3); }
    .who { padding-bottom: var(--crf-space-3); border-bottom: 1px solid var(--crf-line); }
    label { display: block; }
    label .meta { display: block; }
    select { width: 100%; }
    .button { width: 100%; }
    .initial { display: none; }
    @media (max-width: 720px) {
      summary { width: var(--crf-target); justify-content: center; padding: 0; }
      .name, summary .icon { display: none; }
      .initial { display: grid; place-items: center; width: 30px; height: 30px; border: 1px solid var(--crf-edge); border-radius: 50%; font-size: var(--crf-text-1); }
    }
  `];

  declare me: Me;
  declare site: Site | undefined;
  declare preferences: Preferences;

  constructor() {
    super();
    new LanguageController(this);
  }

  override connectedCallback() {
    super.connectedCallback();
    document.addEventListener('click', this.#clickedElsewhere);
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    document.removeEventListener('click', this.#clickedElsewhere);
  }

  override render() {
    const roles = this.me.sites.find(({ id }) => id === this.site?.id)?.roles ?? [];
    return html`<details @keydown=${this.#key}>
      <summary aria-label=${this.me.displayName}><span class="name">${this.me.displayName}</span><span class="initial" aria-hidden="true">${[...this.me.displayName].at(0)}</span>${icon('down')}</summary>
      <div class="panel">
        <div class="who"><strong>${this.me.displayName}</strong><div class="meta">${this.me.username}</div><div class="meta">${roles.map((role) => t(`role.${role}`)).join(t('comma'))}</div></div>
        ${this.#choice('theme', ['system', 'light', 'dark', 'contrast'], this.#appearance, (value) => this.#appear(value))}
        ${this.#choice('density', ['comfortable', 'compact'], this.preferences.density, (density) => this.dispatchEvent(new CrfPreferencesEvent({ density })))}
        <a class="button" href=${to('account')} @click=${() => this.#close()}>${t('account')}</a>
        <button class="button" type="button" @click=${() => this.#command('keys')}>${t('keys')} <kbd>?</kbd></button>
        <button class="button" type="button" @click=${() => this.#command('sign-out')}>${t('sign-out')}</button>
      </div>
    </details>`;
  }

  #choice<Name extends 'theme' | 'density', Value extends string>(name: Name, values: Value[], current: Value, choose: (value: Value) => void) {
    return html`<label><span class="meta">${t(name)}</span><select class="box" @change=${(event: Event) => choose((event.target as HTMLSelectElement).value as Value)}>
      ${values.map((value) => html`<option value=${value} ?selected=${value === current}>${t(`${name}.${value}` as Word)}</option>`)}</select></label>`;
  }

  get #appearance(): Appearance {
    return this.preferences.contrast === 'more' ? 'contrast' : this.preferences.theme;
  }

  #appear(appearance: Appearance) {
    this.dispatchEvent(new CrfPreferencesEvent(appearance === 'contrast' ? { theme: 'system', contrast: 'more' } : { theme: appearance, contrast: 'system' }));
  }

  #command(command: CrfCommandEvent['command']) {
    this.#close();
    this.dispatchEvent(new CrfCommandEvent(command));
  }

  #key(event: KeyboardEvent) {
    if (event.key !== 'Escape' || !this.#details?.open) return;
    this.#close();
    this.#details.querySelector('summary')?.focus();
  }

  get #details(): HTMLDetailsElement | null {
    return this.renderRoot.querySelector('details');
  }

  #close() {
    if (this.#details) this.#details.open = false;
  }

  readonly #clickedElsewhere = (event: Event) => {
    if (!event.composedPath().includes(this)) this.#close();
  };
}

customElements.define('crf-me-menu', CrfMeMenu);
