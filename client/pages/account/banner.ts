/** Above every page while something is open that one's role does not show. */
import { LitElement, css, html } from 'lit';
import type { Me, Site } from '../../../schemas/http/api.ts';
import { LanguageController } from '../../controllers/language.ts';
import { momentOf, siteName } from '../../elements/shell/format.ts';
import { base } from '../../styles/base.ts';
import { t } from '../../text/index.ts';

export class CrfOpeningsBanner extends LitElement {
  static override properties = { me: { attribute: false }, sites: { attribute: false }, close: { attribute: false } };
  static override styles = [base, css`
    .open { display: flex; flex-wrap: wrap; align-items: center; justify-content: center; gap: var(--crf-space-2) var(--crf-space-4); padding: var(--crf-space-2) var(--crf-space-4); border-bottom: 2px solid var(--crf-soft); background: var(--crf-soft-quiet); }
  `];

  declare me: Me;
  declare sites: readonly Site[];
  /** Ends one before its time, or is told that its time is over. */
  declare close: (id: string) => void;
  /** To the end of the next one. */
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    new LanguageController(this);
  }

  override render() {
    return (this.me.openings ?? []).map(({ id, siteId, until }) => html`<div class="open" role="status"><span>⚠ ${t('openings.banner', { site: this.#nameOf(siteId), until: momentOf(until) })}</span>
      <button class="button" type="button" @click=${() => this.close(id)}>${t('openings.close')}</button></div>`);
  }

  override updated() {
    clearTimeout(this.#timer);
    const [first] = [...(this.me.openings ?? [])].sort((a, b) => Date.parse(a.until) - Date.parse(b.until));
    if (first) this.#timer = setTimeout(() => this.close(first.id), Math.max(0, Date.parse(first.until) - Date.now()));
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  #nameOf(siteId: string): string {
    const site = [...this.sites, ...this.me.sites].find(({ id }) => id === siteId);
    return site ? siteName(site) : '';
  }
}

customElements.define('crf-openings-banner', CrfOpeningsBanner);
