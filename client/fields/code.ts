/** One code, or several, of a value set. How they are offered follows from how many there are and how long. */
import { html } from 'lit';
import { checkboxes, LISTED, layoutFor, radios } from './choices.ts';
import { codeFinder } from './code-finder.ts';
import './code-search.ts';
import { chosenOf } from './field.ts';
import type { Field, FieldView } from './field.ts';
import { optionFinder } from './finder.ts';
import type { Finder } from './finder.ts';
import { offered } from './option.ts';

export const search = (view: FieldView, options: FieldView['options'], isMultiple: boolean) => searchBox(view, optionFinder(options), isMultiple);

const searchBox = (view: FieldView, finder: Finder, isMultiple: boolean) =>
  html`<crf-code-search .finder=${finder} .chosen=${chosenOf(view.value)} .isMultiple=${isMultiple} .inputId=${view.id} .label=${view.title} .isRequired=${view.item.required}
    .isInvalid=${view.isInvalid} .describedBy=${view.describedBy} .t=${view.t}></crf-code-search>`;

/** In the codes of the form, and for an open set in what the hospital imported. */
const searchCodes = (view: FieldView, isMultiple: boolean) => searchBox(view, view.set ? codeFinder(view.set, view.codes, view.language, view.t) : optionFinder(view.options), isMultiple);

/** An open set is never shown whole, however little of it is here. */
const isSearched = (view: FieldView, chosen: readonly string[]) => view.set?.open !== undefined || layoutFor(offered(view.options, chosen)) === 'search';

export const codeField: Field = {
  rank: (item) => (item.type === 'code' ? 10 : 0),
  isGroup: (view) => !isSearched(view, chosenOf(view.value)),
  read: ({ value }) => ({ value: value || undefined }),
  render(view) {
    const chosen = chosenOf(view.value);
    const options = offered(view.options, chosen);
    const layout = layoutFor(options);
    return isSearched(view, chosen) || layout === 'search' ? searchCodes(view, false) : radios(view, options, chosen, layout);
  },
};

export const codesField: Field = {
  rank: (item) => (item.type === 'codes' ? 10 : 0),
  isGroup: (view) => !view.set?.open && view.options.length <= LISTED,
  read({ value, checked }: HTMLInputElement, view) {
    const chosen = new Set(chosenOf(view.value));
    if (checked) chosen.add(value);
    else chosen.delete(value);
    return { value: inOrder(view, chosen) };
  },
  render(view) {
    const options = offered(view.options, chosenOf(view.value));
    return view.set?.open || options.length > LISTED ? searchCodes(view, true) : checkboxes(view, options, chosenOf(view.value));
  },
};

/** The chosen codes in the order of the value set, unknown ones last; nothing chosen is not answered. */
function inOrder({ options }: FieldView, chosen: ReadonlySet<string>): readonly string[] | undefined {
  if (chosen.size === 0) return undefined;
  const known = options.flatMap(({ value }) => (chosen.has(value) ? [value] : []));
  return [...known, ...[...chosen].filter((code) => !known.includes(code))];
}
