import { html, nothing, type PropertyValues } from 'lit';
import type { Passkey, SignInWays } from '../../../schemas/http/account-api.ts';
import { getSignInWays, removePasskey, renamePasskey } from '../../account-api.ts';
import { canUsePasskeys, makePasskey } from '../../controllers/passkey.ts';
import { readForm, renderBox } from '../../elements/shell/boxes.ts';
import { dayOfInstant, momentOf } from '../../elements/shell/format.ts';
import { t } from '../../text/index.ts';
import { AccountSection } from './section.ts';

/** @summary One's passkeys: to add, to call otherwise, to remove. */
export class CrfAccountPasskeys extends AccountSection {
  static override properties = { ...AccountSection.properties, naming: { state: true }, ways: { state: true } };

  /** The passkey that gets another name, or `new`. */
  declare naming: Passkey | 'new' | undefined;
  declare ways: SignInWays | undefined;

  constructor() {
    super();
    void getSignInWays().then((ways) => (this.ways = ways), () => undefined);
  }

  override render() {
    const { passkeys } = this.account;
    const at = this.ways?.passkeysAt;
    return html`<section><h2>${t('passkeys')}</h2><p class="lead">${t('passkeys.lead')}</p>${this.notices()}
      ${passkeys.length === 0 ? html`<p class="meta">${t('passkeys.none')}</p>` : html`<ul>${passkeys.map((each) => this.#renderPasskey(each))}</ul>`}
      ${this.naming ? this.#renderNaming(this.naming) : canUsePasskeys(at) ? html`<div class="end-row"><button class="button" type="button" ?disabled=${this.isWorking} @click=${() => (this.naming = 'new')}>${t('passkeys.add')}</button></div>`
        : at ? html`<p class="meta">${t('passkeys.elsewhere', { at })}</p>` : nothing}</section>${this.proving.render()}`;
  }

  override updated(changed: PropertyValues) {
    this.focusFirst(changed, 'naming');
  }

  #renderPasskey(passkey: Passkey) {
    const { id, name, createdAt, usedAt } = passkey;
    return html`<li class="between"><span><strong id=${`k-${id}`}>${name}</strong><br /><span class="meta">${t('passkeys.made', { when: dayOfInstant(createdAt) })}${usedAt ? html` · ${t('passkeys.used', { when: momentOf(usedAt) })}` : nothing}</span></span>
      <span class="row"><button class="button plain" type="button" aria-describedby=${`k-${id}`} @click=${() => (this.naming = passkey)}>${t('passkeys.rename')}</button>
        <button class="button plain" type="button" aria-describedby=${`k-${id}`} ?disabled=${this.isWorking} @click=${() => void this.act(() => removePasskey(id))}>${t('passkeys.remove')}</button></span></li>`;
  }

  #renderNaming(naming: Passkey | 'new') {
    return html`<form @submit=${this.#submit}>${renderBox({ name: 'name', label: t('passkeys.name'), help: t('passkeys.name.help'), maxLength: 60, value: naming === 'new' ? '' : naming.name })}
      <div class="end-row"><button class="button" type="button" @click=${() => (this.naming = undefined)}>${t('cancel')}</button>
        <button class="button primary" ?disabled=${this.isWorking}>${naming === 'new' ? t('passkeys.add') : t('passkeys.rename')}</button></div></form>`;
  }

  readonly #submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const { name } = readForm(event.target as HTMLFormElement) ?? {};
    const { naming } = this;
    if (!name || !naming) return;
    await this.act(async () => {
      if (naming === 'new') await makePasskey(name);
      else await renamePasskey(naming.id, name);
      this.naming = undefined;
    });
  };
}

customElements.define('crf-account-passkeys', CrfAccountPasskeys);
