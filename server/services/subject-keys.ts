/**
 * The keys between the ring and a patient's rows: the ring wraps the keys of a site, a key of the site wraps those of its patients. All
 * are random; wrapping is AES-256-GCM, and authenticates whose key it is. Nothing is remembered that the database may take back.
 */
import { randomBytes } from 'node:crypto';
import type { SiteKey, SubjectKey } from '../repositories/keys.ts';
import { decrypt, derive, encrypt, masterOf, Unreadable, type KeyRing } from './ciphers.ts';

/** `key_id` of a row that the patient's own key sealed; any other names a key of the ring. */
export const bySubject = 'subject';

export const isErased = (key: SubjectKey | null | undefined): boolean => key?.[1] === null;

export function newSiteKey(ring: KeyRing, siteId: string, purpose: 'subjects' | 'index'): SiteKey {
  const id = `${purpose}-${randomBytes(6).toString('hex')}`;
  return wrapSiteKey(ring, siteId, id, new Uint8Array(randomBytes(32)));
}

function wrapSiteKey(ring: KeyRing, siteId: string, id: string, key: Uint8Array): SiteKey {
  return { id, master_id: ring.active, wrapped: encrypt(wrappingKey(ring, ring.active), boundToSite(siteId, id), key) };
}

/** The same key, wrapped by the active master. */
export const rewrapSiteKey = (ring: KeyRing, siteId: string, key: SiteKey): SiteKey => wrapSiteKey(ring, siteId, key.id, openSiteKey(ring, siteId, key));

/** @throws Unreadable */
export function openSiteKey(ring: KeyRing, siteId: string, { id, master_id, wrapped }: SiteKey): Uint8Array {
  const known = opened.get(ring) ?? new Map<string, Uint8Array>();
  opened.set(ring, known);
  const name = `${siteId} ${id} ${master_id} ${Buffer.from(wrapped).toString('base64')}`;
  const key = known.get(name) ?? new Uint8Array(decrypt(wrappingKey(ring, master_id), boundToSite(siteId, id), wrapped));
  if (known.size >= mostOpened) known.clear();
  known.set(name, key);
  return key;
}

/** A patient of whom nothing was sealed yet. */
export function newSubjectKey(ring: KeyRing, siteId: string, subjectId: string, siteKey: SiteKey): SubjectKey {
  return wrapSubjectKey(ring, siteId, subjectId, siteKey, new Uint8Array(randomBytes(32)));
}

/** The same key, wrapped by another key of the site. */
export const rewrapSubjectKey = (ring: KeyRing, siteId: string, key: SubjectKey, siteKey: SiteKey): SubjectKey =>
  wrapSubjectKey(ring, siteId, key[0], siteKey, openSubjectKey(ring, siteId, key));

function wrapSubjectKey(ring: KeyRing, siteId: string, subjectId: string, siteKey: SiteKey, key: Uint8Array): SubjectKey {
  const wrapped = encrypt(openSiteKey(ring, siteId, siteKey), boundToSubject(siteId, subjectId), key);
  return [subjectId, Buffer.from(wrapped).toString('base64'), siteKey.id, siteKey.master_id, Buffer.from(siteKey.wrapped).toString('base64')];
}

/** @throws Unreadable, also when it was destroyed */
export function openSubjectKey(ring: KeyRing, siteId: string, key: SubjectKey): Uint8Array {
  const known = unwrapped.get(key);
  if (known) return known;
  const [subjectId, wrapped, id, master_id, siteWrapped] = key;
  if (wrapped === null || siteWrapped === null) throw new Unreadable('the key was destroyed');
  const siteKey = openSiteKey(ring, siteId, { id, master_id, wrapped: Buffer.from(siteWrapped, 'base64') });
  const made = new Uint8Array(decrypt(siteKey, boundToSubject(siteId, subjectId), Buffer.from(wrapped, 'base64')));
  unwrapped.set(key, made);
  return made;
}

/** Keys of sites, by how they are wrapped: another wrapping is another entry. */
const opened = new WeakMap<KeyRing, Map<string, Uint8Array>>();
const mostOpened = 10_000;
/** For as long as the rows that came with it: opening a form opens some thirty fields. */
const unwrapped = new WeakMap<SubjectKey, Uint8Array>();

const wrappingKey = (ring: KeyRing, masterId: string) => derive(masterOf(ring, masterId), 'wrapping of site keys');
const boundToSite = (siteId: string, id: string) => Buffer.from(JSON.stringify(['site key', siteId, id]));
const boundToSubject = (siteId: string, subjectId: string) => Buffer.from(JSON.stringify(['subject key', siteId, subjectId]));
