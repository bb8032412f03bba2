import { html, type PropertyValues } from 'lit';
import type { TotpOffer } from '../../../schemas/http/account-api.ts';
import { beginTotp, confirmTotp, removeTotp, renewRecoveryCodes } from '../../account-api.ts';
import { readForm, renderBox } from '../../elements/shell/boxes.ts';
import { dayOfInstant } from '../../elements/shell/format.ts';
import { t } from '../../text/index.ts';
import { AccountSection } from './section.ts';

/** @summary The authenticator app, and the recovery codes. */
export class CrfAccountTotp extends AccountSection {
  static override properties = { ...AccountSection.properties, offer: { state: true }, codes: { state: true } };

  declare offer: TotpOffer | undefined;
  /** Shown this once. */
  declare codes: readonly string[] | undefined;

  override render() {
    const { totpSince, recoveryCodes } = this.account;
    return html`<section><h2>${t('totp')}</h2><p class="lead">${t('totp.lead')}</p>${this.notices()}
      ${this.codes ? this.#renderCodes(this.codes) : this.offer ? this.#renderOffer(this.offer) : html`<div class="between">
        <p class="meta">${totpSince ? html`${t('totp.on', { when: dayOfInstant(totpSince) })} · ${t('codes.left', { n: recoveryCodes })}` : t('totp.off')}</p>
        <span class="row">${totpSince ? html`<button class="button" type="button" ?disabled=${this.isWorking} @click=${this.#renew}>${t('codes.renew')}</button>
          <button class="button" type="button" ?disabled=${this.isWorking} @click=${() => void this.act(removeTotp)}>${t('totp.remove')}</button>`
        : html`<button class="button" type="button" ?disabled=${this.isWorking} @click=${this.#begin}>${t('totp.add')}</button>`}</span></div>`}
    </section>${this.proving.render()}`;
  }

  override updated(changed: PropertyValues) {
    this.focusFirst(changed, 'offer');
  }

  #renderOffer({ secret, picture }: TotpOffer) {
    return html`<form @submit=${this.#confirm}><p>${t('totp.scan')}</p>
      <img width="200" height="200" alt=${t('totp.scan')} src="data:image/svg+xml,${encodeURIComponent(picture)}" />
      <p class="meta">${t('totp.by-hand')} <code>${secret.match(/.{1,4}/g)?.join(' ')}</code></p><br />
      ${renderBox({ name: 'code', label: t('totp.confirm'), inputMode: 'numeric', autocomplete: 'one-time-code', pattern: '[0-9]{6}', maxLength: 6 })}
      <div class="end-row"><button class="button" type="button" @click=${() => (this.offer = undefined)}>${t('cancel')}</button>
        <button class="button primary" ?disabled=${this.isWorking}>${t('totp.do')}</button></div></form>`;
  }

  #renderCodes(codes: readonly string[]) {
    return html`<div class="notice soft" role="status"><h3>${t('codes')}</h3><p>${t('codes.lead')}</p><ol>${codes.map((code) => html`<li><code>${code}</code></li>`)}</ol>
      <div class="end-row"><button class="button primary" type="button" @click=${() => (this.codes = undefined)}>${t('codes.kept')}</button></div></div>`;
  }

  readonly #begin = async () => void (this.offer = await this.act(beginTotp));

  readonly #confirm = async (event: SubmitEvent) => {
    event.preventDefault();
    const typed = readForm(event.target as HTMLFormElement);
    const made = typed && (await this.act(() => confirmTotp(typed['code'] ?? '')));
    if (!made) return;
    this.codes = made.recoveryCodes;
    this.offer = undefined;
  };

  readonly #renew = async () => void (this.codes = (await this.act(renewRecoveryCodes))?.recoveryCodes);
}

customElements.define('crf-account-totp', CrfAccountTotp);
