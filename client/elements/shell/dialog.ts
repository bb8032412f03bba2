/** A question above the page: the browser's own dialog, so focus stays inside and returns to where it was. */
import { LitElement, css, html } from 'lit';
import { LanguageController } from '../../controllers/language.ts';
import { base } from '../../styles/base.ts';
import { t } from '../../text/index.ts';
import { icon } from './icons.ts';

/**
 * @summary A dialog with a heading.
 * @slot - What it asks; a form with its own buttons.
 * @event close - It was closed, by whatever way.
 */
export class CrfDialog extends LitElement {
  static override properties = { heading: {}, open: { type: Boolean }, isHeld: { type: Boolean }, wide: { type: Boolean, reflect: true } };

  static override styles = [base, css`
    :host { display: contents; }
    dialog {
      width: min(520px, calc(100vw - 32px)); max-height: calc(100dvh - 48px); padding: 0; overflow: auto;
      border: 1px solid var(--crf-line); border-radius: calc(var(--crf-radius) * 1.5); background: var(--crf-raised); color: inherit; box-shadow: var(--crf-shade);
    }
    :host([wide]) dialog { width: min(860px, calc(100vw - 32px)); }
    dialog::backdrop { background: rgb(10 14 18 / 45%); }
    header { position: sticky; top: 0; z-index: 1; display: flex; align-items: center; gap: var(--crf-space-3); padding: var(--crf-space-3) var(--crf-space-3) var(--crf-space-2) var(--crf-space-5); background: var(--crf-raised); }
    h2 { flex: 1; }
    .inside { padding: var(--crf-space-2) var(--crf-space-5) var(--crf-space-5); }
    .close { display: grid; place-items: center; width: var(--crf-target); height: var(--crf-target); border: 0; border-radius: var(--crf-radius); background: none; }
    .close:hover { background: var(--crf-quiet); }
    @media (max-width: 640px) {
      dialog { width: 100vw; max-width: 100vw; margin: auto 0 0; border-radius: 12px 12px 0 0; }
      .inside { padding-inline: var(--crf-space-4); }
      header { padding-inline-start: var(--crf-space-4); }
    }
  `];

  declare heading: string;
  declare open: boolean;
  /** Neither Escape nor the cross closes it: the person must choose. */
  declare isHeld: boolean;
  declare wide: boolean;

  constructor() {
    super();
    this.heading = '';
    this.open = this.isHeld = this.wide = false;
    new LanguageController(this);
  }

  override render() {
    return html`<dialog aria-labelledby="heading" @close=${this.#closed} @cancel=${this.#cancelled}>
      <header><h2 id="heading">${this.heading}</h2>
        ${this.isHeld ? '' : html`<button class="close" type="button" aria-label=${t('close')} @click=${() => this.#dialog?.close()}>${icon('close')}</button>`}
      </header>
      <div class="inside"><slot></slot></div>
    </dialog>`;
  }

  override updated() {
    const dialog = this.#dialog;
    if (!dialog || !this.isConnected || dialog.open === this.open) return;
    if (this.open) dialog.showModal();
    else dialog.close();
  }

  get #dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector('dialog');
  }

  #cancelled(event: Event) {
    if (this.isHeld) event.preventDefault();
  }

  #closed() {
    if (!this.open) return;
    this.open = false;
    this.dispatchEvent(new Event('close'));
  }
}

customElements.define('crf-dialog', CrfDialog);
