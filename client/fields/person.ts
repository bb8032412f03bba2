/** Somebody of the staff, by reference: found by name, first of all the person signed in. A name is never typed into a record. */
import { html } from 'lit';
import './code-names.ts';
import './code-search.ts';
import { chosenOf } from './field.ts';
import type { Field, FieldView } from './field.ts';
import { optionFinder } from './finder.ts';
import { personFinder } from './person-finder.ts';

const finderOf = ({ people, options, t }: FieldView) => (people ? personFinder(people, t) : optionFinder(options));

export const personField: Field = {
  rank: (item, isReadonly) => (item.type === 'reference' && item.refersTo === 'person' && !isReadonly ? 20 : 0),
  render: (view) => html`<crf-code-search .finder=${finderOf(view)} .chosen=${chosenOf(view.value)} .isMultiple=${false} .inputId=${view.id} .label=${view.title} .isRequired=${view.item.required}
    .isInvalid=${view.isInvalid} .describedBy=${view.describedBy} .placeholder=${view.t('person.placeholder')} .t=${view.t}></crf-code-search>`,
};

/** The same where it is only read. */
export const personShownField: Field = {
  rank: (item, isReadonly) => (item.type === 'reference' && item.refersTo === 'person' && isReadonly ? 35 : 0),
  isGroup: () => true,
  render: (view) => html`<div class="shown"><output class="value" id=${view.id} data-entry tabindex="0" aria-labelledby="${view.id}-l">${
    view.value === undefined ? '—' : html`<crf-code-names .finder=${finderOf(view)} .values=${chosenOf(view.value)} .t=${view.t}></crf-code-names>`}</output></div>`,
};
