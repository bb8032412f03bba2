/** Who came to know what identifies a patient: a table, newest first, more of it by a press. */
import { LitElement, css, html, nothing } from 'lit';
import type { Subject } from '../../../schemas/http/api.ts';
import type { Access } from '../../../schemas/http/history-api.ts';
import { listAccesses } from '../../api.ts';
import { LanguageController } from '../../controllers/language.ts';
import '../../elements/shell/dialog.ts';
import { renderFailure } from '../../elements/shell/failure.ts';
import { momentOf } from '../../elements/shell/format.ts';
import { sheet } from '../../elements/shell/sheet.ts';
import { base } from '../../styles/base.ts';
import { t } from '../../text/index.ts';

const named = ['subject.read-identifiers', 'visit.read-details', 'image.read', 'subject.search', 'export.run'] as const;

/** @summary The dialog of accesses. @event close */
export class CrfAccesses extends LitElement {
  static override properties = { subject: { attribute: false }, open: { type: Boolean }, items: { state: true }, next: { state: true }, error: { state: true } };

  static override styles = [base, sheet, css`
    :host { display: contents; }
    table { width: 100%; border-collapse: collapse; font-size: var(--crf-text-1); font-variant-numeric: tabular-nums; }
    th, td { padding: var(--crf-space-2); border-bottom: 1px solid var(--crf-line); text-align: start; vertical-align: top; overflow-wrap: anywhere; }
    th { color: var(--crf-ink-2); font-weight: normal; }
    .button { margin-top: var(--crf-space-4); }
  `];

  declare subject: Subject;
  declare open: boolean;
  declare items: readonly Access[] | undefined;
  /** Where the next page begins. */
  declare next: string | undefined;
  declare error: unknown;

  constructor() {
    super();
    this.open = false;
    new LanguageController(this);
  }

  override willUpdate(changed: Map<string, unknown>) {
    if (!changed.has('open') || !this.open) return;
    this.items = this.next = undefined;
    void this.#more();
  }

  async #more() {
    this.error = undefined;
    try {
      const { items, next } = await listAccesses(this.subject.siteId, this.subject.id, this.next);
      this.items = [...(this.items ?? []), ...items];
      this.next = next;
    } catch (error) {
      this.error = error;
    }
  }

  override render() {
    return html`<crf-dialog .heading=${t('accesses')} .open=${this.open} @close=${() => this.dispatchEvent(new Event('close'))}>${this.open ? this.#body() : nothing}</crf-dialog>`;
  }

  #body() {
    if (this.error) return renderFailure(this.error, () => void this.#more());
    if (!this.items) return html`<crf-state kind="loading"></crf-state>`;
    if (this.items.length === 0) return html`<p class="meta">${t('accesses.none')}</p>`;
    return html`<p class="lead">${t('accesses.lead')}</p>
      <table><thead><tr><th scope="col">${t('accesses.at')}</th><th scope="col">${t('accesses.by')}</th><th scope="col">${t('accesses.what')}</th></tr></thead>
        <tbody>${this.items.map((access) => html`<tr><td><time datetime=${access.at}>${momentOf(access.at)}</time></td><td>${access.by ?? t('accesses.command-line')}</td>
          <td>${whatOf(access)}${access.paths?.length ? html`<br><span class="meta">${access.paths.join(' · ')}</span>` : nothing}</td></tr>`)}</tbody></table>
      ${this.next === undefined ? nothing : html`<button class="button" type="button" @click=${() => void this.#more()}>${t('accesses.more')}</button>`}`;
  }
}

function whatOf({ action }: Access): string {
  const name = named.find((each) => each === action);
  return name ? t(`accesses.${name}`) : action;
}

customElements.define('crf-accesses', CrfAccesses);
