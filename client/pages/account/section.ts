/** What the sections of the account page have in common: they are told what is so, do one thing at a time, and say that something changed. */
import { LitElement, css, html, nothing, type PropertyValues } from 'lit';
import type { AccountSecurity } from '../../../schemas/http/account-api.ts';
import { LanguageController } from '../../controllers/language.ts';
import { sheet } from '../../elements/shell/sheet.ts';
import { base } from '../../styles/base.ts';
import { inWords, Proving } from './prove.ts';

export const sectionStyles = [base, sheet, css`
  :host { display: block; max-width: none; margin: 0; padding: 0; }
  :host(:not(:first-of-type)) { margin-top: var(--crf-space-6); }
  h2 { margin-bottom: var(--crf-space-2); }
  .lead { margin-bottom: var(--crf-space-3); }
  .between { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: var(--crf-space-3); }
  form { max-width: 420px; }
  .notice { margin-bottom: var(--crf-space-3); }
  li + li { border-top: 1px solid var(--crf-line); }
  li { padding: var(--crf-space-3) 0; }
`];

/** Told to the page: what is shown is no longer so. */
export class AccountChangedEvent extends Event {
  static readonly type = 'crf-account-changed';
  constructor() {
    super(AccountChangedEvent.type, { bubbles: true, composed: true });
  }
}

export abstract class AccountSection extends LitElement {
  static override properties = { account: { attribute: false }, isWorking: { state: true }, failure: { state: true }, told: { state: true } };
  static override styles = sectionStyles;

  declare account: AccountSecurity;
  declare isWorking: boolean;
  declare failure: string | undefined;
  /** What was done, said once. */
  declare told: string | undefined;

  protected readonly proving = new Proving(this, () => ({ hasPassword: this.account.hasPassword, hasPasskey: this.account.passkeys.length > 0, hasCode: this.account.totpSince !== undefined }));

  constructor() {
    super();
    this.isWorking = false;
    new LanguageController(this);
  }

  /** Does it, shows what failed, and gives undefined when it did not happen. */
  protected async act<T>(work: () => Promise<T>, told?: string): Promise<T | undefined> {
    if (this.isWorking) return undefined;
    this.isWorking = true;
    this.failure = this.told = undefined;
    try {
      const done = await this.proving.run(async () => ({ value: await work() }));
      if (!done) return undefined;
      this.told = told;
      this.dispatchEvent(new AccountChangedEvent());
      return done.value;
    } catch (error) {
      this.failure = inWords(error);
      return undefined;
    } finally {
      this.isWorking = false;
    }
  }

  protected notices() {
    return html`${this.failure ? html`<p class="notice hard" role="alert">${this.failure}</p>` : nothing}${this.told ? html`<p class="notice ok" role="status">${this.told}</p>` : nothing}`;
  }

  /** The first box of what has just opened takes the focus. */
  protected focusFirst(changed: PropertyValues, opened: string) {
    if (changed.has(opened) && Reflect.get(this, opened)) this.renderRoot.querySelector<HTMLInputElement>('form input')?.focus();
  }
}
