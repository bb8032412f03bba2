/** The look of the controls, in the one shadow root of the form. */
import { css } from 'lit';

export const fieldStyles = css`
  .box.line { width: 100%; }
  .box.number { width: 9em; text-align: end; font-variant-numeric: tabular-nums; }
  .box.date { width: 11.5em; font-variant-numeric: tabular-nums; }
  .box.date-time { width: 13.5em; }
  .box.partial-date { width: 15em; }
  .box.time { width: 7em; }
  textarea.box { field-sizing: content; max-height: 20em; min-height: calc(var(--crf-target) * 1.8); }
  .unit { align-self: center; color: var(--crf-ink-2); font-variant-numeric: tabular-nums; }

  .icon { width: var(--crf-target); height: var(--crf-target); padding: 0; border: 0; border-radius: var(--crf-radius); background: none; color: var(--crf-ink-2); }
  .icon:hover { background: var(--crf-quiet); color: var(--crf-ink); }
  .calendar { display: inline-grid; place-items: center; margin-inline-start: calc(var(--crf-space-1) * -1); }
  .calendar::before { content: ""; width: 16px; height: 15px; border: 1.5px solid; border-top-width: 5px; border-radius: 3px; }
  .picker { position: absolute; inset: auto auto 0 0; width: 1px; height: 1px; padding: 0; border: 0; opacity: 0; }

  .choices.row { display: flex; flex-wrap: wrap; gap: 6px; }
  .choices.list { display: grid; gap: 2px; width: 100%; }
  @container crf (min-width: 560px) { .choices.list.pair { grid-template-columns: 1fr 1fr; } }
  .choice { position: relative; display: flex; }
  .choice input { flex: none; width: 24px; height: 24px; margin: 0; accent-color: var(--crf-accent); cursor: pointer; }
  .list .choice { align-items: center; gap: var(--crf-space-3); min-height: var(--crf-target); padding: var(--crf-space-1) var(--crf-space-3); border-radius: var(--crf-radius); cursor: pointer; }
  .list .choice:hover { background: var(--crf-quiet); }
  .list .choice:has(:checked) { background: var(--crf-accent-quiet); font-weight: var(--crf-strong); }
  .list .choice span { display: inline-flex; align-items: center; gap: var(--crf-space-2); }
  .row .choice input { position: absolute; inset: 0; width: 100%; height: 100%; opacity: 0; }
  .row .choice span {
    display: flex; align-items: center; justify-content: center; gap: var(--crf-space-1); min-width: 64px; min-height: var(--crf-target); padding: 0 var(--crf-space-4);
    border: 1px solid var(--crf-edge); border-radius: var(--crf-radius); background: var(--crf-surface); text-align: center; line-height: 1.35;
  }
  .row .choice:hover span { background: var(--crf-quiet); }
  .row :checked + span { border-color: var(--crf-accent); background: var(--crf-accent-quiet); color: var(--crf-accent); font-weight: var(--crf-strong); box-shadow: inset 0 0 0 1px var(--crf-accent); }
  .row :checked + span::before { content: "✓"; content: "✓" / ""; }
  .row input:focus-visible + span { outline: 3px solid var(--crf-focus); outline-offset: 2px; }
  .choices[aria-invalid].row span { border-color: var(--crf-hard); }
  .choices[aria-invalid].list { box-shadow: inset 3px 0 0 var(--crf-hard); }
  .thumbnail { width: 44px; height: 44px; border-radius: 4px; object-fit: cover; }

  crf-code-search { display: block; flex: 1 1 240px; min-width: 0; }
  .combobox { position: relative; }
  .combobox .box { padding-inline-end: 36px; }
  .combobox::after { content: ""; position: absolute; inset-inline-end: 14px; top: calc(var(--crf-target) / 2 - 6px); width: 8px; height: 8px; border: solid var(--crf-ink-2); border-width: 0 2px 2px 0; rotate: 45deg; pointer-events: none; }
  .menu { max-height: 420px; }
  .combobox .list { max-height: 304px; }
  .combobox .list, .menu {
    position: absolute; z-index: 6; inset-inline: 0; top: calc(100% + 4px); overflow-y: auto; overscroll-behavior: contain;
    padding: var(--crf-space-1); border: 1px solid var(--crf-edge); border-radius: var(--crf-radius); background: var(--crf-raised); box-shadow: var(--crf-shade);
  }
  crf-code-search[data-up] .list { top: auto; bottom: calc(100% + 4px); }
  .combobox .list:empty { display: none; }
  .option { display: flex; align-items: center; gap: var(--crf-space-2); min-height: var(--crf-target); padding: var(--crf-space-1) var(--crf-space-3); border-radius: 4px; cursor: pointer; }
  .option[data-active] { background: var(--crf-accent-quiet); outline: 2px solid var(--crf-accent); outline-offset: -2px; }
  .option:hover { background: var(--crf-quiet); }
  .option[aria-selected="true"] { font-weight: var(--crf-strong); }
  .option[aria-selected="true"]::after { content: "✓"; content: "✓" / ""; margin-inline-start: auto; color: var(--crf-accent); }
  .more, .none, .refused { margin-top: var(--crf-space-1); }
  .chips { display: flex; flex-wrap: wrap; gap: var(--crf-space-2); margin-bottom: var(--crf-space-2); }
  .chips:empty { display: none; }
  .chip { display: inline-flex; align-items: center; gap: var(--crf-space-2); min-height: 34px; padding: 0 var(--crf-space-3); border: 1px solid var(--crf-accent); border-radius: 17px; background: var(--crf-accent-quiet); color: var(--crf-accent); text-align: start; }

  .shown { display: flex; flex-wrap: wrap; align-items: baseline; column-gap: var(--crf-space-3); min-height: var(--crf-target); padding-top: calc((var(--crf-target) - 1lh) / 2); }
  .value { font-variant-numeric: tabular-nums; overflow-wrap: anywhere; white-space: pre-line; }
  .calculated .value { font-weight: var(--crf-strong); border-bottom: 1px dashed var(--crf-ink-2); }
  .origin { color: var(--crf-ink-2); font-size: var(--crf-text-1); }
  .button.known-add { min-height: 28px; padding: 0; border: 0; color: var(--crf-accent); font-size: var(--crf-text-1); font-weight: var(--crf-weight); text-decoration: underline dotted; text-underline-offset: 3px; white-space: normal; text-align: start; }
  @media (pointer: coarse) { .button.known-add { min-height: 36px; } }
  .calculated .origin::before { content: "ƒ "; content: "ƒ " / ""; font-style: italic; }
  .bound .origin::before { content: "← "; content: "← " / ""; }
  .withheld { color: var(--crf-ink-2); }

  .reference { display: grid; justify-items: start; gap: var(--crf-space-1); flex: 1 1 240px; min-width: 0; }
  .reference > * { width: 100%; }
  .reference > .meta { display: flex; align-items: center; min-height: var(--crf-target); }
  .reference .add { width: auto; margin-inline-start: calc(var(--crf-space-4) * -1); }

  .tile { display: grid; gap: var(--crf-space-3); width: 100%; padding: var(--crf-space-3); border: 1px dashed var(--crf-edge); border-radius: var(--crf-radius); }
  .take { display: grid; place-items: center; gap: var(--crf-space-2); min-height: 160px; border: 0; border-radius: var(--crf-radius); background: var(--crf-accent-quiet); color: var(--crf-accent); font-weight: var(--crf-strong); }
  .take:hover { background: color-mix(in srgb, var(--crf-accent-quiet) 85%, var(--crf-accent)); }
  .lens { width: 48px; height: 48px; border: 3px solid; border-radius: 50%; box-shadow: inset 0 0 0 8px var(--crf-accent-quiet), inset 0 0 0 24px currentColor; }
  .or { display: flex; flex-wrap: wrap; align-items: center; gap: var(--crf-space-2) var(--crf-space-3); }
  .or label:focus-within { outline: 3px solid var(--crf-focus); outline-offset: 2px; }
  @media (hover: none) { .tile .meta { display: none; } }
  .tile.taken { border-style: solid; border-color: var(--crf-line); }
  .tile.taken img { max-width: 100%; max-height: 320px; border-radius: 4px; object-fit: contain; justify-self: start; }
  .taken .value { flex: 1 1 auto; }

  @media (forced-colors: active) {
    .row :checked + span, .list .choice:has(:checked), .option[data-active] { outline: 2px solid Highlight; outline-offset: -2px; }
  }
`;
