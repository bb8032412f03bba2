/** What can be done with a form on the screen, whoever asks: a key, a press, the page around it. Holds the state and the drawn places. */
import type { PropertyValues } from 'lit';
import type { Answers, Form, Item, Pointer, Value } from '../../../schemas/form.ts';
import type { Change } from '../../../schemas/http/api.ts';
import { initialValues } from '../../../schemas/initial.ts';
import type { PreparedForm, StructureCheck } from '../../../schemas/prepare.ts';
import { FormState, prepare } from '../../controllers/form-state.ts';
import { CrfAddKnownEvent, CrfCaptureRequestEvent, CrfChangeEvent, CrfFieldFocusEvent, CrfNewEntityEvent, CrfSaveRequestEvent } from '../../events.ts';
import { nextFinding } from './findings.ts';
import { ItemParts, itemPart } from './item-part.ts';
import type { Stage } from './item-part.ts';
import { focusItem, hostOf, placeOf } from './places.ts';
import { ItemViews } from './views.ts';
import type { Given } from './views.ts';

/** The element, as far as its desk needs it. */
export interface DeskHost extends Given, EventTarget {
  form: Form | undefined;
  check: StructureCheck | undefined;
  answers: Answers;
  /** Where the focus is, or was last. */
  focused: Pointer | undefined;
  history: unknown;
  listIsOpen: boolean;
  aboutIsOpen: boolean;
  readonly renderRoot: HTMLElement | DocumentFragment;
  /** The section that is being read. */
  section: number;
  readonly updateComplete: Promise<boolean>;
  requestUpdate(): void;
}

/** Everything is drawn anew when one of these changes. */
const drawnFrom = ['form', 'check', 'answers', 'context', 'language', 'readonly', 'entities', 'codes', 'people', 'mayAdd', 'displayValues', 'withheld'] as const;

export class FormDesk implements Stage {
  readonly host: DeskHost;
  readonly views: ItemViews;
  readonly #parts = new ItemParts();
  epoch = 0;
  state: FormState | undefined;
  #prepared: PreparedForm | undefined;

  constructor(host: DeskHost) {
    this.host = host;
    this.views = new ItemViews(host, this.place);
  }

  get root(): HTMLElement | DocumentFragment {
    return this.host.renderRoot;
  }

