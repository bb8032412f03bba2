/**
 * Break-the-glass: somebody who may do so opens the records of a site, or identifiers, for a while, and writes why. It lets them read and
 * never write; everything done meanwhile stands in the site's audit trail between the two events; the site's administrators see the list.
 */
import { v7 as uuidv7 } from 'uuid';
import type { Page, Site } from '../../schemas/http/api.ts';
import type { OpeningEntry, OpeningRequest } from '../../schemas/http/account-api.ts';
import { fail } from '../../schemas/problem.ts';
import { transact, type Trx } from '../database.ts';
import { appendAuditEvent, appendSecurityEvent } from '../repositories/audit.ts';
import { closeOpening, insertOpening, listDoneUnder, listOpenings } from '../repositories/openings.ts';
import { findSite, listSites } from '../repositories/sites.ts';
import type { Context } from './context.ts';
import { page } from './people.ts';
import { canSomewhere, type Actor } from './permissions.ts';
import type { Sessions } from './sessions.ts';

const minute = 60_000;
/** Events that the list shows of one opening; the audit trail has all. */
const mostShown = 200;

/** Every hospital by name: one cannot open what one cannot name. @throws Problem `not-permitted` */
export async function sitesToOpen({ db }: Context, actor: Actor): Promise<Site[]> {
  permitOpening(actor);
  return (await listSites(db, undefined, undefined, 10_000)).map(({ id, code, name, name_en }) => ({ id, code, name, ...(name_en === null ? {} : { nameEn: name_en }) }));
}

/** @throws Problem `not-permitted`, `site-not-found` */
export async function openAccess({ db, clock }: Context, sessions: Sessions, actor: Actor, { siteId, level, minutes, reason }: OpeningRequest): Promise<{ id: string; until: string }> {
  permitOpening(actor);
  const now = clock.now();
  const opening = { id: uuidv7({ msecs: now.getTime() }), site_id: siteId, account_id: actor.accountId, level, reason: reason.trim(), opened_at: now, until: new Date(now.getTime() + minutes * minute) };
  await transact(db, { accountId: actor.accountId, sites: [siteId] }, async (trx) => {
    if (!(await findSite(trx, siteId))) fail('site-not-found');
    await insertOpening(trx, opening);
    await tell(trx, actor, opening, 'access.open', { until: opening.until.toISOString(), reason: opening.reason });
  });
  sessions.forget();
  return { id: opening.id, until: opening.until.toISOString() };
}

/** @throws Problem `not-found` when it is not theirs, or holds no longer */
export async function closeAccess({ db, clock }: Context, sessions: Sessions, actor: Actor, id: string): Promise<void> {
  const siteId = actor.openings?.find((each) => each.id === id)?.siteId ?? fail('not-found');
  await transact(db, { accountId: actor.accountId, sites: [siteId] }, async (trx) => {
    const closed = (await closeOpening(trx, id, actor.accountId, clock.now())) ?? fail('not-found');
    await tell(trx, actor, closed, 'access.close');
  });
  sessions.forget();
}

/** Who opened what here, why, and what they did meanwhile; the newest first. */
export function pageOfOpenings({ db }: Context, actor: Actor, siteId: string, after: string | undefined, limit: number): Promise<Page<OpeningEntry>> {
  return transact(db, { accountId: actor.accountId, sites: [siteId] }, async (trx) => {
    const rows = page(await listOpenings(trx, siteId, after, limit), limit, ({ id }) => id);
    const items: OpeningEntry[] = [];
    for (const row of rows.items) {
      const done = await listDoneUnder(trx, siteId, row, mostShown);
      items.push({
        id: row.id, accountId: row.account_id, by: row.by, level: row.level, reason: row.reason, openedAt: row.opened_at.toISOString(), until: row.until.toISOString(), isClosed: row.closed_at !== null,
        done: done.map(({ at, action, entity, entity_id }) => ({ at: at.toISOString(), action, entity, entityId: entity_id })),
      });
    }
    return { items, ...(rows.next === undefined ? {} : { next: rows.next }) };
  });
}

function permitOpening(actor: Actor): void {
  if (!canSomewhere(actor, 'access:open')) fail('not-permitted');
}

/** In both trails: of the site, and of the network. */
async function tell(trx: Trx, actor: Actor, { id, site_id, level }: { id: string; site_id: string; level: string }, action: string, detail: object = {}): Promise<void> {
  await appendAuditEvent(trx, { siteId: site_id, accountId: actor.accountId, action, entity: 'access', entityId: id, detail: { level, ...detail } });
  await appendSecurityEvent(trx, actor, action, { siteId: site_id, opening: id, level });
}
