/** A mapping from disk, checked. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalize } from '../../../schemas/canonical.ts';
import { createAjv } from '../../../schemas/dialect.ts';
import { standardsFolder } from '../../standards.ts';
import { sha256Of } from './identity.ts';
import type { Mapping } from './mapping.ts';

export interface LoadedMapping {
  mapping: Mapping;
  /** SHA-256 of its canonical text. */
  sha256: string;
}

/** Throws an Error that names the file and every place in it that is wrong. */
export async function loadMapping(path: string): Promise<LoadedMapping> {
  const document = await readJson(path);
  const validate = createAjv().compile<Mapping>((await readJson(join(standardsFolder, 'mappings', 'mapping.schema.json'))) as object);
  if (!validate(document)) {
    const mistakes = (validate.errors ?? []).filter(({ keyword }) => keyword !== 'anyOf').map(({ instancePath, message = '', params }) => `  - ${instancePath || '/'} ${message}${'additionalProperty' in params ? ` (${String(params['additionalProperty'])})` : ''}`);
    throw new Error(`${path} is not a mapping (standards/mappings/mapping.schema.json):\n${[...new Set(mistakes)].join('\n')}`);
  }
  return { mapping: document, sha256: sha256Of(canonicalize(document)) };
}

async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => { throw new Error(`${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`, { cause: error }); });
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${path} is not JSON: ${(error as Error).message}`, { cause: error });
  }
}
