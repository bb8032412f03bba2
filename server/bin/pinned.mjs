/**
 * Packages fetched only where the machine lacks something: a newer Node, and a Chromium for the tests. They come from the npm
 * registry that npm uses, are checked against the digests in pinned.json, and lie in the ignored folder .runtime/.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { npmCommand } from './npm.mjs';

export const root = fileURLToPath(new URL('../../', import.meta.url));
const runtime = join(root, '.runtime');
const pinned = JSON.parse(readFileSync(new URL('./pinned.json', import.meta.url), 'utf8'));
const platform = `${process.platform}-${process.arch}`;

/** The oldest Node that runs TypeScript without a flag. */
const [leastMajor, leastMinor] = [22, 18];

/** Path of a Node that can run the server: this one, else the pinned one, downloaded the first time. */
export function pickNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) return process.execPath;
  const { version } = pinned.node;
  const file = process.platform === 'win32' ? 'node.exe' : 'node';
  const folder = fetchPinned('node', { entries: [`package/bin/${file}`, 'package/LICENSE'], why: `this Node is ${process.versions.node}, the server needs ${leastMajor}.${leastMinor}` });
  if (folder === undefined) throw new Error(`Node ${leastMajor}.${leastMinor} or newer is needed; this is ${process.versions.node}, and there is no pinned one for ${platform}. Install it from https://nodejs.org.`);
  const node = join(folder, 'bin', file);
  const { status } = spawnSync(node, ['--version'], { stdio: 'ignore' });
  if (status !== 0) throw new Error(`The pinned Node ${version} does not run on this system. Install Node ${leastMajor}.${leastMinor} or newer from https://nodejs.org.`);
  return node;
}

/** The pinned Chromium, unpacked, and the libraries it wants beside it; undefined when it is not there and may not be fetched. */
export function chromiumPackage({ fetch = false } = {}) {
  const folder = fetchPinned('chromium', { entries: ['package/bin/chromium.br', 'package/bin/al2023.tar.br', 'package/LICENSE'], why: 'the browser tests found no other', only: fetch ? undefined : 'present', unpack: unpackChromium });
  if (folder === undefined) return undefined;
  return { path: join(folder, 'bin', 'chromium'), env: { LD_LIBRARY_PATH: [join(folder, 'lib'), process.env.LD_LIBRARY_PATH].filter(Boolean).join(':') } };
}

function unpackChromium(folder) {
  const inflate = (name) => brotliDecompressSync(readFileSync(join(folder, 'bin', name)));
  writeFileSync(join(folder, 'bin', 'chromium'), inflate('chromium.br'));
  chmodSync(join(folder, 'bin', 'chromium'), 0o755);
  for (const entry of entriesOf(inflate('al2023.tar.br'))) put(folder, entry);
  for (const name of ['chromium.br', 'al2023.tar.br']) rmSync(join(folder, 'bin', name));
}

/** Folder of the unpacked package; undefined when there is none for this platform, or it may not be fetched. */
function fetchPinned(what, { entries, why, only, unpack }) {
  const { version, packages } = pinned[what];
  const entry = packages[platform];
  if (entry === undefined) return undefined;
  const folder = join(runtime, `${what}-${version}-${platform}`);
  if (existsSync(folder)) return folder;
  if (only === 'present') return undefined;
  console.error(`Fetching ${entry.name}@${version} into .runtime/ (${why})`);
  mkdirSync(runtime, { recursive: true });
  const temporary = mkdtempSync(join(runtime, 'fetch-'));
  try {
    const archive = download(entry, version, temporary);
    const unpacked = join(temporary, 'package');
    for (const file of entriesOf(gunzipSync(archive))) if (entries.includes(file.path)) put(temporary, file);
    unpack?.(unpacked);
    renameSync(unpacked, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  return folder;
}

function download({ name, integrity }, version, folder) {
  const { command, args, options } = npmCommand(['pack', `${name}@${version}`, '--pack-destination', folder, '--loglevel=error']);
  const { status, stderr } = spawnSync(command, args, { ...options, cwd: folder, encoding: 'utf8', maxBuffer: 1e8 });
  if (status !== 0) throw new Error(`npm could not fetch ${name}@${version}: ${stderr?.trim().split('\n')[0] ?? 'npm did not run'}`);
  const archive = readFileSync(join(folder, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`));
  const digest = `sha512-${createHash('sha512').update(archive).digest('base64')}`;
  if (digest !== integrity) throw new Error(`${name}@${version} is not the file that was pinned (${digest}); it is not used`);
  return archive;
}

/** The files and links of a tar file. Only what the pinned packages hold is understood: plain entries with short names. */
function* entriesOf(tar) {
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0; ) {
    const text = (from, length) => tar.toString('utf8', at + from, at + from + length).replace(/\0.*$/s, '');
    const size = parseInt(text(124, 12), 8) || 0;
    const path = [text(345, 155), text(0, 100)].filter(Boolean).join('/').replace(/^\.\//, '');
    const type = text(156, 1);
    if (path.split('/').includes('..')) throw new Error('A path leads out of the archive');
    if (type === '' || type === '0') yield { path, mode: parseInt(text(100, 8), 8) & 0o777, bytes: tar.subarray(at + 512, at + 512 + size) };
    if (type === '2') yield { path, target: text(157, 100) };
    at += 512 + Math.ceil(size / 512) * 512;
  }
}

function put(folder, { path, mode, bytes, target }) {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  if (target === undefined) writeFileSync(file, bytes, { mode });
  else symlinkSync(target, file);
}
