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
  /** Ends one before its time. */
  declare close: (id: string) => void;

  constructor() {
    super();
    new LanguageController(this);
  }

  override render() {
    return (this.me.openings ?? []).map(({ id, siteId, until }) => html`<div class="open" role="status"><span>⚠ ${t('openings.banner', { site: this.#nameOf(siteId), until: momentOf(until) })}</span>
      <button class="button" type="button" @click=${() => this.close(id)}>${t('openings.close')}</button></div>`);
  }

  #nameOf(siteId: string): string {
    const site = [...this.sites, ...this.me.sites].find(({ id }) => id === siteId);
    return site ? siteName(site) : '';
  }
}

customElements.define('crf-openings-banner', CrfOpeningsBanner);
