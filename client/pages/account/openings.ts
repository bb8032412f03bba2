/** Emergency access: to open it, and, for those who read the audit trail of a site, who did. */
import { LitElement, html, nothing } from 'lit';
import type { OpeningEntry } from '../../../schemas/http/account-api.ts';
import { listOpenings, listSitesToOpen, openAccess } from '../../account-api.ts';
import { LanguageController } from '../../controllers/language.ts';
import { LoadingController } from '../../controllers/loading.ts';
import { mayAnywhere, mayAt } from '../../controllers/permissions.ts';
import { readForm, renderBox, renderSelect } from '../../elements/shell/boxes.ts';
import { failureInWords, renderFailure } from '../../elements/shell/failure.ts';
import { momentOf, siteName } from '../../elements/shell/format.ts';
import { t } from '../../text/index.ts';
import type { PageContext } from '../context.ts';
import { sessionStyles } from './sessions.ts';
import { sectionStyles } from './section.ts';

const minutes = [15, 30, 60, 120, 240];

/** @summary Emergency access. */
export class CrfAccountOpenings extends LitElement {
  static override properties = { context: { attribute: false }, isOpen: { state: true }, isWorking: { state: true }, failure: { state: true } };
  static override styles = [...sectionStyles, sessionStyles];

  declare context: PageContext;
  declare isOpen: boolean;
  declare isWorking: boolean;
  declare failure: string | undefined;

  readonly #sites = new LoadingController(this, async (signal) => (await listSitesToOpen(signal)).items);
  readonly #list = new LoadingController(this, async (signal) => (this.#listedAt ? (await listOpenings(this.#listedAt, undefined, signal)).items : []));

  constructor() {
    super();
    this.isOpen = this.isWorking = false;
    new LanguageController(this);
  }

  get #listedAt(): string | undefined {
    const { me, site } = this.context;
    return site && mayAt(me, site.id, 'audit:read') ? site.id : undefined;
  }

  override connectedCallback() {
    super.connectedCallback();
    if (this.#listedAt) void this.#list.load();
  }

  override render() {
    const may = mayAnywhere(this.context.me, 'access:open');
    return html`${may ? html`<section><div class="between"><h2>${t('openings')}</h2>${this.isOpen ? nothing : html`<button class="button" type="button" @click=${this.#begin}>${t('openings.begin')}</button>`}</div>
        <p class="lead">${t('openings.lead')}</p>${this.isOpen ? this.#form() : nothing}</section>` : nothing}
      ${this.#listedAt ? html`<section><h2>${t('openings.list')}</h2>${this.#entries()}</section>` : nothing}`;
  }

  #form() {
    const { value, error } = this.#sites;
    if (error) return renderFailure(error, () => void this.#sites.load());
    if (!value) return nothing;
    return html`<form @submit=${this.#submit}>${this.failure ? html`<p class="notice hard" role="alert">${this.failure}</p>` : nothing}
      ${renderSelect('siteId', t('openings.site'), value.map((site) => ({ value: site.id, text: siteName(site) })))}
      ${renderSelect('level', t('openings.level'), (['records', 'identifiers'] as const).map((level) => ({ value: level, text: t(`openings.level.${level}`) })))}
      ${renderSelect('minutes', t('openings.minutes'), minutes.map((n) => ({ value: String(n), text: t('openings.minutes.n', { n }) })), '30')}
      ${renderBox({ name: 'reason', label: t('openings.reason'), help: t('openings.reason.help'), minLength: 10, maxLength: 500 })}
      <div class="end-row"><button class="button" type="button" @click=${() => (this.isOpen = false)}>${t('cancel')}</button>
        <button class="button primary" ?disabled=${this.isWorking}>${t('openings.do')}</button></div></form>`;
  }

  #entries() {
    const { value, error } = this.#list;
    if (error) return renderFailure(error, () => void this.#list.load());
    if (!value) return nothing;
    if (value.length === 0) return html`<p class="meta">${t('openings.none')}</p>`;
    return html`<div class="card"><table><caption class="sr-only">${t('openings.list')}</caption>
      <thead><tr><th>${t('openings.who')}</th><th>${t('openings.when')}</th><th>${t('openings.level')}</th><th>${t('openings.reason')}</th></tr></thead>
      <tbody>${value.map((entry) => renderEntry(entry))}</tbody></table></div>`;
  }

  readonly #begin = () => {
    this.isOpen = true;
    void this.#sites.load();
  };

  readonly #submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const typed = readForm(event.target as HTMLFormElement);
    if (!typed || this.isWorking) return;
    this.isWorking = true;
    this.failure = undefined;
    try {
      await openAccess({ siteId: typed['siteId'] ?? '', level: typed['level'] === 'identifiers' ? 'identifiers' : 'records', minutes: Number(typed['minutes']), reason: typed['reason'] ?? '' });
      this.isOpen = false;
      await this.context.renew();
      if (this.#listedAt) await this.#list.load();
    } catch (error) {
      this.failure = failureInWords(error);
    } finally {
      this.isWorking = false;
    }
  };
}

function renderEntry({ by, openedAt, until, level, reason, done }: OpeningEntry) {
  return html`<tr><td><strong>${by}</strong></td><td class="meta">${momentOf(openedAt)} – ${momentOf(until)} · ${t('openings.done', { n: done.length })}</td><td class="meta">${t(`openings.level.${level}`)}</td><td>${reason}</td></tr>`;
}

customElements.define('crf-account-openings', CrfAccountOpenings);
