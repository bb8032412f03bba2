import { css, html, LitElement, nothing } from 'lit';
import type { Form, Item, Pointer, Value } from '../../../schemas/form.ts';
import type { HistoryEntry } from '../../../schemas/http/api.ts';
import { CrfShowHistoryEvent } from '../../events.ts';
import { formatValue } from '../../fields/format.ts';
import { codeOptions, entityOptions } from '../../fields/option.ts';
import type { Entity } from '../../fields/option.ts';
import { formatNumber } from '../../fields/parse/number.ts';
import { unitText } from '../../fields/unit.ts';
import { base } from '../../styles/base.ts';
import { words } from '../../text/index.ts';
import type { Language, Translate } from '../../text/index.ts';

/**
 * @summary What a field means, where that is written, and what its value was before.
 * @event crf-show-history - The history of this place is wanted; answer with `history`.
 */
export class CrfFieldPanel extends LitElement {
  static override properties = { form: { attribute: false }, pointer: {}, item: { attribute: false }, language: {}, history: { attribute: false }, entities: { attribute: false } };

  static override styles = [base, css`
    h2 { margin-bottom: var(--crf-space-2); }
    h3 { margin: var(--crf-space-5) 0 var(--crf-space-2); color: var(--crf-ink-2); font-size: var(--crf-text-1); }
    p + p { margin-top: var(--crf-space-2); }
    dl { margin-top: var(--crf-space-3); display: grid; grid-template-columns: max-content 1fr; gap: var(--crf-space-1) var(--crf-space-3); font-size: var(--crf-text-1); }
    dt { color: var(--crf-ink-2); }
    dd { overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
    .codes li { display: flex; gap: var(--crf-space-2); }
    ol li { padding-block: var(--crf-space-2); border-top: 1px solid var(--crf-line); font-size: var(--crf-text-1); }
    ol b { display: block; font-size: var(--crf-text-2); }
    .button { margin-top: var(--crf-space-5); }
    ol + .button, .meta + .button { margin-top: var(--crf-space-2); }
  `];

  declare form: Form | undefined;
  declare pointer: Pointer | undefined;
  declare item: Item | undefined;
  declare language: Language;
  /** Newest first, of any places; those of `pointer` are shown. Undefined until it was asked for. */
  declare history: readonly HistoryEntry[] | undefined;

  /** What references name. */
  declare entities: readonly Entity[];

  constructor() {
    super();
    this.entities = [];
    this.language = 'zh';
  }

  protected override render() {
    const t = words(this.language);
    const { item, pointer } = this;
    if (!item || pointer === undefined) return html`<p class="meta">${t('panel.choose')}</p>`;
    return html`<h2>${item.title[this.language]}</h2>${item.description ? html`<p>${item.description[this.language]}</p>` : nothing}
      <dl>${facts(item, this.form, t).map(([name, text]) => html`<dt>${name}</dt><dd>${text}</dd>`)}</dl>
      ${this.history ? this.#history(item, pointer, this.history, t)
        : html`<button type="button" class="button" @click=${() => this.dispatchEvent(new CrfShowHistoryEvent(pointer))}>${t('panel.showHistory')}</button>`}`;
  }

  #history(item: Item, pointer: Pointer, history: readonly HistoryEntry[], t: Translate) {
    const entries = history.flatMap(({ changes, at, by, reason }) =>
      changes.filter((change) => change.pointer === pointer).map((change) => ({ ...change, at, by, reason })));
    return html`<h3>${t('panel.history')}</h3>${entries.length === 0 ? html`<p class="meta">${t('panel.noHistory')}</p>` : html`<ol>${entries.map((entry) => html`<li>
      <b class="number">${this.#text(item, entry.new, entry.newMissing, t)}</b>
      ${entry.old === undefined && entry.oldMissing === undefined ? nothing : html`<span class="meta">${t('panel.was', { value: this.#text(item, entry.old, entry.oldMissing, t) })}</span>`}
      <span class="meta">${entry.by} · <time datetime=${entry.at}>${moment(entry.at)}</time>${entry.reason ? ` · ${entry.reason}` : ''}</span></li>`)}</ol>`}`;
  }

  #text(item: Item, value: Value | undefined, reason: string | undefined, t: Translate): string {
    const set = item.valueSet === undefined ? undefined : this.form?.valueSets[item.valueSet];
    if (value !== undefined) return formatValue(item, value, set ? codeOptions(set, this.language, t) : entityOptions(this.entities, item.type === 'image' ? 'image' : item.refersTo), t);
    if (reason === undefined) return t('panel.cleared');
    const reasons = Object.entries(this.form?.valueSets ?? {}).find(([ref]) => ref.startsWith('missing-reason/'))?.[1].codes ?? [];
    return `∅ ${reasons.find(({ code }) => code === reason)?.text[this.language] ?? reason}`;
  }
}

function facts(item: Item, form: Form | undefined, t: Translate): (readonly [string, unknown])[] {
  const set = item.valueSet === undefined ? undefined : form?.valueSets[item.valueSet];
  const rows: (readonly [string, unknown])[] = [
    [t('panel.unit'), item.unit && unitText(item.unit, t, item.title.zh)],
    [t('panel.bounds'), bounds(item, t)],
    [t('panel.decimals'), item.decimals],
    [t('panel.length'), item.maxLength],
    [t('panel.formula'), item.calculate && html`<code>${item.calculate.source}</code>`],
    [t('panel.when'), item.enableWhen && html`<code>${item.enableWhen.source}</code>`],
    [t('panel.valueSet'), set && `${set.id} ${set.version}`],
    [t('panel.identifying'), item.identifying === 'none' ? undefined : t(`panel.${item.identifying}`)],
    [t('panel.source'), item.source],
    [t('panel.element'), item.element && Object.values(item.element).join(' · ')],
    [t('panel.concept'), item.concept.map(({ system, code }) => `${system} ${code}`).join(' · ') || undefined],
  ];
  return rows.filter(([, text]) => text !== undefined && text !== '');
}

function bounds({ minimum, maximum }: Item, t: Translate): string | undefined {
  const [low, high] = [minimum, maximum].map((bound) => (bound === undefined ? undefined : formatNumber(bound)));
  if (low !== undefined && high !== undefined) return t('field.between', { low, high });
  if (low !== undefined) return t('field.atLeast', { low });
  return high === undefined ? undefined : t('field.atMost', { high });
}

/** A moment on this machine's clock, to the minute. */
const moment = (at: string) => new Date(at).toLocaleString('sv-SE', { dateStyle: 'short', timeStyle: 'short' });

customElements.define('crf-field-panel', CrfFieldPanel);
