/**
 * One place of the form in the page. It is drawn when the form is, and after that alone: a keystroke redraws the places
 * that it touched and compares nothing else.
 */
import { noChange } from 'lit';
import { directive, Directive } from 'lit/directive.js';
import type { ChildPart, PartInfo } from 'lit/directive.js';
import { setChildPartValue } from 'lit/directive-helpers.js';
import type { Pointer } from '../../../schemas/form.ts';

/** What the parts are drawn by; `epoch` changes when everything must be drawn anew (another form, language …). */
export interface Stage {
  readonly epoch: number;
  draw(pointer: Pointer): unknown;
}

export class ItemParts {
  readonly #parts = new Map<Pointer, ChildPart>();

  set(pointer: Pointer, part: ChildPart): void {
    this.#parts.set(pointer, part);
  }

  redraw(pointer: Pointer, stage: Stage): void {
    const part = this.#parts.get(pointer);
    if (part?.parentNode?.isConnected) setChildPartValue(part, stage.draw(pointer));
    else this.#parts.delete(pointer);
  }

  clear(): void {
    this.#parts.clear();
  }
}

class ItemPart extends Directive {
  readonly #part: ChildPart;
  #drawn: { pointer: Pointer; epoch: number } | undefined;

  constructor(info: PartInfo) {
    super(info);
    this.#part = info as ChildPart;
  }

  render(stage: Stage, parts: ItemParts, pointer: Pointer): unknown {
    if (this.#drawn?.pointer === pointer && this.#drawn.epoch === stage.epoch) return noChange;
    this.#drawn = { pointer, epoch: stage.epoch };
    parts.set(pointer, this.#part);
    return stage.draw(pointer);
  }
}

export const itemPart = directive(ItemPart);
