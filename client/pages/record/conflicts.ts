/** Two people changed the same place: both values side by side, one is chosen for each. Neither is lost, the other stays in the history. */
import { css, html, nothing } from 'lit';
import type { Form, Item, Pointer, Value } from '../../../schemas/form.ts';
import type { Conflict } from '../../../schemas/http/api.ts';
import '../../elements/shell/dialog.ts';
import { momentOf, read } from '../../elements/shell/format.ts';
import { formatValue } from '../../fields/format.ts';
import { codeOptions, entityOptions } from '../../fields/option.ts';
import type { Entity } from '../../fields/option.ts';
import { pageLanguage, t } from '../../text/index.ts';

export const conflictStyles = css`
  .sides { display: grid; grid-template-columns: 1fr 1fr; gap: var(--crf-space-3); margin: var(--crf-space-2) 0 var(--crf-space-5); }
  .side { display: flex; flex-direction: column; gap: var(--crf-space-1); padding: var(--crf-space-3) var(--crf-space-4); border: 1px solid var(--crf-line); border-radius: var(--crf-radius); }
  .side .value { flex: 1; font-size: var(--crf-text-3); overflow-wrap: anywhere; }
  .side .button { margin-top: var(--crf-space-2); white-space: normal; }
  @media (max-width: 480px) { .sides { grid-template-columns: 1fr; } }
`;

interface ConflictsView {
  form: Form;
  entities: readonly Entity[];
  conflicts: readonly Conflict[];
  resolve: (pointer: Pointer, keep: 'mine' | 'theirs') => void;
}

export function renderConflicts({ form, entities, conflicts, resolve }: ConflictsView) {
  return html`<crf-dialog wide isHeld .heading=${t('conflict.title')} .open=${conflicts.length > 0}>
    <p>${t('conflict.explain')}</p><br />
    ${conflicts.map(({ pointer, yours, theirs, by, at }) => {
      const item = itemAt(form, pointer);
      const show = (value: Value | undefined) => (value === undefined ? t('conflict.empty') : item ? formatValue(item, value, optionsOf(form, entities, item), t) : String(value));
      return html`<h3>${item ? read(item.title) : pointer}</h3><div class="sides">
        <div class="side"><span class="meta">${t('conflict.yours')}</span><span class="value">${show(yours)}</span>
          <button class="button" type="button" @click=${() => resolve(pointer, 'mine')}>${t('conflict.keep')}</button></div>
        <div class="side"><span class="meta">${t('conflict.theirs', { by })} · <time datetime=${at}>${momentOf(at)}</time></span><span class="value">${show(theirs)}</span>
          <button class="button" type="button" @click=${() => resolve(pointer, 'theirs')}>${t('conflict.take')}</button></div></div>`;
    })}${conflicts.length === 0 ? nothing : html`<p class="meta" role="status">${t('conflict.left', { n: conflicts.length })}</p>`}</crf-dialog>`;
}

/** The item at a pointer; inside a repeat the second part is a row's id. */
export function itemAt(form: Form | undefined, pointer: Pointer): Item | undefined {
  const [, key, , inner] = pointer.split('/');
  const item = form?.items.find((each) => each.key === key);
  return inner === undefined ? item : item?.items?.find((each) => each.key === inner);
}

function optionsOf(form: Form, entities: readonly Entity[], item: Item) {
  const valueSet = item.valueSet ? form.valueSets[item.valueSet] : undefined;
  return valueSet ? codeOptions(valueSet, pageLanguage(), t) : entityOptions(entities, item.type === 'image' ? 'image' : item.refersTo);
}
