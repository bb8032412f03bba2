/** What every control tells assistive technology about its item, set in one go and only where it says something. */
import { noChange } from 'lit';
import { directive, Directive } from 'lit/directive.js';
import type { ElementPart } from 'lit/directive.js';
import type { FieldView } from './field.ts';

/** What the control is: a group of checkboxes cannot be required or invalid as a whole. */
export type Told = Pick<FieldView, 'isInvalid' | 'describedBy'> & { isRequired: boolean; isGroup?: boolean };

export function tell(element: Element, { isRequired, isInvalid, isGroup, describedBy }: Told): void {
  set(element, 'aria-required', isRequired && !isGroup ? 'true' : undefined);
  set(element, 'aria-invalid', isInvalid && !isGroup ? 'true' : undefined);
  set(element, 'aria-describedby', describedBy);
}

function set(element: Element, name: string, value: string | undefined): void {
  if (value !== undefined) element.setAttribute(name, value);
  else if (element.hasAttribute(name)) element.removeAttribute(name);
}

class Aria extends Directive {
  #view: FieldView | undefined;

  override update({ element }: ElementPart, [view]: [FieldView]) {
    const old = this.#view;
    this.#view = view;
    if (old ? old.isInvalid !== view.isInvalid || old.describedBy !== view.describedBy : view.item.required || view.isInvalid || view.describedBy !== undefined) {
      tell(element, { isRequired: view.item.required, isInvalid: view.isInvalid, describedBy: view.describedBy });
    }
    return noChange;
  }

  render(_: FieldView): unknown {
    return noChange;
  }
}

/** In the tag of a control: `<input ${aria(view)}>`. */
export const aria = directive(Aria);
