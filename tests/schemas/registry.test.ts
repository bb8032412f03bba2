import { describe, expect, test } from 'vitest';
import { canonicalize } from '../../schemas/canonical.ts';
import { createAjv } from '../../schemas/dialect.ts';
import { countElements, createRegistry, refOf } from '../../schemas/registry.ts';
import type { StandardDocument } from '../../schemas/documents.ts';
import { aRegistry, aStandard, aValueSet, dialect, digest, rows, words } from './a-standard.ts';

const BASE = 'https://xiangya-forms.org/standards/';
const version = (number: string, dataset = 'test', subDataset = 'example') => aStandard({ a: { type: 'number' } }, { $id: `${BASE}${dataset}/${subDataset}/${number}.json` });

test('the meta-schema is a JSON Schema', () => {
  const ajv = createAjv();
  expect(ajv.validateSchema(dialect as object), ajv.errorsText()).toBe(true);
});

test('the newest version is the greatest by number, not by text', () => {
  const registry = aRegistry(version('1.10.0'), version('1.9.0'), version('1.2.0'));
  expect(refOf(registry.getStandard('example').$id).version).toBe('1.10.0');
  expect(registry.standards.map((ref) => ref.version)).toEqual(['1.2.0', '1.9.0', '1.10.0']);
  expect(registry.findStandard('example', '1.3.0')).toBeUndefined();
});

test.for([
  ['an unknown sub-dataset', () => aRegistry().getStandard('nothing'), 'standard-not-found'],
  ['an unknown version', () => aRegistry(version('1.0.0')).getStandard('example', '2.0.0'), 'standard-not-found'],
  ['an unknown value set', () => aRegistry().getValueSet('nothing/1.0.0'), 'standard-not-found'],
  ['an unknown release', () => aRegistry().getRelease('2026.1'), 'release-not-found'],
] as const)('%s is a problem with a name', ([, get, key]) => {
  expect(get).toThrow(expect.objectContaining({ key }));
});

test('standards come in the order of the catalogue', () => {
  const catalogue = { datasets: [{ key: 'second', title: { zh: '二', en: 'Second' }, subDatasets: [{ key: 'b', title: { zh: 'b', en: 'b' } }, { key: 'a', title: { zh: 'a', en: 'a' } }] }] };
  const registry = aRegistry(version('1.0.0', 'second', 'a'), version('1.0.0', 'second', 'b'), version('1.0.0', 'unlisted', 'c'), catalogue);
  expect(registry.standards.map((ref) => ref.subDataset)).toEqual(['b', 'a', 'c']);
});

test('a value set speaks both languages and keeps retired codes', () => {
  expect(aRegistry().getValueSet('status/1.0.0').codes).toContainEqual({ code: 'old', text: { zh: 'old', en: 'old' }, status: 'retired' });
});

describe('documents that cannot be used are refused with every mistake:', () => {
  test.for([
    ['no meta-schema', [], 'dialect.json'],
    ['two of one $id', [dialect, version('1.0.0'), version('1.0.0')], 'test/example/1.0.0.json#/$id'],
    ['a code twice', [dialect, aValueSet('x', ['a', 'a'])], 'value-sets/x/1.0.0.json#/codes/1/code'],
    ['a code without text', [dialect, { ...aValueSet('x', ['a']), codes: [{ code: 'a', zh: 'a' }] }], 'value-sets/x/1.0.0.json#/codes/0'],
    ['no codes at all', [dialect, aValueSet('x', [])], 'value-sets/x/1.0.0.json#/codes'],
    ['an open pattern that could take long', [dialect, { ...aValueSet('x', []), open: { pattern: '(a+)+', content: 'x' } }], 'value-sets/x/1.0.0.json#/open/pattern'],
    ['pinyin that is none', [dialect, { ...aValueSet('x', []), codes: [{ code: 'a', zh: 'a', en: 'a', pinyin: 'Hè' }] }], 'value-sets/x/1.0.0.json#/codes/0/pinyin'],
    ['a block with an unknown keyword', [dialect, { $schema: `${BASE}dialect.json`, $id: `${BASE}common/x/1.0.0.json`, ...words('x'), type: 'object', properties: { a: { type: 'string', colour: 'red' } } }], 'common/x/1.0.0.json#/properties/a/colour'],
    ['codes that are none', [dialect, { ...aValueSet('x', ['a']), codes: 'a' }], 'value-sets/x/1.0.0.json#/codes'],
    ['an unknown keyword', [dialect, { ...aValueSet('x', ['a']), colour: 'red' }], 'value-sets/x/1.0.0.json#/colour'],
  ] as const)('%s', ([, documents, pointer]) => {
    let pointers: (string | undefined)[] = [];
    try {
      createRegistry(documents, digest);
    } catch (error) {
      pointers = (error as { errors: { pointer: string }[] }).errors.map((mistake) => mistake.pointer);
    }
    expect(pointers).toContain(pointer);
  });
});

test('search words of a code and the pattern of an open set are kept', () => {
  const set = { ...aValueSet('x', []), open: { pattern: '^[A-Z]$', content: 'x' }, codes: [{ code: 'C43', zh: '黑色素瘤', en: 'Melanoma', pinyin: 'hssl', synonyms: ['恶黑'] }] };
  expect(aRegistry(set).getValueSet('x/1.0.0')).toMatchObject({ open: { pattern: '[A-Z]', content: 'x' }, codes: [{ code: 'C43', status: 'active', pinyin: 'hssl', synonyms: ['恶黑'] }] });
});

test('cases, mappings and what is no document are left alone', () => {
  expect(() => aRegistry({ cases: [] }, { $id: `${BASE}mappings/x.json` }, null, 3, 'x', [])).not.toThrow();
});

test('a digest is that of the canonical text, whatever the order of keys', () => {
  const standard = version('1.0.0');
  const turned = Object.fromEntries(Object.entries(standard).reverse());
  expect(aRegistry(standard).sha256(String(standard['$id']))).toBe(digest(canonicalize(standard)));
  expect(aRegistry(turned).sha256(turned)).toBe(digest(canonicalize(standard)));
});

test('a repeat counts by its columns', () => {
  expect(countElements(aStandard({ a: { type: 'number' }, b: rows({ c: { type: 'number' }, d: { type: 'number' } }) }) as unknown as StandardDocument)).toBe(3);
});
