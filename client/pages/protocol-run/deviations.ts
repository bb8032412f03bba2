/** What went otherwise than planned: said plainly, each with its reason. What was recorded once stays, also when the times are corrected. */
import { css, html, nothing } from 'lit';
import type { Protocol, RecordedDeviation, Run } from '../../../schemas/http/protocol-api.ts';
import { momentOf, read } from '../../elements/shell/format.ts';
import { t } from '../../text/index.ts';
import type { Acts } from './acts.ts';
import { recordInWords } from './words.ts';

export const deviationStyles = css`
  .deviation { padding: var(--crf-space-3) var(--crf-space-4); border-inline-start: 4px solid var(--crf-hard); background: var(--crf-surface); border-radius: var(--crf-radius); }
  .deviation + .deviation { margin-top: var(--crf-space-3); }
  .deviation.over { border-color: var(--crf-edge); }
  .deviation form { display: flex; flex-wrap: wrap; align-items: end; gap: var(--crf-space-3); margin-top: var(--crf-space-2); }
  .deviation label { flex: 1 1 320px; }
  .deviation input { width: 100%; min-height: 52px; }
  .deviation .button { min-height: 52px; }
`;

export function renderDeviations(protocol: Protocol, run: Run, { acts, mayWrite, isBusy }: { acts: Acts; mayWrite: boolean; isBusy: boolean }) {
  if (run.deviations.length === 0) return nothing;
  return html`<section id="deviations"><h2>${t('deviations')}</h2>
    ${run.deviations.map((deviation) => html`<div class="deviation ${deviation.reasons.length ? 'over' : ''}" data-deviation=${deviation.key}>
      <p><strong><span aria-hidden="true">▲ </span>${titleOf(protocol, deviation)}</strong> <span class="meta">${about(run, deviation)}</span></p>
      ${deviation.reasons.map(({ reason, by, at }) => html`<p>${reason} <span class="meta">${by} · ${momentOf(at)}</span></p>`)}
      ${deviation.reasons.length === 0 && mayWrite ? html`<form @submit=${(event: SubmitEvent) => explain(event, acts, deviation.key)}>
        <label>${t('deviation.reason')} <span class="meta">${t('deviation.reason.help')}</span><input class="box" name="reason" required maxlength="1000" autocomplete="off" /></label>
        <button class="button primary" ?disabled=${isBusy}>${t('deviation.explain')}</button></form>` : nothing}
    </div>`)}</section>`;
}

export const unexplained = ({ deviations }: Run): number => deviations.filter(({ reasons }) => reasons.length === 0).length;

function titleOf(protocol: Protocol, { of, code }: RecordedDeviation): string {
  const kind = [...protocol.clocks, ...protocol.rules].find(({ id }) => id === of)?.deviation;
  return kind ? read(kind.title) : code;
}

function about(run: Run, { minutes, limit, recordId, recordedAt, holds }: RecordedDeviation): string {
  return [
    recordInWords(run, recordId), minutes === undefined ? '' : t('deviation.minutes', { n: minutes, limit: limit ?? '' }), t('deviation.at', { at: momentOf(recordedAt) }), holds ? '' : t('deviation.corrected'),
  ].filter(Boolean).join(' · ');
}

function explain(event: SubmitEvent, acts: Acts, key: string): void {
  event.preventDefault();
  const form = event.target as HTMLFormElement;
  const reason = String(new FormData(form).get('reason') ?? '').trim();
  if (reason) acts.explain(key, reason);
}
