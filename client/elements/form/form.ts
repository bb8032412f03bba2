import { html, LitElement } from 'lit';
import type { PropertyValues } from 'lit';
import { guard } from 'lit/directives/guard.js';
import type { Answers, Context, Evaluation, Form, Pointer } from '../../../schemas/form.ts';
import type { Change, HistoryEntry } from '../../../schemas/http/api.ts';
import type { StructureCheck } from '../../../schemas/prepare.ts';
import type { CodeSource } from '../../fields/code-finder.ts';
import type { Entity } from '../../fields/option.ts';
import type { PeopleSource } from '../../fields/person-finder.ts';
import { base } from '../../styles/base.ts';
import { fieldStyles } from '../../styles/fields.ts';
import { formStyles } from '../../styles/form.ts';
import { adoptTokens } from '../../styles/tokens.ts';
import { words } from '../../text/index.ts';
import type { Language } from '../../text/index.ts';
import { FormDesk } from './desk.ts';
import './field-panel.ts';
import { listFindings, nextFinding, troubledSections } from './findings.ts';
import { drawFoot } from './foot.ts';
import type { SaveState } from './foot.ts';
import { drawKeyHelp } from './key-help.ts';
import { FormListeners } from './listeners.ts';
import { drawNav, drawSections } from './sections.ts';

/**
 * @summary A compiled standard as a form to fill in; data in by properties, changes out by events.
 * @event crf-change - A place was answered, given a reason, or cleared.
 * @event crf-field-focus - The person is at this field now.
 * @event crf-capture-request - A picture is wanted; answer with `apply([{ pointer, value: imageId }])`.
 * @event crf-new-entity - A lesion, specimen … that is not in `entities` is wanted; answer with `entities` and `apply`.
 * @event crf-add-known - A bound value that is not known is to be added where it is kept; answer with `context`.
 * @event crf-save-request - The person asks to save; `complete` only when nothing is left to correct.
 * @event crf-show-history - The history of a place is wanted; answer with `history`.
 * @slot head - In place of the title and version.
 * @slot side - In place of the panel about the field.
 */
export class CrfForm extends LitElement {
  static override properties = {
    form: { attribute: false }, check: { attribute: false }, answers: { attribute: false }, context: { attribute: false }, language: {}, readonly: { type: Boolean },
    entities: { attribute: false }, codes: { attribute: false }, people: { attribute: false }, mayAdd: { attribute: false }, displayValues: { attribute: false }, withheld: { attribute: false }, saveState: { attribute: false }, history: { attribute: false }, act: {},
    focused: { state: true }, listIsOpen: { state: true }, aboutIsOpen: { state: true }, section: { state: true },
  };

  static override styles = [base, formStyles, fieldStyles];

  declare form: Form | undefined;
  /** The structure check of the form, from `/api/forms/…/structure.js`; without one only the rules of the form are checked. */
  declare check: StructureCheck | undefined;
  /** What to open with; another object opens anew, and what is being typed stays. */
  declare answers: Answers;
  declare context: Context | undefined;
  declare language: Language;
  declare readonly: boolean;
  /** What references may name. */
  declare entities: readonly Entity[];
  /** Where codes of open value sets are that the form does not bring along; without it those it brings, and any that looks right. */
  declare codes: CodeSource | undefined;
  /** Who may be named, and who is signed in; without it references to people show ids. */
  declare people: PeopleSource | undefined;
  /** Whether a bound value that is not known may be added by this person, by its path. */
  declare mayAdd: ((path: string) => boolean) | undefined;
  /** Text of bound values by bind path, where it is not the value itself. */
  declare displayValues: { readonly [path: string]: string };
  /** Bind paths with a value that this person may not see. */
  declare withheld: readonly string[];
  declare saveState: SaveState;
  /** What completing is called where it is not a record that is filled in, as enrolling; there are no drafts then. */
  declare act: string | undefined;
  /** Of the field with the focus, newest first; undefined until it was asked for. */
  declare history: readonly HistoryEntry[] | undefined;
  declare focused: Pointer | undefined;
  declare listIsOpen: boolean;
  declare aboutIsOpen: boolean;
  declare section: number;

  readonly #desk = new FormDesk(this);
  readonly #on = new FormListeners(this.#desk);
  #sight: IntersectionObserver | undefined;

