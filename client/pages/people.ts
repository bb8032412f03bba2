/** Who may do what where, and the sites. For administrators. */
import { LitElement, css, html, nothing } from 'lit';
import { v7 } from 'uuid';
import type { Account, Site } from '../../schemas/http/api.ts';
import { addAccount, addSite, editSite, listAccounts, listSites, renameAccount, setMemberships } from '../api.ts';
import { LanguageController } from '../controllers/language.ts';
import { LoadingController } from '../controllers/loading.ts';
import { PagingController } from '../controllers/paging.ts';
import { mayAnywhere, mayAt } from '../controllers/permissions.ts';
import { readForm } from '../elements/shell/boxes.ts';
import '../elements/shell/dialog.ts';
import { failureInWords, renderFailure } from '../elements/shell/failure.ts';
import { siteName } from '../elements/shell/format.ts';
import { icon } from '../elements/shell/icons.ts';
import { sheet } from '../elements/shell/sheet.ts';
import { base } from '../styles/base.ts';
import { to } from '../places.ts';
import { t } from '../text/index.ts';
import type { PageContext } from './context.ts';
import { membershipsIn, namesIn, renderAccountBoxes, renderMembership, renderNameBoxes, renderSiteBoxes, renderSiteNames, renderStaffBoxes } from './people/boxes.ts';

type Dialog = { kind: 'account' } | { kind: 'staff' } | { kind: 'site' } | { kind: 'edit-site'; site: Site } | { kind: 'person'; account: Account };

export class CrfPeoplePage extends LitElement {
  static override properties = { context: { attribute: false }, place: { attribute: false }, dialog: { state: true }, isWorking: { state: true }, failure: { state: true } };

  static override styles = [base, sheet, css`
    .between { display: flex; align-items: center; justify-content: space-between; gap: var(--crf-space-3); margin-bottom: var(--crf-space-2); }
    .between h2 { margin: 0; }
    .roles { display: flex; flex-wrap: wrap; gap: 0 var(--crf-space-4); }
    .acts { text-align: end; }
    .both { display: flex; flex-wrap: wrap; gap: var(--crf-space-3); }
    .two { display: grid; grid-template-columns: 1fr 1fr; gap: var(--crf-space-3); margin-bottom: var(--crf-space-5); }
    .two .field + .field { margin-top: 0; }
    .pair { display: grid; grid-template-columns: 1fr 1fr auto; gap: var(--crf-space-3); align-items: end; margin-top: var(--crf-gap); }
    .pair .field + .field { margin: 0; }
    @media (max-width: 640px) {
      thead { position: absolute; clip-path: inset(50%); }
      tbody tr { display: grid; grid-template-columns: 1fr auto; padding: var(--crf-space-2) 0; }
      tbody tr + tr > * { border: 0; } tbody tr + tr { border-top: 1px solid var(--crf-line); }
      td { padding: 0 var(--crf-space-4); } td.roles-cell { grid-column: 1; grid-row: 2; } td.roles-cell + td.acts { grid-column: 2; grid-row: 2; align-self: center; }
      .pair, .two { grid-template-columns: 1fr; }
    }
  `];

  declare context: PageContext;
  declare dialog: Dialog | undefined;
  declare isWorking: boolean;
  declare failure: string | undefined;
  #ids = { id: v7() };

  readonly #accounts = new PagingController<Account>(this, (after, signal) => listAccounts(after, signal));
  readonly #sites = new LoadingController(this, async (signal) => (await listSites(signal)).items);

  constructor() {
    super();
    this.isWorking = false;
    new LanguageController(this);
    void this.#accounts.start();
    void this.#sites.load();
  }

