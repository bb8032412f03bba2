/** Radio buttons and checkboxes, native: side by side when few and short, else a list. */
import { html, nothing } from 'lit';
import type { FieldView } from './field.ts';
import { widthOf } from './option.ts';
import type { Option } from './option.ts';

export type Layout = 'row' | 'list';

/** Room in half-width characters for choices side by side; each takes about three besides its text. */
const ROW_WIDTH = 50;
const ROW = 5;
/** Past this many, looking for one is slower than typing for it. */
export const LISTED = 8;

export function layoutFor(options: readonly Option[]): Layout | 'search' {
  const width = options.reduce((sum, { text }) => sum + widthOf(text) + 3, 0);
  if (options.length <= ROW && width <= ROW_WIDTH) return 'row';
  return options.length <= LISTED ? 'list' : 'search';
}

export const radios = (view: FieldView, options: readonly Option[], chosen: string | undefined, layout: Layout) =>
  html`<div class="choices ${layout}" role="radiogroup" data-entry aria-labelledby="${view.id}-l" aria-required=${view.item.required}
    aria-invalid=${view.isInvalid} aria-describedby=${view.describedBy}>${options.map(({ value, text, thumbnail }) =>
    html`<label class="choice"><input type="radio" name=${view.id} .value=${value} .checked=${value === chosen}><span>${
      picture(thumbnail)}${text}</span></label>`)}</div>`;

export const checkboxes = (view: FieldView, options: readonly Option[], chosen: readonly string[]) =>
  html`<div class="choices list" role="group" data-entry aria-labelledby="${view.id}-l" aria-describedby=${view.describedBy}>${
    options.map(({ value, text }) =>
      html`<label class="choice"><input type="checkbox" .value=${value} .checked=${chosen.includes(value)}
        aria-invalid=${view.isInvalid}><span>${text}</span></label>`)}</div>`;

const picture = (address: string | undefined) => (address ? html`<img class="thumbnail" src=${address} alt="" loading="lazy">` : nothing);
