/** The people of a site, to be chosen by name; and the names of those whom records refer to. */
import type { Answers, Form, Item } from '../../schemas/form.ts';
import type { NamesRequest, Page, PeopleSearch, SitePerson } from '../../schemas/http/api.ts';
import { isRows } from '../../schemas/pointer.ts';
import { transact, type Trx } from '../database.ts';
import { listNames, listPeopleAt } from '../repositories/accounts.ts';
import { todayAtSite } from './clock.ts';
import type { Context } from './context.ts';
import { page } from './people.ts';
import type { Actor } from './permissions.ts';

/** Those who work at the site, also those who never sign in. */
export async function searchPeople({ db }: Context, siteId: string, { q = '', after, limit = 20 }: PeopleSearch): Promise<Page<SitePerson>> {
  return page(await listPeopleAt(db, siteId, { q: q.trim(), after, limit }), limit, ({ id }) => id);
}

/** Whoever holds the id of a person, from a record, may know what they are called; ids of nobody are left out. */
export function readNames({ db, clock }: Context, actor: Actor, { ids, day = todayAtSite(clock) }: NamesRequest): Promise<{ [id: string]: string }> {
  return transact(db, { accountId: actor.accountId, sites: [] }, async (trx) => Object.fromEntries(await listNames(trx, ids, day)));
}

/** Of the people that answers refer to, as they were called on the day. */
export async function namesIn(trx: Trx, form: Form, answers: Pick<Answers, 'data' | 'parked'>, day: string): Promise<{ [id: string]: string }> {
  const ids = peopleIn(form, answers);
  return ids.length === 0 ? {} : Object.fromEntries(await listNames(trx, ids, day));
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function peopleIn({ items }: Form, { data, parked = {} }: Pick<Answers, 'data' | 'parked'>): string[] {
  const named = items.flatMap((item) => {
    const value = data[item.key];
    if (isPerson(item)) return [value];
    const columns = item.items?.filter(isPerson) ?? [];
    return columns.length > 0 && isRows(value) ? value.flatMap((row) => columns.map(({ key }) => row[key])) : [];
  });
  const asideOf = new Set(items.flatMap((item) => [item, ...(item.items ?? [])]).filter(isPerson).map(({ key }) => key));
  const aside = Object.entries(parked).flatMap(([pointer, value]) => (asideOf.has(pointer.slice(pointer.lastIndexOf('/') + 1)) ? [value] : []));
  return [...new Set([...named, ...aside])].filter((value): value is string => typeof value === 'string' && uuid.test(value));
}

const isPerson = ({ refersTo }: Item) => refersTo === 'person';
