/** Reads the documents under `standards/` from a disk. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { FieldError } from '../problem.ts';
import { createRegistry, readRegistry, type Registry } from '../registry.ts';
import { repeatedKeys } from '../repeated-keys.ts';

export interface StandardsFolder {
  registry: Registry;
  /** Parsed JSON by path from the folder, with `/`. */
  files: ReadonlyMap<string, unknown>;
}

export const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** @throws SyntaxError naming the file, when one is not JSON; Problem `standard-invalid` as `createRegistry` does */
export function loadStandards(folder: string): StandardsFolder {
  const files = new Map([...readTexts(folder)].map(([name, text]) => [name, parse(text, name)]));
  return { files, registry: createRegistry(files.values(), sha256) };
}

/** The same of whatever can be read, with every mistake of the files as `<path>#<pointer>`. @throws Problem without a meta-schema */
export function readStandards(folder: string): StandardsFolder & { mistakes: FieldError[] } {
  const files = new Map<string, unknown>();
  const names = new Map<unknown, string>();
  const mistakes: FieldError[] = [];
  for (const [name, text] of readTexts(folder)) {
    try {
      const document = parse(text, name);
      files.set(name, document);
      names.set(document, name);
      mistakes.push(...repeatedKeys(text).map(({ pointer, detail }) => ({ pointer: `${name}#${pointer}`, detail })));
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      mistakes.push({ pointer: `${name}#`, detail: error.message.replace(`${name} is`, 'Is') });
    }
  }
  const read = readRegistry(files.values(), sha256, (document) => names.get(document));
  return { files, registry: read.registry, mistakes: [...mistakes, ...read.mistakes] };
}

/** The text of each JSON file, by path from the folder, with `/`. */
function readTexts(folder: string): Map<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.json')).sort();
  return new Map(paths.map((path) => [relative(folder, join(folder, path)).split(sep).join('/'), readFileSync(join(folder, path), 'utf8')]));
}

function parse(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new SyntaxError(`${name} is not JSON: ${error instanceof Error ? error.message : ''}`, { cause: error });
  }
}
