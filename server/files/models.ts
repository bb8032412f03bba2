/**
 * Classifier models on disk: a folder each, `<name>-<version>/manifest.json` and what it names. A hospital's own folder
 * goes before ours, so that a model is swapped without touching code.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface ModelFolder {
  /** Name of the folder, which is its place in addresses. */
  id: string;
  path: string;
}

/** Letters, digits, points and hyphens: what a folder or file may be called to be served. */
const isPlainName = (name: string) => /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name);

/** Every model folder below `roots`, earlier roots first, the highest name first in each; a root that is not there has none. */
export async function listModels(roots: readonly string[]): Promise<ModelFolder[]> {
  const found: ModelFolder[] = [];
  for (const root of roots) {
    const entries = await readdir(root, { withFileTypes: true }).catch(() => []);
    const names = entries.filter((entry) => entry.isDirectory() && isPlainName(entry.name)).map((entry) => entry.name).sort().reverse();
    for (const id of names) if (!found.some((model) => model.id === id)) found.push({ id, path: join(root, id) });
  }
  return found;
}

/** One file of a model; undefined when the folder has none of that name. */
export async function readModelFile(model: ModelFolder, name: string): Promise<Buffer | undefined> {
  if (!isPlainName(name)) return undefined;
  return readFile(join(model.path, name)).catch(() => undefined);
}
