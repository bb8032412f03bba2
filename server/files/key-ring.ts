/**
 * The key ring: a file of mode 0600 that no backup of the database holds, as it is or wrapped by a key-management system; or the text of
 * such a file in the environment. Losing it loses the identifiers.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { KeyRing } from '../services/ciphers.ts';
import { runFilter } from './filter.ts';

/** Where the ring is when it is not a plain file. */
export interface KeySource {
  /** The ring itself, as a file would hold it. */
  text?: string | undefined;
  /** A program and its arguments: the content of the file goes in, the ring comes out. */
  unwrap?: string | undefined;
  /** The other way; without it a ring is never made or changed. */
  wrap?: string | undefined;
}

interface KeyFile {
  active: string;
  keys: { [id: string]: string };
  index: string;
}

/** A ring that may be read anew while it is in use. */
export interface LiveKeyRing extends KeyRing {
  /** Does nothing when the file is as it was. @throws Error naming the file; then the ring is as it was. */
  refresh(): Promise<void>;
}

/** Reads the key ring, or makes one where there is none. Fails with a message that names the file. */
export async function openKeyRing(path: string, source: KeySource = {}): Promise<LiveKeyRing> {
  let modified = await modifiedAt(path);
  let ring = parse(source.text ?? (await readRing(path, source)) ?? (await create(path, source)), nameOf(path, source));
  return {
    get active() { return ring.active; },
    get keys() { return ring.keys; },
    get index() { return ring.index; },
    async refresh() {
      const now = await modifiedAt(path);
      if (source.text !== undefined || now === modified) return;
      const text = await readRing(path, source);
      if (text !== undefined) ring = parse(text, path);
      modified = now;
    },
  };
}

/** In place of the file, at once or not at all. @throws Error when the ring is not ours to write */
export async function writeKeyRing(path: string, { active, keys, index }: KeyRing, source: KeySource = {}): Promise<void> {
  if (source.text !== undefined) throw new Error('The key ring is in the environment (XF_KEYS): change it where that is set, then run this again');
  if (source.unwrap !== undefined && source.wrap === undefined) throw new Error('XF_KEYS_WRAP is not set, so the key ring cannot be wrapped; set it to the program that wraps what XF_KEYS_UNWRAP unwraps');
  const base64 = (key: Uint8Array) => Buffer.from(key).toString('base64');
  const text = textOf({ active, keys: Object.fromEntries([...keys].map(([id, key]) => [id, base64(key)])), index: base64(index) });
  const partial = `${path}.${randomBytes(6).toString('hex')}`;
  await write(partial, source.wrap === undefined ? text : await runFilter('XF_KEYS_WRAP', source.wrap, text));
  await rename(partial, path);
}

const nameOf = (path: string, { text }: KeySource) => (text === undefined ? `key file ${path}` : 'key ring in XF_KEYS');
const modifiedAt = (path: string) => stat(path).then(({ mtimeMs }) => mtimeMs, () => undefined);

async function readRing(path: string, { unwrap }: KeySource): Promise<string | undefined> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw new Error(`The key file ${path} cannot be read (${error.code ?? 'unknown error'})`);
    return undefined;
  });
  if (bytes === undefined) return undefined;
  return unwrap === undefined ? bytes.toString('utf8') : (await runFilter('XF_KEYS_UNWRAP', unwrap, bytes)).toString('utf8');
}

async function create(path: string, source: KeySource): Promise<string> {
  if (source.unwrap !== undefined && source.wrap === undefined) throw new Error(`There is no key file ${path}, and XF_KEYS_WRAP is not set, by which a new one would be wrapped`);
  const key = () => randomBytes(32).toString('base64');
  const text = textOf({ active: 'k1', keys: { k1: key() }, index: key() });
  await mkdir(dirname(path), { recursive: true });
  await write(path, source.wrap === undefined ? text : await runFilter('XF_KEYS_WRAP', source.wrap, text));
  return text;
}

const textOf = (file: KeyFile) => `${JSON.stringify(file, undefined, 2)}\n`;

async function write(path: string, content: string | Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

function parse(text: string, name: string): KeyRing {
  const wrong = (what: string): never => { throw new Error(`The ${name} ${what}; restore it from where it was kept`); };
  let file: Partial<KeyFile>;
  try {
    file = JSON.parse(text) as Partial<KeyFile>;
  } catch {
    return wrong('is not JSON');
  }
  const bytes = (value: unknown) => {
    const key = Buffer.from(typeof value === 'string' ? value : '', 'base64');
    return key.length === 32 ? new Uint8Array(key) : wrong('holds a key that is not 32 bytes');
  };
  const keys = new Map(Object.entries(file.keys ?? {}).map(([id, value]) => [id, bytes(value)]));
  if (!file.active || !keys.has(file.active)) return wrong('names no active key');
  if (keys.has('subject')) return wrong('has a key called subject, which is what rows are marked by that a patient’s key sealed');
  return { active: file.active, keys, index: bytes(file.index) };
}
