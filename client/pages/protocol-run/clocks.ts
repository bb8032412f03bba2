/** The clocks of a run, to be read at arm's length. Never colour alone: each state has a shape and a word. */
import { css, html, nothing } from 'lit';
import type { Protocol, Run } from '../../../schemas/http/protocol-api.ts';
import type { ClockState } from '../../../schemas/protocol/run.ts';
import { t } from '../../text/index.ts';
import { recordInWords, titleOf } from './words.ts';

export const clockStyles = css`
  .clocks { display: grid; grid-template-columns: repeat(auto-fill, minmax(240px, 1fr)); gap: var(--crf-space-4); }
  .clock { display: flex; flex-direction: column; padding: var(--crf-space-3) var(--crf-space-4); border: 1px solid var(--crf-line); border-radius: var(--crf-radius); background: var(--crf-surface); }
  .clock h3 { font-size: var(--crf-text-3); }
  .clock .time { font-size: clamp(2.75rem, 7vw, 4rem); font-weight: var(--crf-strong); line-height: 1.15; font-variant-numeric: tabular-nums; }
  .clock .seconds { font-size: 0.5em; color: var(--crf-ink-2); }
  .clock .said { font-size: var(--crf-text-3); font-weight: var(--crf-strong); }
  .clock .bar { appearance: none; inline-size: 100%; height: 8px; margin: var(--crf-space-2) 0; border: 0; border-radius: 4px; background: var(--crf-line); overflow: hidden; color: var(--crf-accent); }
  .clock .bar::-webkit-progress-bar { background: var(--crf-line); }
  .clock .bar::-webkit-progress-value { background: currentColor; }
  .clock .bar::-moz-progress-bar { background: currentColor; }
  .clock.warned { border-color: var(--crf-soft); background: var(--crf-soft-quiet); box-shadow: inset 0 0 0 2px var(--crf-soft); }
  .clock.warned .said, .clock.warned .bar { color: var(--crf-soft); }
  .clock.exceeded, .clock.wrong { border-color: var(--crf-hard); background: var(--crf-hard-quiet); box-shadow: inset 0 0 0 3px var(--crf-hard); }
  .clock.exceeded :is(.said, .bar), .clock.late :is(.said, .bar), .clock.wrong .said { color: var(--crf-hard); }
  .clock.stopped :is(.said, .bar) { color: var(--crf-ok); }
  .clock.stopped, .clock.late { padding-block: var(--crf-space-2); }
  .clock.stopped .time, .clock.late .time { font-size: var(--crf-text-5); }
`;

const shapes: { readonly [state in ClockState['state']]: string } = { waiting: '○', running: '▶', warned: '◆', exceeded: '▲', stopped: '✓', late: '▲', wrong: '✕' };

/** Those that have begun; what is urgent comes first, what is over last. */
export function orderClocks(clocks: readonly ClockState[]): ClockState[] {
  const rank: { readonly [state in ClockState['state']]: number } = { exceeded: 0, wrong: 1, warned: 2, running: 3, late: 4, stopped: 5, waiting: 6 };
  return clocks.filter(({ state }) => state !== 'waiting').sort((a, b) => rank[a.state] - rank[b.state] || (a.left ?? Infinity) - (b.left ?? Infinity));
}

export function renderClocks(protocol: Protocol, run: Run, clocks: readonly ClockState[], secondsOf: (clock: ClockState) => number) {
  const shown = orderClocks(clocks);
  if (shown.length === 0) return html`<p class="meta">${t('clock.none')}</p>`;
  return html`<div class="clocks">${shown.map((clock) => renderClock(protocol, run, clock, secondsOf(clock)))}</div>`;
}

function renderClock(protocol: Protocol, run: Run, clock: ClockState, seconds: number) {
  const { state, minutes, limit, target } = clock;
  const isRunning = clock.to === undefined && run.status === 'running' && state !== 'wrong';
  const title = [titleOf(protocol.clocks, clock.id), recordInWords(run, clock.recordId)].filter(Boolean).join(' · ');
  const bounds = limit === undefined ? t('clock.no-limit') : [target === undefined ? '' : t('clock.target', { n: target }), t('clock.limit', { n: limit })].filter(Boolean).join(' · ');
  return html`<div class="clock ${state}" data-clock=${clock.id}>
    <h3>${title}</h3>
    ${minutes === undefined ? nothing : html`<p class="time" role="timer" aria-live="off" aria-label="${title} ${t('clock.minutes', { n: minutes })}">${isRunning ? html`${minutes}<span class="seconds">:${String(seconds).padStart(2, '0')}</span>` : t('clock.minutes', { n: minutes })}</p>`}
    <p class="said"><span aria-hidden="true">${shapes[state]}</span> ${said(clock)}</p>
    ${limit === undefined || minutes === undefined ? nothing : html`<progress class="bar" max=${Math.max(limit, 1)} .value=${Math.min(minutes, limit)} aria-hidden="true"></progress>`}
    <p class="meta">${bounds}</p>
  </div>`;
}

function said({ state, left = 0, limit }: ClockState): string {
  switch (state) {
    case 'running': return limit === undefined ? t('run.running') : t('clock.left', { n: left });
    case 'warned': return t('clock.left', { n: left });
    case 'exceeded': return t('clock.over', { n: -left });
    case 'late': return t('clock.late', { n: -left });
    case 'stopped': return limit === undefined ? t('clock.stopped') : t('clock.in-time');
    case 'wrong': return t('clock.wrong');
    case 'waiting': return '';
  }
}
