/** The same form by hand: bare controls, one listener, no state, no checks. Less than any form that is of use. */
import type { Spec, SpecField } from '../spec.ts';
import type { Engine } from './engine.ts';

export const engine: Engine = {
  async load(name) {
    const spec = (await (await fetch(`./forms/${name}.spec.json`)).json()) as Spec;
    return async (place) => mount(place, spec);
  },
  find: (name) => document.getElementById(name),
};

function mount(place: HTMLElement, spec: Spec): void {
  const waiting = new Map<string, HTMLElement>();
  const form = make('form', {}, make('h1', { textContent: spec.title }));
  for (const { title, fields } of spec.groups) {
    const group = make('fieldset', {}, make('legend', { textContent: title }));
    for (const field of fields) {
      const row = make('div', { className: 'item' }, make('label', { htmlFor: field.name, textContent: field.title }), control(field));
      if (field.shownBy !== undefined) {
        row.hidden = true;
        waiting.set(field.shownBy, row);
      }
      group.append(row);
    }
    form.append(group);
  }
  form.addEventListener('input', ({ target }) => {
    const { id, value } = target as HTMLInputElement;
    const row = waiting.get(id);
    if (row) row.hidden = value !== 'x';
  });
  place.append(form);
}

function control({ name, kind, isRequired }: SpecField): HTMLElement {
  if (kind === 'boolean') return radios(name, ['Yes', 'No']);
  if (kind === 'choice4' || kind === 'choice8') return radios(name, Array.from({ length: kind === 'choice4' ? 4 : 8 }, (_, at) => `Option ${at + 1}`));
  if (kind === 'long-text') return make('textarea', { id: name, rows: 3 });
  return make('input', { id: name, type: 'text', autocomplete: 'off', required: isRequired, inputMode: kind === 'integer' || kind === 'number' ? 'decimal' : '' });
}

function radios(name: string, texts: readonly string[]): HTMLElement {
  return make('span', {}, ...texts.map((text, at) => make('label', {}, make('input', { type: 'radio', name, value: text, ...(at === 0 ? { id: name } : {}) }), text)));
}

function make<K extends keyof HTMLElementTagNameMap>(tag: K, members: Partial<HTMLElementTagNameMap[K]>, ...children: (Node | string)[]): HTMLElementTagNameMap[K] {
  const element = Object.assign(document.createElement(tag), members);
  element.append(...children);
  return element;
}
