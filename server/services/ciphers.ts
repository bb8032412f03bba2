/**
 * AES-256-GCM as everything here uses it, and the key ring that is above all other keys. Layout of a ciphertext: format (1 byte, 1),
 * nonce (12), tag (16), the encrypted bytes.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/**
 * `keys` are 32 bytes each, by id; `active` names the one that encrypts and wraps, the others still open. `index` never rotates: it makes
 * the digests of requests, and those of the blind index of a site until that has a key of its own.
 */
export interface KeyRing {
  readonly active: string;
  readonly keys: ReadonlyMap<string, Uint8Array>;
  readonly index: Uint8Array;
}

/** A ciphertext that no key at hand opens. Its message names keys, never what was sealed. */
export class Unreadable extends Error {}

const format = 1;
const nonceBytes = 12;
const tagBytes = 16;

/** `boundTo` is authenticated with it: who opens it must say the same. */
export function encrypt(key: Uint8Array, boundTo: Uint8Array, content: Uint8Array): Uint8Array {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(boundTo);
  const body = Buffer.concat([cipher.update(content), cipher.final()]);
  return Buffer.concat([Buffer.of(format), nonce, cipher.getAuthTag(), body]);
}

/** @throws Unreadable */
export function decrypt(key: Uint8Array, boundTo: Uint8Array, ciphertext: Uint8Array): Buffer {
  const bytes = Buffer.from(ciphertext);
  if (bytes[0] !== format || bytes.length < 1 + nonceBytes + tagBytes) throw new Unreadable('it is stored in an unknown format');
  const [nonce, rest] = [bytes.subarray(1, 1 + nonceBytes), bytes.subarray(1 + nonceBytes)];
  const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAAD(boundTo).setAuthTag(rest.subarray(0, tagBytes));
  try {
    return Buffer.concat([decipher.update(rest.subarray(tagBytes)), decipher.final()]);
  } catch {
    throw new Unreadable('the key does not fit, or what is stored was changed or moved');
  }
}

/** @throws Unreadable */
export function masterOf(ring: KeyRing, keyId: string): Uint8Array {
  const key = ring.keys.get(keyId);
  if (!key) throw new Unreadable(`the key ring has no key ${JSON.stringify(keyId)}; restore the key ring that was in use`);
  return key;
}

export function derive(key: Uint8Array, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', key, '', `xiangya-forms ${purpose}`, 32));
}
