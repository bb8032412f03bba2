/** The key ring on disk: a file of mode 0600 that no backup of the database holds. Losing it loses the identifiers. */
import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { KeyRing } from '../services/identifier-keys.ts';

interface KeyFile {
  active: string;
  keys: { [id: string]: string };
  index: string;
}

/** Reads the key ring, or makes one where there is none. Fails with a message that names the file. */
export async function openKeyRing(path: string): Promise<KeyRing> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw new Error(`The key file ${path} cannot be read (${error.code ?? 'unknown error'})`);
    return undefined;
  });
  return parse(text ?? (await create(path)), path);
}

async function create(path: string): Promise<string> {
  const key = () => randomBytes(32).toString('base64');
  const text = `${JSON.stringify({ active: 'k1', keys: { k1: key() }, index: key() } satisfies KeyFile, undefined, 2)}\n`;
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  return text;
}

function parse(text: string, path: string): KeyRing {
  const wrong = (what: string): never => { throw new Error(`The key file ${path} ${what}; restore it from where it was kept`); };
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
  return { active: file.active, keys, index: bytes(file.index) };
}
