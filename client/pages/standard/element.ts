/** One data element, and the rules over several, as an entry of the reference book. */
import { css, html, nothing } from 'lit';
import type { Form, Item, ValueSet } from '../../../schemas/form.ts';
import { read } from '../../elements/shell/format.ts';
import { to } from '../../places.ts';
import { t } from '../../text/index.ts';
import type { Word } from '../../text/index.ts';
import { toElement } from '../dictionary/parts.ts';

export const standardStyles = css`
  .elements > li { padding: var(--crf-space-4) var(--crf-space-5); content-visibility: auto; contain-intrinsic-size: auto 120px; }
  .elements > li + li { border-top: 1px solid var(--crf-line); }
  .entry h3 a { color: inherit; text-decoration-color: var(--crf-line); }
  .entry h3 a:hover { text-decoration-color: currentcolor; }
  .entry header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 var(--crf-space-3); }
  .entry h3 { overflow-wrap: anywhere; }
  .entry code { color: var(--crf-ink-2); }
  .entry dl { display: grid; grid-template-columns: 96px minmax(0, 1fr); gap: var(--crf-space-1) var(--crf-space-4); margin-top: var(--crf-space-2); }
  .entry dt { color: var(--crf-ink-2); font-size: var(--crf-text-1); line-height: 1.83; }
  .entry dd code { color: inherit; }
  .codes { width: auto; }
  .codes td { padding: 2px var(--crf-space-4) 2px 0; border: 0; }
  .entry summary { cursor: pointer; min-height: 32px; }
  .entry .row-items { margin-top: var(--crf-space-3); padding-inline-start: var(--crf-space-4); border-inline-start: 3px solid var(--crf-line); }
  .entry .row-items .entry + .entry { margin-top: var(--crf-space-3); }
  .checks li { padding: var(--crf-space-3) var(--crf-space-5); }
  .checks li + li { border-top: 1px solid var(--crf-line); }
  .checks pre, .entry pre { margin: var(--crf-space-1) 0 0; white-space: pre-wrap; font-family: var(--crf-mono); font-size: 0.9em; overflow-wrap: anywhere; }
  @media (max-width: 480px) { .entry dl { grid-template-columns: minmax(0, 1fr); gap: 0; } .entry dt { margin-top: var(--crf-space-2); } }
`;

/** Whether an element is about these words: its titles, key, codes of its value set, identifiers. */
export function matchesItem(item: Item, valueSet: ValueSet | undefined, words: string): boolean {
  const texts = [item.key, item.title.zh, item.title.en, item.description?.zh, item.description?.en, item.unit, ...Object.values(item.element ?? {}), ...item.concept.map(({ code }) => code),
    ...(valueSet?.codes.flatMap(({ code, text }) => [code, text.zh, text.en]) ?? [])];
  return texts.some((text) => text?.toLowerCase().includes(words)) || (item.items?.some((inner) => matchesItem(inner, undefined, words)) ?? false);
}

/** `isTitled`: the page's own title names it already. */
export function renderElement(form: Form, item: Item, isTitled = false): unknown {
  return html`<article class="entry">
    ${isTitled ? nothing : html`<header><h3><a href=${toElement({ ...form.standard, path: item.path })}>${read(item.title)}</a></h3><code>${item.path}</code>${item.required ? html`<span class="tag">${t('required')}</span>` : nothing}</header>`}
    ${item.description ? html`<p>${read(item.description)}</p>` : nothing}
    <dl>${facts(form, item).map(([word, value]) => html`<dt>${t(word)}</dt><dd>${value}</dd>`)}</dl>
    ${item.items ? html`<div class="row-items">${item.items.map((inner) => (isTitled ? html`<h2><a href=${toElement({ ...form.standard, path: inner.path })}>${read(inner.title)}</a></h2>${renderElement(form, inner, true)}` : renderElement(form, inner)))}</div>` : nothing}
  </article>`;
}

function facts(form: Form, item: Item): (readonly [word: Word, value: unknown])[] {
  const valueSet = item.valueSet ? form.valueSets[item.valueSet] : undefined;
  const all: (readonly [Word, unknown])[] = [
    ['standard.type', typeInWords(item)],
    ['panel.unit', item.unit && html`<code>${item.unit}</code>`],
    ['panel.bounds', boundsInWords(item)],
    ['panel.decimals', item.decimals],
    ['panel.length', item.maxLength],
    ['standard.pattern', item.pattern && html`<code>${item.pattern}</code>`],
    ['panel.valueSet', valueSet && renderCodes(valueSet)],
    ['panel.when', item.enableWhen && html`<code>${item.enableWhen.source}</code>`],
    ['panel.formula', item.calculate && html`<code>${item.calculate.source}</code>`],
    ['standard.bind', item.bind && html`${t(`bound.${item.bind.split('.')[0] ?? ''}` as Word)} <code>${item.bind}</code>`],
    ['panel.identifying', item.identifying === 'none' ? undefined : t(`panel.${item.identifying}`)],
    ['panel.element', Object.entries(item.element ?? {}).map(([system, code]) => (code.startsWith(system) ? code : `${system} ${code}`)).join(' · ') || undefined],
    ['panel.concept', item.concept.map(({ system, code }) => `${system} ${code}`).join(' · ') || undefined],
    ['panel.source', item.source],
  ];
  return all.filter(([, value]) => value !== undefined && value !== '');
}

function typeInWords({ type, refersTo, items }: Item): string {
  if (type === 'reference') return `${t('type.reference')}: ${refersTo ?? ''}`;
  return type === 'repeat' ? `${t('type.repeat')} (${items?.length ?? 0})` : t(`type.${type}`);
}

function boundsInWords({ minimum, maximum }: Item): string | undefined {
  if (minimum === undefined && maximum === undefined) return undefined;
  if (maximum === undefined) return `≥ ${minimum}`;
  return minimum === undefined ? `≤ ${maximum}` : `${minimum} – ${maximum}`;
}

/** A short list stands open; a long one opens when it is wanted. */
function renderCodes({ id, version, codes }: ValueSet) {
  const table = html`<table class="codes">${codes.map(({ code, text, status }) => html`<tr><td><code>${code}</code></td><td>${read(text)}${status === 'retired' ? html` <span class="meta">${t('standard.retired')}</span>` : nothing}</td></tr>`)}</table>`;
  const name = html`<a href=${to('valueSet', { id, version })}><code>${id}</code></a> v${version}`;
  if (codes.length <= 6) return html`${name}${codes.length ? table : nothing}`;
  return html`${name}<details><summary>${t('standard.codes', { n: codes.length })}</summary>${table}</details>`;
}

export function renderChecks({ checks }: Form) {
  return html`<ul class="card checks">${checks.map(({ id, severity, message, assert, source }) => html`<li>
    <strong>${id}</strong> <span class="tag ${severity}"><span aria-hidden="true">${severity === 'hard' ? '▲' : '◆'}</span>${t(`finding.${severity}`)}</span>
    <p>${read(message)}</p><pre>${assert.source}</pre>${source ? html`<p class="meta">${source}</p>` : nothing}</li>`)}</ul>`;
}
