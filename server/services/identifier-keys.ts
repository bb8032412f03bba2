/**
 * What is known of a person at rest: AES-256-GCM by field with a key for each site, and keyed digests for exact look-up.
 * Layout of a ciphertext: format (1 byte, 1), nonce (12), tag (16), the encrypted text. The place (site, subject, key) is
 * authenticated, so a ciphertext moved to another row is refused.
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

/** `keys` are 32 bytes each, by id; `active` names the one that encrypts, the others still decrypt. `index` never rotates. */
export interface KeyRing {
  readonly active: string;
  readonly keys: ReadonlyMap<string, Uint8Array>;
  readonly index: Uint8Array;
}

export interface Place {
  siteId: string;
  subjectId: string;
  key: string;
}

export interface Sealed {
  keyId: string;
  ciphertext: Uint8Array;
}

const format = 1;
const nonceBytes = 12;
const tagBytes = 16;

export function seal(ring: KeyRing, place: Place, text: string): Sealed {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', siteKey(ring, ring.active, place.siteId), nonce).setAAD(boundTo(place));
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return { keyId: ring.active, ciphertext: Buffer.concat([Buffer.of(format), nonce, cipher.getAuthTag(), body]) };
}

/** Throws when the key is not on the ring or the ciphertext was changed or moved. */
export function unseal(ring: KeyRing, place: Place, { keyId, ciphertext }: Sealed): string {
  const bytes = Buffer.from(ciphertext);
  if (bytes[0] !== format || bytes.length < 1 + nonceBytes + tagBytes) throw new Error('An identifier is stored in an unknown format');
  const [nonce, rest] = [bytes.subarray(1, 1 + nonceBytes), bytes.subarray(1 + nonceBytes)];
  const decipher = createDecipheriv('aes-256-gcm', siteKey(ring, keyId, place.siteId), nonce).setAAD(boundTo(place)).setAuthTag(rest.subarray(0, tagBytes));
  return Buffer.concat([decipher.update(rest.subarray(tagBytes)), decipher.final()]).toString('utf8');
}

/** Equal values of one kind at one site have equal digests; nothing else can be learnt from them without the key. */
export function blindDigest(ring: KeyRing, siteId: string, kind: string, values: readonly string[]): Uint8Array {
  const key = derive(ring.index, `blind index ${siteId}`);
  return createHmac('sha256', key).update(JSON.stringify([kind, ...values])).digest();
}

/** Letters and digits only, in capitals: `张 三`, `张三` and `ＡＢ-1`, `ab1` are alike. */
export function normalizeIdentifier(text: string): string {
  return text.normalize('NFKC').toUpperCase().replace(/[^\p{L}\p{N}]/gu, '');
}

/** The keys of the sites, made once: opening a form opens some thirty fields. */
const siteKeys = new WeakMap<KeyRing, Map<string, Uint8Array>>();

function siteKey(ring: KeyRing, keyId: string, siteId: string): Uint8Array {
  const known = siteKeys.get(ring) ?? new Map<string, Uint8Array>();
  siteKeys.set(ring, known);
  const name = `${keyId} ${siteId}`;
  const made = known.get(name) ?? derive(ring.keys.get(keyId) ?? noKey(keyId), `identifiers ${siteId}`);
  known.set(name, made);
  return made;
}

function noKey(keyId: string): never {
  throw new Error(`The key ring has no key ${JSON.stringify(keyId)}; restore the key file that was in use`);
}

function derive(key: Uint8Array, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', key, '', `xiangya-forms ${purpose}`, 32));
}

function boundTo({ siteId, subjectId, key }: Place): Buffer {
  return Buffer.from(JSON.stringify([siteId, subjectId, key]));
}
