/** Facts about all standards: they compile, say everything in both languages, and name where everything comes from. */
import { describe, expect, test } from 'vitest';
import { releaseMistakes } from '../../schemas/bin/release.ts';
import { standardMistakes } from '../../schemas/compile.ts';
import type { Element, ValueSetDocument } from '../../schemas/documents.ts';
import type { Text } from '../../schemas/form.ts';
import { countElements } from '../../schemas/registry.ts';
import { leavesOf } from './leaves.ts';
import { elementsOf, files, nameOf, registry, standards } from './standards.ts';

/** What our catalogue says beyond what the engine reads of it. */
interface Counted {
  key: string;
  title: Text;
  part: string;
  elements: number;
}

const catalogue = files.get('catalogue.json') as { datasets: { key: string; subDatasets: Counted[] }[] };
const hanzi = /\p{Script=Han}/u;

test('the catalogue has 10 datasets with 92 sub-datasets, and an annex of 8', () => {
  const subDatasets = catalogue.datasets.flatMap((dataset) => dataset.subDatasets);
  const core = catalogue.datasets.filter((dataset) => dataset.subDatasets.some(({ part }) => part === 'core'));
  expect(core).toHaveLength(10);
  expect(subDatasets.filter(({ part }) => part === 'core')).toHaveLength(92);
  expect(subDatasets.filter(({ part }) => part === 'annex')).toHaveLength(8);
  expect(new Set(subDatasets.map(({ key }) => key)).size).toBe(100);
});

describe.for(standards.map((document) => [nameOf(document), document] as const))('%s', ([, document]) => {
  const [dataset, subDataset] = nameOf(document).split('/');

  test('compiles', () => {
    expect(standardMistakes(document, registry)).toEqual([]);
  });

  test('has no fewer elements than the catalogue says, under its title', () => {
    const entry = catalogue.datasets.find(({ key }) => key === dataset)?.subDatasets.find(({ key }) => key === subDataset);
    // A repeat counts by its columns; what a standard calculates beside the catalogue counts too.
    expect(countElements(document)).toBeGreaterThanOrEqual(entry?.elements ?? Infinity);
    expect({ zh: document.title, en: document.text.en.title }).toEqual(entry?.title);
  });

  test('says everything in Chinese and in English', () => {
    const spoken: Pick<Element, 'title' | 'description' | 'text'>[] = [document, ...elementsOf(document).map(([, element]) => element), ...document.layout.sections];
    for (const { title, text, description } of spoken) {
      expect(title).toBeTruthy();
      expect(text?.en.title, title).toBeTruthy();
      expect(text?.en.title, title).not.toMatch(hanzi);
      expect(Boolean(text?.en.description), `description of ${title}`).toBe(Boolean(description));
    }
    for (const { id, message, text } of document.check ?? []) {
      expect(message, id).toMatch(hanzi);
      expect(text.en.message, id).not.toMatch(hanzi);
    }
  });

  test('names a source for every element and check', () => {
    expect(elementsOf(document).filter(([, { source }]) => !source).map(([key]) => key)).toEqual([]);
    expect((document.check ?? []).filter(({ source }) => !source)).toEqual([]);
  });

  test('has cases', () => {
    expect([...files.keys()]).toContain(`${nameOf(document)}.cases.json`);
  });

  test('asks for nothing that it calculates', () => {
    const calculated = elementsOf(document).filter(([, { calculate }]) => calculate).map(([key]) => key);
    expect(calculated.filter((key) => document.required?.includes(key))).toEqual([]);
  });

  test('has checks whose severity is that of their name', () => {
    for (const { id, severity } of document.check ?? []) expect(severity, id).toBe(id.startsWith('E-') ? 'hard' : 'soft');
  });
});

test('every value set is used, or is missing-reason or a large system open to import, and speaks both languages', () => {
  const used = new Set(standards.flatMap((document) => leavesOf(document).flatMap(({ element: { valueSet, items } }) => [valueSet, items?.type === 'string' ? items.valueSet : undefined])));
  expect(registry.valueSetRefs.filter((ref) => !used.has(ref) && !registry.findValueSet(ref)?.open)).toEqual(['missing-reason/1.0.0']);
  for (const ref of registry.valueSetRefs) {
    const document = files.get(`value-sets/${ref}.json`) as ValueSetDocument & { system?: string };
    expect(document.source, ref).toBeTruthy();
    for (const code of document.codes) {
      expect(code.en, `${ref} ${code.code}`).not.toMatch(hanzi);
      expect(code.system ?? document.system, `${ref} ${code.code}`).toBeTruthy();
    }
  }
});

test('direct identifiers of a patient are bound, never kept in a record', () => {
  // A picture is kept apart by digest, a person of the network by reference.
  const kept = standards.flatMap((document) => elementsOf(document).filter(([, { identifying, bind, refersTo }]) => identifying === 'direct' && bind === undefined && refersTo === undefined).map(([key]) => `${nameOf(document)}#${key}`));
  expect(kept).toEqual([]);
});

test('every release pins what stands here, and the newest one all sub-datasets', () => {
  expect(registry.releases.flatMap((release) => releaseMistakes(registry, release))).toEqual([]);
  expect(registry.getRelease().standards.map(({ subDataset }) => subDataset)).toEqual([...new Set(registry.standards.map(({ subDataset }) => subDataset))]);
});
