/** The keys of the form, in a dialog that `?` opens. */
import { html } from 'lit';
import type { Translate, Word } from '../../text/index.ts';

const keys: readonly (readonly [combination: string, meaning: Word])[] = [
  ['Tab · Enter', 'keys.next'], ['Shift+Tab · Shift+Enter', 'keys.previous'], ['1 … 9', 'keys.choose'], ['Delete', 'keys.clear'],
  ['F8 · Alt+M', 'keys.missing'], ['Alt+N', 'keys.finding'], ['Alt+Shift+N', 'keys.findingBack'], ['Alt+↓', 'keys.open'], ['Ctrl+S · ⌘S', 'keys.save'], ['?', 'keys.help'],
];

export const drawKeyHelp = (t: Translate) => html`<dialog class="help" aria-labelledby="help-h"><h2 id="help-h">${t('keys.title')}</h2>
  <dl>${keys.map(([combination, meaning]) => html`<div><dt>${combination.split(' · ').map((one, index) => html`${index ? ' · ' : ''}<kbd>${one}</kbd>`)}</dt><dd>${t(meaning)}</dd></div>`)}</dl>
  <form method="dialog"><button class="button">${t('keys.close')}</button></form></dialog>`;
