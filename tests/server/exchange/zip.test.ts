/** Our ZIP files, read by another implementation. */
import fc from 'fast-check';
import { unzipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { createZip, directoryEntry } from '../../../server/exchange/export/zip.ts';

async function zipOf(files: readonly { name: string; pieces: readonly Uint8Array[] }[]): Promise<Buffer> {
  const written: Uint8Array[] = [];
  const zip = createZip(async (bytes) => void written.push(Buffer.from(bytes)));
  for (const { name, pieces } of files) await zip.add(name, (async function* each() { yield* pieces; })());
  await zip.finish();
  return Buffer.concat(written);
}

const cut = (bytes: Uint8Array, size: number) => Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) => bytes.subarray(at * size, (at + 1) * size));

describe('ZIP files', () => {
  test('hold what was put in, under its name', async () => {
    const files = fc.uniqueArray(fc.record({ name: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).filter((name) => name !== '__proto__'), bytes: fc.uint8Array({ maxLength: 200_000, size: 'max' }) }), { minLength: 1, maxLength: 4, selector: ({ name }) => name });
    await fc.assert(fc.asyncProperty(files, async (list) => {
      const read = unzipSync(await zipOf(list.map(({ name, bytes }) => ({ name, pieces: [bytes] }))));
      for (const { name, bytes } of list) expect(Buffer.from(read[name] ?? []).equals(bytes)).toBe(true);
      expect(Object.keys(read)).toHaveLength(list.length);
    }), { numRuns: 30 });
  });

  test('are the same bytes for the same content, however it came', async () => {
    const bytes = Buffer.from(Array.from({ length: 40_000 }, (_, at) => `row ${at * 7919 % 1000}\r\n`).join(''));
    const whole = await zipOf([{ name: '患者.csv', pieces: [bytes] }]);
    for (const size of [1000, 65_536, 100_001]) expect((await zipOf([{ name: '患者.csv', pieces: cut(bytes, size) }])).equals(whole)).toBe(true);
  });

  test('go past 4 GB: sizes that do not fit stand in the extra field', () => {
    const entry = directoryEntry({ name: Buffer.from('a'), crc: 1, size: 5_000_000_000, packed: 4_500_000_000, offset: 6_000_000_000 });
    expect([20, 24, 42].map((at) => entry.readUInt32LE(at))).toEqual([0xffff_ffff, 0xffff_ffff, 0xffff_ffff]);
    const extra = entry.subarray(47);
    expect([extra.readUInt16LE(0), extra.readUInt16LE(2)]).toEqual([1, 24]);
    expect([4, 12, 20].map((at) => Number(extra.readBigUInt64LE(at)))).toEqual([5_000_000_000, 4_500_000_000, 6_000_000_000]);
  });

  test('fail when what they are made of fails', async () => {
    const zip = createZip(async () => {});
    await expect(zip.add('a', (async function* broken(): AsyncIterable<Uint8Array> { yield Buffer.from('x'); throw new Error('gone'); })())).rejects.toThrow('gone');
  });
});
