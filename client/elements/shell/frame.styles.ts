import { css } from 'lit';

export const frameStyles = css`
  :host { display: flex; flex-direction: column; min-height: 100dvh; }
  .skip { position: absolute; z-index: 20; inset: var(--crf-space-2) auto auto var(--crf-space-2); }

  header {
    position: sticky; top: 0; z-index: 10; display: flex; align-items: center; gap: var(--crf-space-1); height: 56px; padding: 0 var(--crf-space-4);
    background: var(--crf-surface); border-bottom: 1px solid var(--crf-line);
  }
  .site { position: relative; display: flex; align-items: center; min-width: 0; max-width: 280px; margin-inline-end: var(--crf-space-4); font-weight: var(--crf-strong); white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
  .site select { width: 100%; min-height: var(--crf-target); padding: 0 28px 0 0; border: 0; border-radius: var(--crf-radius); background: none; font-weight: inherit; appearance: none; text-overflow: ellipsis; cursor: pointer; }
  .site option { color: var(--crf-ink); background: var(--crf-surface); font-weight: var(--crf-weight); }
  .choose .icon { position: absolute; inset-inline-end: 4px; pointer-events: none; color: var(--crf-ink-2); }

  nav a { color: var(--crf-ink-2); text-decoration: none; }
  nav a:hover { color: var(--crf-ink); }
  nav.wide { display: flex; align-self: stretch; gap: var(--crf-space-1); }
  nav.wide a { position: relative; display: flex; align-items: center; padding: 0 var(--crf-space-3); }
  nav.wide .icon { display: none; }
  nav a[aria-current] { color: var(--crf-ink); font-weight: var(--crf-strong); }
  nav.wide a[aria-current]::after { content: ""; position: absolute; inset: auto var(--crf-space-3) -1px; height: 3px; border-radius: 3px 3px 0 0; background: var(--crf-accent); }

  .gap { flex: 1; }
  .tool { display: inline-flex; align-items: center; gap: var(--crf-space-2); min-width: var(--crf-target); height: var(--crf-target); justify-content: center; padding: 0 var(--crf-space-2); border: 0; border-radius: var(--crf-radius); background: none; color: var(--crf-ink-2); white-space: nowrap; }
  .tool:hover { background: var(--crf-quiet); color: var(--crf-ink); }
  kbd { font: inherit; font-size: var(--crf-text-1); padding: 0 6px; border: 1px solid var(--crf-line); border-radius: 4px; }

  main { flex: 1; min-width: 0; }
  main:focus-visible { outline: none; }
  footer { display: flex; flex-wrap: wrap; gap: 0 var(--crf-space-2); padding: var(--crf-space-3) var(--crf-space-5); border-top: 1px solid var(--crf-line); color: var(--crf-ink-2); font-size: var(--crf-text-1); }
  footer span:not(:last-child)::after { content: "·"; margin-inline-start: var(--crf-space-2); }
  .tabs { display: none; }

  @media (max-width: 900px) {
    kbd.wide { display: none; }
    .site { max-width: 220px; }
  }
  @media (max-width: 720px) {
    header { position: static; height: 52px; padding: 0 var(--crf-space-2) 0 var(--crf-space-4); }
    nav.wide { display: none; }
    .site { max-width: none; flex: 0 1 auto; margin: 0; }
    footer { padding: var(--crf-space-3) var(--crf-space-4) calc(72px + env(safe-area-inset-bottom)); }
    .tabs { position: fixed; inset: auto 0 0; z-index: 10; display: flex; padding-bottom: env(safe-area-inset-bottom); background: var(--crf-surface); border-top: 1px solid var(--crf-line); }
    .tabs a { position: relative; flex: 1; display: flex; flex-direction: column; align-items: center; justify-content: center; min-height: 56px; font-size: var(--crf-text-1); line-height: 1.3; }
    .tabs a[aria-current] { color: var(--crf-accent); }
    .tabs a[aria-current]::before { content: ""; position: absolute; top: -1px; width: 40px; height: 3px; border-radius: 0 0 3px 3px; background: var(--crf-accent); }
  }
  /* A form has its own line of buttons at the foot; the way back stands at its head. */
  :host([isForm]) .tabs { display: none; }
  :host([isForm]) footer { padding-bottom: var(--crf-space-3); }
  @media print { header, footer, .tabs { display: none; } }
`;
