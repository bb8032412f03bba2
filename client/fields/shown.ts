/** What is shown and not entered: calculated values, values that come from elsewhere, and everything of a form that is only read. */
import { html, nothing } from 'lit';
import type { Word } from '../text/index.ts';
import { codeFinder } from './code-finder.ts';
import './code-names.ts';
import { chosenOf } from './field.ts';
import type { Field, FieldView } from './field.ts';
import { formatValue } from './format.ts';

const output = (view: FieldView, text: unknown) =>
  html`<output class="value" id=${view.id} data-entry tabindex=${view.isReadonly ? 0 : -1} aria-labelledby="${view.id}-l" aria-describedby=${view.describedBy ?? nothing}>${text}</output>`;

function textOf({ value, item, options, set, codes, language, t }: FieldView): unknown {
  if (value === undefined) return '';
  if (set?.open) return html`<crf-code-names .finder=${codeFinder(set, codes, language, t)} .values=${chosenOf(value)} .t=${t}></crf-code-names>`;
  return formatValue(item, value, options, t);
}

/** Looks calculated, and says from which items, or which of them it still waits for. */
export const calculatedField: Field = {
  rank: (item) => (item.calculate ? 40 : 0),
  isGroup: () => true,
  render(view) {
    const isWaiting = view.value === undefined && view.waiting.length > 0;
    const names = fewOf(isWaiting ? view.waiting : view.inputs, view.t);
    return html`<div class="shown calculated">${output(view, textOf(view) || '—')}<span class="origin" id="${view.id}-o">${
      isWaiting ? view.t('field.waiting', { names }) : names ? view.t('field.from', { names }) : view.t('field.calculated')}</span></div>`;
  },
};

/** A sum over thirty charges need not name them all. */
function fewOf(names: readonly string[], t: FieldView['t']): string {
  const most = 4;
  const few = names.slice(0, names.length > most + 1 ? most : names.length).join(t('list.comma'));
  return names.length > most + 1 ? t('list.more', { names: few, n: names.length - most }) : few;
}

/** Known already to the subject, visit, site or person; never stored here. Withheld looks withheld, not empty. */
export const boundField: Field = {
  rank: (item) => (item.bind ? 50 : 0),
  isGroup: () => true,
  render: (view) => html`<div class="shown bound">${view.isWithheld
    ? html`<output class="value withheld" id=${view.id} data-entry tabindex="-1" aria-labelledby="${view.id}-l"><span aria-hidden="true">●●●</span> <span class="word">${view.t('field.withheld')}</span></output>`
    : isLacking(view) ? addKnown(view) : output(view, view.shown ?? (textOf(view) || '—'))}${isLacking(view) ? nothing : html`<span class="origin">${sourceOf(view)}</span>`}</div>`,
};

const isLacking = ({ isAddable, isWithheld, shown, value }: FieldView) => isAddable && !isWithheld && shown === undefined && value === undefined;

/** One press leads to where it is kept, and back. */
const addKnown = ({ id, item, t }: FieldView) =>
  html`<button type="button" class="button plain add known-add" id=${id} data-entry data-action="add-known" aria-labelledby="${id}-l ${id}" title=${sourceOf({ item, t })}>${t('known.add')}</button>`;

/** Any item of a form that may not be changed. */
export const readonlyField: Field = {
  rank: (item, isReadonly) => (isReadonly && !item.capture && item.type !== 'image' ? 30 : 0),
  isGroup: () => true,
  render: (view) => html`<div class="shown">${output(view, textOf(view) || '—')}</div>`,
};

const sources = new Set(['subject', 'visit', 'site', 'person', 'lesion', 'specimen', 'image', 'record']);

function sourceOf({ item, t }: Pick<FieldView, 'item' | 't'>) {
  const kind = item.bind?.split('.')[0] ?? '';
  return sources.has(kind) ? t('field.bound', { source: t(`source.${kind}` as Word) }) : '';
}
