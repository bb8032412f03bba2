/** What every page and element starts from: text, links, buttons, boxes to type in, focus. Element styles add to it. */
import { css } from 'lit';

export const base = css`
  :host { display: block; }
  :host([hidden]), [hidden] { display: none !important; }
  :host, body { color: var(--crf-ink); font: var(--crf-weight) var(--crf-text-2) / var(--crf-leading) var(--crf-font); -webkit-text-size-adjust: 100%; }
  *, *::before, *::after { box-sizing: border-box; }
  h1, h2, h3, p, ul, ol, dl, dd, figure, fieldset { margin: 0; padding: 0; }
  fieldset { border: 0; min-width: 0; }
  ul, ol { list-style: none; }
  h1 { font-size: var(--crf-text-4); font-weight: var(--crf-strong); line-height: 1.35; }
  h2 { font-size: var(--crf-text-3); font-weight: var(--crf-strong); line-height: 1.4; }
  h3 { font-size: var(--crf-text-2); font-weight: var(--crf-strong); }
  a { color: var(--crf-accent); text-underline-offset: 3px; }
  .meta { color: var(--crf-ink-2); font-size: var(--crf-text-1); }
  .number, td, output, time { font-variant-numeric: tabular-nums; }
  code { font-family: var(--crf-mono); font-size: 0.9em; overflow-wrap: anywhere; }

  button, input, select, textarea { color: inherit; font: inherit; letter-spacing: inherit; }
  button { cursor: pointer; }
  button:disabled { cursor: default; }

  .button {
    display: inline-flex; align-items: center; justify-content: center; gap: var(--crf-space-2);
    min-height: var(--crf-target); padding: 0 var(--crf-space-4);
    border: 1px solid var(--crf-edge); border-radius: var(--crf-radius);
    background: var(--crf-surface); color: var(--crf-ink); text-decoration: none; white-space: nowrap;
  }
  .button:hover:not(:disabled) { background: var(--crf-quiet); }
  .button.primary { border-color: var(--crf-accent); background: var(--crf-accent); color: var(--crf-accent-ink); font-weight: var(--crf-strong); }
  .button.primary:hover:not(:disabled) { background: color-mix(in srgb, var(--crf-accent) 88%, var(--crf-ink)); }
  .button.plain { border-color: transparent; background: none; color: var(--crf-accent); }
  .button:disabled { border-color: var(--crf-line); background: var(--crf-quiet); color: var(--crf-ink-2); }

  .box {
    min-height: var(--crf-target); padding: 0 var(--crf-space-3); max-width: 100%;
    border: 1px solid var(--crf-edge); border-radius: var(--crf-radius); background: var(--crf-surface); color: var(--crf-ink);
  }
  textarea.box { padding-block: var(--crf-space-2); resize: vertical; }
  .box::placeholder { color: var(--crf-ink-2); opacity: 1; }
  .box[aria-invalid="true"] { border-color: var(--crf-hard); box-shadow: inset 0 0 0 1px var(--crf-hard); }
  .box[readonly], .box:disabled { border-color: var(--crf-line); background: var(--crf-quiet); }

  :focus { outline: none; }
  :focus-visible { outline: 3px solid var(--crf-focus); outline-offset: 2px; }
  .box:focus-visible { outline-offset: -1px; }

  .sr-only { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  .skip:not(:focus) { position: absolute; clip-path: inset(50%); }

  @media (prefers-reduced-motion: reduce) {
    *, *::before, *::after { animation: none !important; transition: none !important; scroll-behavior: auto !important; }
  }
`;
