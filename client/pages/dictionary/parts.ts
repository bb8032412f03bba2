/** What the pages of the dictionary share: links, files to take away, how it looks on paper. */
import { css, html } from 'lit';
import { to } from '../../places.ts';
import { t } from '../../text/index.ts';

export const dictionaryStyles = css`
  .search { position: relative; display: block; max-width: 640px; margin-bottom: var(--crf-space-5); }
  .search .icon { position: absolute; inset: 12px auto auto 12px; color: var(--crf-ink-2); }
  .search input { width: 100%; padding-inline-start: 40px; }
  a.entry-link { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0 var(--crf-space-4); min-height: var(--crf-target); padding: var(--crf-space-3) var(--crf-space-4); color: inherit; text-decoration: none; border-radius: var(--crf-radius); }
  a.entry-link:hover { background: var(--crf-quiet); }
  a.entry-link:focus-visible { outline-offset: -3px; }
  a.entry-link strong { font-weight: var(--crf-strong); overflow-wrap: anywhere; }
  .links li + li { border-top: 1px solid var(--crf-line); }
  .links li { content-visibility: auto; contain-intrinsic-size: auto 72px; }
  .right { text-align: end; font-variant-numeric: tabular-nums; }
  .files { display: flex; flex-wrap: wrap; gap: var(--crf-space-2); }
  .head + .meta { margin-bottom: var(--crf-space-4); }
  .notice, .notice + .lead { margin-bottom: var(--crf-space-4); }
  .crumbs { margin-bottom: var(--crf-space-1); display: flex; flex-wrap: wrap; gap: 0 var(--crf-space-2); }
  @media print {
    .search, .files, nav, .no-print { display: none !important; }
    .card { border: 0; }
    .links li, .elements > li { content-visibility: visible; break-inside: avoid; }
    a { color: inherit; text-decoration: none; }
  }
`;

/** A column of a repeat is `repeat.column` in an address. */
export const toElement = ({ subDataset, version, path }: { subDataset: string; version: string; path: string }) => to('element', { subDataset, version, path: path.replace('/', '.') });

/** As a workbook, as CSV, on paper. */
export function renderFiles(subDataset?: string) {
  const query = subDataset ? `?subDataset=${encodeURIComponent(subDataset)}` : '';
  return html`<div class="files" role="group" aria-label=${t('dictionary.files')}>
    <a class="button" href="/api/dictionary/files/dictionary.xlsx${query}" download>${t('dictionary.xlsx')}</a>
    <a class="button" href="/api/dictionary/files/elements.csv${query}" download>${t('dictionary.csv')}</a>
    <button type="button" class="button" @click=${() => print()}>${t('dictionary.print')}</button></div>`;
}
