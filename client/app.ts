/** The application: who is signed in, which page is shown, and what stands above every page. */
import { LitElement, html, nothing } from 'lit';
import type { Health, Me } from '../schemas/http/api.ts';
import { closeAccess } from './account-api.ts';
import { getHealth } from './api.ts';
import { openJournal } from './controllers/draft.ts';
import { IdleController } from './controllers/idle.ts';
import { LanguageController } from './controllers/language.ts';
import { SessionController } from './controllers/session.ts';
import { CrfCommandEvent, CrfGoEvent, CrfPreferencesEvent, CrfSiteEvent } from './elements/shell/events.ts';
import { renderFailure } from './elements/shell/failure.ts';
import { renderKeys } from './elements/shell/keys.ts';
import './elements/shell/frame.ts';
import { findAnything } from './find.ts';
import './pages/account/banner.ts';
import type { PageContext, PageElement } from './pages/context.ts';
import { renderExpired, renderUnsent } from './pages/session.ts';
import { renderSignIn } from './pages/sign-in.ts';
import { paths, to } from './places.ts';
import type { PageName, PagePlace } from './places.ts';
import { applyPreferences, keepPreferences, readPreferences } from './preferences.ts';
import { Router } from './router.ts';
import { mayOpen, menuOf, routes } from './routes.ts';
import { base } from './styles/base.ts';
import { t } from './text/index.ts';

/** Pages that need nobody to be signed in. */
const isOutside = (place: PagePlace | undefined) => place?.name === 'setUp' || place?.name === 'reset';

export class CrfApp extends LitElement {
  static override properties = { place: { state: true }, page: { state: true }, health: { state: true }, isFinding: { state: true }, isShowingKeys: { state: true }, unsent: { state: true } };
  static override styles = [base];

  declare place: PagePlace | undefined;
  /** The element of the page, or why there is none. */
  declare page: PageElement | 'loading' | 'not-found' | 'not-permitted' | 'no-site' | 'missing';
  declare health: Health | undefined;
  declare isFinding: boolean;
  declare isShowingKeys: boolean;
  /** Forms with changes that only this device has, when somebody wants to sign out. */
  declare unsent: number;

  readonly #session = new SessionController(this);
  readonly #router = new Router<PageName>(paths, (place) => void this.#show(place));
  #preferences = readPreferences();
  #title = '';
  /** The page that was opened with the window keeps the focus where the browser put it. */
  #isFirst = true;

