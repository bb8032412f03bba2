import { html, nothing, type PropertyValues } from 'lit';
import type { SignInWays } from '../../../schemas/http/account-api.ts';
import { changePassword, getSignInWays } from '../../account-api.ts';
import { readForm, renderBox } from '../../elements/shell/boxes.ts';
import { dayOfInstant } from '../../elements/shell/format.ts';
import { passwordRule } from '../../elements/shell/password-words.ts';
import { t } from '../../text/index.ts';
import { AccountSection } from './section.ts';

/** @summary One's password, and another. */
export class CrfAccountPassword extends AccountSection {
  static override properties = { ...AccountSection.properties, isOpen: { state: true }, ways: { state: true } };

  declare isOpen: boolean;
  declare ways: SignInWays | undefined;

  override render() {
    const { hasPassword, passwordChangedAt } = this.account;
    return html`<section><h2>${t('account.password.section')}</h2>${this.notices()}
      ${hasPassword ? html`<div class="between"><p class="meta">${passwordChangedAt ? t('account.password.since', { when: dayOfInstant(passwordChangedAt) }) : nothing}</p>
        ${this.isOpen ? nothing : html`<button class="button" type="button" @click=${this.#open}>${t('account.password.change')}</button>`}</div>` : html`<p class="lead">${t('account.password.none')}</p>`}
      ${this.isOpen ? html`<form @submit=${this.#submit}>
        ${renderBox({ name: 'password', label: t('account.password.present'), type: 'password', autocomplete: 'current-password' })}
        ${renderBox({ name: 'newPassword', label: t('password.new'), type: 'password', help: passwordRule(this.ways), autocomplete: 'new-password', maxLength: 200 })}
        ${renderBox({ name: 'again', label: t('password.again'), type: 'password', autocomplete: 'new-password', maxLength: 200 })}
        <div class="end-row"><button class="button" type="button" @click=${() => (this.isOpen = false)}>${t('cancel')}</button>
          <button class="button primary" ?disabled=${this.isWorking}>${t('account.password.change')}</button></div></form>` : nothing}</section>`;
  }

  override updated(changed: PropertyValues) {
    this.focusFirst(changed, 'isOpen');
  }

  readonly #open = () => {
    this.isOpen = true;
    void getSignInWays().then((ways) => (this.ways = ways), () => undefined);
  };

  readonly #submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const typed = readForm(event.target as HTMLFormElement);
    if (!typed) return;
    const { password = '', newPassword = '', again } = typed;
    if (newPassword !== again) return void (this.failure = t('password.differs'));
    await this.act(async () => {
      await changePassword({ password, newPassword });
      this.isOpen = false;
    }, t('account.password.changed'));
  };
}

customElements.define('crf-account-password', CrfAccountPassword);
