/** Yes or no, side by side; unanswered until one is chosen. */
import type { Field } from './field.ts';
import type { Option } from './option.ts';
import { radios } from './choices.ts';
import type { Translate } from '../text/index.ts';

const byLanguage = new Map<Translate, readonly Option[]>();

function optionsOf(t: Translate): readonly Option[] {
  const known = byLanguage.get(t);
  if (known) return known;
  const options = [{ value: 'true', text: t('field.yes'), search: '' }, { value: 'false', text: t('field.no'), search: '' }];
  byLanguage.set(t, options);
  return options;
}

export const booleanField: Field = {
  rank: (item) => (item.type === 'boolean' ? 10 : 0),
  isGroup: () => true,
  read: ({ value }) => ({ value: value === 'true' }),
  render: (view) => radios(view, optionsOf(view.t), view.value === undefined ? [] : [String(view.value)], 'row'),
};
