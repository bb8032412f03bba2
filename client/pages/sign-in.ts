/** The page of somebody who is not signed in; the address stays, so that they land where they wanted to. */
import { LitElement, css, html } from 'lit';
import type { Me, SignInRequest } from '../../schemas/http/api.ts';
import { LanguageController } from '../controllers/language.ts';
import { CrfPreferencesEvent } from '../elements/shell/events.ts';
import '../elements/shell/sign-in.ts';
import { base } from '../styles/base.ts';
import { pageLanguage, t } from '../text/index.ts';

export const doorStyles = css`
  :host { display: grid; grid-template-rows: auto 1fr auto; min-height: 100dvh; max-width: none; padding: 0; }
  header { display: flex; justify-content: flex-end; padding: var(--crf-space-3) var(--crf-space-4); }
  main { width: min(400px, 100vw - 32px); margin: 0 auto; align-self: center; padding-bottom: 12vh; }
  main.wide { width: min(560px, 100vw - 32px); padding-block: var(--crf-space-5) var(--crf-space-7); }
  .mark { display: block; width: 40px; height: 40px; margin-bottom: var(--crf-space-4); }
  h1 { font-size: var(--crf-text-5); }
  .lead { margin: 0 0 var(--crf-space-5); color: var(--crf-ink-2); }
  .lost { margin-top: var(--crf-space-5); }
  footer { padding: var(--crf-space-3) var(--crf-space-4); text-align: center; }
`;

/** A button that names the other language in that language. */
export function renderLanguage(dispatch: (event: Event) => void) {
  const other = pageLanguage() === 'zh' ? 'en' : 'zh';
  return html`<button class="button plain" type="button" lang=${other === 'en' ? 'en' : 'zh-CN'} @click=${() => dispatch(new CrfPreferencesEvent({ language: other }))}>${t('language.other')}</button>`;
}

export class CrfSignInPage extends LitElement {
  static override properties = { signIn: { attribute: false }, enter: { attribute: false } };
  static override styles = [base, doorStyles];

  declare signIn: (request: SignInRequest) => Promise<void>;
  declare enter: (me: Me) => Promise<void>;

  constructor() {
    super();
    new LanguageController(this);
  }

  override render() {
    return html`<header>${renderLanguage((event) => this.dispatchEvent(event))}</header>
      <main>
        <img class="mark" src="/icon.svg" alt="" width="40" height="40" />
        <h1>${t('product')}</h1>
        <p class="lead">${t('product.line')}</p>
        <crf-sign-in .signIn=${this.signIn} .enter=${this.enter}></crf-sign-in>
        <p class="meta lost">${t('sign-in.lost')}</p>
      </main>
      <footer class="meta">${t('footer.research')}</footer>`;
  }
}

customElements.define('crf-sign-in-page', CrfSignInPage);

export function renderSignIn(signIn: (request: SignInRequest) => Promise<void>, enter: (me: Me) => Promise<void>) {
  return html`<crf-sign-in-page .signIn=${signIn} .enter=${enter}></crf-sign-in-page>`;
}
