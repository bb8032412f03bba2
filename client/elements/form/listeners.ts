/** From the events of the page to what they ask of the form. One listener of each kind for the whole form, however many fields it has. */
import type { CrfPickEvent } from '../../events.ts';
import type { FormDesk } from './desk.ts';
import { onKey } from './keys.ts';
import type { KeyActs } from './keys.ts';
import { itemOf, openCalendar, pointerOf } from './places.ts';

export class FormListeners {
  readonly #desk: FormDesk;
  readonly #keys: KeyActs;

  constructor(desk: FormDesk) {
    this.#desk = desk;
    this.#keys = {
      root: () => desk.root,
      save: () => desk.save(false),
      help: () => desk.root.querySelector('dialog')?.showModal(),
      openReasons: (pointer) => desk.openReasons(pointer),
      closeReasons: () => desk.closeReasons(true),
      step: (by) => desk.step(by),
      clear: (pointer) => desk.choose(pointer, undefined),
      calendar: openCalendar,
    };
  }

  input = (event: Event): void => {
    const control = event.target;
    if (event instanceof InputEvent && event.isComposing) return;
    if (!(control instanceof HTMLInputElement || control instanceof HTMLTextAreaElement) || control.type === 'file' || control.role === 'combobox') return;
    const pointer = pointerOf(control);
    const view = pointer === undefined ? undefined : this.#desk.views.view(pointer);
    if (!view?.field.read) return;
    const reading = view.field.read(control, view);
    if (view.field.isTyped) this.#desk.state?.type(view.pointer, control.value, reading);
    else if ('value' in reading) this.#desk.choose(view.pointer, reading.value);
  };

  pick = (event: CrfPickEvent): void => {
    event.stopPropagation();
    const pointer = pointerOf(event.target);
    if (pointer !== undefined) this.#desk.choose(pointer, event.value);
  };

  change = ({ target }: Event): void => {
    if (!(target instanceof HTMLInputElement && target.type === 'file')) return;
    const [pointer, file] = [pointerOf(target), target.files?.[0]];
    target.value = '';
    if (pointer !== undefined && file) this.#desk.askForPicture(pointer, file);
  };

  dragover = (event: DragEvent): void => {
    if (tileOf(event)) event.preventDefault();
  };

  drop = (event: DragEvent): void => {
    if (!tileOf(event)) return;
    event.preventDefault();
    const [pointer, file] = [pointerOf(event.target), event.dataTransfer?.files[0]];
    if (pointer !== undefined && file) this.#desk.askForPicture(pointer, file);
  };

  focusin = ({ target }: FocusEvent): void => {
    const pointer = pointerOf(target);
    if (pointer !== undefined) this.#desk.arrive(pointer);
  };

  focusout = ({ relatedTarget }: FocusEvent): void => {
    this.#desk.state?.settle();
    const menu = this.#desk.views.reasonsAt;
    if (menu !== undefined && relatedTarget instanceof Node && pointerOf(relatedTarget) !== menu) this.#desk.closeReasons(false);
  };

  /** A press elsewhere closes the menu of reasons and leaves the focus to itself. */
  pointerdown = ({ target }: Event): void => {
    if (!(target as Element).closest('[role=menu], [data-action=why]')) this.#desk.closeReasons(false);
  };

  keydown = (event: KeyboardEvent): void => onKey(event, this.#keys);

  click = (event: Event): void => {
    const target = event.target as Element;
    const pointer = pointerOf(target);
    const button = target.closest<HTMLElement>('[data-action]');
    const action = button?.dataset['action'] ?? '';
    if (button && pointer === undefined) this.#ofForm[action]?.(button);
    else if (button && pointer !== undefined) this.#ofItem[action]?.(pointer, button);
    else if (pointer !== undefined && target instanceof HTMLInputElement && target.type === 'radio' && String(this.#desk.state?.value(pointer)) === target.value) {
      this.#desk.choose(pointer, undefined); // a press on the chosen one takes the choice back; `click` comes before `input`
    }
  };

  readonly #ofForm: { readonly [action: string]: (button: HTMLElement) => void } = {
    'save': () => this.#desk.save(false),
    'complete': () => this.#desk.save(true),
    'list': () => { this.#desk.host.listIsOpen = !this.#desk.host.listIsOpen; },
    'about': () => this.#desk.toggleAbout(),
    'next': () => this.#desk.step(1),
    'previous': () => this.#desk.step(-1),
    'go': ({ dataset }) => { this.#desk.focusOn(dataset['to'] ?? ''); },
    'help': () => this.#keys.help(),
  };

  readonly #ofItem: { readonly [action: string]: (pointer: string, button: HTMLElement) => void } = {
    'why': (pointer) => { if (!this.#desk.closeReasons(true)) this.#desk.openReasons(pointer); },
    'reason': (pointer, { dataset }) => this.#desk.excuse(pointer, dataset['code']),
    'unexcuse': (pointer) => this.#desk.excuse(pointer, undefined),
    'clear': (pointer) => this.#desk.choose(pointer, undefined),
    'capture': (pointer) => this.#desk.askForPicture(pointer),
    'calendar': (_, button) => {
      const box = itemOf(button)?.querySelector<HTMLInputElement>('input.date');
      if (box) openCalendar(box);
    },
    'new-entity': (pointer) => this.#desk.askForEntity(pointer),
    'add-known': (pointer) => this.#desk.askForKnown(pointer),
    'add-row': (pointer) => this.#desk.addRow(pointer),
    'ask-row': (pointer, button) => this.#desk.askRow(pointer, rowOf(button)),
    'keep-row': (pointer) => this.#desk.askRow(pointer, undefined),
    'remove-row': (pointer, button) => this.#desk.removeRow(pointer, rowOf(button)),
  };
}

const rowOf = (button: HTMLElement) => button.closest<HTMLElement>('[data-row]')?.dataset['row'] ?? '';
const tileOf = ({ target }: Event) => (target as Element).closest('[data-drop]');
