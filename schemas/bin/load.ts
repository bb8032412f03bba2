/** Reads the documents under `standards/` from a disk. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { createRegistry, type Registry } from '../registry.ts';

export interface StandardsFolder {
  registry: Registry;
  /** Parsed JSON by path from the folder, with `/`. */
  files: ReadonlyMap<string, unknown>;
}

export const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** @throws SyntaxError naming the file, when one is not JSON; Problem `standard-invalid` as `createRegistry` does */
export function loadStandards(folder: string): StandardsFolder {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.json'));
  const files = new Map(paths.sort().map((path) => {
    const name = relative(folder, join(folder, path)).split(sep).join('/');
    return [name, parse(readFileSync(join(folder, path), 'utf8'), name)];
  }));
  return { files, registry: createRegistry(files.values(), sha256) };
}

function parse(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new SyntaxError(`${name} is not JSON: ${error instanceof Error ? error.message : ''}`, { cause: error });
  }
}
