/** Signing in: name and password, then what else the account asks for; or a passkey, or the provider. On its own page, and above an open page whose session has ended. */
import { LitElement, css, html, nothing } from 'lit';
import type { SignInWays } from '../../../schemas/http/account-api.ts';
import type { Me, SignInRequest } from '../../../schemas/http/api.ts';
import { Problem } from '../../../schemas/problem.ts';
import { getSignInWays } from '../../account-api.ts';
import { LanguageController } from '../../controllers/language.ts';
import { canUsePasskeys, PasskeyCancelledError, signInByPasskey } from '../../controllers/passkey.ts';
import { base } from '../../styles/base.ts';
import { t } from '../../text/index.ts';
import { readForm, renderBox } from './boxes.ts';
import { failureInWords } from './failure.ts';
import { passwordRule } from './password-words.ts';
import { sheet } from './sheet.ts';

type Step = 'password' | 'code' | 'new-password';

/** @summary The sign-in form. @slot later - A button for not now. */
export class CrfSignIn extends LitElement {
  static override properties = { signIn: { attribute: false }, enter: { attribute: false }, username: {}, isWorking: { state: true }, failure: { state: true }, step: { state: true }, ways: { state: true } };
  static override styles = [base, sheet, css`
    :host { padding: 0; max-width: none; }
    .end-row { flex-direction: row-reverse; justify-content: flex-start; }
    .primary { flex: 1; }
    .or { display: flex; align-items: center; gap: var(--crf-space-3); margin: var(--crf-space-4) 0; }
    .or::before, .or::after { content: ""; flex: 1; border-top: 1px solid var(--crf-line); }
    .other { width: 100%; }
    .other + .other { margin-top: var(--crf-space-3); }
    .notice { margin-bottom: var(--crf-space-4); }
  `];

  /** Rejects with the problem that is shown. */
  declare signIn: (request: SignInRequest) => Promise<void>;
  /** For somebody who came in by a passkey; without it there is no button for one. */
  declare enter: ((me: Me) => Promise<void>) | undefined;
  /** Filled in and kept, when the person is known. */
  declare username: string;
  declare isWorking: boolean;
  declare failure: string | undefined;
  declare step: Step;
  declare ways: SignInWays | undefined;
  /** What was typed in the steps before. */
  #typed: SignInRequest = { username: '', password: '' };

  constructor() {
    super();
    this.username = '';
    this.isWorking = false;
    this.step = 'password';
    this.failure = new URLSearchParams(location.search).get('refused') === 'provider' ? t('problem.provider-refused') : undefined;
    new LanguageController(this);
    void getSignInWays().then((ways) => (this.ways = ways), () => undefined);
  }

  override render() {
    return html`<form @submit=${this.#submit}>
      ${this.failure ? html`<p class="notice hard" role="alert">${this.failure}</p>` : nothing}
      ${this.#boxes()}
      <div class="end-row"><button class="button primary" ?disabled=${this.isWorking}>${this.isWorking ? t('sign-in.working') : t('sign-in')}</button>
        ${this.step === 'password' ? nothing : html`<button class="button" type="button" @click=${this.#again}>${t('sign-in.back')}</button>`}<slot name="later"></slot></div>
    </form>${this.step === 'password' ? this.#others() : nothing}`;
  }

  #boxes() {
    if (this.step === 'code') {
      return html`<p class="notice">${t('sign-in.code.next')}</p>
        ${renderBox({ name: 'code', label: t('sign-in.code'), help: t('sign-in.code.help'), autocomplete: 'one-time-code', maxLength: 40, minLength: 6 })}`;
    }
    if (this.step === 'new-password') {
      return html`<p class="notice soft">${t('sign-in.expired.next')}</p>
        ${renderBox({ name: 'newPassword', label: t('password.new'), type: 'password', help: passwordRule(this.ways), autocomplete: 'new-password', maxLength: 200 })}
        ${renderBox({ name: 'again', label: t('password.again'), type: 'password', autocomplete: 'new-password', maxLength: 200 })}`;
    }
    return html`${renderBox({ name: 'username', label: t('sign-in.username'), autocomplete: 'username', value: this.username })}
      ${renderBox({ name: 'password', label: t('sign-in.password'), type: 'password', autocomplete: 'current-password' })}`;
  }

  #others() {
    const hasPasskeys = this.enter !== undefined && canUsePasskeys(this.ways?.passkeysAt);
    const provider = this.enter === undefined ? undefined : this.ways?.provider;
    if (!hasPasskeys && !provider) return nothing;
    return html`<p class="or meta">${t('sign-in.or')}</p>
      ${hasPasskeys ? html`<button class="button other" type="button" ?disabled=${this.isWorking} @click=${this.#passkey}>${t('sign-in.passkey')}</button>` : nothing}
      ${provider ? html`<a class="button other" href="/api/session/provider">${t('sign-in.provider', { name: provider })}</a>` : nothing}`;
  }

  override firstUpdated() {
    this.renderRoot.querySelector<HTMLInputElement>(this.username ? '#password' : '#username')?.focus();
  }

  override updated(changed: Map<string, unknown>) {
    if (changed.has('step') && changed.get('step') !== undefined) this.renderRoot.querySelector<HTMLInputElement>('input')?.focus();
  }

  async #submit(event: SubmitEvent) {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const typed = this.isWorking ? undefined : readForm(form);
    if (!typed) return;
    const { username, password, code, newPassword, again } = typed;
    if (newPassword !== undefined && newPassword !== again) return void (this.failure = t('password.differs'));
    if (this.step === 'password') this.#typed = { username: username?.toLowerCase() ?? '', password: password ?? '' };
    this.#typed = { ...this.#typed, ...(code ? { code } : {}), ...(newPassword ? { newPassword } : {}) };
    await this.#try(() => this.signIn(this.#typed), form);
  }

  readonly #passkey = () => this.#try(async () => this.enter?.(await signInByPasskey()));

  async #try(work: () => Promise<void>, form?: HTMLFormElement) {
    this.isWorking = true;
    this.failure = undefined;
    try {
      await work();
    } catch (error) {
      if (this.#goOn(error)) return;
      this.failure = error instanceof PasskeyCancelledError ? t('passkey.cancelled') : failureInWords(error);
      form?.querySelector<HTMLInputElement>('#password, #code, #newPassword')?.select();
    } finally {
      this.isWorking = false;
    }
  }

  /** The password was right, and something more is asked for. */
  #goOn(error: unknown): boolean {
    if (!(error instanceof Problem)) return false;
    if (error.key === 'password-expired') this.step = 'new-password';
    else if (error.key === 'second-factor-needed' && (error.extra?.['ways'] as string[] | undefined)?.includes('passkey')) this.failure = t('sign-in.passkey-next');
    else if (error.key === 'second-factor-needed') this.step = 'code';
    else return false;
    return true;
  }

  readonly #again = () => {
    this.#typed = { username: '', password: '' };
    this.failure = undefined;
    this.step = 'password';
  };
}

customElements.define('crf-sign-in', CrfSignIn);
