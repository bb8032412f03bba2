/** Seals anew, with the patient's key, what the ring itself sealed before patients had keys. The keeper's. */
import type { Trx } from '../database.ts';
import { listStatesOfSubject, sealFactAnew, sealVisitStateAnew, type SubjectKey } from '../repositories/keys.ts';
import { listFacts } from '../repositories/subjects.ts';
import { seal, unseal, type KeyRing, type Place } from './identifier-keys.ts';
import { bySubject } from './subject-keys.ts';

/** The caller holds the patient's lock. @throws Problem `identifiers-unreadable` */
export async function resealRows(ring: KeyRing, trx: Trx, siteId: string, subjectId: string, subjectKey: SubjectKey): Promise<void> {
  const anew = (place: Place, keyId: string, ciphertext: Uint8Array) => {
    const sealed = seal(ring, place, unseal(ring, place, { keyId, ciphertext }), subjectKey);
    return { key_id: sealed.keyId, ciphertext: sealed.ciphertext };
  };
  for (const { key, version, key_id, ciphertext } of await listFacts(trx, siteId, subjectId)) {
    if (key_id === null || ciphertext === null || key_id === bySubject) continue;
    await sealFactAnew(trx, siteId, subjectId, { key, version }, anew({ siteId, subjectId, key }, key_id, ciphertext));
  }
  for (const { key_id, ciphertext, ...row } of await listStatesOfSubject(trx, siteId, subjectId)) {
    if (key_id !== bySubject) await sealVisitStateAnew(trx, siteId, row, anew({ siteId, subjectId: row.visit_id, key: 'visit' }, key_id, ciphertext));
  }
}
