/** What was said of a visit, act by act, sealed. Rows are never changed. */
import type { Db, Trx } from '../database.ts';
import { keyOfOne, shareKey, type SubjectKey } from './keys.ts';

export interface VisitStateRow {
  /** RFC 3339 in UTC with milliseconds, so that texts compare as instants; null is the whole visit. */
  valid_from: string | null;
  key_id: string;
  ciphertext: Uint8Array;
  /** What opens it, when the patient's key sealed it. */
  subject_key: SubjectKey | null;
}

/** In the order of saying. */
export async function listVisitStates(db: Db, siteId: string, subjectId: string, visitId: string): Promise<VisitStateRow[]> {
  const rows = await db.selectFrom('visit_state').select(['valid_from', 'key_id', 'ciphertext', keyOfOne(siteId, subjectId).as('subject_key')]).where('site_id', '=', siteId).where('visit_id', '=', visitId).orderBy('version').execute();
  return shareKey(rows).map((row) => ({ ...row, valid_from: row.valid_from?.toISOString() ?? null }));
}

export interface NewVisitState {
  site_id: string;
  visit_id: string;
  version: number;
  valid_from: Date | null;
  key_id: string;
  ciphertext: Uint8Array;
  created_by: string;
}

export async function insertVisitState(trx: Trx, row: NewVisitState): Promise<void> {
  await trx.insertInto('visit_state').values(row).execute();
}
