/** Accounts and hospitals: who may be added by whom, with which roles. */
import { v7 as uuidv7 } from 'uuid';
import type { Account, AccountRequest, Me, Page, Site, SiteRequest } from '../../schemas/http/api.ts';
import { fail } from '../../schemas/problem.ts';
import { transact, type Trx } from '../database.ts';
import { deleteMemberships, findPerson, insertAccount, insertMemberships, listPeople, type PersonRow } from '../repositories/accounts.ts';
import { appendSecurityEvent } from '../repositories/audit.ts';
import { insertSite, listSites, type SiteRow } from '../repositories/sites.ts';
import type { Context } from './context.ts';
import { hashPassword } from './passwords.ts';
import { can, networkRoles, permissionsOf, permit, rolesAt, type Actor, type Membership } from './permissions.ts';

/** Everything a page needs to know about who is signed in. */
export async function describeActor({ db }: Context, actor: Actor): Promise<Me> {
  const sites = await listSites(db, visibleSites(actor), undefined, 10_000);
  return {
    accountId: actor.accountId, username: actor.username, displayName: actor.displayName,
    sites: sites.map((row) => ({ ...siteOf(row), roles: rolesAt(actor, row.id), permissions: permissionsOf(rolesAt(actor, row.id)) })),
    network: permissionsOf(networkRoles(actor)),
  };
}

export async function pageOfSites({ db }: Context, actor: Actor, after: string | undefined, limit: number): Promise<Page<Site>> {
  const rows = await listSites(db, visibleSites(actor), after, limit);
  return page(rows.map(siteOf), limit, (site) => site.code);
}

/** @throws Problem `name-taken` */
export async function addSite({ db }: Context, actor: Actor, { id, code, name, nameEn }: SiteRequest): Promise<Site> {
  permit(actor, 'site:write');
  const row = { id, code, name, name_en: nameEn ?? null };
  await transact(db, { accountId: actor.accountId, sites: [] }, async (trx) => {
    await insertSite(trx, row);
    await appendSecurityEvent(trx, actor.accountId, 'site.add', { siteId: id });
  });
  return siteOf(row);
}

export async function pageOfAccounts({ db }: Context, actor: Actor, after: string | undefined, limit: number): Promise<Page<Account>> {
  const siteIds = administeredSites(actor);
  if (siteIds?.length === 0) fail('not-permitted');
  const rows = await listPeople(db, { siteIds, after, limit });
  return page(rows.map((row) => accountOf(row, siteIds)), limit, (account) => account.username);
}

/** @throws Problem `name-taken`, `not-permitted` */
export async function addAccount({ db }: Context, actor: Actor, { id, username, displayName, password, memberships }: AccountRequest): Promise<Account> {
  for (const membership of memberships) permitGrant(actor, membership);
  if (memberships.length === 0) permit(actor, 'account:write');
  const password_hash = await hashPassword(password);
  return transact(db, { accountId: actor.accountId, sites: [] }, async (trx) => {
    await insertAccount(trx, { id, username, display_name: displayName, password_hash });
    await grant(trx, id, memberships);
    await appendSecurityEvent(trx, actor.accountId, 'account.add', { subject: id, memberships });
    return accountOf((await findPerson(trx, id)) ?? fail('internal'), administeredSites(actor));
  });
}

/** Replaces the roles at the sites that the actor administers; those elsewhere stay. @throws Problem `not-found`, `not-permitted` */
export async function setMemberships({ db }: Context, actor: Actor, accountId: string, memberships: readonly Membership[]): Promise<Account> {
  const siteIds = administeredSites(actor);
  for (const membership of memberships) permitGrant(actor, membership);
  if (siteIds?.length === 0) fail('not-permitted');
  return transact(db, { accountId: actor.accountId, sites: [] }, async (trx) => {
    const before = await findPerson(trx, accountId);
    const known = before && (siteIds === undefined || before.memberships.some(({ siteId }) => siteId !== undefined && siteIds.includes(siteId)));
    if (!known) fail('not-found');
    await deleteMemberships(trx, accountId, siteIds);
    await grant(trx, accountId, memberships);
    await appendSecurityEvent(trx, actor.accountId, 'account.set-memberships', { subject: accountId, before: accountOf(before, siteIds).memberships, memberships });
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
  return networkRoles(actor).length > 0 ? undefined : actor.memberships.flatMap(({ siteId }) => siteId ?? []);
}

function administeredSites(actor: Actor): string[] | undefined {
  if (can(actor, 'account:write')) return undefined;
  return (visibleSites(actor) ?? actor.memberships.flatMap(({ siteId }) => siteId ?? [])).filter((siteId) => can(actor, 'account:write', siteId));
}

async function grant(trx: Trx, accountId: string, memberships: readonly Membership[]): Promise<void> {
  const once = new Map(memberships.map((each) => [`${each.siteId ?? ''} ${each.role}`, each]));
  await insertMemberships(trx, accountId, [...once.values()].map((each) => ({ ...each, id: uuidv7() })));
}

function siteOf({ id, code, name, name_en }: SiteRow): Site {
  return { id, code, name, ...(name_en === null ? {} : { nameEn: name_en }) };
}

/** An administrator of some sites sees the roles at these only. */
function accountOf({ id, username, display_name, status, memberships }: PersonRow, siteIds: readonly string[] | undefined): Account {
  return { id, username, displayName: display_name, status, memberships: memberships.filter(({ siteId }) => siteIds === undefined || (siteId !== undefined && siteIds.includes(siteId))) };
}

/** From one more row than asked for to a page. */
export function page<T>(rows: T[], limit: number, key: (row: T) => string): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return rows.length > limit && last !== undefined ? { items, next: key(last) } : { items };
}
