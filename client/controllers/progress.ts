/** How far each section is: answered and asked, counted once and then kept by change. */
import type { Form, Item, Pointer } from '../../schemas/form.ts';

export interface Progress {
  answered: number;
  /** Items in play that a person can answer. */
  total: number;
  /** Items in play, shown ones included; a section without any is not drawn. */
  visible: number;
}

interface State { isEnabled: boolean; isAnswered: boolean }

export class ProgressCount {
  readonly bySection: readonly Progress[];
  readonly #sectionOf = new Map<Pointer, number>();
  readonly #isAsked = new Map<Pointer, boolean>();
  readonly #states = new Map<Pointer, State>();

  /** `stateOf` tells of a top-level pointer whether it is in play and has a value, a reason or a row. */
  constructor(form: Form, stateOf: (pointer: Pointer) => State) {
    const items = new Map<string, Item>(form.items.map((item) => [item.path, item]));
    this.bySection = form.sections.map(() => ({ answered: 0, total: 0, visible: 0 }));
    form.sections.forEach((section, index) => section.items.forEach((path) => {
      const item = items.get(path);
      if (!item) return;
      this.#sectionOf.set(`/${path}`, index);
      this.#isAsked.set(`/${path}`, !item.calculate && !item.bind);
      this.update(`/${path}`, stateOf(`/${path}`));
    }));
  }

  /** True when a number changed. */
  update(pointer: Pointer, state: State): boolean {
    const section = this.#sectionOf.get(pointer);
    const counts = section === undefined ? undefined : this.bySection[section];
    const old = this.#states.get(pointer);
    if (!counts || (old && old.isEnabled === state.isEnabled && old.isAnswered === state.isAnswered)) return false;
    this.#count(counts, pointer, old, -1);
    this.#count(counts, pointer, state, 1);
    this.#states.set(pointer, state);
    return true;
  }

  sectionOf(pointer: Pointer): number | undefined {
    return this.#sectionOf.get(`/${pointer.split('/')[1] ?? ''}`);
  }

  #count(counts: Progress, pointer: Pointer, state: State | undefined, by: 1 | -1): void {
    if (!state?.isEnabled) return;
    counts.visible += by;
    if (!this.#isAsked.get(pointer)) return;
    counts.total += by;
    if (state.isAnswered) counts.answered += by;
  }
}
