/** My account: what one signs in with, where one is signed in, and emergency access. */
import { LitElement, css, html, nothing } from 'lit';
import { getAccount } from '../account-api.ts';
import { LanguageController } from '../controllers/language.ts';
import { LoadingController } from '../controllers/loading.ts';
import { renderFailure } from '../elements/shell/failure.ts';
import { sheet } from '../elements/shell/sheet.ts';
import { base } from '../styles/base.ts';
import { t } from '../text/index.ts';
import './account/openings.ts';
import './account/passkeys.ts';
import './account/password.ts';
import { AccountChangedEvent } from './account/section.ts';
import './account/sessions.ts';
import './account/totp.ts';
import type { PageContext } from './context.ts';

export class CrfAccountPage extends LitElement {
  static override properties = { context: { attribute: false }, place: { attribute: false } };
  static override styles = [base, sheet, css`:host { max-width: 800px; } .sections > * { display: block; } .sections > * + * { margin-top: var(--crf-space-6); } .notice { margin-bottom: var(--crf-space-5); }`];

  declare context: PageContext;
  readonly #account = new LoadingController(this, (signal) => getAccount(signal));

  constructor() {
    super();
    new LanguageController(this);
    void this.#account.load();
    this.addEventListener(AccountChangedEvent.type, () => void this.#renew());
  }

  override render() {
    const { me } = this.context;
    return html`<div class="head"><h1>${t('account')}</h1><p class="meta">${me.displayName} · ${me.username}</p></div>
      ${this.#isPending ? html`<div class="notice soft" role="status"><strong>${t('account.pending')}</strong><p>${t('account.pending.next')}</p></div>` : nothing}${this.#sections()}`;
  }

  #sections() {
    const { value, error, isSlow } = this.#account;
    if (error) return renderFailure(error, () => void this.#account.load());
    if (!value) return isSlow ? html`<crf-state kind="loading"></crf-state>` : nothing;
    // One template, so that what is shown once (recovery codes) stays when the rest of the page comes.
    const isWhole = !this.#isPending;
    return html`<div class="sections">${isWhole ? html`<crf-account-password .account=${value}></crf-account-password>` : nothing}
      <crf-account-passkeys .account=${value}></crf-account-passkeys><crf-account-totp .account=${value}></crf-account-totp>
      ${isWhole ? html`<crf-account-sessions .account=${value}></crf-account-sessions><crf-account-openings .context=${this.context}></crf-account-openings>` : nothing}</div>`;
  }

  get #isPending(): boolean {
    const account = this.#account.value;
    return account ? account.needsSecondFactor && !account.totpSince && account.passkeys.length === 0 : this.context.me.pending !== undefined;
  }

  /** Once the second factor is there everything else answers too. */
  async #renew() {
    await this.#account.load();
    if (!this.context.me.pending) return;
    await this.context.renew();
  }
}

customElements.define('crf-account-page', CrfAccountPage);
