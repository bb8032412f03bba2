/** Reads the protocols under standards/protocols/ from disk. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '../schemas/problem.ts';
import { createProtocols, type Protocols } from '../schemas/protocol/protocols.ts';
import type { Registry } from '../schemas/registry.ts';
import type { Forms } from './services/forms.ts';
import { standardsFolder } from './standards.ts';

/** Each is compiled when it is first wanted, with the forms of its steps. @throws Problem `standard-invalid` where one has not the shape of a protocol */
export async function loadProtocols(standards: Registry, forms: Forms, folder = join(standardsFolder, 'protocols')): Promise<Protocols> {
  const files = (await readdir(folder, { recursive: true })).map((file) => file.replaceAll('\\', '/')).filter((file) => /^[^/]+\/[^/]+\.json$/.test(file)).sort();
  const [schema, ...documents] = await Promise.all(['protocol.schema.json', ...files].map(async (file) => JSON.parse(await readFile(join(folder, file), 'utf8')) as object));
  return createProtocols(documents, schema ?? {}, ({ subDataset, version }) => formOf(() => forms.get(subDataset, version).form), (document) => standards.sha256(document));
}

function formOf<T>(get: () => T): T | undefined {
  try {
    return get();
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}
