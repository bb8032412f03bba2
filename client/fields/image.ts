/** A picture is a big tile: press to take one, drop or choose a file. The picture itself is another's work; the value is its id. */
import { html, nothing } from 'lit';
import type { Field, FieldView } from './field.ts';

export const imageField: Field = {
  rank: (item) => (item.type === 'image' || item.capture ? 45 : 0),
  isGroup: () => true,
  render: (view) => (typeof view.value === 'string' ? taken(view, view.value) : view.isReadonly
    ? html`<output class="value" id=${view.id} data-entry tabindex="-1" aria-labelledby="${view.id}-l">—</output>` : empty(view)),
};

const empty = (view: FieldView) => html`<div class="tile" data-drop>
  <button type="button" class="take" id=${view.id} data-entry data-action="capture" aria-labelledby="${view.id}-l ${view.id}-take" aria-describedby=${view.describedBy ?? nothing}>
    <span class="lens" aria-hidden="true"></span><span id="${view.id}-take">${view.t('image.take')}</span></button>
  <div class="or">${file(view)}<span class="meta">${view.t('image.drop')}</span></div></div>`;

function taken(view: FieldView, id: string) {
  const { t, isReadonly, options, title } = view;
  const found = options.find(({ value }) => value === id);
  return html`<div class="tile taken" data-drop>
    ${found?.thumbnail ? html`<img src=${found.thumbnail} alt=${`${title}: ${found.text}`}>` : html`<span class="lens" aria-hidden="true"></span>`}
    <div class="or"><output class="value" id=${view.id} data-entry tabindex="-1" aria-labelledby="${view.id}-l" aria-describedby=${view.describedBy ?? nothing}>${found?.text ?? t('image.taken')}</output>${isReadonly ? nothing
      : html`<button type="button" class="button" data-action="capture">${t('image.retake')}</button>${file(view)}
        <button type="button" class="button plain" data-action="clear">${t('image.remove')}</button>`}</div></div>`;
}

const file = ({ id, t }: FieldView) => html`<label class="button plain"><input class="sr-only" type="file" id="${id}-file" accept="image/*" data-file>${t('image.choose')}</label>`;
