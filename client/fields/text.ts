/** One line or several lines of text. Nothing is cut off: what is too long stays and is a finding. */
import { html } from 'lit';
import type { Value } from '../../schemas/form.ts';
import { aria } from './aria.ts';
import type { Field, FieldView } from './field.ts';
import type { Reading } from './parse/reading.ts';

const textOf = ({ typed, value }: FieldView) => typed ?? (typeof value === 'string' ? value : '');
const read = (control: { value: string }): Reading<Value> => ({ value: control.value.trim() || undefined });

export const textField: Field = {
  rank: (item) => (item.type === 'text' ? 10 : 0),
  isTyped: true,
  read,
  render: (view) => html`<input class="box line" id=${view.id} data-entry autocomplete="off" .value=${textOf(view)} ${aria(view)}>`,
};

export const longTextField: Field = {
  rank: (item) => (item.type === 'long-text' ? 10 : 0),
  isTyped: true,
  read,
  render: (view) => html`<textarea class="box line" id=${view.id} data-entry rows="3" .value=${textOf(view)} ${aria(view)}></textarea>`,
};
