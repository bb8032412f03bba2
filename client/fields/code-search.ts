import { html, LitElement, nothing } from 'lit';
import { CrfPickEvent } from '../events.ts';
import type { Translate } from '../text/index.ts';
import type { Finder, Found } from './finder.ts';
import type { Option } from './option.ts';

const NOTHING: Found = { options: [], more: 0, isPending: false };

/**
 * A box to type in with a list under it (the ARIA combobox pattern), for one value or for several as chips. It draws into the form's own
 * shadow root, so that labels, findings and styles reach it.
 * @event crf-pick - The person chose: one code, the codes, or nothing.
 */
export class CrfCodeSearch extends LitElement {
  static override properties = {
    finder: { attribute: false }, chosen: { attribute: false }, isMultiple: { attribute: false }, inputId: { attribute: false }, isRequired: { attribute: false },
    isInvalid: { attribute: false }, describedBy: { attribute: false }, label: { attribute: false }, placeholder: { attribute: false }, t: { attribute: false },
    query: { state: true }, active: { state: true }, isOpen: { state: true }, refused: { state: true },
  };

  declare finder: Finder;
  declare chosen: readonly string[];
  declare isMultiple: boolean;
  declare inputId: string;
  declare isRequired: boolean;
  declare isInvalid: boolean;
  /** Name of the field, for the list. */
  declare label: string;
  declare describedBy: string | undefined;
  /** What may be typed, where it is no code. */
  declare placeholder: string | undefined;
  declare t: Translate;
  /** What is being typed; undefined when the box shows the chosen value. */
  declare query: string | undefined;
  declare active: number;
  declare isOpen: boolean;
  /** What was typed last and meant no option; said below the box. */
  declare refused: string | undefined;
  /** Enter was pressed while the answer was on its way: the first of it is taken. */
  #takesFirst = false;

  constructor() {
    super();
    this.chosen = [];
    this.isMultiple = this.isRequired = this.isInvalid = this.isOpen = false;
    this.inputId = this.label = '';
    this.active = -1;
  }

  protected override createRenderRoot() {
    return this;
  }

  override focus() {
    this.querySelector('input')?.focus();
  }

  protected override render() {
    const { options, more, isPending } = this.isOpen ? this.#found() : NOTHING;
    const { inputId: id, t } = this;
    return html`${this.isMultiple ? this.#chips() : nothing}<div class="combobox">
      <input class="box line" id=${id} data-entry role="combobox" autocomplete="off" spellcheck="false" aria-autocomplete="list"
        aria-expanded=${this.isOpen} aria-controls="${id}-list" aria-activedescendant=${this.isOpen && this.active >= 0 ? `${id}-${this.active}` : nothing}
        aria-required=${this.isRequired} aria-invalid=${this.isInvalid} aria-describedby=${this.describedBy ?? nothing} placeholder=${this.placeholder ?? t('search.placeholder')}
        .value=${this.query ?? this.#shown()} @input=${this.#type} @compositionend=${this.#type} @keydown=${this.#key} @click=${this.#press} @blur=${this.#leave}>
      <ul class="list" id="${id}-list" role="listbox" aria-label=${this.label} aria-multiselectable=${this.isMultiple} aria-busy=${isPending} ?hidden=${!this.isOpen} @mousedown=${stay}
        @click=${this.#click}>${options.map((option, index) => this.#row(option, index))}</ul>
      ${this.isOpen && more ? html`<p class="meta more">${more === true ? t('search.moreUncounted') : t('search.more', { n: more })}</p>` : nothing}
      <p class="sr-only" role="status">${this.isOpen && !isPending ? (options.length ? t('search.found', { n: options.length + (more === true ? 0 : more) }) : t('search.none')) : ''}</p>
      ${this.isOpen && !isPending && options.length === 0 ? html`<p class="meta none">${t('search.none')}</p>` : nothing}
      ${this.refused ? html`<p class="meta refused" role="status">${t('search.unmatched', { text: this.refused })}</p>` : nothing}</div>`;
  }

  protected override updated() {
    if (this.isOpen) this.querySelector('[data-active]')?.scrollIntoView({ block: 'nearest' });
  }

