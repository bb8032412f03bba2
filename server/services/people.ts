/** Accounts and hospitals: who may be added by whom, with which roles. */
import { v7 as uuidv7 } from 'uuid';
import type { Account, AccountRequest, EditSiteRequest, Me, Page, RenameRequest, Site, SiteRequest } from '../../schemas/http/api.ts';
import { fail } from '../../schemas/problem.ts';
import { transact, type Trx } from '../database.ts';
import { deleteMemberships, findPerson, insertAccount, insertMemberships, listPeople, renameAccount, type PersonRow } from '../repositories/accounts.ts';
import { appendSecurityEvent } from '../repositories/audit.ts';
import { insertSite, listSites, updateSite, type SiteRow } from '../repositories/sites.ts';
import { todayAtSite } from './clock.ts';
import type { Context } from './context.ts';
import { requireGoodPassword } from './password-rules.ts';
import { hashPassword } from './passwords.ts';
import { can, networkRoles, permissionsAt, permissionsOf, permit, rolesAt, type Actor, type Membership } from './permissions.ts';
import { policyOf } from './policy.ts';

/** Everything a page needs to know about who is signed in. */
export async function describeActor({ db, policy }: Context, actor: Actor): Promise<Me> {
  const sites = await listSites(db, visibleSites(actor), undefined, 10_000);
  return {
    accountId: actor.accountId, username: actor.username, displayName: actor.displayName,
    sites: sites.map((row) => ({ ...siteOf({ ...row, organisation_code: null }), roles: rolesAt(actor, row.id), permissions: permissionsAt(actor, row.id) })),
    network: permissionsOf(networkRoles(actor)),
    ...(actor.pending ? { pending: actor.pending } : {}),
    ...(actor.openings?.length ? { openings: actor.openings.map(({ until, ...opening }) => ({ ...opening, until: until.toISOString() })) } : {}),
    idleSeconds: policyOf({ policy }).idleMs / 1000,
  };
}

export async function pageOfSites({ db }: Context, actor: Actor, after: string | undefined, limit: number): Promise<Page<Site>> {
  const rows = await listSites(db, visibleSites(actor), after, limit);
  return page(rows.map(siteOf), limit, (site) => site.code);
}

/** @throws Problem `name-taken` */
export async function addSite({ db }: Context, actor: Actor, { id, code, ...names }: SiteRequest): Promise<Site> {
  permit(actor, 'site:write');
  const row = { id, code, ...namesOf(names) };
  await transact(db, { accountId: actor.accountId, sites: [] }, async (trx) => {
    await insertSite(trx, row);
    await appendSecurityEvent(trx, actor, 'site.add', { siteId: id });
  });
  return siteOf(row);
}

const namesOf = ({ name, nameEn, organisationCode }: EditSiteRequest) => ({ name, name_en: nameEn ?? null, organisation_code: organisationCode ?? null });

/** What the site is called and registered under. Its administrators may say it too. @throws Problem `site-not-found`, `not-permitted` */
export function editSite({ db }: Context, actor: Actor, id: string, names: EditSiteRequest): Promise<Site> {
  if (!can(actor, 'site:write')) permit(actor, 'account:write', id);
  return transact(db, { accountId: actor.accountId, sites: [] }, async (trx) => {
    const row = (await updateSite(trx, id, namesOf(names))) ?? fail('site-not-found');
    await appendSecurityEvent(trx, actor, 'site.edit', { siteId: id });
    return siteOf(row);
  });
}

export async function pageOfAccounts({ db }: Context, actor: Actor, after: string | undefined, limit: number): Promise<Page<Account>> {
  const siteIds = administeredSites(actor);
  if (siteIds?.length === 0) fail('not-permitted');
  const rows = await listPeople(db, { siteIds, after, limit });
  return page(rows.map((row) => accountOf(row, siteIds)), limit, (account) => account.username);
}

/** With user name and password; or neither, and only the role `staff`, for somebody who never signs in. @throws Problem `name-taken`, `not-permitted`, `data-invalid` */
export async function addAccount({ db, policy }: Context, actor: Actor, { id, username, displayName, password, memberships }: AccountRequest): Promise<Account> {
  for (const membership of memberships) permitGrant(actor, membership);
  if (memberships.length === 0) permit(actor, 'account:write');
  const signsIn = username !== undefined && password !== undefined;
  if ((username === undefined) !== (password === undefined)) fail('data-invalid', [{ pointer: username === undefined ? '/username' : '/password', detail: 'Give a user name and a password, or neither' }]);
  requireStaff(signsIn, memberships);
  if (signsIn) requireGoodPassword(policyOf({ policy }).passwords, password, [username, displayName], '/password');
  const password_hash = signsIn ? await hashPassword(password) : null;
  return transact(db, { accountId: actor.accountId, sites: [] }, async (trx) => {
    await insertAccount(trx, { id, username: username ?? `staff-${id}`, display_name: displayName, password_hash });
    await grant(trx, id, memberships);
    await appendSecurityEvent(trx, actor, 'account.add', { subject: id, memberships });
    return accountOf((await findPerson(trx, id)) ?? fail('internal'), administeredSites(actor));
  });
}

