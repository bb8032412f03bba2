/** The capture screen: dark whatever the theme, because a bright frame spoils the eye for the picture. */
import { css } from 'lit';

export const captureStyles = css`
  :host { --ground: #101214; --panel: #1b1f23; --ink: #f4f5f6; --quiet: #b9c0c7; --edge: #434a52; --accent: #7fb4ff; --warn: #ffc46b; }
  dialog { border: 0; padding: 0; margin: 0; width: 100vw; height: 100dvh; max-width: none; max-height: none; background: var(--ground); color: var(--ink);
    font: 16px/1.5 var(--crf-font, system-ui, sans-serif); overflow: hidden; }
  dialog::backdrop { background: var(--ground); }
  .screen { display: grid; height: 100%; grid-template-rows: auto 1fr auto; }
  header, footer { display: flex; align-items: center; gap: 12px; padding: 8px 16px; }
  header { justify-content: space-between; }
  h2 { font-size: 16px; font-weight: 600; margin: 0; }
  footer { justify-content: center; padding: 12px 16px max(16px, env(safe-area-inset-bottom)); display: grid; grid-template-columns: 1fr auto 1fr; }
  footer > :first-child { justify-self: start; }
  footer > :last-child { justify-self: end; }
  .stage { position: relative; min-height: 0; display: grid; place-items: center; overflow: hidden; }
  video, .stage img { width: 100%; height: 100%; object-fit: contain; background: #000; }
  video[hidden] { display: none; }
  .ring { position: absolute; inset: 0; margin: auto; width: min(56%, 56vh); aspect-ratio: 1; border: 2px dashed #fff; border-radius: 50%; box-shadow: 0 0 0 1px #0008, inset 0 0 0 1px #0008; pointer-events: none; }
  .hint { position: absolute; top: 12px; left: 0; right: 0; text-align: center; text-shadow: 0 1px 3px #000; pointer-events: none; padding: 0 16px; }
  .signs { position: absolute; left: 12px; top: 50%; transform: translateY(-50%); display: grid; gap: 8px; margin: 0; padding: 0; list-style: none; }
  .signs li, .advice, .strip { background: #101214d9; border-radius: 8px; padding: 6px 10px; font-size: 14px; }
  .signs li { display: grid; grid-template-columns: 18px auto; gap: 6px; align-items: center; }
  .signs .bad { color: var(--warn); }
  .signs .unknown { color: var(--quiet); }
  .advice { position: absolute; bottom: 12px; left: 50%; transform: translateX(-50%); max-width: calc(100% - 32px); font-size: 16px; text-align: center; }
  .strip { position: absolute; right: 12px; top: 50%; transform: translateY(-50%); width: min(240px, 42%); }
  .strip ol, .verdict ol { list-style: none; margin: 4px 0 0; padding: 0; display: grid; gap: 4px; }
  .tag { display: inline-block; border: 1px solid var(--edge); border-radius: 4px; padding: 0 6px; font-size: 14px; color: var(--quiet); }
  .bar { height: 4px; border-radius: 2px; background: var(--edge); overflow: hidden; }
  .bar svg { display: block; width: 100%; height: 4px; }
  .bar rect { fill: var(--accent); }
  .row { display: flex; justify-content: space-between; gap: 8px; font-variant-numeric: tabular-nums; }
  .quiet { color: var(--quiet); font-size: 14px; }
  button, .file { min-height: 44px; min-width: 44px; padding: 0 16px; border-radius: 8px; border: 1px solid var(--edge); background: var(--panel); color: var(--ink); font: inherit; cursor: pointer; display: inline-grid; place-items: center; }
  button:focus-visible, .file:focus-within, textarea:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
  .primary { background: var(--accent); color: #06131f; border-color: var(--accent); font-weight: 600; }
  .shutter { width: 76px; height: 76px; border-radius: 50%; padding: 0; background: #fff; border: 4px solid var(--ground); box-shadow: 0 0 0 3px #fff; }
  .shutter:active { background: #d5d9dd; }
  .shutter:disabled { background: #6c737a; cursor: default; }
  .file input { position: absolute; width: 1px; height: 1px; opacity: 0; }
  .trouble { max-width: 28rem; padding: 24px; text-align: center; display: grid; gap: 16px; justify-items: center; }
  .review { display: grid; grid-template-columns: minmax(0, 1fr) minmax(280px, 380px); min-height: 0; }
  .verdict { overflow: auto; padding: 16px; background: var(--panel); display: grid; align-content: start; gap: 12px; }
  .verdict h3 { margin: 0; font-size: 16px; }
  .verdict .choices { display: grid; grid-template-columns: 1fr 1fr; gap: 8px; }
  .choices button[aria-pressed='true'] { background: var(--accent); color: #06131f; border-color: var(--accent); }
  .choices button[aria-pressed='true']::before { content: '✓ '; display: inline; }
  .choices button { display: inline-block; background: var(--ground); padding: 8px; }
  textarea { width: 100%; box-sizing: border-box; min-height: 72px; background: var(--ground); color: var(--ink); border: 1px solid var(--edge); border-radius: 8px; padding: 8px; font: inherit; }
  .visually-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  @media (max-width: 700px) {
    .review { grid-template-columns: 1fr; grid-template-rows: minmax(140px, 1fr) auto; }
    .verdict { max-height: 62dvh; }
    .signs { top: auto; bottom: 64px; transform: none; grid-auto-flow: column; left: 0; right: 0; justify-content: center; gap: 6px; }
    .signs li { padding: 4px 8px; }
    .strip { top: 44px; right: 12px; left: 12px; width: auto; transform: none; }
  }
  @media (forced-colors: active) { .bar rect { fill: CanvasText; } }
`;
