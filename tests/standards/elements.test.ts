/** Element by element: what the standards say against the reference material they were written from. */
import { describe, expect, test } from 'vitest';
import type { Element, StandardDocument, ValueSetDocument } from '../../schemas/documents.ts';
import { hasSources, readSourceTable, type Row } from './sources.ts';
import { elementsOf, files, registry } from './standards.ts';

/** Every sub-dataset of dermatology, with its key in derm-elements.csv. */
const dermatology = readSourceTable('catalogue.csv').filter((row) => row['basis'] === 'derm-elements.csv').map((row) => [row['sub_dataset'] ?? '', row['source_key'] ?? ''] as const)
  .filter(([subDataset]) => registry.standards.some((standard) => standard.subDataset === subDataset));

/** Dates that patients recall or registries blur are partial by decision. */
const partialDates = ['firstNoticedDate', 'finalDiagnosisDate', 'diagnosisDate'];

/** What the catalogue calls a direct identifier but is asked as a number of the office: nobody is identified by it. */
const ofTheOffice = ['network-site contactPhone', 'network-site contactEmail'];

describe.runIf(hasSources('the standards against derm-elements.csv and ws445-elements.csv'))('the elements of the reference material', () => {
  describe.for(dermatology)('%s', ([subDataset, source]) => {
    const document = registry.getStandard(subDataset, '1.0.0');
    const rows = readSourceTable('derm-elements.csv').filter((row) => row['sub_key'] === source);
    const elements = new Map(columnsOf(document));

    test('are all there', () => {
      expect(rows.map((row) => row['key'] ?? '').filter((key) => !elements.has(key))).toEqual([]);
    });

    test('have beside them only what is calculated', () => {
      const listed = new Set(rows.map((row) => row['key']));
      expect([...elements].filter(([key, { calculate }]) => !listed.has(key) && calculate === undefined).map(([key]) => key)).toEqual([]);
    });

    test.for(rows.map((row) => [row['key'] ?? '', row] as const))('%s has its name, type, bounds, unit, codes and obligation', ([key, row]) => {
      const element = elements.get(key) ?? {};
      expect(factsOf(key, element, document)).toEqual(expectedFacts(row, element));
    });
  });

  test('patient-basic-info has the 27 elements of WS 445.1 with their identifiers, lengths and code tables', () => {
    const rows = readSourceTable('ws445-elements.csv').filter((row) => row['sub_key'] === 'patient-basic-info');
    const document = registry.getStandard('patient-basic-info', '1.0.0');
    // Staff are chosen, not typed: no length. A code of WS 218 has 22 characters, whatever was printed.
    const lengthIn = ({ maxLength, refersTo, bind }: Element, row: Row | undefined) => ((refersTo === 'person' || bind === 'site.organisationCode') && row ? lengthOf(row) : maxLength);
    expect(elementsOf(document).map(([, element], i) => [element.title, element.text?.en.title, element.element, lengthIn(element, rows[i])])).toEqual(rows.map((row) => [
      row['name_zh'], row['name_en'], { HDSD: row['hdsd_id'], DE: row['de_id'] }, lengthOf(row),
    ]));
    for (const [i, [key, { valueSet }]] of elementsOf(document).entries()) {
      const domain = rows[i]?.['value_domain'];
      if (valueSet !== undefined || (domain && domain !== 'WS 218')) expect(valueSetDocument(valueSet ?? '').system, key).toBe(domain);
    }
  });
});

function valueSetDocument(ref: string): ValueSetDocument & { system?: string } {
  return files.get(`value-sets/${ref}.json`) as ValueSetDocument & { system?: string };
}

function lengthOf(row: Row): number | undefined {
  const coded = row['value_domain'] && row['value_domain'] !== 'WS 218';
  return /^D/.test(row['format'] ?? '') || coded ? undefined : Number(/\d+$/.exec(row['format'] ?? '')?.[0]);
}

/** Elements that hold a value: of a repeat its columns. */
function columnsOf(document: StandardDocument): [string, Element][] {
  return elementsOf(document).flatMap(([key, element]) => (element.items?.type === 'object' ? Object.entries(element.items.properties ?? {}) : [[key, element] as [string, Element]]));
}

/** What must be answered, in the form and in the rows of its repeats. */
function requiredIn(document: StandardDocument): string[] {
  return [...(document.required ?? []), ...elementsOf(document).flatMap(([, { items }]) => (items?.type === 'object' ? items.required ?? [] : []))];
}

function factsOf(key: string, element: Element, document: StandardDocument) {
  const valueSet = element.valueSet ?? (element.items?.type === 'string' ? element.items.valueSet : undefined);
  return {
    zh: element.title, en: element.text?.en.title, kind: kindOf(element), unit: element.unit, min: element.minimum, max: element.maximum,
    decimals: element.multipleOf, length: element.maxLength, valueSet: valueSet?.replace('/1.0.0', ''), identifying: element.identifying,
    asked: requiredIn(document).includes(key) && (element.enableWhen === undefined ? 'always' : 'under a condition'), calculated: element.calculate !== undefined,
    concept: (element.concept ?? []).map(({ system, code }) => `${system}:${code}`).join('; '),
  };
}

/** Staff are chosen, not typed: where the catalogue has a number of staff there is a reference without length. */
function expectedFacts(row: Row, { refersTo }: Element) {
  const isStaff = refersTo === 'person' && row['type'] === 'string';
  const numberOf = (column: string) => (row[column] ? Number(row[column]) : undefined);
  const calculated = row['type'] === 'computed';
  const decimals = numberOf('decimals');
  return {
    zh: row['name_zh'], en: row['name_en'], kind: calculated ? expect.anything() : isStaff ? 'reference' : expectedKind(row), unit: row['unit'] || undefined, min: numberOf('min'), max: numberOf('max'),
    decimals: decimals === undefined ? undefined : Number(`1e-${decimals}`), length: isStaff ? undefined : numberOf('max_length'), valueSet: row['value_set'] || undefined,
    identifying: row['pii'] === 'none' || ofTheOffice.includes(`${row['sub_key']} ${row['key']}`) ? undefined : row['pii'],
    asked: !calculated && ({ M: 'always', C: 'under a condition' }[row['required'] ?? ''] ?? false), calculated, concept: row['terminology'],
  };
}

function kindOf(element: Element): string {
  if (element.type === 'array') return 'codes';
  if (element.valueSet !== undefined) return 'code';
  if (element.capture) return 'image';
  if (element.refersTo !== undefined) return 'reference';
  return element.format ?? element.type ?? '';
}

function expectedKind(row: Row): string {
  if (partialDates.includes(row['key'] ?? '')) return 'partial-date';
  return row['type'] === 'dateTime' ? 'date-time' : row['type'] ?? '';
}
