/** People, their roles, their sessions. These tables belong to no site. */
import { sql, type RawBuilder } from 'kysely';
import type { Db, Trx } from '../database.ts';
import type { Role } from '../../schemas/http/api.ts';

export interface MembershipRow {
  siteId?: string;
  role: Role;
}

export interface PersonRow {
  id: string;
  username: string;
  display_name: string;
  status: 'active' | 'disabled';
  signs_in: boolean;
  memberships: MembershipRow[];
}

/** A person's roles as a column of JSON; a role for the whole network has no `siteId`. */
const memberships = sql<MembershipRow[]>`coalesce((select json_agg(json_strip_nulls(json_build_object('siteId', m.site_id, 'role', m.role)) order by m.id) from membership m where m.account_id = account.id), '[]')`.as('memberships');

const people = (db: Db) => db.selectFrom('account').select(['account.id', 'account.username', 'account.display_name', 'account.status', sql<boolean>`account.password_hash is not null`.as('signs_in'), memberships]);

export function findPerson(db: Db, id: string): Promise<PersonRow | undefined> {
  return people(db).where('account.id', '=', id).executeTakeFirst();
}

export function findPersonByUsername(db: Db, username: string): Promise<PersonRow | undefined> {
  return people(db).where('account.username', '=', username).executeTakeFirst();
}

export interface ListedPeople {
  /** Only people with a role at one of these sites; undefined is everybody. */
  siteIds: readonly string[] | undefined;
  after: string | undefined;
  limit: number;
}

/** By user name; one more than `limit`, so that the caller sees whether there is a next page. */
export function listPeople(db: Db, { siteIds, after, limit }: ListedPeople): Promise<PersonRow[]> {
  return people(db)
    .$if(siteIds !== undefined, (query) => query.where((eb) => eb.exists(
      eb.selectFrom('membership').select('membership.id').whereRef('membership.account_id', '=', 'account.id').where('membership.site_id', 'in', [...(siteIds ?? [])]),
    )))
    .$if(after !== undefined, (query) => query.where('account.username', '>', after ?? ''))
    .orderBy('account.username').limit(limit + 1).execute();
}

export function findCredentials(db: Db, username: string) {
  return db.selectFrom('account').select(['id', 'password_hash', 'status', 'password_changed_at']).where('username', '=', username).executeTakeFirst();
}

export async function hasAccounts(db: Db): Promise<boolean> {
  return (await db.selectFrom('account').select('id').limit(1).executeTakeFirst()) !== undefined;
}

export async function insertAccount(trx: Trx, account: { id: string; username: string; display_name: string; password_hash: string | null }): Promise<void> {
  await trx.insertInto('account').values({ ...account, password_changed_at: account.password_hash === null ? null : sql<Date>`clock_timestamp()` }).execute();
}

export async function insertMemberships(trx: Trx, accountId: string, rows: readonly (MembershipRow & { id: string })[]): Promise<void> {
  if (rows.length === 0) return;
  await trx.insertInto('membership').values(rows.map(({ id, siteId, role }) => ({ id, account_id: accountId, site_id: siteId ?? null, role }))).execute();
}

/** Removes a person's roles at these sites; undefined removes all of them. */
export async function deleteMemberships(trx: Trx, accountId: string, siteIds: readonly string[] | undefined): Promise<void> {
  await trx.deleteFrom('membership').where('account_id', '=', accountId).$if(siteIds !== undefined, (query) => query.where('site_id', 'in', [...(siteIds ?? [])])).execute();
}

export interface NamedPerson {
  id: string;
  name: string;
}

/** Those who are active and have a role at this very site, by name; one more than `limit`. `q`: part of the name, or the beginning of the user name. */
export async function listPeopleAt(db: Db, siteId: string, { q, after, limit }: { q: string; after: string | undefined; limit: number }): Promise<NamedPerson[]> {
  const like = q.replaceAll(/[\\%_]/g, '\\$&');
  return db.selectFrom('account').select(['account.id', 'account.display_name as name'])
    .where('account.status', '=', 'active')
    .where((eb) => eb.exists(eb.selectFrom('membership').select('membership.id').whereRef('membership.account_id', '=', 'account.id').where('membership.site_id', '=', siteId)))
    .$if(q !== '', (query) => query.where((eb) => eb.or([eb('account.display_name', 'ilike', `%${like}%`), eb('account.username', 'ilike', `${like}%`)])))
    .$if(after !== undefined, (query) => query.where(sql<boolean>`(account.display_name, account.id) > (select display_name, id from account where id = ${after ?? ''})`))
    .orderBy('account.display_name').orderBy('account.id').limit(limit + 1).execute();
}

/** What people were called on a day (civil date), by id; ids of nobody are absent. */
export async function listNames(db: Db, ids: readonly string[], day: string): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db.selectFrom('account').select(['account.id', sql<string>`coalesce(${nameOn('account.id', sql`${day}`)}, account.display_name)`.as('name')]).where('account.id', 'in', [...ids]).execute();
  return new Map(rows.map(({ id, name }) => [id, name]));
}

const nameOn = (id: string, day: RawBuilder<unknown>) =>
  sql<string>`(select n.name from account_name n where n.account_id = ${sql.ref(id)} and n.valid_to > ${day} order by n.valid_to limit 1)`;

/** With `until`, the name borne so far stays the name of the days before. A second name on one day leaves the first one's days as they are. */
export async function renameAccount(trx: Trx, id: string, name: string, until: string | undefined): Promise<void> {
  if (until !== undefined) {
    await sql`insert into account_name (account_id, valid_to, name) select id, ${until}, display_name from account where id = ${id} on conflict do nothing`.execute(trx);
  }
  await trx.updateTable('account').set({ display_name: name }).where('id', '=', id).execute();
}
