/** What the pages share beyond the base: the page's own head, cards, tables, notices, tags, small forms in dialogs. */
import { css } from 'lit';

export const sheet = css`
  :host { max-width: 1120px; margin: 0 auto; padding: var(--crf-space-5) var(--crf-space-5) var(--crf-space-7); }
  .icon { flex: none; }

  .head { display: flex; flex-wrap: wrap; align-items: center; gap: var(--crf-space-2) var(--crf-space-4); margin-bottom: var(--crf-space-5); }
  .head h1 { flex: 1 1 auto; }
  .lead { color: var(--crf-ink-2); max-width: 60ch; }
  .narrow { max-width: 560px; }
  .row { display: flex; flex-wrap: wrap; align-items: center; gap: var(--crf-space-3); }
  .stack > * + * { margin-top: var(--crf-space-4); }
  .card { background: var(--crf-surface); border: 1px solid var(--crf-line); border-radius: var(--crf-radius); }
  .card > .inside, .inside { padding: var(--crf-space-4) var(--crf-space-5); }
  section + section { margin-top: var(--crf-space-6); }
  section > h2 { margin-bottom: var(--crf-space-3); }

  table { width: 100%; border-collapse: collapse; }
  caption { text-align: start; }
  th, td { padding: var(--crf-space-3) var(--crf-space-4); text-align: start; vertical-align: baseline; }
  th { color: var(--crf-ink-2); font-size: var(--crf-text-1); font-weight: var(--crf-weight); white-space: nowrap; }
  thead th { border-bottom: 1px solid var(--crf-line); }
  tbody tr + tr > * { border-top: 1px solid var(--crf-line); }
  td.end, th.end { text-align: end; }

  .field { display: block; }
  .field + .field { margin-top: var(--crf-gap); }
  .field > label, .label { display: block; margin-bottom: var(--crf-space-1); font-weight: var(--crf-strong); }
  .field .box { width: 100%; }
  .field .meta { margin-top: var(--crf-space-1); }
  .error { color: var(--crf-hard); font-size: var(--crf-text-1); margin-top: var(--crf-space-1); }
  .error::before { content: "▲ "; }

  .choice { display: flex; align-items: center; gap: var(--crf-space-2); min-height: var(--crf-target); cursor: pointer; }
  .choice input { width: 18px; height: 18px; margin: 0; accent-color: var(--crf-accent); flex: none; }

  .notice { padding: var(--crf-space-3) var(--crf-space-4); border-inline-start: 4px solid var(--crf-edge); border-radius: var(--crf-radius); background: var(--crf-quiet); }
  .notice.hard { border-color: var(--crf-hard); background: var(--crf-hard-quiet); }
  .notice.soft { border-color: var(--crf-soft); background: var(--crf-soft-quiet); }
  .notice.ok { border-color: var(--crf-ok); background: var(--crf-ok-quiet); }
  .notice strong { font-weight: var(--crf-strong); }

  .tag { display: inline-flex; align-items: center; gap: 6px; font-size: var(--crf-text-1); line-height: 1.4; color: var(--crf-ink-2); white-space: nowrap; }
  .tag.hard { color: var(--crf-hard); }
  .tag.soft { color: var(--crf-soft); }
  .tag.ok { color: var(--crf-ok); }

  .end-row { display: flex; justify-content: flex-end; flex-wrap: wrap; gap: var(--crf-space-3); margin-top: var(--crf-space-5); }

  @media (max-width: 640px) {
    :host { padding: var(--crf-space-4) var(--crf-space-4) var(--crf-space-6); }
    .inside { padding: var(--crf-space-4); }
    .head { margin-bottom: var(--crf-space-4); }
  }
`;
