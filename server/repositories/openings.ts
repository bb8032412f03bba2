/** What people opened for a while against a written reason. The table belongs to no site: it says who may see one, like the roles. */
import type { Db, Trx } from '../database.ts';

export interface NewOpening {
  id: string;
  site_id: string;
  account_id: string;
  level: 'records' | 'identifiers';
  reason: string;
  opened_at: Date;
  until: Date;
}

export async function insertOpening(trx: Trx, opening: NewOpening): Promise<void> {
  await trx.insertInto('access_opening').values({ ...opening, closed_at: null }).execute();
}

/** Those of a person that hold now. */
export function listHolding(db: Db, accountId: string, now: Date) {
  return db.selectFrom('access_opening').select(['id', 'site_id', 'level', 'until'])
    .where('account_id', '=', accountId).where('until', '>', now).where('opened_at', '<=', now).orderBy('until').execute();
}

/** Gives the opening that was closed; undefined when none of this person holds under this id. */
export function closeOpening(trx: Trx, id: string, accountId: string, now: Date) {
  return trx.updateTable('access_opening').set({ until: now, closed_at: now }).where('id', '=', id).where('account_id', '=', accountId).where('until', '>', now).where('opened_at', '<', now)
    .returning(['id', 'site_id', 'level']).executeTakeFirst();
}

/** Of a site, the newest first; one more than `limit`. `after` is an id of the page before. */
export function listOpenings(db: Db, siteId: string, after: string | undefined, limit: number) {
  return db.selectFrom('access_opening').innerJoin('account', 'account.id', 'access_opening.account_id')
    .select(['access_opening.id', 'access_opening.account_id', 'account.display_name as by', 'access_opening.level', 'access_opening.reason', 'access_opening.opened_at', 'access_opening.until', 'access_opening.closed_at'])
    .where('access_opening.site_id', '=', siteId)
    .$if(after !== undefined, (query) => query.where('access_opening.id', '<', after ?? ''))
    .orderBy('access_opening.id', 'desc').limit(limit + 1).execute();
}

/**
 * What the person did at the site while it was open, from the site's own audit trail and by the database's clock alone: from the event of
 * opening to that of closing, or for as long as it was to be open.
 */
export async function listDoneUnder(trx: Trx, siteId: string, { id, account_id, opened_at, until }: { id: string; account_id: string; opened_at: Date; until: Date }, most: number) {
  const ends = await trx.selectFrom('audit_event').select(['action', 'at']).where('site_id', '=', siteId).where('entity', '=', 'access').where('entity_id', '=', id).orderBy('at').execute();
  const from = ends.find(({ action }) => action === 'access.open')?.at ?? opened_at;
  const to = ends.find(({ action }) => action === 'access.close')?.at ?? new Date(from.getTime() + until.getTime() - opened_at.getTime());
  // An instant has microseconds and a Date has not: the event of closing is to be in.
  return trx.selectFrom('audit_event').select(['at', 'action', 'entity', 'entity_id'])
    .where('site_id', '=', siteId).where('account_id', '=', account_id)
    .where('at', '>=', from).where('at', '<', new Date(to.getTime() + 1)).orderBy('at').limit(most).execute();
}
