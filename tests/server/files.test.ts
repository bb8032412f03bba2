/** Files by digest, the key ring, and what metadata is taken out, without a database. */
import { mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openKeyRing } from '../../server/files/key-ring.ts';
import { mediaTypeOf } from '../../server/files/signature.ts';
import { openFileStore } from '../../server/files/store.ts';
import { Broken, stripJpeg, stripPng, stripWebp } from '../../server/files/strip.ts';
import { blindDigest, normalizeIdentifier, seal, unseal, type KeyRing } from '../../server/services/identifier-keys.ts';
import { blindIndexOf, blindIndexOfQuery } from '../../server/services/matching.ts';
import { aFolder } from '../support/folders.ts';

const key = (byte: number) => new Uint8Array(32).fill(byte);
const ring: KeyRing = { active: 'k2', keys: new Map([['k1', key(1)], ['k2', key(2)]]), index: key(3) };
const place = { siteId: 'a', subjectId: 'b', key: 'name' };

describe('the file store', () => {
  test('keeps a file under its digest, once, and reads it back', async () => {
    const folder = aFolder();
    const store = await openFileStore(folder);
    const first = await store.keep([Buffer.from('ab'), Buffer.from('c')]);
    expect(first).toEqual({ sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad', bytes: 3 });
    expect(await store.keep([Buffer.from('abc')])).toMatchObject(first);
    expect(await text(await store.read(first.sha256))).toBe('abc');
    expect(readdirSync(join(folder, 'incoming'))).toEqual([]);
    await expect(store.read('0'.repeat(64))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('gives up a stream that is too long or breaks, and leaves nothing', async () => {
    const folder = aFolder();
    const store = await openFileStore(folder);
    async function* stream(count: number, breaks = false) {
      for (let sent = 0; sent < count; sent += 1) yield Buffer.alloc(100);
      if (breaks) throw new Error('cut');
    }
    expect(await store.receive(stream(11), 1000)).toBeUndefined();
    await expect(store.receive(stream(2, true), 1000)).rejects.toThrow('cut');
    expect(readdirSync(join(folder, 'incoming'))).toEqual([]);
    const received = await store.receive(stream(10), 1000);
    expect(received?.bytes).toBe(1000);
  });

  test('removes what a crash left a day ago, and not what another server is receiving', async () => {
    const folder = aFolder();
    mkdirSync(join(folder, 'incoming'));
    for (const name of ['old', 'new']) writeFileSync(join(folder, 'incoming', name), '');
    utimesSync(join(folder, 'incoming', 'old'), 0, 0);
    await openFileStore(folder);
    expect(readdirSync(join(folder, 'incoming'))).toEqual(['new']);
  });
});

describe('the key ring', () => {
  test('is made once, for its owner alone, and read again', async () => {
    const path = join(aFolder(), 'deep', 'keys.json');
    const made = await openKeyRing(path);
    const { active, keys, index } = await openKeyRing(path);
    expect({ active, keys, index }).toEqual({ active: made.active, keys: made.keys, index: made.index });
    if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(made.keys.get(made.active)).toHaveLength(32);
  });

  test.for([
    { name: 'is not JSON', content: 'x', says: 'is not JSON' },
    { name: 'names no key', content: '{}', says: 'names no active key' },
    { name: 'holds a short key', content: '{"active":"k1","keys":{"k1":"AAAA"}}', says: 'not 32 bytes' },
  ])('says which file $name, and never makes another in its place', async ({ content, says }) => {
    const path = join(aFolder(), 'keys.json');
    writeFileSync(path, content);
    await expect(openKeyRing(path)).rejects.toThrow(says);
    await expect(openKeyRing(path)).rejects.toThrow(path);
    expect(readFileSync(path, 'utf8')).toBe(content);
  });
});

describe('identifiers at rest', () => {
  test('any text comes back, and never looks the same twice', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (value) => {
      const [first, second] = [seal(ring, place, value), seal(ring, place, value)];
      expect(unseal(ring, place, first)).toBe(Buffer.from(value).toString('utf8'));
      expect(Buffer.from(first.ciphertext).equals(second.ciphertext)).toBe(false);
    }));
  });

  test('a key that is no longer active still opens what it sealed', () => {
    const old = seal({ ...ring, active: 'k1' }, place, '张三');
    expect([old.keyId, unseal(ring, place, old)]).toEqual(['k1', '张三']);
  });

  test.for(['siteId', 'subjectId', 'key'] as const)('a ciphertext moved to another %s does not open', (member) => {
    const sealed = seal(ring, place, '张三');
    expect(() => unseal(ring, { ...place, [member]: 'other' }, sealed)).toThrow();
  });

  test('a changed byte does not open', () => {
    const { keyId, ciphertext } = seal(ring, place, '张三');
    for (let at = 0; at < ciphertext.length; at += 1) {
      const changed = Uint8Array.from(ciphertext, (byte, index) => (index === at ? byte ^ 1 : byte));
      expect(() => unseal(ring, place, { keyId, ciphertext: changed })).toThrow();
    }
  });

  test('a digest depends on the value, the kind, the site and the key, and on nothing else', () => {
    const digest = (site: string, kind: string, value: string, keys = ring) => Buffer.from(blindDigest(keys, site, kind, [value])).toString('hex');
    const all = [digest('a', 'k', 'v'), digest('b', 'k', 'v'), digest('a', 'l', 'v'), digest('a', 'k', 'w'), digest('a', 'k', 'v', { ...ring, index: key(4) })];
    expect(new Set(all).size).toBe(5);
    expect(digest('a', 'k', 'v', { ...ring, active: 'k1' })).toBe(all[0]);
  });

  test.for([['张 三', '张三'], ['ＡＢ-１', 'ab1'], ['+86 138-0013', '8613 80013']] as const)('%s and %s are alike', ([one, other]) => {
    expect(normalizeIdentifier(one)).toBe(normalizeIdentifier(other));
  });

  test('matches only when all items of a rule are answered, and compares so many characters from the end', () => {
    const rules = [{ kind: 'pair', items: ['name', 'birthDate'] }, { kind: 'phone', items: ['phone'], last: 4 }];
    const keys = [{ id: 'i1', key: key(5) }, { id: 'ring', key: key(6) }];
    expect(blindIndexOf(rules, keys, { name: 'x' })).toEqual([]);
    const entries = blindIndexOf(rules, keys, { name: 'x', birthDate: '2000', phone: '00861234' });
    expect(entries.map(({ kind, index_key_id }) => `${kind} ${index_key_id}`)).toEqual(['pair i1', 'pair ring', 'phone i1', 'phone ring']);
    expect(blindIndexOfQuery(rules, keys, '1234')).toEqual(blindIndexOf(rules, keys, { phone: '99991234' }));
  });
});

describe('stripping', () => {
  test('whatever the bytes, it ends: with parts of them or by saying that they are broken', () => {
    const heads = [[0xff, 0xd8, 0xff], [...Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')], [...Buffer.from('RIFF\x20\0\0\0WEBP', 'latin1')]];
    fc.assert(fc.property(fc.constantFrom(...heads), fc.uint8Array({ maxLength: 300 }), (head, rest) => {
      const bytes = Uint8Array.of(...head, ...rest);
      for (const strip of [(given: Uint8Array) => stripJpeg(given, 1), stripPng, stripWebp]) {
        try {
          expect(strip(bytes).every((part) => part.length <= bytes.length)).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(Broken);
        }
      }
    }), { numRuns: 1000 });
  });

  test.for<[string, string | undefined]>([
    ['\xff\xd8\xff\xe0', 'image/jpeg'], ['\x89PNG\r\n\x1a\n', 'image/png'], ['RIFF\0\0\0\0WEBP', 'image/webp'], ['RIFF\0\0\0\0WAVE', undefined],
    ['II*\0', 'image/tiff'], ['MM\0*', 'image/tiff'], ['MM\0+', undefined], ['\0\0\0\x18ftypheic', 'image/heic'], ['\0\0\0\x18ftypavif', undefined],
    ['GIF89a', undefined], ['%PDF-1.7', undefined], ['BM', undefined], ['', undefined],
  ])('%j is %s', ([head, type]) => {
    expect(mediaTypeOf(Buffer.from(head, 'latin1'))).toBe(type);
  });
});
