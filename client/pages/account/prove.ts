/** Asks a person to show again who they are, when what they want needs it, and then does what they wanted. */
import { html, nothing, type LitElement } from 'lit';
import { Problem } from '../../../schemas/problem.ts';
import { prove } from '../../account-api.ts';
import { PasskeyCancelledError, proveByPasskey } from '../../controllers/passkey.ts';
import { readForm, renderBox } from '../../elements/shell/boxes.ts';
import '../../elements/shell/dialog.ts';
import { failureInWords } from '../../elements/shell/failure.ts';
import { t } from '../../text/index.ts';

export interface Ways {
  hasPassword: boolean;
  hasPasskey: boolean;
  hasCode: boolean;
}

/** What a failure of this page is called. */
export const inWords = (error: unknown): string => (error instanceof PasskeyCancelledError ? t('passkey.cancelled') : failureInWords(error));

export class Proving {
  readonly #host: LitElement;
  readonly #ways: () => Ways;
  #answer: ((isProven: boolean) => void) | undefined;
  #failure: string | undefined;
  #isWorking = false;

  constructor(host: LitElement, ways: () => Ways) {
    this.#host = host;
    this.#ways = ways;
  }

  /** Does `work`, and once more after the person has shown who they are. Undefined when they would not. */
  async run<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Problem && error.key === 'proof-required')) throw error;
    }
    return (await this.#ask()) ? work() : undefined;
  }

  render() {
    const { hasPassword, hasPasskey, hasCode } = this.#ways();
    const isOpen = this.#answer !== undefined;
    return html`<crf-dialog .heading=${t('prove')} .open=${isOpen} @close=${() => this.#done(false)}>${isOpen ? html`<form @submit=${this.#submit}>
      ${this.#failure ? html`<p class="notice hard" role="alert">${this.#failure}</p><br />` : nothing}<p class="lead">${t('prove.lead')}</p><br />
      ${hasPassword ? renderBox({ name: 'password', label: t('prove.password'), type: 'password', autocomplete: 'current-password' }) : nothing}
      ${!hasPassword && hasCode ? renderBox({ name: 'code', label: t('prove.code'), inputMode: 'numeric', autocomplete: 'one-time-code', maxLength: 6 }) : nothing}
      <div class="end-row">${hasPasskey ? html`<button class="button" type="button" ?disabled=${this.#isWorking} @click=${this.#passkey}>${t('prove.passkey')}</button>` : nothing}
        ${hasPassword || hasCode ? html`<button class="button primary" ?disabled=${this.#isWorking}>${t('prove.do')}</button>` : nothing}</div></form>` : nothing}</crf-dialog>`;
  }

  #ask(): Promise<boolean> {
    this.#failure = undefined;
    return new Promise((resolve) => {
      this.#answer = resolve;
      this.#host.requestUpdate();
    });
  }

  #done(isProven: boolean) {
    this.#answer?.(isProven);
    this.#answer = undefined;
    this.#host.requestUpdate();
  }

  readonly #submit = (event: SubmitEvent) => {
    event.preventDefault();
    const typed = readForm(event.target as HTMLFormElement);
    if (typed) void this.#try(() => prove({ act: 'account', ...typed }));
  };

  readonly #passkey = () => void this.#try(() => proveByPasskey('account'));

  async #try(work: () => Promise<unknown>) {
    this.#isWorking = true;
    this.#failure = undefined;
    this.#host.requestUpdate();
    try {
      await work();
      this.#done(true);
    } catch (error) {
      this.#failure = inWords(error);
    } finally {
      this.#isWorking = false;
      this.#host.requestUpdate();
    }
  }
}