  /** Takes what the page gave; another `answers` opens anew, and what is being typed goes on. */
  take(changed: PropertyValues): void {
    const { form, check, answers, context } = this.host;
    const isOther = changed.has('form') || changed.has('check');
    if (isOther) this.#prepared = form && prepare(form, check);
    if (isOther || changed.has('answers') || changed.has('context')) {
      this.#parts.clear();
      this.state = this.#prepared && new FormState(this.#prepared, answers, context ?? { today: localDay() }, {
        touched: (pointers) => this.redraw(pointers),
        changed: ({ pointer, value, missing }) => this.host.dispatchEvent(new CrfChangeEvent(pointer, value, missing)),
      }, changed.has('form') ? undefined : this.state);
    }
    if (!drawnFrom.some((name) => changed.has(name))) return;
    this.epoch++;
    if (this.state) this.views.reset(this.state);
  }

  /** The place of one item in the page, for sections and rows. */
  place = (pointer: Pointer): unknown => itemPart(this, this.#parts, pointer);

  draw(pointer: Pointer): unknown {
    return this.views.draw(pointer);
  }

  redraw(pointers: readonly Pointer[]): void {
    const restore = placeOf((this.root as ShadowRoot).activeElement);
    for (const pointer of pointers) this.#parts.redraw(this.views.placeOf(pointer), this);
    restore?.();
    this.host.requestUpdate(); // the counts; the sections themselves are guarded
  }

  focusOn(pointer: Pointer): boolean {
    return focusItem(hostOf(this.root, pointer));
  }

  /** The focus has come to a field. */
  arrive(pointer: Pointer): void {
    const item = this.#item(pointer);
    if (!item || pointer === this.host.focused) return;
    this.host.focused = pointer;
    this.host.history = undefined;
    this.host.section = this.state?.progress.sectionOf(pointer) ?? this.host.section;
    this.host.dispatchEvent(new CrfFieldFocusEvent(pointer, item));
  }

  choose(pointer: Pointer, value: Value | undefined): void {
    this.state?.choose(pointer, value);
  }

  apply(changes: readonly Change[]): void {
    for (const { pointer, value, missing } of changes) {
      if (missing !== undefined) this.state?.excuse(pointer, missing);
      else if (typeof value === 'object' && 'rowId' in value) this.state?.addRow(pointer.slice(0, pointer.lastIndexOf('/')), value.rowId);
      else this.choose(pointer, value as Value | undefined);
    }
  }

  askForPicture(pointer: Pointer, file?: File): void {
    const item = this.#item(pointer);
    if (item && !this.host.readonly) this.host.dispatchEvent(new CrfCaptureRequestEvent(pointer, item, file));
  }

  askForEntity(pointer: Pointer): void {
    const kind = this.#item(pointer)?.refersTo;
    if (kind !== undefined) this.host.dispatchEvent(new CrfNewEntityEvent(pointer, kind));
  }

  askForKnown(pointer: Pointer): void {
    const path = this.#item(pointer)?.bind;
    if (path !== undefined) this.host.dispatchEvent(new CrfAddKnownEvent(pointer, path));
  }

  openReasons(pointer: Pointer): void {
    const item = this.#item(pointer);
    if (!item || this.host.readonly || item.calculate || item.bind) return;
    this.views.reasonsAt = pointer;
    this.redraw([pointer]);
    const place = hostOf(this.root, pointer);
    place?.toggleAttribute('data-up', innerHeight - place.getBoundingClientRect().top < ROOM);
    place?.querySelector<HTMLElement>('[role=menuitem]')?.focus();
  }

  /** False when the menu was not open. */
  closeReasons(returnsFocus: boolean): boolean {
    const pointer = this.views.reasonsAt;
    if (pointer === undefined) return false;
    this.views.reasonsAt = undefined;
    if (returnsFocus) this.focusOn(pointer);
    this.redraw([pointer]);
    return true;
  }

  excuse(pointer: Pointer, reason: string | undefined): void {
    this.closeReasons(true);
    this.state?.excuse(pointer, reason);
    if (reason === undefined) this.focusOn(pointer);
  }

  addRow(pointer: Pointer): void {
    const rowId = this.state?.addRow(pointer);
    // The engine starts a row with what is bound; of an older record that is whoever made it, and not the person here.
    const { context, people } = this.host;
    const initial = initialValues(this.#item(pointer)?.items ?? [], { today: context?.today ?? localDay(), bound: people ? { 'person.id': people.me.id } : {} });
    for (const [key, value] of Object.entries(initial)) if (this.state?.isEnabled(`${pointer}/${rowId}/${key}`)) this.choose(`${pointer}/${rowId}/${key}`, value);
    focusItem(this.root.querySelector(`[data-row="${rowId}"] [data-pointer]`));
  }

  /** Asks in the card whether the row is to be removed; undefined takes the question back. */
  askRow(pointer: Pointer, rowId: string | undefined): void {
    this.views.askedRow = rowId;
    this.redraw([pointer]);
    if (rowId === undefined) this.focusOn(pointer);
    else this.root.querySelector<HTMLElement>(`[data-row="${rowId}"] [data-action=keep-row]`)?.focus();
  }

  removeRow(pointer: Pointer, rowId: string): void {
    this.views.askedRow = undefined;
    this.state?.removeRow(pointer, rowId);
    this.focusOn(pointer);
  }

  /** The panel about the field, where it covers a part of the form; the field stays in sight. */
  toggleAbout(): void {
    this.host.aboutIsOpen = !this.host.aboutIsOpen;
    const { focused } = this.host;
    void this.host.updateComplete.then(() => { if (focused !== undefined) hostOf(this.root, focused)?.scrollIntoView({ block: 'nearest' }); });
  }

  step(by: 1 | -1): void {
    const pointer = this.state && nextFinding(this.state, this.host.focused, by);
    if (pointer !== undefined) this.focusOn(pointer);
  }

  /** A draft is always kept; completing first asks for all that is missing and leads to the first place. */
  save(complete: boolean): void {
    const { state } = this;
    if (!state || this.host.readonly) return;
    state.settle();
    if (complete) state.askRequired();
    const { hard, unanswered } = state.summary();
    if (complete && hard + unanswered > 0) {
      this.host.listIsOpen = true;
      const first = nextFinding(state, undefined, 1, ({ severity }) => severity === 'hard');
      void this.host.updateComplete.then(() => { if (first !== undefined) this.focusOn(first); });
    } else {
      this.host.dispatchEvent(new CrfSaveRequestEvent(complete));
    }
  }

  #item(pointer: Pointer): Item | undefined {
    return this.state?.item(pointer);
  }
}

/** Pixels below an item's top that a menu needs to open downward, above the foot of the form. */
const ROOM = 520;

/** Today on this machine's calendar, where the page does not say. */
const localDay = () => new Date().toLocaleDateString('sv-SE');