/** The role `staff` is of those who never sign in, and they have no other. @throws Problem `data-invalid` */
function requireStaff(signsIn: boolean, memberships: readonly Membership[]): void {
  const wrong = memberships.findIndex(({ role, siteId }) => (role === 'staff') === signsIn || (role === 'staff' && siteId === undefined));
  if (wrong >= 0) fail('data-invalid', [{ pointer: `/memberships/${wrong}/role`, detail: 'The role staff, at a site, is for those who never sign in; they have no other' }]);
}

/** A new name from a day on, or a correction. @throws Problem `not-found`, `not-permitted`, `data-invalid` */
export function rename({ db, clock }: Context, actor: Actor, accountId: string, { displayName, from }: RenameRequest): Promise<Account> {
  const siteIds = administeredSites(actor);
  if (siteIds?.length === 0) fail('not-permitted');
  if (from !== undefined && from > todayAtSite(clock)) fail('data-invalid', [{ pointer: '/from', detail: 'A day to come: what is not so yet is not known yet' }]);
  return transact(db, { accountId: actor.accountId, sites: [] }, async (trx) => {
    await findAdministered(trx, accountId, siteIds);
    await renameAccount(trx, accountId, displayName, from);
    await appendSecurityEvent(trx, actor, 'account.rename', { subject: accountId, ...(from === undefined ? {} : { from }) });
    return accountOf((await findPerson(trx, accountId)) ?? fail('internal'), siteIds);
  });
}

/** @throws Problem `not-found` */
async function findAdministered(trx: Trx, accountId: string, siteIds: readonly string[] | undefined): Promise<PersonRow> {
  const person = await findPerson(trx, accountId);
  const isTheirs = siteIds === undefined || person?.memberships.some(({ siteId }) => siteId !== undefined && siteIds.includes(siteId));
  return person && isTheirs ? person : fail('not-found');
}

/** For what touches the whole account, as its password: every role of it must be the actor's to give. @throws Problem `not-found`, `not-permitted` */
export async function findWhollyAdministered(trx: Trx, actor: Actor, accountId: string): Promise<PersonRow> {
  const siteIds = administeredSites(actor);
  const person = await findAdministered(trx, accountId, siteIds);
  const isWhole = siteIds === undefined || person.memberships.every(({ siteId }) => siteId !== undefined && siteIds.includes(siteId));
  return isWhole ? person : fail('not-permitted');
}

/** Replaces the roles at the sites that the actor administers; those elsewhere stay. @throws Problem `not-found`, `not-permitted` */
export async function setMemberships({ db }: Context, actor: Actor, accountId: string, memberships: readonly Membership[]): Promise<Account> {
  const siteIds = administeredSites(actor);
  for (const membership of memberships) permitGrant(actor, membership);
  if (siteIds?.length === 0) fail('not-permitted');
  return transact(db, { accountId: actor.accountId, sites: [] }, async (trx) => {
    const before = await findAdministered(trx, accountId, siteIds);
    requireStaff(before.signs_in, memberships);
    await deleteMemberships(trx, accountId, siteIds);
    await grant(trx, accountId, memberships);
    await appendSecurityEvent(trx, actor, 'account.set-memberships', { subject: accountId, before: accountOf(before, siteIds).memberships, memberships });
    return accountOf((await findPerson(trx, accountId)) ?? fail('internal'), siteIds);
  });
}

/** A role for the whole network is given only by who administers the whole network. */
function permitGrant(actor: Actor, { siteId, role }: Membership): void {
  permit(actor, 'account:write', siteId);
  if (role === 'system-administrator') permit(actor, 'account:write');
}

/** Undefined means all. */
export function visibleSites(actor: Actor): string[] | undefined {
  return networkRoles(actor).length > 0 ? undefined : [...new Set([...actor.memberships, ...(actor.openings ?? [])].flatMap(({ siteId }) => siteId ?? []))];
}

function administeredSites(actor: Actor): string[] | undefined {
  if (can(actor, 'account:write')) return undefined;
  return (visibleSites(actor) ?? actor.memberships.flatMap(({ siteId }) => siteId ?? [])).filter((siteId) => can(actor, 'account:write', siteId));
}

async function grant(trx: Trx, accountId: string, memberships: readonly Membership[]): Promise<void> {
  const once = new Map(memberships.map((each) => [`${each.siteId ?? ''} ${each.role}`, each]));
  await insertMemberships(trx, accountId, [...once.values()].map((each) => ({ ...each, id: uuidv7() })));
}

function siteOf({ id, code, name, name_en, organisation_code }: SiteRow): Site {
  return { id, code, name, ...(name_en === null ? {} : { nameEn: name_en }), ...(organisation_code === null ? {} : { organisationCode: organisation_code }) };
}

/** An administrator of some sites sees the roles at these only. */
function accountOf({ id, username, display_name, status, signs_in, memberships }: PersonRow, siteIds: readonly string[] | undefined): Account {
  return { id, username, displayName: display_name, status, signsIn: signs_in, memberships: memberships.filter(({ siteId }) => siteIds === undefined || (siteId !== undefined && siteIds.includes(siteId))) };
}

/** From one more row than asked for to a page. */
export function page<T>(rows: T[], limit: number, key: (row: T) => string): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return rows.length > limit && last !== undefined ? { items, next: key(last) } : { items };
}
