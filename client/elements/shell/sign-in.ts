/** User name and password: on its own page, and above an open page whose session has ended. */
import { LitElement, css, html, nothing } from 'lit';
import type { SignInRequest } from '../../../schemas/http/api.ts';
import { LanguageController } from '../../controllers/language.ts';
import { base } from '../../styles/base.ts';
import { t } from '../../text/index.ts';
import { readForm, renderBox } from './boxes.ts';
import { failureInWords } from './failure.ts';
import { sheet } from './sheet.ts';

/** @summary The sign-in form. @slot later - A button for not now. */
export class CrfSignIn extends LitElement {
  static override properties = { signIn: { attribute: false }, username: {}, isWorking: { state: true }, failure: { state: true } };
  static override styles = [base, sheet, css`:host { padding: 0; max-width: none; } .end-row { flex-direction: row-reverse; justify-content: flex-start; } .primary { flex: 1; }`];

  /** Rejects with the problem that is shown. */
  declare signIn: (request: SignInRequest) => Promise<void>;
  /** Filled in and kept, when the person is known. */
  declare username: string;
  declare isWorking: boolean;
  declare failure: string | undefined;

  constructor() {
    super();
    this.username = '';
    this.isWorking = false;
    new LanguageController(this);
  }

  override render() {
    return html`<form @submit=${this.#submit}>
      ${this.failure ? html`<p class="notice hard" role="alert">${this.failure}</p><br />` : nothing}
      ${renderBox({ name: 'username', label: t('sign-in.username'), autocomplete: 'username', value: this.username })}
      ${renderBox({ name: 'password', label: t('sign-in.password'), type: 'password', autocomplete: 'current-password' })}
      <div class="end-row"><button class="button primary" ?disabled=${this.isWorking}>${this.isWorking ? t('sign-in.working') : t('sign-in')}</button><slot name="later"></slot></div>
    </form>`;
  }

  override firstUpdated() {
    this.renderRoot.querySelector<HTMLInputElement>(this.username ? '#password' : '#username')?.focus();
  }

  async #submit(event: SubmitEvent) {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const typed = this.isWorking ? undefined : readForm(form);
    if (!typed) return;
    this.isWorking = true;
    this.failure = undefined;
    try {
      await this.signIn({ username: typed['username']?.toLowerCase() ?? '', password: typed['password'] ?? '' });
    } catch (error) {
      this.failure = failureInWords(error);
      form.querySelector<HTMLInputElement>('#password')?.select();
    } finally {
      this.isWorking = false;
    }
  }
}

customElements.define('crf-sign-in', CrfSignIn);
