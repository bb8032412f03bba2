/** The events by which somebody came to know something of one patient. */
import { sql } from 'kysely';
import type { Device } from '../../schemas/history/device.ts';
import type { Db } from '../database.ts';

export interface AccessRow {
  id: string;
  at: Date;
  account_id: string;
  by: string | null;
  action: string;
  detail: { [key: string]: unknown };
  device: Device | null;
}

export interface AccessQuery {
  /** Exports of the hospital from this moment on may hold the patient. */
  since: Date;
  /** Id of an event; only those with lesser ids. */
  before: string | undefined;
  limit: number;
}

/** Newest first, one more than `limit`. Each half walks its own index backwards. */
export async function listAccesses(db: Db, siteId: string, subjectId: string, { since, before, limit }: AccessQuery): Promise<AccessRow[]> {
  const earlier = before === undefined ? sql`` : sql`and e.id < ${before}::uuid`;
  const columns = sql`e.id, e.at, e.account_id, e.action, e.detail, e.device`;
  const { rows } = await sql<AccessRow>`
    select e.*, a.display_name as by from (
      (select ${columns} from audit_event e where e.site_id = ${siteId} and e.subject_id = ${subjectId} ${earlier} order by e.id desc limit ${limit + 1})
      union all
      (select ${columns} from audit_event e where e.site_id = ${siteId} and e.entity = 'export' and e.entity_id = ${siteId} and e.at >= ${since} ${earlier} order by e.id desc limit ${limit + 1})
      order by id desc limit ${limit + 1}) e
    left join account a on a.id = e.account_id order by e.id desc`.execute(db);
  return rows;
}
