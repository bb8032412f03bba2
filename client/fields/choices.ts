/** How options are offered: side by side when few and short, in a list, or by typing when looking would take longer. */
import { choiceList } from './choice-list.ts';
import type { FieldView } from './field.ts';
import { widthOf } from './option.ts';
import type { Option } from './option.ts';

/** `pair`: a list in two columns where there is room. */
export type Layout = 'row' | 'list' | 'list pair' | 'search';

/** Room in half-width characters for choices side by side; each takes about three besides its text. */
const ROW_WIDTH = 50;
const ROW = 5;
/** Four or more that are all this short stand in two columns. */
const PAIR_WIDTH = 20;
const PAIR = 4;
/** Past this many, looking for one is slower than typing for it. */
export const LISTED = 8;

const layouts = new WeakMap<readonly Option[], Layout>();

export function layoutFor(options: readonly Option[]): Layout {
  const known = layouts.get(options);
  if (known) return known;
  const layout = measure(options.map(({ text }) => widthOf(text)));
  layouts.set(options, layout);
  return layout;
}

function measure(widths: readonly number[]): Layout {
  if (widths.length > LISTED) return 'search';
  if (widths.length <= ROW && widths.reduce((sum, width) => sum + width + 3, 0) <= ROW_WIDTH) return 'row';
  return widths.length >= PAIR && Math.max(...widths) <= PAIR_WIDTH ? 'list pair' : 'list';
}

export const radios = (view: FieldView, options: readonly Option[], chosen: readonly string[], layout: Exclude<Layout, 'search'>) =>
  choiceList(view, options, chosen, 'radio', layout);

export const checkboxes = (view: FieldView, options: readonly Option[], chosen: readonly string[]) =>
  choiceList(view, options, chosen, 'checkbox', layoutFor(options) === 'list pair' ? 'list pair' : 'list');
