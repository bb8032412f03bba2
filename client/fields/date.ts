/** Dates and times are typed, in any of the usual spellings; a calendar can be opened for whole dates. */
import { html, nothing } from 'lit';
import type { Item } from '../../schemas/form.ts';
import type { Word } from '../text/index.ts';
import { aria } from './aria.ts';
import type { Field, FieldView } from './field.ts';
import { readDate, readPartialDate } from './parse/date.ts';
import type { Reading } from './parse/reading.ts';
import { formatDateTime, homeOffset, readDateTime, readTime } from './parse/time.ts';

interface Kind {
  read(text: string): Reading<string>;
  format(value: string): string;
  hint: Word;
  hasCalendar: boolean;
}

const asItIs = (value: string) => value;
const kinds: { readonly [type in Item['type']]?: Kind } = {
  'date': { read: readDate, format: asItIs, hint: 'field.formatDate', hasCalendar: true },
  'partial-date': { read: readPartialDate, format: asItIs, hint: 'field.formatPartialDate', hasCalendar: true },
  'time': { read: readTime, format: asItIs, hint: 'field.formatTime', hasCalendar: false },
  'date-time': { read: readDateTime, format: formatDateTime, hint: 'field.formatDateTime', hasCalendar: true },
};

export const dateField: Field = {
  rank: (item) => (kinds[item.type] ? 10 : 0),
  isTyped: true,
  read: ({ value }, { item }) => kinds[item.type]?.read(value) ?? { value: undefined },
  render(view) {
    const kind = kinds[view.item.type];
    return html`<input class="box date ${view.item.type}" id=${view.id} data-entry autocomplete="off" inputmode="numeric"
      placeholder=${kind ? view.t(kind.hint) : nothing} .value=${textOf(view, kind)} ${aria(view)}>${
    view.item.type === 'date-time' ? html`<span class="unit" id="${view.id}-u">${offsetOf(view.value)}</span>` : nothing}${
    kind?.hasCalendar ? html`<button type="button" class="icon calendar" data-action="calendar" tabindex="-1" aria-label="${view.t('field.chooseDate')}: ${view.title}"></button>` : nothing}`;
  },
};

const textOf = ({ typed, value }: FieldView, kind: Kind | undefined) => typed ?? (typeof value === 'string' ? kind?.format(value) ?? value : '');

/** The offset that the time is at, small beside the box; ours until another is typed. */
function offsetOf(value: FieldView['value']): string {
  return typeof value === 'string' ? /(Z|[+-]\d\d:\d\d)$/.exec(value.slice(16))?.[0] ?? homeOffset : homeOffset;
}
