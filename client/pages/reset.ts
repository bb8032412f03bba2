/** A new password by the link of an administrator; its token stands after the `#` and never reaches a log. */
import { LitElement, html, nothing } from 'lit';
import type { SignInWays } from '../../schemas/http/account-api.ts';
import { getSignInWays, resetPassword } from '../account-api.ts';
import { LanguageController } from '../controllers/language.ts';
import { readForm, renderBox } from '../elements/shell/boxes.ts';
import { failureInWords } from '../elements/shell/failure.ts';
import { passwordRule } from '../elements/shell/password-words.ts';
import { sheet } from '../elements/shell/sheet.ts';
import '../elements/shell/state.ts';
import { base } from '../styles/base.ts';
import { t } from '../text/index.ts';
import { doorStyles, renderLanguage } from './sign-in.ts';

export class CrfResetPage extends LitElement {
  static override properties = { context: { attribute: false }, place: { attribute: false }, isWorking: { state: true }, failure: { state: true }, isDone: { state: true }, ways: { state: true } };
  static override styles = [base, sheet, doorStyles];

  declare isWorking: boolean;
  declare failure: string | undefined;
  declare isDone: boolean;
  declare ways: SignInWays | undefined;
  readonly #token = location.hash.slice(1);

  constructor() {
    super();
    this.isWorking = this.isDone = false;
    new LanguageController(this);
    void getSignInWays().then((ways) => (this.ways = ways), () => undefined);
  }

  override render() {
    return html`<header>${renderLanguage((event) => this.dispatchEvent(event))}</header>
      <main><h1>${t(this.isDone ? 'reset.done' : 'reset')}</h1>${this.isDone ? html`<p class="lead">${t('reset.done.next')}</p><a class="button primary" href="/" @click=${this.#leave}>${t('sign-in')}</a>` : this.#form()}</main>`;
  }

  #form() {
    return html`<p class="lead">${t('reset.lead')}</p><form @submit=${this.#submit}>
      ${this.failure ? html`<p class="notice hard" role="alert">${this.failure}</p><br />` : nothing}
      ${renderBox({ name: 'newPassword', label: t('password.new'), type: 'password', help: passwordRule(this.ways), autocomplete: 'new-password', maxLength: 200 })}
      ${renderBox({ name: 'again', label: t('password.again'), type: 'password', autocomplete: 'new-password', maxLength: 200 })}
      <div class="end-row"><button class="button primary" ?disabled=${this.isWorking}>${t('reset.do')}</button></div></form>`;
  }

  /** A fresh page: nothing of the link stays in memory or in the address. */
  readonly #leave = (event: Event) => {
    event.preventDefault();
    location.replace('/');
  };

  readonly #submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const typed = this.isWorking ? undefined : readForm(event.target as HTMLFormElement);
    if (!typed) return;
    const { newPassword = '', again } = typed;
    if (newPassword !== again) return void (this.failure = t('password.differs'));
    this.isWorking = true;
    this.failure = undefined;
    try {
      await resetPassword({ token: this.#token, newPassword });
      this.isDone = true;
    } catch (error) {
      this.failure = failureInWords(error);
    } finally {
      this.isWorking = false;
    }
  };
}

customElements.define('crf-reset-page', CrfResetPage);
