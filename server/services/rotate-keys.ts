/**
 * New keys for a site while everything goes on: from the first moment new writes use the new key, then what the old one wrapped is
 * wrapped anew in small batches, each a transaction of its own, and the old key is thrown away when nothing names it. Cut off anywhere,
 * `finishKeys` goes on. What patients' keys sealed is not touched. The keeper's.
 */
import { transact, type Trx } from '../database.ts';
import {
  deleteFromBlindIndex, insertSiteKey, listIndexedByOthers, listSealedByRing, listSiteKeys, listSubjectKeysNaming, lockKeys, markRetiring, replaceSiteKey, replaceSubjectKey, retireSiteKeys,
  type KeyPurpose,
} from '../repositories/keys.ts';
import { addToBlindIndex, lockSubject } from '../repositories/subjects.ts';
import { appendSecurityEvent } from '../repositories/audit.ts';
import type { Context } from './context.ts';
import { allEntries } from './index-entries.ts';
import { activeSiteKey, indexKeyOf, ringIndex, subjectKeyOf } from './keys-of.ts';
import { resealRows } from './reseal.ts';
import { newSiteKey, rewrapSiteKey, rewrapSubjectKey } from './subject-keys.ts';

type Keys = Pick<Context, 'db' | 'keys' | 'matching' | 'clock'>;

export interface KeyWork {
  /** Patients of whom something was done. */
  resealed: number;
  rewrapped: number;
  reindexed: number;
  /** Ids of the keys of the site that are gone. */
  retired: string[];
}

export interface Pace {
  /** Patients in a transaction. */
  batch?: number;
  /** Between two transactions. */
  pause?: () => Promise<unknown>;
}

const asKeeper = <T>({ db }: Keys, siteId: string, work: (trx: Trx) => Promise<T>) => transact(db, { sites: [siteId] }, work, { keeper: true });

/** From now on everything is written with a new key; `finishKeys` does the rest. */
export function beginRotation(context: Keys, siteId: string, purpose: KeyPurpose): Promise<void> {
  return asKeeper(context, siteId, async (trx) => {
    await lockKeys(trx, siteId, 'alone');
    const before = await listSiteKeys(trx, siteId, purpose);
    // The key that the ring itself makes for the index has no row before it is replaced.
    if (purpose === 'index' && before.length === 0) await insertSiteKey(trx, siteId, 'index', { id: ringIndex, master_id: context.keys.active, wrapped: new Uint8Array() });
    await markRetiring(trx, siteId, purpose);
    await insertSiteKey(trx, siteId, purpose, newSiteKey(context.keys, siteId, purpose));
    await appendSecurityEvent(trx, undefined, 'keys.rotate', { siteId, purpose });
  });
}

/** Whatever is still to be done at a site, in batches; does nothing where there is nothing. @throws Unreadable, Problem `identifiers-unreadable` */
export async function finishKeys(context: Keys, siteId: string, pace: Pace = {}): Promise<KeyWork> {
  await wrapByActiveMaster(context, siteId);
  const resealed = await inBatches(context, siteId, pace, resealBatch);
  const rewrapped = await inBatches(context, siteId, pace, rewrapBatch);
  const reindexed = await inBatches(context, siteId, pace, reindexBatch);
  const retired = await asKeeper(context, siteId, async (trx) => {
    await lockKeys(trx, siteId, 'alone');
    const ids = await retireSiteKeys(trx, siteId);
    if (ids.length > 0) await appendSecurityEvent(trx, undefined, 'keys.retire', { siteId, keys: ids });
    return ids;
  });
  return { resealed, rewrapped, reindexed, retired };
}

type Batch = (context: Keys, trx: Trx, siteId: string, size: number) => Promise<number>;

async function inBatches(context: Keys, siteId: string, { batch = 100, pause = async () => {} }: Pace, work: Batch): Promise<number> {
  for (let all = 0; ; await pause()) {
    const done = await asKeeper(context, siteId, (trx) => work(context, trx, siteId, batch));
    if (done === 0) return all;
    all += done;
  }
}

async function wrapByActiveMaster(context: Keys, siteId: string): Promise<void> {
  await asKeeper(context, siteId, async (trx) => {
    const rows = (await listSiteKeys(trx, siteId)).filter(({ id, master_id }) => id !== ringIndex && master_id !== context.keys.active);
    for (const row of rows) await replaceSiteKey(trx, siteId, rewrapSiteKey(context.keys, siteId, row));
  });
}

const resealBatch: Batch = async ({ keys }, trx, siteId, size) => {
  const subjects = await listSealedByRing(trx, siteId, size);
  for (const id of subjects.toSorted()) {
    await lockSubject(trx, siteId, id);
    await resealRows(keys, trx, siteId, id, await subjectKeyOf(keys, trx, siteId, id));
  }
  return subjects.length;
};

const rewrapBatch: Batch = async ({ keys }, trx, siteId, size) => {
  const old = (await listSiteKeys(trx, siteId, 'subjects')).filter(({ status }) => status === 'retiring');
  if (old.length === 0) return 0;
  const active = await activeSiteKey(keys, trx, siteId);
  for (const { id } of old) {
    const found = await listSubjectKeysNaming(trx, siteId, id, size);
    for (const key of found) await replaceSubjectKey(trx, siteId, key, rewrapSubjectKey(keys, siteId, key, active));
    if (found.length > 0) return found.length;
  }
  return 0;
};

const reindexBatch: Batch = async (context, trx, siteId, size) => {
  const indexKeys = await indexKeyOf(context.keys, trx, siteId);
  const subjects = await listIndexedByOthers(trx, siteId, indexKeys[0].id, size);
  for (const id of subjects.toSorted()) {
    await lockSubject(trx, siteId, id);
    await addToBlindIndex(trx, siteId, id, await allEntries(context, trx, siteId, id, indexKeys));
    await deleteFromBlindIndex(trx, siteId, id, indexKeys[0].id);
  }
  return subjects.length;
};
