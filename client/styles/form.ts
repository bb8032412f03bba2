/** The layout of the form: sections, one column, the panel beside it, the line at the foot. Widths are those of the form itself, wherever it stands. */
import { css } from 'lit';

export const formStyles = css`
  :host { container: crf / inline-size; }
  .layout { --foot: 128px; display: grid; grid-template: "head" auto "nav" auto "column" auto / minmax(0, var(--crf-column)); justify-content: center; gap: 0 var(--crf-space-5); align-items: start; }
  .wait { padding: var(--crf-space-6); text-align: center; }
  .column { grid-area: column; min-width: 0; }
  slot[name="head"] { display: block; grid-area: head; min-width: 0; }
  .head { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 var(--crf-space-3); padding-block: var(--crf-space-3); }

  .section { padding: var(--crf-space-4) var(--crf-space-4) var(--crf-space-5); margin-bottom: var(--crf-space-4); border: 1px solid var(--crf-line); border-radius: 8px; background: var(--crf-surface); content-visibility: auto; contain-intrinsic-size: auto var(--estimate, 800px); scroll-margin-top: calc(var(--crf-top, 0px) + 64px); }
  /* A list may hang out of its section, which containment would cut off. */
  .section:has([aria-expanded="true"], [role="menu"]) { content-visibility: visible; }
  .section h2 { margin-bottom: var(--crf-space-2); }

  .item { position: relative; display: grid; grid-template-columns: minmax(0, 1fr); gap: var(--crf-space-1); padding-block: calc(var(--crf-gap) / 2); scroll-margin-block: calc(var(--crf-top, 0px) + 72px) calc(var(--crf-bottom, 0px) + var(--foot)); }
  .item [data-entry], .item input { scroll-margin-block: calc(var(--crf-top, 0px) + 96px) calc(var(--crf-bottom, 0px) + var(--foot) + 20px); }
  .about .item { scroll-margin-bottom: calc(var(--crf-bottom, 0px) + 50vh + var(--foot)); }
  .about .section:last-of-type { margin-bottom: 50vh; }
  .listing .item { scroll-margin-bottom: calc(var(--crf-bottom, 0px) + min(40vh, 360px) + var(--foot)); }
  .item.given { --crf-target: 30px; }
  .label { overflow-wrap: anywhere; }
  .required > .label::after { content: "\\2060\\a0*"; content: "\\2060\\a0*" / ""; color: var(--crf-hard); font-weight: var(--crf-strong); }
  .entry { position: relative; display: grid; grid-template-columns: minmax(0, 1fr) var(--crf-target); align-items: start; min-width: 0; }
  .control { display: flex; flex-wrap: wrap; gap: var(--crf-space-2); min-width: 0; }
  .control > .line { flex: 1 1 200px; width: auto; }
  .control > .choices.list, .control > .tile, .control > .reference, .control > crf-code-search { flex: 1 1 240px; }

  .item:not(.open) > .entry > .why { visibility: hidden; }
  .why { position: relative; flex: none; width: var(--crf-target); height: var(--crf-target); padding: 0; border: 0; border-radius: var(--crf-radius); background: none; color: var(--crf-ink-2); font-size: var(--crf-text-3); line-height: 1; }
  .why:hover { background: var(--crf-quiet); color: var(--crf-ink); }
  @media (hover: hover) {
    .why { opacity: 0; }
    .item:hover > .entry > .why, .item:focus-within > .entry > .why, .why[aria-expanded="true"] { opacity: 1; }
    .why:hover::after { content: attr(aria-label) " (F8)"; position: absolute; z-index: 6; inset: calc(100% + 2px) 0 auto auto; padding: 4px 8px; border-radius: 4px; background: var(--crf-ink); color: var(--crf-surface); font-size: var(--crf-text-1); line-height: 1.4; white-space: nowrap; }
  }
  .reason { display: inline-flex; align-items: center; min-height: var(--crf-target); padding-inline: var(--crf-space-3) 0; border: 1px dashed var(--crf-edge); border-radius: var(--crf-radius); background: var(--crf-quiet); }
  .take-away { width: var(--crf-target); height: calc(var(--crf-target) - 2px); border: 0; background: none; font-size: var(--crf-text-3); }
  .below { display: grid; gap: var(--crf-space-1); justify-items: start; }
  .below > .findings { width: 100%; }
  .menu { inset-inline: auto 0; top: calc(var(--crf-gap) / 2 + 1lh + var(--crf-target) + 8px); min-width: 220px; max-width: 100%; }
  .item[data-up] > .below > .menu { top: auto; bottom: calc(100% - var(--crf-gap) / 2 + 4px); }
  .menu button { display: flex; justify-content: space-between; gap: var(--crf-space-4); align-items: center; width: 100%; min-height: var(--crf-target); padding: 0 var(--crf-space-3); border: 0; border-radius: 4px; background: none; text-align: start; }
  .menu button:hover, .menu button:focus { background: var(--crf-accent-quiet); }
  kbd { padding: 0 6px; border: 1px solid var(--crf-line); border-bottom-width: 2px; border-radius: 4px; color: var(--crf-ink-2); font: var(--crf-text-1) / 1.5 var(--crf-mono); }

  .findings { display: grid; gap: 2px; }
  .finding { display: flex; gap: var(--crf-space-2); padding: var(--crf-space-1) var(--crf-space-2); border-radius: 4px; font-size: var(--crf-text-1); }
  .finding.hard { background: var(--crf-hard-quiet); color: var(--crf-hard); }
  .finding.soft { background: var(--crf-soft-quiet); color: var(--crf-soft); }
  .sign { flex: none; margin-top: 3px; }

  .card { margin: var(--crf-space-2) 0; padding: var(--crf-space-2) var(--crf-space-4); border: 1px solid var(--crf-line); border-radius: var(--crf-radius); }
  .card-head { display: flex; flex-wrap: wrap; align-items: center; gap: var(--crf-space-2); min-height: var(--crf-target); color: var(--crf-ink-2); }
  .card-head > :first-child { margin-inline-end: auto; }

  /* What is known already: small, in as many columns as fit. */
  .known { display: grid; grid-template-columns: repeat(auto-fill, minmax(148px, 1fr)); gap: 0 var(--crf-space-4); padding-block: var(--crf-space-1) var(--crf-space-2); }
  .known .item.given { grid-template-columns: minmax(0, 1fr); gap: 0; padding-block: 4px; }
  .known .item.given > .label { padding: 0; color: var(--crf-ink-2); font-size: var(--crf-text-1); font-weight: var(--crf-weight); }
  .known .item.given > .entry { grid-template-columns: minmax(0, 1fr); }
  .known .item.given > .entry > .why { display: none; }
  .known .origin { font-size: 0; }
  .known .origin::before { font-size: var(--crf-text-1); }
  .known .item.given > .below, .known .item.given > .findings { grid-column: 1; }
  .card.close > .cells { display: grid; grid-template-columns: repeat(auto-fill, minmax(144px, 1fr)); gap: 0 var(--crf-space-3); }
  .card.close .item { grid-template-columns: minmax(0, 1fr); gap: 0; align-content: start; }
  .card.close .item > .label { padding: 0; font-size: var(--crf-text-1); }
  .card.close .item > .entry { grid-template-columns: minmax(0, 1fr) 28px; }
  .card.close .item > .below, .card.close .item > .findings { grid-column: 1; }
  .card.close .control:has(> .box.number, > .box.date) { flex-wrap: nowrap; }
  .card.close .control > .box.date { flex: 1 1 0; width: auto; min-width: 8em; }
  .card.close .control > .box.number { flex: 1 1 0; width: auto; min-width: 56px; }
  .card.close .why { width: 28px; }

  .nav { grid-area: nav; position: sticky; top: var(--crf-top, 0px); z-index: 4; }
  .nav ol { display: none; }
  .nav .narrow { display: block; padding-block: var(--crf-space-2); background: var(--crf-page); }
  .nav select { width: 100%; }
  .to { display: grid; grid-template-columns: 20px 1fr auto; gap: var(--crf-space-2); width: 100%; min-height: var(--crf-target); padding: var(--crf-space-2); align-items: center; border: 0; border-radius: var(--crf-radius); background: none; color: var(--crf-ink-2); text-align: start; line-height: 1.35; }
  .to .sign { margin: 0; }
  .to:hover { background: color-mix(in srgb, var(--crf-ink) 6%, transparent); }
  .to[aria-current] { background: var(--crf-accent-quiet); color: var(--crf-accent); font-weight: var(--crf-strong); }
  .to .count { font-size: var(--crf-text-1); font-weight: var(--crf-weight); font-variant-numeric: tabular-nums; }

  .side { display: none; }
  .about > .side {
    display: block; grid-area: 1 / 1 / -1 / -1; align-self: end; position: sticky; bottom: calc(var(--crf-bottom, 0px) + var(--foot) - 24px); z-index: 4; max-height: 50vh; overflow-y: auto;
    padding: var(--crf-space-4) var(--crf-space-4) var(--crf-space-6); border: 1px solid var(--crf-line); border-radius: 8px 8px 0 0; background: var(--crf-raised); box-shadow: var(--crf-shade);
  }

  .foot { position: sticky; bottom: var(--crf-bottom, 0px); z-index: 5; margin-inline: -1px; border: 1px solid var(--crf-line); border-bottom: 0; border-radius: 8px 8px 0 0; background: var(--crf-raised); box-shadow: var(--crf-shade); }
  .bar { display: flex; flex-wrap: wrap; align-items: center; gap: var(--crf-space-1) var(--crf-space-3); padding: var(--crf-space-2) var(--crf-space-3); }
  .saved { flex: 1 1 0; min-width: 72px; line-height: 1.35; }
  .acts { display: flex; gap: var(--crf-space-2); margin-inline-start: auto; }
  .counts { display: flex; align-items: center; justify-content: space-between; flex: 1 1 calc(100% - 64px); }
  .bar > .saved, .bar > .acts { order: 1; }
  .summary { display: flex; flex-wrap: wrap; gap: 0 var(--crf-space-3); min-height: var(--crf-target); align-items: center; padding: 0 var(--crf-space-2); border: 0; border-radius: var(--crf-radius); background: none; font-size: var(--crf-text-1); text-align: start; }
  .summary:hover, .step:hover { background: var(--crf-quiet); }
  .summary .count { display: inline-flex; gap: 6px; align-items: center; color: var(--crf-ink-2); font-variant-numeric: tabular-nums; }
  .summary .sign { margin: 0; }
  .count.hard, .go .hard { color: var(--crf-hard); }
  .count.soft, .go .soft { color: var(--crf-soft); }
  .step { flex: none; width: var(--crf-target); height: var(--crf-target); border: 0; border-radius: var(--crf-radius); background: none; }
  .attention { max-height: min(40vh, 360px); overflow-y: auto; overscroll-behavior: contain; padding: var(--crf-space-2) var(--crf-space-3); border-bottom: 1px solid var(--crf-line); }
  .attention-head { display: flex; align-items: center; justify-content: space-between; }
  .go { display: flex; gap: var(--crf-space-2); width: 100%; min-height: var(--crf-target); padding: var(--crf-space-2); border: 0; border-radius: var(--crf-radius); background: none; text-align: start; }
  .go:hover { background: var(--crf-quiet); }

  .help { width: min(480px, 100vw - 32px); padding: var(--crf-space-5); border: 1px solid var(--crf-edge); border-radius: 8px; background: var(--crf-raised); color: var(--crf-ink); }
  .help::backdrop { background: rgb(0 0 0 / 40%); }
  .help dl { display: grid; gap: var(--crf-space-2); margin-block: var(--crf-space-4); }
  .help dl > div { display: grid; grid-template-columns: minmax(0, 6fr) minmax(0, 5fr); gap: var(--crf-space-3); }

  @container crf (min-width: 560px) {
    .layout { --foot: 84px; }
    .counts { flex: 0 1 auto; }
    .bar > .about { order: 1; }
    .bar > .acts { order: 2; }
    .item { grid-template-columns: minmax(0, 200px) minmax(0, 1fr); gap: var(--crf-space-1) var(--crf-space-4); }
    .item > .label { padding-top: calc((var(--crf-target) - 1lh) / 2); }
    .item > .findings, .item > .below { grid-column: 2; }
    .menu { top: calc(var(--crf-gap) / 2 + var(--crf-target) + 4px); }
    .item.repeat { grid-template-columns: minmax(0, 1fr); }
    .card.close .item:has(textarea) { grid-column: 1 / -1; }
    .card.close .item:has(.choices, crf-code-search, .reference, .box.line, .box.date, .findings) { grid-column: span 2; }
    .section { padding-inline: var(--crf-space-5); }
  }
  @container crf (min-width: 920px) {
    .layout { grid-template: "nav head" auto "nav column" auto / 184px minmax(0, var(--crf-column)); }
    .nav { top: calc(var(--crf-top, 0px) + var(--crf-space-3)); max-height: calc(100vh - var(--crf-top, 0px) - 24px); overflow-y: auto; }
    .nav ol { display: grid; gap: 2px; }
    .nav .narrow { display: none; }
    .section { scroll-margin-top: calc(var(--crf-top, 0px) + 12px); }
  }
  @container crf (min-width: 1160px) {
    .layout { grid-template: "nav head side" auto "nav column side" auto / 200px minmax(0, var(--crf-column)) minmax(240px, var(--crf-side)); }
    .about .item { scroll-margin-bottom: calc(var(--crf-bottom, 0px) + var(--foot)); }
    .about .section:last-of-type { margin-bottom: var(--crf-space-4); }
    .side, .about > .side { display: block; grid-area: side; align-self: start; position: sticky; bottom: auto; border: 0; background: none; box-shadow: none; top: calc(var(--crf-top, 0px) + var(--crf-space-3)); max-height: calc(100vh - var(--crf-top, 0px) - 24px); overflow-y: auto; padding: var(--crf-space-4); }
    .bar .about { display: none; }
  }
  @media print {
    .nav, .foot, .side, .why { display: none; }
    .section { content-visibility: visible; break-inside: avoid-page; }
  }
`;
