/** One code, or several, of a value set. How they are offered follows from how many there are and how long. */
import { html } from 'lit';
import { checkboxes, LISTED, layoutFor, radios } from './choices.ts';
import './code-search.ts';
import { chosenOf } from './field.ts';
import type { Field, FieldView } from './field.ts';
import { offered } from './option.ts';

export const search = (view: FieldView, options: FieldView['options'], isMultiple: boolean) =>
  html`<crf-code-search .options=${options} .chosen=${chosenOf(view.value)} .isMultiple=${isMultiple} .inputId=${view.id} .label=${view.title} .isRequired=${view.item.required}
    .isInvalid=${view.isInvalid} .describedBy=${view.describedBy} .t=${view.t}></crf-code-search>`;

export const codeField: Field = {
  rank: (item) => (item.type === 'code' ? 10 : 0),
  isGroup: (view) => layoutFor(offered(view.options, chosenOf(view.value))) !== 'search',
  read: ({ value }) => ({ value: value || undefined }),
  render(view) {
    const options = offered(view.options, chosenOf(view.value));
    const layout = layoutFor(options);
    return layout === 'search' ? search(view, options, false) : radios(view, options, chosenOf(view.value), layout);
  },
};

export const codesField: Field = {
  rank: (item) => (item.type === 'codes' ? 10 : 0),
  isGroup: (view) => view.options.length <= LISTED,
  read({ value, checked }: HTMLInputElement, view) {
    const chosen = new Set(chosenOf(view.value));
    if (checked) chosen.add(value);
    else chosen.delete(value);
    return { value: inOrder(view, chosen) };
  },
  render(view) {
    const options = offered(view.options, chosenOf(view.value));
    return options.length > LISTED ? search(view, options, true) : checkboxes(view, options, chosenOf(view.value));
  },
};

/** The chosen codes in the order of the value set, unknown ones last; nothing chosen is not answered. */
function inOrder({ options }: FieldView, chosen: ReadonlySet<string>): readonly string[] | undefined {
  if (chosen.size === 0) return undefined;
  const known = options.flatMap(({ value }) => (chosen.has(value) ? [value] : []));
  return [...known, ...[...chosen].filter((code) => !known.includes(code))];
}
