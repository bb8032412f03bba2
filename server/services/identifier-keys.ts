/**
 * What is known of a person at rest: encrypted by field, and keyed digests for exact look-up. The place (site, subject, key) is
 * authenticated, so a ciphertext moved to another row is refused. What belongs to a patient is sealed with the patient's key
 * (subject-keys.ts), all else with the ring's.
 */
import { createHmac } from 'node:crypto';
import { fail } from '../../schemas/problem.ts';
import type { SubjectKey } from '../repositories/keys.ts';
import { decrypt, derive, encrypt, masterOf, Unreadable, type KeyRing } from './ciphers.ts';
import { bySubject, openSubjectKey } from './subject-keys.ts';

export type { KeyRing } from './ciphers.ts';

export interface Place {
  siteId: string;
  subjectId: string;
  key: string;
}

export interface Sealed {
  keyId: string;
  ciphertext: Uint8Array;
}

/** With the patient's key; without one with the ring's, for what belongs to no patient. */
export function seal(ring: KeyRing, place: Place, text: string, subjectKey?: SubjectKey): Sealed {
  const [keyId, key] = subjectKey ? [bySubject, openSubjectKey(ring, place.siteId, subjectKey)] as const : [ring.active, siteKey(ring, ring.active, place.siteId)] as const;
  return { keyId, ciphertext: encrypt(key, boundTo(place), Buffer.from(text, 'utf8')) };
}

/** @throws Problem `identifiers-unreadable` when the key is not there or the ciphertext was changed or moved */
export function unseal(ring: KeyRing, place: Place, { keyId, ciphertext }: Sealed, subjectKey?: SubjectKey | null): string {
  try {
    const key = keyId === bySubject ? openSubjectKey(ring, place.siteId, subjectKey ?? missing()) : siteKey(ring, keyId, place.siteId);
    return decrypt(key, boundTo(place), ciphertext).toString('utf8');
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return fail('identifiers-unreadable', [{ pointer: '', detail: error.message }]);
  }
}

const missing = (): never => { throw new Unreadable('the key of the patient is not in the database'); };

/** Equal values of one kind at one site have equal digests; nothing else can be learnt from them without the key. */
export function blindDigest(ring: KeyRing, siteId: string, kind: string, values: readonly string[]): Uint8Array {
  return digestWith(ringIndexKey(ring, siteId), kind, values);
}

export function digestWith(key: Uint8Array, kind: string, values: readonly string[]): Uint8Array {
  return createHmac('sha256', key).update(JSON.stringify([kind, ...values])).digest();
}

export const ringIndexKey = (ring: KeyRing, siteId: string): Uint8Array => derive(ring.index, `blind index ${siteId}`);

/** Letters and digits only, in capitals: `张 三`, `张三` and `ＡＢ-1`, `ab1` are alike. */
export function normalizeIdentifier(text: string): string {
  return text.normalize('NFKC').toUpperCase().replace(/[^\p{L}\p{N}]/gu, '');
}

/** The keys that the ring itself makes for the sites, made once. */
const siteKeys = new WeakMap<KeyRing, Map<string, Uint8Array>>();

function siteKey(ring: KeyRing, keyId: string, siteId: string): Uint8Array {
  const known = siteKeys.get(ring) ?? new Map<string, Uint8Array>();
  siteKeys.set(ring, known);
  const name = `${keyId} ${siteId}`;
  const made = known.get(name) ?? derive(masterOf(ring, keyId), `identifiers ${siteId}`);
  known.set(name, made);
  return made;
}

function boundTo({ siteId, subjectId, key }: Place): Buffer {
  return Buffer.from(JSON.stringify([siteId, subjectId, key]));
}
