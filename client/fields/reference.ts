/** Names an entity of the subject: a lesion, a specimen, a picture. What is not there yet can be asked for. */
import { html, nothing } from 'lit';
import type { Word } from '../text/index.ts';
import { LISTED, radios } from './choices.ts';
import { search } from './code.ts';
import { chosenOf } from './field.ts';
import type { Field, FieldView } from './field.ts';

const addable = new Set(['lesion', 'specimen', 'image', 'visit', 'record']);

export const referenceField: Field = {
  rank: (item) => (item.type === 'reference' ? 10 : 0),
  isGroup: (view) => view.options.length <= LISTED,
  read: ({ value }) => ({ value: value || undefined }),
  render: (view) => html`<div class="reference">${picker(view)}${unknown(view)}${addable.has(view.item.refersTo ?? '')
    ? html`<button type="button" class="button plain add" data-action="new-entity">＋ ${view.t(`reference.add.${view.item.refersTo}` as Word)}</button>` : nothing}</div>`,
};

function picker(view: FieldView) {
  if (view.options.length === 0) return html`<p class="meta" id=${view.id} data-entry tabindex="-1">${view.t('reference.none')}</p>`;
  return view.options.length > LISTED ? search(view, view.options, false) : radios(view, view.options, chosenOf(view.value), 'list');
}

/** The value names something that is not in the list, as after a merge: it is said, not hidden. */
function unknown({ value, options, t }: FieldView) {
  return typeof value === 'string' && !options.some((option) => option.value === value)
    ? html`<p class="meta">${t('field.unknownEntity', { id: value.slice(0, 8) })}</p>` : nothing;
}
