/** Which keys to write and to look with: found in the database, and made there the first time. */
import { fail } from '../../schemas/problem.ts';
import type { Db, Trx } from '../database.ts';
import { findSubjectKey, insertSiteKey, insertSubjectKey, listSiteKeys, lockKeys, type SiteKey, type SubjectKey } from '../repositories/keys.ts';
import { ringIndexKey, type KeyRing } from './identifier-keys.ts';
import { isErased, newSiteKey, newSubjectKey, openSiteKey } from './subject-keys.ts';

/** A key of the blind index. */
export interface IndexKey {
  id: string;
  key: Uint8Array;
}

/** The blind index of a site before its key is replaced for the first time. */
export const ringIndex = 'ring';

/** What seals for a patient from now on; the caller holds the patient's lock or has just made the patient. @throws Problem `subject-erased` */
export async function subjectKeyOf(ring: KeyRing, trx: Trx, siteId: string, subjectId: string): Promise<SubjectKey> {
  const known = await findSubjectKey(trx, siteId, subjectId);
  if (known) return isErased(known) ? fail('subject-erased') : known;
  await lockKeys(trx, siteId, 'shared');
  const made = newSubjectKey(ring, siteId, subjectId, await activeSiteKey(ring, trx, siteId));
  await insertSubjectKey(trx, siteId, made);
  return made;
}

/** Wraps the keys of patients. */
export async function activeSiteKey(ring: KeyRing, trx: Trx, siteId: string): Promise<SiteKey> {
  const [first] = await listSiteKeys(trx, siteId, 'subjects');
  if (first?.status === 'active') return first;
  await insertSiteKey(trx, siteId, 'subjects', newSiteKey(ring, siteId, 'subjects'));
  // Another may have been faster.
  return (await listSiteKeys(trx, siteId, 'subjects'))[0] ?? fail('internal');
}

/** With which digests are written; nobody retires it before the transaction ends. */
export async function indexKeyOf(ring: KeyRing, trx: Trx, siteId: string): Promise<[IndexKey]> {
  await lockKeys(trx, siteId, 'shared');
  const [first = { id: ringIndex, key: ringIndexKey(ring, siteId) }] = await indexKeysOf(ring, trx, siteId);
  return [first];
}

/** With which one looks: while they are being replaced there are two. The first is the one that writes. */
export async function indexKeysOf(ring: KeyRing, db: Db, siteId: string): Promise<IndexKey[]> {
  const rows = await listSiteKeys(db, siteId, 'index');
  if (rows.length === 0) return [{ id: ringIndex, key: ringIndexKey(ring, siteId) }];
  return rows.map((row) => ({ id: row.id, key: row.id === ringIndex ? ringIndexKey(ring, siteId) : openSiteKey(ring, siteId, row) }));
}
