/** Numbers with their unit beside them. A text box and not `type=number`, which hides what it cannot read and turns with the wheel. */
import { html, nothing } from 'lit';
import { aria } from './aria.ts';
import type { Field, FieldView } from './field.ts';
import { formatNumber, readInteger, readNumber } from './parse/number.ts';
import { unitText } from './unit.ts';

const textOf = ({ typed, value }: FieldView) => typed ?? (typeof value === 'number' ? formatNumber(value) : '');

export const numberField: Field = {
  rank: (item) => (item.type === 'number' || item.type === 'integer' ? 10 : 0),
  isTyped: true,
  read: ({ value }, { item }) => (item.type === 'integer' ? readInteger : readNumber)(value, item.unit),
  render: (view) => html`<input class="box number" id=${view.id} data-entry autocomplete="off"
      inputmode=${view.item.type === 'integer' ? 'numeric' : 'decimal'} .value=${textOf(view)} ${aria(view)}>${
    view.item.unit ? html`<span class="unit" id="${view.id}-u">${unitText(view.item.unit, view.t, view.item.title.zh)}</span>` : nothing}`,
};