  #row(option: Option, index: number) {
    const isChosen = this.chosen.includes(option.value);
    return html`<li class="option" id="${this.inputId}-${index}" role="option" aria-selected=${isChosen} ?data-active=${index === this.active} data-index=${index}>${
      option.thumbnail ? html`<img class="thumbnail" src=${option.thumbnail} alt="">` : nothing}<span>${option.text}</span></li>`;
  }

  #chips() {
    return html`<div class="chips">${this.chosen.map((value) => {
      const text = this.#textOf(value);
      return html`<button type="button" class="chip" tabindex="-1" aria-label=${this.t('search.remove', { text })} @click=${() => this.#pick(value)}>${text}<span aria-hidden="true">×</span></button>`;
    })}</div>`;
  }

  #textOf = (value: string) => this.finder.option(value, this.#more)?.text ?? this.t('field.unknownCode', { code: value });
  #shown = () => (this.isMultiple || this.chosen[0] === undefined ? '' : this.#textOf(this.chosen[0]));
  #found = () => this.finder.find(this.query ?? '', this.#more);
  /** More is known than there was. */
  #more = () => {
    this.requestUpdate();
    if (!this.#takesFirst || !this.isOpen) return;
    this.#takesFirst = false;
    this.#choose(this.#found().options[0]);
  };

  /** Typing after a press replaces what is chosen, as it does after Tab. */
  #press(event: Event) {
    if (!this.isOpen && !this.isMultiple) (event.target as HTMLInputElement).select();
    this.#open();
  }

  #open() {
    if (this.isOpen) return;
    this.isOpen = true;
    this.refused = undefined;
    const { bottom } = this.getBoundingClientRect();
    this.toggleAttribute('data-up', innerHeight - bottom < 320);
    this.active = this.query === undefined ? this.#found().options.findIndex(({ value }) => value === this.chosen[0]) : 0;
  }

  #close() {
    this.isOpen = this.#takesFirst = false;
    this.query = undefined;
  }

  #type(event: Event) {
    if (event instanceof InputEvent && event.isComposing) return;
    this.query = (event.target as HTMLInputElement).value;
    this.#takesFirst = false;
    if (this.query === '' && !this.isMultiple && this.chosen.length > 0) this.dispatchEvent(new CrfPickEvent(undefined));
    this.#open();
    this.active = this.query === '' ? -1 : 0;
  }

  #key(event: KeyboardEvent) {
    if (event.isComposing || event.keyCode === 229) return;
    const { options, isPending } = this.isOpen ? this.#found() : NOTHING;
    const last = options.length - 1;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      if (!this.isOpen) this.#open();
      else if (!event.altKey) this.active = event.key === 'ArrowDown' ? (this.active >= last ? 0 : this.active + 1) : (this.active <= 0 ? last : this.active - 1);
    } else if (event.key === 'Enter' && this.isOpen && this.active >= 0) {
      if (isPending) this.#takesFirst = true;
      else this.#choose(options[this.active]);
    } else if (event.key === 'Escape' && this.isOpen) {
      this.#close();
    } else if (event.key === 'Backspace' && this.isMultiple && !this.query && this.chosen.length > 0) {
      this.#pick(this.chosen.at(-1) ?? '');
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  #click(event: Event) {
    const row = (event.target as Element).closest<HTMLElement>('[data-index]');
    if (row) this.#choose(this.#found().options[Number(row.dataset['index'])]);
  }

  /** Leaving takes what was surely meant; anything else is said and changes nothing. */
  #leave() {
    const { query } = this;
    const option = query ? this.finder.meant(query) : undefined;
    if (option && !this.chosen.includes(option.value)) this.#pick(option.value);
    else if (query && !option) this.refused = query;
    this.#close();
  }

  #choose(option: Option | undefined) {
    if (!option) return;
    if (this.isMultiple) {
      this.#pick(option.value);
      this.query = '';
      this.active = -1;
    } else {
      if (option.value !== this.chosen[0]) this.#pick(option.value);
      this.#close();
    }
  }

  /** Of several, a chosen one is taken away again; they stay in the order of the value set. */
  #pick(value: string) {
    if (!this.chosen.includes(value)) this.finder.chose(value);
    if (!this.isMultiple) {
      this.dispatchEvent(new CrfPickEvent(value));
      return;
    }
    const chosen = this.chosen.includes(value) ? this.chosen.filter((each) => each !== value) : [...this.chosen, value];
    this.dispatchEvent(new CrfPickEvent(chosen.length ? this.finder.inOrder(chosen) : undefined));
  }
}

/** Pressing the mouse in the list must not take the focus out of the box. */
const stay = (event: Event) => event.preventDefault();

customElements.define('crf-code-search', CrfCodeSearch);
