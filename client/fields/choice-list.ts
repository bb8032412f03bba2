/**
 * Native radio buttons or checkboxes for a list of options. The list is built once for its options and copied for each item:
 * choices are most of what a large form consists of. Later only what is chosen changes.
 */
import { directive, Directive } from 'lit/directive.js';
import { tell } from './aria.ts';
import type { FieldView } from './field.ts';
import type { Option } from './option.ts';

export type ChoiceKind = 'radio' | 'checkbox';

const patterns: { readonly [kind in ChoiceKind]: WeakMap<readonly Option[], HTMLElement> } = { radio: new WeakMap(), checkbox: new WeakMap() };

class ChoiceList extends Directive {
  #options: readonly Option[] | undefined;
  #element: HTMLElement | undefined;
  #inputs: HTMLInputElement[] = [];

  render(view: FieldView, options: readonly Option[], chosen: readonly string[], kind: ChoiceKind, layout: string): unknown {
    if (this.#options !== options || !this.#element) {
      this.#options = options;
      this.#element = patternOf(options, kind).cloneNode(true) as HTMLElement;
      this.#element.className = `choices ${layout}`;
      this.#element.setAttribute('aria-labelledby', `${view.id}-l`);
      this.#inputs = [...this.#element.querySelectorAll('input')];
      if (kind === 'radio') for (const input of this.#inputs) input.name = view.id;
    }
    tell(this.#element, { isRequired: view.item.required, isInvalid: view.isInvalid, describedBy: view.describedBy, isGroup: kind === 'checkbox' });
    for (const input of this.#inputs) if (input.checked !== chosen.includes(input.value)) input.checked = !input.checked;
    return this.#element;
  }
}

export const choiceList = directive(ChoiceList);

function patternOf(options: readonly Option[], kind: ChoiceKind): HTMLElement {
  const known = patterns[kind].get(options);
  if (known) return known;
  const group = make('div', { role: kind === 'radio' ? 'radiogroup' : 'group', 'data-entry': '' });
  for (const { value, text, thumbnail } of options) {
    const words = make('span', {}, ...(thumbnail ? [make('img', { class: 'thumbnail', src: thumbnail, alt: '', loading: 'lazy' })] : []), text);
    group.append(make('label', { class: 'choice' }, make('input', { type: kind, value }), words));
  }
  patterns[kind].set(options, group);
  return group;
}

function make(tag: string, attributes: { readonly [name: string]: string }, ...children: (Node | string)[]): HTMLElement {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}
