/** The keys of every page; a form adds its own. */
import { html } from 'lit';
import { t } from '../../text/index.ts';
import type { Word } from '../../text/index.ts';
import './dialog.ts';

const rows: readonly (readonly [keys: string, word: Word])[] = [
  ['Ctrl K', 'keys.find'], ['/', 'keys.search'], ['?', 'keys.help'], ['Esc', 'keys.close'],
];

export function renderKeys(isOpen: boolean, close: () => void) {
  return html`<crf-dialog .heading=${t('keys')} .open=${isOpen} @close=${close}>
    <table>${rows.map(([keys, word]) => html`<tr><td>${t(word)}</td><td class="end">${keys.split(' ').map((key) => html`<kbd>${key}</kbd> `)}</td></tr>`)}</table>
  </crf-dialog>`;
}
