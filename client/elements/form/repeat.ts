/** A repeat: one card for each row, with its own items. Removing asks once, in place. */
import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Item, Pointer, Row } from '../../../schemas/form.ts';
import type { Translate } from '../../text/index.ts';

export interface RepeatView {
  item: Item;
  pointer: Pointer;
  id: string;
  title: string;
  rows: readonly Row[];
  isReadonly: boolean;
  /** Row that is about to be removed. */
  asked: string | undefined;
  t: Translate;
  /** Draws one item of a row. */
  part(pointer: Pointer): unknown;
  findings: unknown;
  reason: unknown;
}

export function drawRepeat(view: RepeatView) {
  const { id, title, rows, t, pointer } = view;
  return html`<div class="item repeat ${view.item.required && !view.isReadonly ? 'required' : ''}" data-pointer=${pointer} role="group" aria-labelledby="${id}-l">
    <h3 class="label" id="${id}-l">${title}</h3>
    ${rows.length === 0 ? html`<p class="meta">${t('repeat.empty')}</p>` : nothing}
    ${repeat(rows, ({ rowId }) => rowId, (row, index) => card(view, row, index + 1))}
    <div class="entry">${view.isReadonly ? nothing : html`<button type="button" class="button" id=${id} data-entry data-action="add-row">＋ ${t('repeat.add')}</button>`}${view.reason}</div>
    ${view.findings}</div>`;
}

function card(view: RepeatView, { rowId }: Row, n: number) {
  const { t, pointer, item, isReadonly } = view;
  const place = `${pointer}/${rowId}`;
  const cells = (item.items ?? []).map(({ key }) => view.part(`${place}/${key}`));
  return html`<div class=${item.display === 'table' ? 'card close' : 'card'} role="group" aria-label=${`${view.title} ${t('repeat.row', { n })}`} data-row=${rowId}>
    <div class="card-head"><span class="number">${t('repeat.row', { n })}</span>${isReadonly ? nothing : view.asked === rowId
      ? html`<span role="alert">${t('repeat.sure')}</span><button type="button" class="button" data-action="remove-row">${t('repeat.yes')}</button>
        <button type="button" class="button" data-action="keep-row">${t('repeat.keep')}</button>`
      : html`<button type="button" class="button plain" data-action="ask-row" aria-label=${t('repeat.remove', { n })}>${t('repeat.yes')}</button>`}</div>
    ${item.display === 'table' ? html`<div class="cells">${cells}</div>` : cells}</div>`;
}