  constructor() {
    super();
    this.answers = { data: {} };
    this.language = 'zh';
    this.readonly = this.listIsOpen = this.aboutIsOpen = false;
    this.entities = [];
    this.withheld = [];
    this.displayValues = {};
    this.saveState = { kind: 'clean' };
    this.section = 0;
  }

  /** Gives the focus to a field; false when it is not in play. */
  focusPointer(pointer: Pointer): boolean {
    return this.#desk.focusOn(pointer);
  }

  /** The first place with something to correct or check; else the first that is required and unanswered. */
  firstFinding(): Pointer | undefined {
    return this.#desk.state && nextFinding(this.#desk.state, undefined, 1);
  }

  /** Enters what was not typed: facts of a captured picture, a new lesion. Sends the same events as typing does. */
  apply(changes: readonly Change[]): void {
    this.#desk.apply(changes);
  }

  /** What the engine makes of the form as it stands. */
  evaluation(): Evaluation | undefined {
    return this.#desk.state?.evaluation();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    adoptTokens();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sight?.disconnect();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    this.#desk.take(changed);
  }

  protected override render() {
    const t = words(this.language);
    const { form, language } = this;
    const { state, epoch, place } = this.#desk;
    if (!form || !state) return html`<p class="meta wait">${t('form.loading')}</p>`;
    const progress = state.progress.bySection;
    const isVisible = (section: number) => (progress[section]?.visible ?? 0) > 0;
    const on = this.#on;
    return html`<div class="layout ${this.listIsOpen ? 'listing' : ''} ${this.aboutIsOpen ? 'about' : ''}" lang=${language === 'en' ? 'en' : 'zh-CN'} @input=${on.input} @compositionend=${on.input} @change=${on.change} @click=${on.click} @pointerdown=${on.pointerdown}
        @keydown=${on.keydown} @focusin=${on.focusin} @focusout=${on.focusout} @crf-pick=${on.pick} @dragover=${on.dragover} @drop=${on.drop}>
      <slot name="head"><div class="head"><h1>${form.title[language]}</h1><span class="meta">v${form.standard.version}</span></div></slot>
      ${drawNav({ form, progress, troubled: troubledSections(state), current: this.section, language, t, go: this.#goTo })}
      <div class="column">${guard([epoch, progress.map((_, index) => isVisible(index)).join()], () => drawSections(form, language, isVisible, place))}
        ${drawFoot({ save: this.saveState, summary: state.summary(), listed: this.listIsOpen ? listFindings(state, language) : undefined, isReadonly: this.readonly, aboutIsOpen: this.aboutIsOpen, act: this.act, t })}</div>
      <aside class="side"><slot name="side"><crf-field-panel .form=${form} .pointer=${this.focused} .item=${this.focused === undefined ? undefined : state.item(this.focused)}
        .language=${language} .history=${this.history} .entities=${this.entities}></crf-field-panel></slot></aside></div>${drawKeyHelp(t)}`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('form')) this.#watchSections();
  }

  /** Marks the section that is being read, and tells the browser how tall those are that it has not drawn yet. */
  #watchSections(): void {
    this.#sight?.disconnect();
    this.#sight = new IntersectionObserver((entries) => {
      if (this.#isFocusInSight()) return;
      const seen = entries.filter(({ isIntersecting }) => isIntersecting).map(({ target }) => Number((target as HTMLElement).dataset['section']));
      if (seen.length > 0) this.section = Math.min(...seen);
    }, { rootMargin: '-20% 0px -70% 0px' });
    for (const section of this.renderRoot.querySelectorAll<HTMLElement>('.section')) {
      section.style.setProperty('--estimate', `${Number(section.dataset['items']) * ITEM_HEIGHT}px`);
      this.#sight.observe(section);
    }
  }

  /** While the field with the focus can be seen, its section is the one that counts. */
  #isFocusInSight(): boolean {
    const { top = -1, bottom = -1 } = (this.renderRoot as ShadowRoot).activeElement?.closest('[data-pointer]')?.getBoundingClientRect() ?? {};
    return bottom > 0 && top < innerHeight;
  }

  #goTo = (index: number): void => {
    const section = this.renderRoot.querySelector<HTMLElement>(`[data-section="${index}"]`);
    section?.scrollIntoView({ block: 'start' });
    section?.querySelector('h2')?.focus({ preventScroll: true });
    this.section = index;
  };
}

/** An item's usual height in pixels, until its section is drawn. */
const ITEM_HEIGHT = 76;

customElements.define('crf-form', CrfForm);