  constructor() {
    super();
    this.page = 'loading';
    this.unsent = 0;
    this.isFinding = this.isShowingKeys = false;
    new IdleController(this, () => this.#session.me?.idleSeconds, () => void this.#session.lock());
    new LanguageController(this);
    this.addEventListener(CrfGoEvent.type, (event) => void this.#router.go((event as CrfGoEvent).path, { replace: (event as CrfGoEvent).replace }));
    this.addEventListener(CrfSiteEvent.type, (event) => this.#changeSite((event as CrfSiteEvent).siteId));
    this.addEventListener(CrfPreferencesEvent.type, (event) => this.#prefer((event as CrfPreferencesEvent).changes));
    this.addEventListener(CrfCommandEvent.type, (event) => this.#obey((event as CrfCommandEvent).command));
  }

  override connectedCallback() {
    super.connectedCallback();
    document.addEventListener('keydown', this.#key);
    void this.#start();
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.#router.stop();
    document.removeEventListener('keydown', this.#key);
  }

  override render() {
    const { state, me } = this.#session;
    if (isOutside(this.place)) return this.page instanceof HTMLElement ? this.page : nothing;
    if (state === 'unknown') return nothing;
    if (state === 'failed') return renderFailure(this.#session.error, () => void this.#start());
    if (state === 'signed-out' || !me) return renderSignIn((request) => this.#signIn(request), (me) => this.#signedIn(me));
    const { site, sites } = this.#session;
    return html`<crf-frame .me=${me} .site=${site} .sites=${sites} .menu=${this.#menu} .health=${this.health} .preferences=${this.#preferences} ?isForm=${this.place?.name === 'enrol' || this.place?.name === 'record'} ?hidden=${this.#session.isLocked}>${me.openings?.length ? html`<crf-openings-banner .me=${me} .sites=${sites} .close=${(id: string) => void this.#closeOpening(id)}></crf-openings-banner>` : nothing}${this.#page()}</crf-frame>
      ${renderKeys(this.isShowingKeys, () => (this.isShowingKeys = false))}
      <crf-find .open=${this.isFinding} .search=${this.#search} @close=${() => (this.isFinding = false)}></crf-find>
      ${renderUnsent(this.unsent, () => void this.#erase(), () => (this.unsent = 0))}
      ${renderExpired(this.#session)}`;
  }

  override updated() {
    document.title = [this.#title || this.#routeTitle(), t('product')].filter(Boolean).join(' · ');
  }

  #page() {
    if (this.page instanceof HTMLElement) return this.page;
    if (this.page === 'loading') return nothing;
    const [heading, text] = ({
      'not-found': ['not-found', 'not-found.next'], 'not-permitted': ['not-permitted', 'not-permitted.next'], 'no-site': ['no-site', 'no-site.next'], missing: ['page-missing', 'page-missing.next'],
    } as const)[this.page];
    return html`<crf-state heading=${t(heading)} text=${t(text)}>${this.page === 'missing'
      ? html`<button class="button" type="button" @click=${() => location.reload()}>${t('reload')}</button>`
      : html`<a class="button" href="/">${t('not-found.home')}</a>`}</crf-state>`;
  }

  async #start() {
    void getHealth().then((health) => (this.health = health), () => undefined);
    if (![to('setUp'), to('reset')].includes(location.pathname)) await this.#session.resume();
    this.#enter();
    this.#router.start();
  }

  async #signIn(request: Parameters<SessionController['signIn']>[0]) {
    await this.#session.signIn(request);
    this.#enter();
    void this.#show(this.place);
  }

  async #signedIn(me: Me) {
    await this.#session.enter(me);
    this.#enter();
    void this.#show(this.place);
  }

  async #closeOpening(id: string) {
    await closeAccess(id).catch(() => undefined); // it may have ended by itself meanwhile
    await this.#session.resume();
    void this.#show(this.place);
  }

  /** The page looks as this person left it. */
  #enter() {
    if (!this.#session.me) return;
    this.#preferences = readPreferences(this.#session.me.accountId);
    applyPreferences(this.#preferences);
  }

  async #show(place: PagePlace | undefined) {
    this.#isFirst = this.place === undefined;
    this.place = place;
    this.#title = '';
    const { me } = this.#session;
    if (place?.name === 'setUp') return this.#open('crf-set-up-page', place, () => import('./pages/set-up.ts'));
    if (place?.name === 'reset') return this.#open('crf-reset-page', place, () => import('./pages/reset.ts'));
    if (!me) return;
    if (!place) return void (this.page = 'not-found');
    // Nothing else answers before this is done.
    if (me.pending && place.name !== 'account') return void this.#router.go(to('account'), { replace: true });
    if (place.name === 'home') return this.#goHome();
    const route = routes[place.name];
    if (place.params['siteId']) this.#session.chooseSite(place.params['siteId']);
    if (!mayOpen(me, route, place)) return void (this.page = 'not-permitted');
    await this.#open(route.tag, place, route.load);
    if (!this.#isFirst) await this.#focusHeading();
  }

  #goHome() {
    const [first] = this.#menu;
    this.place = undefined; // what follows is the page that the window was opened with
    if (first) return void this.#router.go(first.path, { replace: true });
    this.page = 'no-site';
  }

  async #open(tag: string, place: PagePlace, load: () => Promise<unknown>) {
    try {
      await load();
    } catch {
      this.page = 'missing';
      return;
    }
    if (place !== this.place) return; // the person went on meanwhile
    const page = document.createElement(tag) as PageElement;
    page.context = this.#context;
    page.place = place;
    this.page = page;
    await this.updateComplete;
    if (!place.isReturn) window.scrollTo(0, 0);
  }

  async #arrive(title: string) {
    this.#title = title;
    this.requestUpdate();
    const active = document.activeElement;
    if (!this.#isFirst && (active === null || active === document.body || active === this)) await this.#focusHeading();
  }

  async #focusHeading() {
    await this.updateComplete;
    if (!(this.page instanceof HTMLElement)) return;
    await this.page.updateComplete;
    const heading = this.page.renderRoot.querySelector<HTMLElement>('h1');
    if (!heading || this.page.renderRoot.querySelector('[autofocus]')) return;
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }

  get #context(): PageContext {
    const { me, site, sites } = this.#session;
    return {
      me: me as PageContext['me'], site, sites,
      renew: () => this.#session.resume(),
      setUp: (request) => this.#session.setUp(request),
      guard: (guard) => this.#router.guard(guard),
      rename: (path) => this.#router.rename(path),
      arrived: (title = '') => void this.#arrive(title),
    };
  }

  get #menu() {
    const { me, site } = this.#session;
    return me ? menuOf(me, site?.id, this.place?.name) : [];
  }

  #routeTitle(): string {
    const name = this.place?.name;
    if (!this.#session.me) return t('sign-in');
    return name && name !== 'home' && name !== 'setUp' && name !== 'reset' ? t(routes[name].title) : '';
  }

  readonly #search = (query: string, signal: AbortSignal) => findAnything(query, signal, this.#context, this.#menu, this.place);

  #changeSite(siteId: string) {
    this.#session.chooseSite(siteId);
    void this.#router.go(this.place?.params['siteId'] ? to('patients', { siteId }) : location.pathname);
  }

  #prefer(changes: CrfPreferencesEvent['changes']) {
    this.#preferences = { ...this.#preferences, ...changes };
    keepPreferences(this.#preferences, this.#session.me?.accountId);
    applyPreferences(this.#preferences);
    this.requestUpdate();
  }

  #obey(command: CrfCommandEvent['command']) {
    if (command === 'find') void import('./elements/shell/find.ts').then(() => (this.isFinding = true));
    if (command === 'keys') this.isShowingKeys = true;
    if (command === 'sign-out') void this.#signOut();
  }

  /** What is not with the server yet would go with the journal of this person, so they are asked. */
  async #signOut() {
    if (!(await this.#router.mayLeave())) return;
    this.unsent = this.#journal?.list().length ?? 0;
    if (this.unsent === 0) await this.#erase();
  }

  async #erase() {
    this.unsent = 0;
    await this.#session.signOut(() => this.#journal?.clear());
  }

  get #journal() {
    return this.#session.me && openJournal(this.#session.me.accountId);
  }

  readonly #key = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing || !this.#session.me) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') return this.#answer(event, 'find');
    const target = event.composedPath()[0];
    const isTyping = target instanceof HTMLElement && target.matches('input:not([type="checkbox"], [type="radio"]), textarea, select, [contenteditable]');
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === '?') return this.#answer(event, 'keys');
    if (event.key !== '/') return;
    const search = this.page instanceof HTMLElement ? this.page.renderRoot.querySelector<HTMLElement>('input[type="search"]') : null;
    if (!search) return this.#answer(event, 'find');
    event.preventDefault();
    search.focus();
  };

  #answer(event: Event, command: CrfCommandEvent['command']) {
    event.preventDefault();
    this.#obey(command);
  }
}

customElements.define('crf-app', CrfApp);
