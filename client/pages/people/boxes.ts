/** What is asked of a site, of a person, and of a role somewhere; the set-up page asks the first two as well. */
import { html } from 'lit';
import type { Account, Role, Site } from '../../../schemas/http/api.ts';
import { renderBox, renderSelect } from '../../elements/shell/boxes.ts';
import { siteName } from '../../elements/shell/format.ts';
import { t } from '../../text/index.ts';

export const renderSiteBoxes = () => [
  renderBox({ name: 'code', label: t('site.code'), help: t('site.code.help'), pattern: '[A-Z]{2}[0-9]{2}', maxLength: 4 }),
  ...renderSiteNames(),
];

/** What can be changed of a site; its code stands in the study numbers. */
export const renderSiteNames = (site?: Site) => [
  renderBox({ name: 'name', label: t('site.name'), maxLength: 70, autocomplete: 'organization', value: site?.name ?? '' }),
  renderBox({ name: 'nameEn', label: t('site.nameEn'), maxLength: 120, isOptional: true, value: site?.nameEn ?? '' }),
  renderBox({ name: 'organisationCode', label: t('site.organisationCode'), help: t('site.organisationCode.help'), pattern: '[0-9A-Za-z\\-]{2,22}', maxLength: 22, isOptional: true, value: site?.organisationCode ?? '' }),
];

export const namesIn = ({ name = '', nameEn, organisationCode }: { readonly [name: string]: string }) =>
  ({ name, ...(nameEn ? { nameEn } : {}), ...(organisationCode ? { organisationCode } : {}) });

/** Somebody who is named in forms and never signs in. */
export const renderStaffBoxes = (sites: readonly Site[], siteId: string | undefined) => [
  html`<p class="lead">${t('people.staff.help')}</p>`,
  renderBox({ name: 'displayName', label: t('account.displayName'), maxLength: 100 }),
  renderSelect('site-0', t('site'), sites.map((site) => ({ value: site.id, text: siteName(site) })), siteId ?? ''),
];

/** The name, to be corrected or changed from a day on. */
export const renderNameBoxes = ({ displayName }: Account) => html`<div class="two">
  ${renderBox({ name: 'displayName', label: t('account.displayName'), maxLength: 100, value: displayName })}
  ${renderBox({ name: 'from', label: t('people.from'), help: t('people.from.help'), type: 'date', isOptional: true })}</div>`;

export const renderAccountBoxes = () => [
  renderBox({ name: 'displayName', label: t('account.displayName'), maxLength: 100, autocomplete: 'name' }),
  renderBox({ name: 'username', label: t('account.username'), help: t('account.username.help'), pattern: '[a-z0-9][a-z0-9._\\-]{1,63}', maxLength: 64, autocomplete: 'username' }),
  renderBox({ name: 'password', label: t('account.password'), help: t('account.password.help'), type: 'password', minLength: 8, maxLength: 200, autocomplete: 'new-password' }),
];

const atSites: readonly Role[] = ['nurse', 'investigator', 'monitor', 'data-manager', 'analyst', 'site-administrator'];
const overAll: readonly Role[] = ['standards-editor', 'system-administrator'];

/** One role at one site; without a role it is none. */
export function renderMembership(sites: readonly Site[], isNetwork: boolean, index: number, membership?: { siteId?: string | undefined; role: Role }, signsIn = true) {
  const roles = (signsIn ? [...atSites, ...(isNetwork ? overAll : [])] : (['staff'] as const)).map((role) => ({ value: role, text: t(`role.${role}`) }));
  const places = sites.map((site) => ({ value: site.id, text: siteName(site) }));
  return html`<div class="pair">
    ${renderSelect(`role-${index}`, t('people.role'), [{ value: '', text: t('people.no-role') }, ...roles], membership?.role)}
    ${renderSelect(`site-${index}`, t('people.where'), [...places, ...(isNetwork && signsIn ? [{ value: '', text: t('people.network') }] : [])], membership?.siteId ?? (membership ? '' : places[0]?.value))}
  </div>`;
}

/** Those of `role-0`, `site-0`, `role-1` … with a role; no site is the whole network. */
export function membershipsIn(typed: { readonly [name: string]: string }): Account['memberships'] {
  return Object.entries(typed).flatMap(([name, role]) => {
    if (!name.startsWith('role-')) return [];
    const siteId = typed[`site-${name.slice(5)}`];
    return [{ role: role as Role, ...(siteId ? { siteId } : {}) }];
  });
}
