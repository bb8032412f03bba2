/** Searching the dictionary: every word counts, what fits exactly stands first. */
import { expect, test } from 'vitest';
import { searchDictionary } from '../../../client/pages/dictionary/search.ts';
import type { DictionaryIndex } from '../../../schemas/dictionary.ts';
import type { StandardSummary } from '../../../schemas/http/api.ts';

const element = (path: string, zh: string, en: string, ...ids: string[]) => ({ path, zh, en, type: 'text', ids });
const index: DictionaryIndex = {
  release: '2026.1',
  standards: [
    { dataset: 'nursing', subDataset: 'vital-signs', version: '1.0.0', elements: [element('temperature', '体温', 'Body temperature', 'HDSD00.08.075', 'DE04.10.186.00'), element('rows/temperature', '复测体温', 'Temperature again')] },
    { dataset: 'cancer', subDataset: 'staging', version: '1.0.0', elements: [element('breslow', 'Breslow厚度', 'Breslow thickness', '3817')] },
  ],
  valueSets: [{ id: 'laterality', version: '1.0.0', title: { zh: '侧别', en: 'Laterality' }, codes: 4, open: false }],
};
const standards = [{ subDataset: 'vital-signs', version: '1.0.0', title: { zh: '生命体征', en: 'Vital signs' }, datasetTitle: { zh: '护理', en: 'Nursing' } }] as StandardSummary[];
const paths = (query: string) => searchDictionary(index, standards, query).elements.map(({ path }) => path);

test.each([
  ['体温', ['temperature', 'rows/temperature']],
  ['TEMPERATURE', ['temperature', 'rows/temperature']],
  ['DE04.10.186.00', ['temperature']],
  ['hdsd00.08', ['temperature']],
  ['3817', ['breslow']],
  ['thickness breslow', ['breslow']],
  ['breslow 体温', []],
  ['   ', []],
])('%s', (query, expected) => expect(paths(query)).toEqual(expected));

test('finds sub-datasets by dataset, and value sets', () => {
  expect(searchDictionary(index, standards, '护理').standards).toHaveLength(1);
  expect(searchDictionary(index, standards, 'later').valueSets).toHaveLength(1);
});
