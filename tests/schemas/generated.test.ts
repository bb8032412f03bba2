import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { loadStandards } from '../../schemas/bin/load.ts';
import { releaseMistakes } from '../../schemas/bin/release.ts';
import { typesOf } from '../../schemas/bin/types.ts';
import { aForm, aStandard, aValueSet, rows } from './a-standard.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { registry } = loadStandards(join(root, 'standards'));

test('what was released is as it was: run npm run generate -- --release <name> while it is not published', () => {
  expect(registry.releases.flatMap((release) => releaseMistakes(registry, release))).toEqual([]);
});

test('a release whose document changed says which', () => {
  const [release] = registry.releases;
  if (!release) return;
  const tampered = { ...release, valueSets: release.valueSets.map((pin, i) => (i === 0 ? { ...pin, sha256: '0'.repeat(64) } : pin)) };
  expect(releaseMistakes(registry, tampered)).toEqual([{ pointer: `releases/${release.release}.json#/valueSets`, detail: `${release.valueSets[0]?.ref} is not as it was released` }]);
});

test('types know codes, lists and rows', async () => {
  const text = await typesOf(aForm(aStandard({
    status: { type: 'string', valueSet: 'status/1.0.0' }, sites: { type: 'array', items: { type: 'string', valueSet: 'site/1.0.0' } }, orders: rows({ dose: { type: 'number', unit: 'mg' } }),
  })));
  expect(text).toContain("export type Status = 'measurable' | 'in-situ' | 'none' | 'old';");
  expect(text).toMatch(/status\?: Status;[\s\S]*sites\?: Site\[\];[\s\S]*orders\?: \{\s*rowId: string;[\s\S]*· dose \[mg\][\s\S]*dose\?: number;\s*\}\[\];/);
});

test('types leave codes of an open value set, and persons, as texts that say what they are', async () => {
  const open = { ...aValueSet('icd-10', []), open: { pattern: '[A-Z]', content: 'icd-10' } };
  const text = await typesOf(aForm(aStandard({ diagnosis: { type: 'string', valueSet: 'icd-10/1.0.0' }, nurse: { type: 'string', refersTo: 'person' } }), open));
  expect(text).toMatch(/code of icd-10\/1\.0\.0, or an imported one[\s\S]*diagnosis\?: string;[\s\S]*id of a person[\s\S]*nurse\?: string;/);
});

test('two value sets of one name, and one with the name of the standard, have types of their own', async () => {
  const newer = { ...aValueSet('site', ['x', "it's"]), $id: 'https://xiangya-forms.org/standards/value-sets/site/1.1.0.json' };
  const text = await typesOf(aForm(aStandard({
    a: { type: 'string', valueSet: 'site/1.0.0' }, b: { type: 'string', valueSet: 'site/1.1.0' }, c: { type: 'string', valueSet: 'example/1.0.0' },
  }), newer, aValueSet('example', Array.from({ length: 60 }, (_, i) => `code-${i}`))));
  expect(text).toMatch(/export type SiteCode110 = 'x' \| ("it's"|'it\\'s');/);
  expect(text).toMatch(/export type ExampleCode100 =\n {2}\| 'code-0'/);
});
