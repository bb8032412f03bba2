/** Where the key ring may be: in a file, in the environment, wrapped by a program; and the commands that change it. */
import { spawnSync } from 'node:child_process';
import { readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { openKeyRing, writeKeyRing } from '../../server/files/key-ring.ts';
import { aFolder } from '../support/folders.ts';

/** A key-management system for tests: every byte the other way round, both ways. */
const turn = JSON.stringify([process.execPath, '-e', 'process.stdin.on("data", (bytes) => process.stdout.write(bytes.map((byte) => byte ^ 255)))']);
const failing = JSON.stringify([process.execPath, '-e', 'console.log("secret"); process.exit(3)']);

describe('a key ring', () => {
  test('in the environment needs no file, and is not ours to change', async () => {
    const path = join(aFolder(), 'keys.json');
    const made = await openKeyRing(path);
    const text = readFileSync(path, 'utf8');
    const ring = await openKeyRing('/nowhere/keys.json', { text });
    expect([ring.active, ring.keys]).toEqual([made.active, made.keys]);
    await expect(writeKeyRing('/nowhere/keys.json', ring, { text })).rejects.toThrow('XF_KEYS');
    await expect(openKeyRing('/nowhere', { text: '{"active":"k1","keys":{"k1":"AAAA"}}' })).rejects.toThrow('key ring in XF_KEYS holds a key that is not 32 bytes');
  });

  test('wrapped by a program is never in clear on the disk', async () => {
    const path = join(aFolder(), 'keys.json');
    const source = { unwrap: turn, wrap: turn };
    const made = await openKeyRing(path, source);
    expect(() => JSON.parse(readFileSync(path, 'utf8')) as unknown).toThrow();
    expect((await openKeyRing(path, source)).keys).toEqual(made.keys);
    await expect(openKeyRing(path, {})).rejects.toThrow('is not JSON');
  });

  test('that cannot be unwrapped says which program failed, and nothing that it said', async () => {
    const path = join(aFolder(), 'keys.json');
    await openKeyRing(path);
    const wrong = openKeyRing(path, { unwrap: failing });
    await expect(wrong).rejects.toThrow(/XF_KEYS_UNWRAP: .* ended with 3/);
    await expect(wrong).rejects.not.toThrow('secret');
    await expect(openKeyRing(path, { unwrap: '/no/such/program' })).rejects.toThrow('ENOENT');
    await expect(openKeyRing(join(aFolder(), 'none.json'), { unwrap: turn })).rejects.toThrow('XF_KEYS_WRAP is not set');
  });

  test('is read anew when its file changes, and stays as it was when the new one is wrong', async () => {
    const path = join(aFolder(), 'keys.json');
    const ring = await openKeyRing(path);
    await writeKeyRing(path, { active: 'k2', keys: new Map([...ring.keys, ['k2', new Uint8Array(32).fill(7)]]), index: ring.index });
    utimesSync(path, new Date(), new Date(Date.now() + 10_000));
    await ring.refresh();
    expect([ring.active, [...ring.keys.keys()]]).toEqual(['k2', ['k1', 'k2']]);
    writeFileSync(path, 'x');
    utimesSync(path, new Date(), new Date(Date.now() + 20_000));
    await expect(ring.refresh()).rejects.toThrow('is not JSON');
    expect(ring.active).toBe('k2');
  });
});

test('on the command line keys are listed, replaced, and taken out when nothing names them', () => {
  const folder = aFolder();
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const xf = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['server/bin/xf.ts', ...args], { cwd: root, env: { ...process.env, XF_DATA: folder, DATABASE_URL: '' }, input: 'correct horse battery staple 42\n', encoding: 'utf8' });
    return { status, out: `${stdout}${stderr}` };
  };
  expect(xf('user', 'add', 'wang', '--role', 'investigator', '--new-site', 'XY01:湘雅医院', '--password-stdin')).toMatchObject({ status: 0 });
  expect(xf('keys', 'status').out).toContain('active k1');
  expect(xf('keys', 'rotate', '--index').out).toMatch(/XY01: 0 keys of patients wrapped anew, 0 patients indexed anew, 0 sealed anew; keys thrown away: 1/);
  expect(xf('keys', 'master', 'drop', 'k1')).toMatchObject({ status: 2 });
  expect(xf('keys', 'master', 'add')).toMatchObject({ status: 0 });
  expect(xf('keys', 'status').out).toMatch(/active k2[\s\S]*XY01\tindex\tindex-[0-9a-f]+\tactive\tk2/);
  expect(xf('keys', 'master', 'drop', 'k1')).toMatchObject({ status: 0 });
  expect(xf('keys', 'status').out).toContain('keys k2\n');
}, 120_000);
