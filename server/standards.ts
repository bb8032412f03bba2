/** Reads the documents of standards/ from disk for the engine, which uses none itself. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRegistry, type Registry } from '../schemas/registry.ts';

/** The standards of this checkout. */
export const standardsFolder = fileURLToPath(new URL('../standards', import.meta.url));

/**
 * Everything but the cases, which are for tests. Throws naming the file that is not JSON.
 * @throws Problem `standard-invalid` naming every mistake
 */
export async function loadStandards(folder = standardsFolder): Promise<Registry> {
  return registryOfDocuments(await documentsIn(folder));
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** @throws Problem `standard-invalid` naming every mistake */
export function registryOfDocuments(documents: readonly unknown[]): Registry {
  return createRegistry(documents, sha256);
}

/** Everything but the cases, as it stands. Throws naming the file that is not JSON. */
export async function documentsIn(folder: string): Promise<unknown[]> {
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.json') && !file.endsWith('.cases.json')).sort();
  return Promise.all(files.map((file) => readDocument(folder, file)));
}

async function readDocument(folder: string, file: string): Promise<unknown> {
  const text = await readFile(join(folder, file), 'utf8');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`standards/${file.replaceAll('\\', '/')} is not JSON: ${(error as Error).message}`, { cause: error });
  }
}
