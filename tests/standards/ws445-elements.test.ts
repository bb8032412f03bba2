/** WS 445-2014 element by element: identifiers, titles, type, length, bounds, unit, code list and provenance, against the printed tables. */
import { describe, expect, test } from 'vitest';
import type { Element, ValueSetDocument } from '../../schemas/documents.ts';
import { idOf, leavesOf, type Leaf } from './leaves.ts';
import { hasSources, readSourceTable, type Row } from './sources.ts';
import { files, registry } from './standards.ts';

/** Sub-datasets of WS 445 that are here, with their key in the reference tables. */
const subDatasets = readSourceTable('catalogue.csv').filter((row) => row['basis']?.startsWith('WS 445')).map((row) => [row['sub_dataset'] ?? '', row['source_key'] ?? ''] as const)
  .filter(([subDataset]) => registry.standards.some((standard) => standard.subDataset === subDataset));

/** Doses above 999.99 are given every day (1000 mg, 40000 U): the printed format N..5,2 is widened by decision. */
const WIDENED = ['DE08.50.023.00'];
/** A code of WS 218 has 22 characters, whatever was printed. */
const LONGER = ['site.organisationCode'];

describe.runIf(hasSources('WS 445 element by element'))('WS 445-2014', () => {
  describe.for(subDatasets)('%s', ([subDataset, source]) => {
    const rows = readSourceTable('ws445-elements.csv').filter((row) => row['sub_key'] === source);
    const leaves = leavesOf(registry.getStandard(subDataset, '1.0.0'));
    const found = pairs(rows, leaves);

    test('has every element once, and beside them only its own additions', () => {
      expect(found.filter(({ leaf }) => !leaf).map(({ row }) => `${row['order']} ${row['name_zh']}`)).toEqual([]);
      const known = new Set(found.map(({ leaf }) => leaf));
      expect(leaves.filter((leaf) => idOf(leaf) !== undefined && !known.has(leaf)).map(({ key }) => key)).toEqual([]);
    });

    test.for(found.flatMap(({ row, leaf }) => (leaf ? [[`${row['order']} ${row['name_zh']}`, row, leaf] as const] : [])))('%s', ([, row, { element }]) => {
      expect(element.text?.en.title).toBe(row['name_en']);
      expect(element.source).toMatch(/^(?:WS 445\.\d+-2014|xlsx transcription only)/);
      expect(familiesOf(row)).toContain(familyOf(element));
      expect(element.maxLength ?? 0, 'length').toBeLessThanOrEqual(LONGER.includes(element.bind ?? '') ? 22 : lengthOf(row));
      expect(tooWide(element, row), 'bounds').toEqual([]);
      if (familyOf(element) === 'number') expect(element.unit ?? '').toBe(row['unit']);
      if (row['value_domain'] && element.bind !== 'site.organisationCode') expect(systemOf(element)).toBe(row['value_domain']);
    });
  });
});

/** Each row with its element: by identifiers and title, since one identifier may stand for several elements. A unit in the title may be left to `unit`. */
function pairs(rows: readonly Row[], leaves: readonly Leaf[]): { row: Row; leaf: Leaf | undefined }[] {
  const free = new Set(leaves);
  return rows.map((row) => {
    const titles = [row['name_zh'], row['name_zh']?.replace(/（[^（）]*）$/, '')];
    const leaf = [...free].find((each) => idOf(each) === `${row['hdsd_id']} ${row['de_id']}` && titles.includes(each.element.title));
    if (leaf) free.delete(leaf);
    return { row, leaf };
  });
}

function familyOf({ type, format, valueSet, refersTo }: Element): string {
  if (refersTo !== undefined) return 'reference';
  // Several codes of one element (all that was done) are a list.
  if (valueSet !== undefined || type === 'array') return 'code';
  return format ?? (type === 'integer' || type === 'number' ? 'number' : type ?? '');
}

/** Names of staff are references; a birth date may be partial; text may have become a code. */
function familiesOf(row: Row): string[] {
  switch (row['type']) {
    case 'L': return ['boolean'];
    case 'D': return ['date', 'partial-date'];
    case 'DT': return ['date-time'];
    case 'N': return ['number'];
    case 'S2': case 'S3': return row['value_domain'] === 'WS 218' ? ['string', 'code'] : ['code'];
    default: return ['string', 'code', 'reference'];
  }
}

function lengthOf(row: Row): number {
  return /^(?:DT?|L)$/.test(row['type'] ?? '') ? 0 : Math.max(0, ...(row['format']?.match(/\d+/g) ?? []).map(Number));
}

/** `N3..6,2` has at most six digits, two of them decimals. What is calculated or bound is not typed. */
function tooWide({ minimum, maximum, multipleOf, type, bind, calculate }: Element, row: Row): string[] {
  const [, digits = '0', decimals = '0'] = /(\d+)(?:,(\d+))?$/.exec(row['format'] ?? '') ?? [];
  if (row['type'] !== 'N' || bind !== undefined || calculate !== undefined) return [];
  const top = WIDENED.includes(row['de_id'] ?? '') ? Infinity : 10 ** (Number(digits) - Number(decimals)) - 10 ** -Number(decimals);
  const finest = type === 'integer' ? 1 : multipleOf ?? 0;
  return [...(maximum === undefined || maximum > top ? ['maximum'] : []), ...(minimum === undefined || -minimum > top ? ['minimum'] : []), ...(finest < 10 ** -Number(decimals) ? ['decimals'] : [])];
}

/** The code system of an element's value set: that of the printed table. */
function systemOf({ valueSet, items }: Element): string | undefined {
  const ref = valueSet ?? (items?.type === 'string' ? items.valueSet : undefined);
  return ref === undefined ? undefined : (files.get(`value-sets/${ref}.json`) as ValueSetDocument | undefined)?.system;
}
