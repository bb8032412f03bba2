/** What an administrator does with the account of another: a link for a new password, to sign out, to disable and enable. */
import { LitElement, css, html, nothing } from 'lit';
import type { Account } from '../../../schemas/http/api.ts';
import { endSessionsOf, listSessionsOf, openReset, setAccountStatus } from '../../account-api.ts';
import { listAccounts } from '../../api.ts';
import { LanguageController } from '../../controllers/language.ts';
import { LoadingController } from '../../controllers/loading.ts';
import { failureInWords, renderFailure } from '../../elements/shell/failure.ts';
import { sheet } from '../../elements/shell/sheet.ts';
import type { PagePlace } from '../../places.ts';
import { to } from '../../places.ts';
import { base } from '../../styles/base.ts';
import { t } from '../../text/index.ts';
import type { PageContext } from '../context.ts';
import { renderSessions, sessionStyles } from './sessions.ts';

export class CrfSecurityPage extends LitElement {
  static override properties = { context: { attribute: false }, place: { attribute: false }, isWorking: { state: true }, failure: { state: true }, link: { state: true }, told: { state: true } };
  static override styles = [base, sheet, sessionStyles, css`:host { max-width: 800px; } h2 { margin-bottom: var(--crf-space-2); } .notice { margin-block: var(--crf-space-3); } code { user-select: all; } .button { margin-top: var(--crf-space-3); }`];

  declare context: PageContext;
  declare place: PagePlace;
  declare isWorking: boolean;
  declare failure: string | undefined;
  declare told: string | undefined;
  /** For a new password; shown this once. */
  declare link: string | undefined;

  readonly #account = new LoadingController(this, (signal) => findAccount(this.#id, signal));
  readonly #sessions = new LoadingController(this, async (signal) => (await listSessionsOf(this.#id, signal)).items);

  constructor() {
    super();
    this.isWorking = false;
    new LanguageController(this);
  }

  get #id(): string {
    return this.place.params['accountId'] ?? '';
  }

  override connectedCallback() {
    super.connectedCallback();
    void this.#account.load();
    void this.#sessions.load();
  }

  override render() {
    const { value, error } = this.#account;
    if (error) return renderFailure(error, () => void this.#account.load());
    if (!value) return html`<h1>${t('security')}</h1>`;
    const name = value.displayName;
    return html`<p><a href=${to('people')}>${t('people')}</a></p><div class="head"><h1>${t('security.of', { name })}</h1><span class="meta">${value.username}</span></div>
      ${this.failure ? html`<p class="notice hard" role="alert">${this.failure}</p>` : nothing}${this.told ? html`<p class="notice ok" role="status">${this.told}</p>` : nothing}
      ${value.status === 'active' ? this.#reset() : nothing}
      <section><h2>${t('sessions.of', { name })}</h2>${this.#sessionList(name)}</section>${this.#status(value)}`;
  }

  #reset() {
    return html`<section><h2>${t('security.reset')}</h2><p class="lead">${t('security.reset.lead')}</p>
      ${this.link ? html`<div class="notice soft" role="status"><p>${t('security.reset.link')}</p><code>${this.link}</code></div>` : html`
        <label class="choice"><input type="checkbox" id="factors" />${t('security.reset.factors')}</label>
        <button class="button" type="button" ?disabled=${this.isWorking} @click=${this.#makeLink}>${t('security.reset.do')}</button>`}</section>`;
  }

  #sessionList(name: string) {
    const { value, error } = this.#sessions;
    if (error) return renderFailure(error, () => void this.#sessions.load());
    if (!value) return nothing;
    if (value.length === 0) return html`<p class="meta">${t('sessions.none')}</p>`;
    return html`${renderSessions(value, t('sessions.of', { name }))}<button class="button" type="button" ?disabled=${this.isWorking} @click=${() => void this.#act(() => endSessionsOf(this.#id))}>${t('sessions.end-all')}</button>`;
  }

  #status({ status }: Account) {
    const isActive = status === 'active';
    return html`<section><h2>${t(isActive ? 'security.disable' : 'security.enable')}</h2><p class="lead">${t(isActive ? 'security.disable.lead' : 'security.enable.lead')}</p>
      <button class="button" type="button" ?disabled=${this.isWorking} @click=${() => void this.#act(() => setAccountStatus(this.#id, isActive ? 'disabled' : 'active'))}>${t(isActive ? 'security.disable' : 'security.enable')}</button></section>`;
  }

  readonly #makeLink = () => void this.#act(async () => {
    const factors = this.renderRoot.querySelector<HTMLInputElement>('#factors')?.checked ?? false;
    const { token } = await openReset(this.#id, factors);
    this.link = `${location.origin}${to('reset')}#${token}`;
  });

  async #act(work: () => Promise<void>) {
    if (this.isWorking) return;
    this.isWorking = true;
    this.failure = this.told = undefined;
    try {
      await work();
      this.told = t('security.done');
      await Promise.all([this.#account.load(), this.#sessions.load()]);
    } catch (error) {
      this.failure = failureInWords(error);
    } finally {
      this.isWorking = false;
    }
  }
}

/** From the list that one may see. */
async function findAccount(id: string, signal: AbortSignal): Promise<Account> {
  let after: string | undefined;
  do {
    const page: Awaited<ReturnType<typeof listAccounts>> = await listAccounts(after, signal);
    const found = page.items.find((account) => account.id === id);
    if (found) return found;
    after = page.next;
  } while (after !== undefined);
  throw new Error('No such account');
}

customElements.define('crf-security-page', CrfSecurityPage);
