/** What stands around every page: site, menu by permission, find, language, me; below it the footer, on a phone the tab bar. */
import { LitElement, html, nothing } from 'lit';
import type { Health, Me, Site } from '../../../schemas/http/api.ts';
import { LanguageController } from '../../controllers/language.ts';
import type { Preferences } from '../../preferences.ts';
import { base } from '../../styles/base.ts';
import { pageLanguage, t } from '../../text/index.ts';
import type { Word } from '../../text/index.ts';
import { CrfCommandEvent, CrfPreferencesEvent, CrfSiteEvent } from './events.ts';
import { siteName } from './format.ts';
import { frameStyles } from './frame.styles.ts';
import { icon } from './icons.ts';
import type { IconName } from './icons.ts';
import './me-menu.ts';

export interface MenuEntry {
  word: Word;
  icon: IconName;
  path: string;
  isCurrent: boolean;
}

/** @summary The frame of the application. @slot - The page. */
export class CrfFrame extends LitElement {
  static override properties = { me: { attribute: false }, site: { attribute: false }, sites: { attribute: false }, menu: { attribute: false }, health: { attribute: false }, preferences: { attribute: false }, isForm: { type: Boolean, reflect: true } };
  static override styles = [base, frameStyles];

  declare me: Me;
  declare site: Site | undefined;
  declare sites: readonly Site[];
  /** What the role may see. */
  declare menu: readonly MenuEntry[];
  declare health: Health | undefined;
  declare preferences: Preferences;
  /** The page is a form with its own line at the foot: no tab bar there. */
  declare isForm: boolean;

  constructor() {
    super();
    this.isForm = false;
    this.sites = this.menu = [];
    new LanguageController(this);
  }

  override render() {
    return html`
      <header>
        <a class="skip button" href="#main" @click=${this.#skip}>${t('skip')}</a>
        ${this.#site()}
        <nav class="wide" aria-label=${t('nav')}>${this.menu.map((entry) => this.#link(entry))}</nav>
        <span class="gap"></span>
        <button class="tool find" type="button" aria-keyshortcuts="Control+K Meta+K" @click=${() => this.#command('find')}>${icon('find')}<span class="sr-only">${t('find')}</span><kbd class="wide">Ctrl K</kbd></button>
        <button class="tool" type="button" lang=${pageLanguage() === 'zh' ? 'en' : 'zh-CN'} @click=${this.#otherLanguage}>${t('language.other')}</button>
        <crf-me-menu .me=${this.me} .site=${this.site} .preferences=${this.preferences}></crf-me-menu>
      </header>
      <main id="main" tabindex="-1"><slot></slot></main>
      <footer>${this.#footer()}</footer>
      <nav class="tabs" aria-label=${t('nav')}>${this.menu.map((entry) => this.#link(entry))}</nav>`;
  }

  #site() {
    const [only] = this.sites;
    if (this.sites.length <= 1) return html`<span class="site">${only ? siteName(only) : t('product')}</span>`;
    return html`<span class="site choose"><select aria-label=${t('site')} @change=${this.#chooseSite}>
      ${this.sites.map((site) => html`<option value=${site.id} ?selected=${site.id === this.site?.id}>${siteName(site)}</option>`)}</select>${icon('down')}</span>`;
  }

  #link({ word, icon: sign, path, isCurrent }: MenuEntry) {
    return html`<a href=${path} aria-current=${isCurrent ? 'page' : nothing}>${icon(sign)}<span>${t(word)}</span></a>`;
  }

  #footer() {
    const { health } = this;
    const parts = health ? [`${t('product')} ${health.version}`, t('footer.release', { release: health.release }), t(health.database === 'embedded' ? 'footer.embedded' : 'footer.postgresql')] : [t('product')];
    const demo = health?.demo ? html`<span><strong>${t('footer.demo')}</strong></span>` : nothing;
    return html`${demo}${[...parts, t('footer.research')].map((part) => html`<span>${part}</span>`)}`;
  }

  #skip(event: Event) {
    event.preventDefault();
    this.renderRoot.querySelector<HTMLElement>('main')?.focus();
  }

  #chooseSite(event: Event) {
    this.dispatchEvent(new CrfSiteEvent((event.target as HTMLSelectElement).value));
  }

  #otherLanguage() {
    this.dispatchEvent(new CrfPreferencesEvent({ language: pageLanguage() === 'zh' ? 'en' : 'zh' }));
  }

  #command(command: CrfCommandEvent['command']) {
    this.dispatchEvent(new CrfCommandEvent(command));
  }
}

customElements.define('crf-frame', CrfFrame);
