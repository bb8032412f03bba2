/** All entries that a patient ever had in the blind index, made again from what was ever said. */
import type { Trx } from '../database.ts';
import { findSubjectKey, listStatesOfSubject } from '../repositories/keys.ts';
import { findSubject, listFacts } from '../repositories/subjects.ts';
import { todayAtSite } from './clock.ts';
import type { Context } from './context.ts';
import { unseal } from './identifier-keys.ts';
import { openFacts, saidOf } from './identity.ts';
import type { IndexKey } from './keys-of.ts';
import { knownColumns } from './known-columns.ts';
import { blindIndexOf, type BlindIndexEntry } from './matching.ts';

/**
 * As it was after each word that was said, on each day of which something was said: who was once found by a number is found by it ever
 * after. @throws Problem `identifiers-unreadable`
 */
export async function allEntries({ keys, matching, clock }: Pick<Context, 'keys' | 'matching' | 'clock'>, trx: Trx, siteId: string, subjectId: string, indexKeys: readonly IndexKey[]): Promise<BlindIndexEntry[]> {
  const subject = await findSubject(trx, siteId, subjectId);
  if (!subject || subject.erased_at !== null) return [];
  const columns = knownColumns(subject);
  const asked = new Set(matching.rules.flatMap(({ items }) => items));
  const rows = (await listFacts(trx, siteId, subjectId)).filter(({ key }) => asked.has(key));
  const words = rows.toSorted((a, b) => a.version - b.version);
  const days = [...new Set([todayAtSite(clock), ...rows.flatMap(({ valid_from }) => valid_from ?? [])])];
  const states = [...words.keys(), words.length].flatMap((count) => days.map((day) => ({ ...columns, ...openFacts(keys, { siteId, subjectId }, saidOf(words.slice(0, count)), day) })));
  const ofSubject = states.flatMap((identity) => blindIndexOf(matching.rules, indexKeys, identity));
  return onlyOnce([...ofSubject, ...(await ofVisits({ keys, matching }, trx, siteId, subjectId, indexKeys))]);
}

async function ofVisits({ keys, matching }: Pick<Context, 'keys' | 'matching'>, trx: Trx, siteId: string, subjectId: string, indexKeys: readonly IndexKey[]): Promise<BlindIndexEntry[]> {
  const subjectKey = await findSubjectKey(trx, siteId, subjectId);
  return (await listStatesOfSubject(trx, siteId, subjectId)).flatMap(({ visit_id, key_id, ciphertext }) => {
    const said = JSON.parse(unseal(keys, { siteId, subjectId: visit_id, key: 'visit' }, { keyId: key_id, ciphertext }, subjectKey ?? null)) as { [key: string]: unknown };
    const numbers = Object.fromEntries(Object.entries(said).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
    return blindIndexOf(matching.visits, indexKeys, numbers);
  });
}

function onlyOnce(entries: readonly BlindIndexEntry[]): BlindIndexEntry[] {
  return [...new Map(entries.map((entry) => [`${entry.index_key_id} ${entry.kind} ${Buffer.from(entry.digest).toString('hex')}`, entry])).values()];
}
