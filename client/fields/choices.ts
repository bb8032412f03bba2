/** How options are offered: side by side when few and short, in a list, or by typing when looking would take longer. */
import { choiceList } from './choice-list.ts';
import type { FieldView } from './field.ts';
import { widthOf } from './option.ts';
import type { Option } from './option.ts';

export type Layout = 'row' | 'list' | 'search';

/** Room in half-width characters for choices side by side; each takes about three besides its text. */
const ROW_WIDTH = 50;
const ROW = 5;
/** Past this many, looking for one is slower than typing for it. */
export const LISTED = 8;

const layouts = new WeakMap<readonly Option[], Layout>();

export function layoutFor(options: readonly Option[]): Layout {
  const known = layouts.get(options);
  if (known) return known;
  const width = options.reduce((sum, { text }) => sum + widthOf(text) + 3, 0);
  const layout = options.length <= ROW && width <= ROW_WIDTH ? 'row' : options.length <= LISTED ? 'list' : 'search';
  layouts.set(options, layout);
  return layout;
}

export const radios = (view: FieldView, options: readonly Option[], chosen: readonly string[], layout: 'row' | 'list') =>
  choiceList(view, options, chosen, 'radio', layout);

export const checkboxes = (view: FieldView, options: readonly Option[], chosen: readonly string[]) =>
  choiceList(view, options, chosen, 'checkbox', 'list');
