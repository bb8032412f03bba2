/** The whole: every sub-dataset of the catalogue is here, and in them every element of the reference material, counted. */
import { describe, expect, test } from 'vitest';
import { idOf, leavesOf } from './leaves.ts';
import { hasSources, readSourceTable } from './sources.ts';
import { registry } from './standards.ts';

const catalogue = readSourceTable('catalogue.csv');
const documentOf = (subDataset: string | undefined) => registry.standards.find((standard) => standard.subDataset === subDataset);
const leaves = (subDataset: string | undefined) => {
  const found = documentOf(subDataset);
  return found ? leavesOf(registry.getStandard(found.subDataset, found.version)) : [];
};

describe.runIf(hasSources('the count of all elements'))('the standards have', () => {
  test('10 datasets of 92 sub-datasets and an annex of 8, each under its dataset', () => {
    expect(catalogue.filter((row) => documentOf(row['sub_dataset'])?.dataset !== row['dataset']).map((row) => `${row['dataset']}/${row['sub_dataset']}`)).toEqual([]);
    const core = catalogue.filter((row) => row['part'] === 'core');
    expect([new Set(core.map((row) => row['dataset'])).size, core.length, catalogue.length - core.length]).toEqual([10, 92, 8]);
    expect(registry.standards).toHaveLength(100);
  });

  test('2,278 elements of WS 445', () => {
    const counted = catalogue.filter((row) => row['basis']?.startsWith('WS 445'))
      .map((row) => ({ subDataset: row['sub_dataset'], elements: leaves(row['sub_dataset']).filter((leaf) => idOf(leaf) !== undefined).length, expected: Number(row['elements']) }));
    expect(counted.filter(({ elements, expected }) => elements !== expected)).toEqual([]);
    expect(counted.reduce((sum, { elements }) => sum + elements, 0)).toBe(2278);
    expect(readSourceTable('ws445-elements.csv')).toHaveLength(2278);
  });

  test('1,372 elements of dermatology, 1,142 of them in the ten datasets', () => {
    const rows = readSourceTable('derm-elements.csv');
    const counted = catalogue.filter((row) => row['basis'] === 'derm-elements.csv').map((row) => {
      const keys = new Set(rows.filter((each) => each['sub_key'] === row['source_key']).map((each) => each['key']));
      return { part: row['part'], subDataset: row['sub_dataset'], elements: leaves(row['sub_dataset']).filter(({ key }) => keys.has(key)).length, expected: keys.size };
    });
    expect(counted.filter(({ elements, expected }) => elements !== expected)).toEqual([]);
    const total = (each: typeof counted) => each.reduce((sum, { elements }) => sum + elements, 0);
    expect([total(counted), total(counted.filter(({ part }) => part === 'core'))]).toEqual([1372, 1142]);
  });
});
