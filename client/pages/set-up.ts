/** The first start: one site and its administrator, by the one-time link whose token stands after the `#` and never reaches a log. */
import { LitElement, html, nothing } from 'lit';
import { Problem } from '../../schemas/problem.ts';
import { getSetup } from '../api.ts';
import { LanguageController } from '../controllers/language.ts';
import { LoadingController } from '../controllers/loading.ts';
import { readForm } from '../elements/shell/boxes.ts';
import { CrfGoEvent } from '../elements/shell/events.ts';
import { failureInWords, renderFailure } from '../elements/shell/failure.ts';
import { sheet } from '../elements/shell/sheet.ts';
import { base } from '../styles/base.ts';
import { t } from '../text/index.ts';
import type { PageContext } from './context.ts';
import { namesIn, renderAccountBoxes, renderSiteBoxes } from './people/boxes.ts';
import { doorStyles, renderLanguage } from './sign-in.ts';

export class CrfSetUpPage extends LitElement {
  static override properties = { context: { attribute: false }, isWorking: { state: true }, failure: { state: true } };
  static override styles = [base, sheet, doorStyles];

  declare context: PageContext;
  declare isWorking: boolean;
  declare failure: string | undefined;

  readonly #token = location.hash.slice(1);
  readonly #setup = new LoadingController(this, () => getSetup());

  constructor() {
    super();
    this.isWorking = false;
    new LanguageController(this);
    void this.#setup.load();
  }

  override render() {
    return html`<header>${renderLanguage((event) => this.dispatchEvent(event))}</header>
      <main class="wide"><h1>${t('set-up')}</h1>${this.#body()}</main>`;
  }

  #body() {
    const { value, error } = this.#setup;
    if (error) return renderFailure(error, () => void this.#setup.load());
    if (!value) return nothing;
    if (!value.open || !this.#token) return html`<crf-state heading=${t('set-up.closed')} text=${t('set-up.closed.next')}><a class="button" href="/">${t('sign-in')}</a></crf-state>`;
    return html`<p class="lead">${t('set-up.intro')}</p>
      <form @submit=${this.#submit}>
        ${this.failure ? html`<p class="notice hard" role="alert">${this.failure}</p>` : nothing}
        <section><h2>${t('set-up.site')}</h2>${renderSiteBoxes()}</section>
        <section><h2>${t('set-up.account')}</h2>${renderAccountBoxes()}</section>
        <div class="end-row"><button class="button primary" ?disabled=${this.isWorking}>${this.isWorking ? t('set-up.working') : t('set-up.do')}</button></div>
      </form>`;
  }

  async #submit(event: SubmitEvent) {
    event.preventDefault();
    const typed = this.isWorking ? undefined : readForm(event.target as HTMLFormElement);
    if (!typed) return;
    const { code = '', username = '', displayName = '', password = '' } = typed;
    this.isWorking = true;
    this.failure = undefined;
    try {
      await this.context.setUp({ token: this.#token, username, displayName, password, site: { code, ...namesIn(typed) } });
      this.dispatchEvent(new CrfGoEvent('/', { replace: true }));
    } catch (error) {
      this.failure = error instanceof Problem && error.errors?.length && error.key !== 'password-refused' ? error.errors.map(({ detail }) => detail).join(' ') : failureInWords(error);
      window.scrollTo(0, 0);
    } finally {
      this.isWorking = false;
    }
  }
}

customElements.define('crf-set-up-page', CrfSetUpPage);
