/** Anchors as files that a site keeps: `<folder>/<code>/<day>.json`, each with all anchors of that day and the key that checks them. */
import { mkdir, open, readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';

export interface SignedStatement {
  /** Exactly as it was signed. */
  statement: string;
  /** Base64. */
  signature: string;
}

export interface AnchorFile {
  format: 'xiangya-forms anchors 1';
  site: string;
  code: string;
  publicKey: string;
  anchors: SignedStatement[];
}

/** Replaces the file of the day as a whole. */
export async function writeAnchorFile(folder: string, day: string, file: AnchorFile): Promise<string> {
  await mkdir(join(folder, file.code), { recursive: true });
  const path = join(folder, file.code, `${day}.json`);
  const draft = `${path}.${randomUUID()}.part`;
  const handle = await open(draft, 'wx', 0o644);
  try {
    await handle.writeFile(`${JSON.stringify(file, undefined, 2)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, path);
  return path;
}

/** Every anchor of the folder and of the folders in it. Fails naming a file that is none. */
export async function readAnchorFiles(folder: string): Promise<SignedStatement[]> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.json')).sort();
  const all: SignedStatement[] = [];
  for (const name of names) {
    const path = join(folder, name);
    let file: Partial<AnchorFile>;
    try {
      file = JSON.parse(await readFile(path, 'utf8')) as Partial<AnchorFile>;
    } catch {
      throw new Error(`${path} is not JSON`);
    }
    if (!Array.isArray(file.anchors) || !file.anchors.every(({ statement, signature }) => typeof statement === 'string' && typeof signature === 'string')) throw new Error(`${path} is no file of anchors`);
    for (const each of file.anchors) all.push(each);
  }
  return all;
}