  override render() {
    return html`<div class="head"><h1>${t('people')}</h1>
        <span class="both"><button class="button" type="button" ?disabled=${!this.#sites.value} @click=${() => this.#open({ kind: 'staff' })}>${icon('add')}${t('people.staff.add')}</button>
        <button class="button primary" type="button" ?disabled=${!this.#sites.value} @click=${() => this.#open({ kind: 'account' })}>${icon('add')}${t('people.add')}</button></span></div>
      <section>${this.#people()}</section>
      <section><div class="between"><h2>${t('sites')}</h2>${mayAnywhere(this.context.me, 'site:write')
        ? html`<button class="button" type="button" @click=${() => this.#open({ kind: 'site' })}>${icon('add')}${t('sites.add')}</button>` : nothing}</div>${this.#siteList()}</section>
      ${this.#dialog()}`;
  }

  #people() {
    const { items, error, isSlow, hasMore } = this.#accounts;
    if (error) return renderFailure(error, () => void this.#accounts.retry());
    if (!items) return isSlow ? html`<crf-state kind="loading"></crf-state>` : nothing;
    return html`<div class="card"><table><caption class="sr-only">${t('people')}</caption>
      <thead><tr><th>${t('account.displayName')}</th><th>${t('account.username')}</th><th>${t('people.roles')}</th><th><span class="sr-only">${t('people.edit')}</span></th></tr></thead>
      <tbody>${items.map((account) => html`<tr><td><strong id=${`who-${account.id}`}>${account.displayName}</strong>${account.status === 'disabled' ? html` <span class="tag">${t('people.disabled')}</span>` : nothing}</td>
        <td class="meta">${account.signsIn ? account.username : t('people.no-sign-in')}</td>
        <td class="roles-cell"><span class="roles">${account.memberships.map((membership) => html`<span>${t(`role.${membership.role}`)} <span class="meta">${this.#where(membership.siteId)}</span></span>`)}</span></td>
        <td class="acts">${account.signsIn && account.id !== this.context.me.accountId ? html`<a class="button plain" href=${to('security', { accountId: account.id })} aria-describedby=${`who-${account.id}`}>${t('security.open')}</a>` : nothing}<button class="button plain" type="button" aria-describedby=${`who-${account.id}`} @click=${() => this.#open({ kind: 'person', account })}>${t('people.edit')}</button></td></tr>`)}</tbody></table></div>
      ${hasMore ? html`<p class="end-row"><button class="button" type="button" @click=${() => void this.#accounts.more()}>${t('more')}</button></p>` : nothing}`;
  }

  #siteList() {
    const { value, error } = this.#sites;
    if (error) return renderFailure(error, () => void this.#sites.load());
    return html`<div class="card"><table><caption class="sr-only">${t('sites')}</caption><tbody>${value?.map((site) => html`<tr><td><span id=${`site-${site.id}`}>${siteName(site)}</span><br /><span class="meta">${[site.code, site.organisationCode].filter(Boolean).join(' · ')}</span></td>
      <td class="acts">${mayAnywhere(this.context.me, 'site:write') || mayAt(this.context.me, site.id, 'account:write') ? html`<button class="button plain" type="button" aria-describedby=${`site-${site.id}`} @click=${() => this.#open({ kind: 'edit-site', site })}>${t('people.edit')}</button>` : nothing}</td></tr>`)}</tbody></table></div>`;
  }

  #where(siteId: string | undefined): string {
    if (!siteId) return t('people.network');
    const site = this.#sites.value?.find(({ id }) => id === siteId);
    return site ? siteName(site) : '';
  }

  #dialog() {
    const { dialog } = this;
    const heading = dialog ? headingOf(dialog) : '';
    return html`<crf-dialog .heading=${heading} .open=${dialog !== undefined} @close=${() => (this.dialog = undefined)}>${dialog ? html`<form @submit=${this.#submit}>
      ${this.failure ? html`<p class="notice hard" role="alert">${this.failure}</p><br />` : nothing}
      ${this.#boxes(dialog)}
      <div class="end-row"><button class="button" type="button" @click=${() => (this.dialog = undefined)}>${t('cancel')}</button>
        <button class="button primary" ?disabled=${this.isWorking}>${dialog.kind === 'person' || dialog.kind === 'edit-site' ? t('people.edit.save') : heading}</button></div></form>` : nothing}</crf-dialog>`;
  }

  #boxes(dialog: Dialog) {
    if (dialog.kind === 'site') return renderSiteBoxes();
    if (dialog.kind === 'edit-site') return renderSiteNames(dialog.site);
    const sites: readonly Site[] = this.#sites.value ?? [];
    const isNetwork = this.context.me.network.includes('account:write');
    if (dialog.kind === 'account') return [renderAccountBoxes(), renderMembership(sites, isNetwork, 0, { siteId: this.context.site?.id, role: 'nurse' })];
    if (dialog.kind === 'staff') return renderStaffBoxes(sites, this.context.site?.id);
    const rows = [...dialog.account.memberships, undefined];
    return html`${renderNameBoxes(dialog.account)}<h3>${t('people.roles')}</h3><p class="lead">${t('people.roles.help')}</p>${rows.map((membership, index) => renderMembership(sites, isNetwork, index, membership, dialog.account.signsIn))}`;
  }

  #open(dialog: Dialog) {
    this.#ids = { id: v7() };
    this.failure = undefined;
    this.dialog = dialog;
  }

  async #submit(event: SubmitEvent) {
    event.preventDefault();
    const typed = this.isWorking ? undefined : readForm(event.target as HTMLFormElement);
    if (!typed || !this.dialog) return;
    this.isWorking = true;
    this.failure = undefined;
    try {
      await this.#send(this.dialog, typed);
      this.dialog = undefined;
      await Promise.all([this.#accounts.start(), this.#sites.load(), this.context.renew()]);
    } catch (error) {
      this.failure = failureInWords(error);
    } finally {
      this.isWorking = false;
    }
  }

  #send(dialog: Dialog, typed: { [name: string]: string }): Promise<unknown> {
    const { code = '', username = '', displayName = '', password = '', from } = typed;
    const memberships = membershipsIn(typed);
    switch (dialog.kind) {
      case 'site': return addSite({ ...this.#ids, code, ...namesIn(typed) });
      case 'edit-site': return editSite(dialog.site.id, namesIn(typed));
      case 'staff': return addAccount({ ...this.#ids, displayName, memberships: [{ role: 'staff', siteId: typed['site-0'] ?? '' }] });
      case 'account': return addAccount({ ...this.#ids, username, displayName, password, memberships });
      case 'person': return changePerson(dialog.account, displayName, from, memberships);
    }
  }
}

function headingOf(dialog: Dialog): string {
  switch (dialog.kind) {
    case 'account': return t('people.add');
    case 'staff': return t('people.staff.add');
    case 'site': return t('sites.add');
    case 'edit-site': return t('sites.edit-of', { name: siteName(dialog.site) });
    case 'person': return t('people.edit-of', { name: dialog.account.displayName });
  }
}

/** Only what is other than it was is sent: a new name is written down, with its day. */
async function changePerson({ id, displayName, memberships }: Account, name: string, from: string | undefined, next: Account['memberships']): Promise<void> {
  if (name !== displayName) await renameAccount(id, { displayName: name, ...(from ? { from } : {}) });
  const rolesOf = (list: Account['memberships']) => JSON.stringify(list.map(({ role, siteId = '' }) => [siteId, role]).sort());
  if (rolesOf(next) !== rolesOf(memberships)) await setMemberships(id, next);
}

customElements.define('crf-people-page', CrfPeoplePage);
