/** Find anything from anywhere: type, choose with the arrows, Enter goes there. */
import { LitElement, css, html, nothing } from 'lit';
import { LanguageController } from '../../controllers/language.ts';
import { LoadingController } from '../../controllers/loading.ts';
import { base } from '../../styles/base.ts';
import { t } from '../../text/index.ts';
import './dialog.ts';
import { CrfGoEvent } from './events.ts';
import { failureInWords } from './failure.ts';
import { icon } from './icons.ts';
import type { IconName } from './icons.ts';

export interface Found {
  icon: IconName;
  title: string;
  note: string;
  path: string;
}

/** Milliseconds after the last key before the server is asked. */
const pause = 200;

/** @summary The quick find. @event close @event crf-go - The one that was chosen. */
export class CrfFind extends LitElement {
  static override properties = { open: { type: Boolean }, search: { attribute: false }, query: { state: true }, active: { state: true } };

  static override styles = [base, css`
    input { width: 100%; }
    ul { margin-top: var(--crf-space-3); min-height: 240px; max-height: 50dvh; overflow: auto; }
    li { display: flex; align-items: center; gap: var(--crf-space-3); min-height: var(--crf-target); padding: var(--crf-space-1) var(--crf-space-3); border-radius: var(--crf-radius); cursor: pointer; }
    li .icon { color: var(--crf-ink-2); flex: none; }
    li[aria-selected="true"] { background: var(--crf-accent-quiet); box-shadow: inset 3px 0 0 var(--crf-accent); }
    li span { flex: 1; min-width: 0; }
    .hint { padding: var(--crf-space-3); }
  `];

  declare open: boolean;
  /** What there is for some text; empty text gives the places to start from. */
  declare search: (query: string, signal: AbortSignal) => Promise<Found[]>;
  declare query: string;
  declare active: number;

  readonly #found = new LoadingController(this, (signal) => this.search(this.query, signal));
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.open = false;
    this.query = '';
    this.active = 0;
    new LanguageController(this);
  }

  override willUpdate(changed: Map<string, unknown>) {
    if (!changed.has('open') || !this.open) return;
    this.query = '';
    this.active = 0;
    void this.#found.load();
  }

  override updated(changed: Map<string, unknown>) {
    if (changed.has('open') && this.open) requestAnimationFrame(() => this.renderRoot.querySelector('input')?.focus());
    this.renderRoot.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }

  override render() {
    const found = this.#found.value ?? [];
    return html`<crf-dialog .heading=${t('find')} .open=${this.open} @close=${this.#close}>
      <input class="box" type="search" role="combobox" aria-expanded="true" aria-controls="found" aria-autocomplete="list" aria-label=${t('find.what')}
        aria-activedescendant=${found.length ? `found-${this.active}` : nothing} placeholder=${t('find.what')} autocomplete="off" spellcheck="false" .value=${this.query} @input=${this.#typed} @keydown=${this.#key} />
      <ul id="found" role="listbox" aria-label=${t('find.results')}>${found.map((each, index) => this.#row(each, index))}</ul>
      <p class="meta hint" role="status">${this.#hint(found.length)}</p>
    </crf-dialog>`;
  }

  #row(found: Found, index: number) {
    return html`<li id="found-${index}" role="option" aria-selected=${index === this.active} @click=${() => this.#go(found)} @mousemove=${() => (this.active = index)}>
      ${icon(found.icon)}<span>${found.title}</span><small class="meta">${found.note}</small></li>`;
  }

  #hint(count: number): string {
    if (this.#found.error) return failureInWords(this.#found.error);
    if (this.#found.isLoading) return this.#found.isSlow ? t('loading') : '';
    return count === 0 ? t('find.nothing') : t('find.how');
  }

  #typed(event: Event) {
    this.query = (event.target as HTMLInputElement).value;
    this.active = 0;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#found.load(), pause);
  }

  #key(event: KeyboardEvent) {
    const found = this.#found.value ?? [];
    if (event.isComposing) return; // the input method has the Enter and the arrows
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && found.length) this.active = (this.active + step + found.length) % found.length;
    const chosen = found[this.active];
    if (event.key === 'Enter' && chosen) this.#go(chosen);
    if (step || event.key === 'Enter') event.preventDefault();
  }

  #go(found: Found) {
    this.#close();
    this.dispatchEvent(new CrfGoEvent(found.path));
  }

  #close() {
    this.open = false;
    this.dispatchEvent(new Event('close'));
  }
}

customElements.define('crf-find', CrfFind);
