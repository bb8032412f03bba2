/** The committed types are those of the standards. Not among the fast tests: printing a hundred files takes seconds. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { loadStandards } from '../../schemas/bin/load.ts';
import { typesOf } from '../../schemas/bin/types.ts';
import { compileForm } from '../../schemas/compile.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

test('the types are those of the standards: run npm run generate', async () => {
  const { registry } = loadStandards(join(root, 'standards'));
  const expected = new Map<string, string>();
  for (const { subDataset, version } of registry.standards) expected.set(`${subDataset}.ts`, await typesOf(compileForm(registry.getStandard(subDataset, version), registry)));
  const folder = join(root, 'schemas/types');
  expect(readdirSync(folder).sort()).toEqual([...expected.keys()].sort());
  for (const [name, text] of expected) expect(readFileSync(join(folder, name), 'utf8'), name).toBe(text);
});
