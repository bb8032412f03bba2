/**
 * What a page says when it has nothing to show: nothing yet, still coming, failed, no connection. Always with the next step,
 * which is put inside.
 */
import { LitElement, css, html, nothing } from 'lit';
import { LanguageController } from '../../controllers/language.ts';
import { base } from '../../styles/base.ts';
import { t } from '../../text/index.ts';

/** @summary A designed state of a page. @slot - The next step: a button or a link. */
export class CrfState extends LitElement {
  static override properties = { kind: { reflect: true }, heading: {}, text: {} };

  static override styles = [base, css`
    :host { padding: var(--crf-space-7) var(--crf-space-4); text-align: center; }
    .sign { display: block; width: 44px; height: 44px; margin: 0 auto var(--crf-space-3); color: var(--crf-ink-2); }
    :host([kind="failed"]) .sign { color: var(--crf-hard); }
    :host([kind="offline"]) .sign { color: var(--crf-soft); }
    p { color: var(--crf-ink-2); max-width: 46ch; margin: var(--crf-space-1) auto var(--crf-space-4); }
    .next { display: flex; flex-wrap: wrap; justify-content: center; gap: var(--crf-space-3); }
    .lines { max-width: 560px; margin: 0 auto; }
    .line { height: 14px; margin: var(--crf-space-4) 0; border-radius: var(--crf-radius); background: var(--crf-line); }
    .line:nth-child(2n) { width: 72%; }
    .line:nth-child(3n) { width: 54%; }
  `];

  declare kind: 'empty' | 'loading' | 'failed' | 'offline';
  declare heading: string;
  declare text: string;

  constructor() {
    super();
    this.kind = 'empty';
    this.heading = this.text = '';
    new LanguageController(this);
  }

  override render() {
    if (this.kind === 'loading') {
      return html`<div role="status"><span class="sr-only">${this.heading || t('loading')}</span>
        <div class="lines" aria-hidden="true">${Array.from({ length: 5 }, () => html`<div class="line"></div>`)}</div></div>`;
    }
    return html`<div role=${this.kind === 'empty' ? nothing : 'alert'}>${this.#sign()}<h2>${this.heading}</h2>${this.text ? html`<p>${this.text}</p>` : html`<p></p>`}<div class="next"><slot></slot></div></div>`;
  }

  #sign() {
    const shape = { empty: 'M6 12h32v24H6zM6 20h9l3 5h8l3-5h9', failed: 'M22 6 40 38H4zM22 17v10M22 32v.5', offline: 'M5 17a24 24 0 0 1 34 0M11 24a15.5 15.5 0 0 1 22 0M17 31a7 7 0 0 1 10 0M6 6l32 32', loading: '' }[this.kind];
    return html`<svg class="sign" viewBox="0 0 44 44" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d=${shape} /></svg>`;
  }
}

customElements.define('crf-state', CrfState);
