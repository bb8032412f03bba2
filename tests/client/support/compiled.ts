/** The real standards, compiled where the test runs; and a small one with every field type. For tests in the browser. */
import type { CasesDocument } from '../../../schemas/cases.ts';
import { compileForm } from '../../../schemas/compile.ts';
import { createStructureCheck } from '../../../schemas/dialect.ts';
import type { Context, Data, Form, Item, ItemType, ValueSet } from '../../../schemas/form.ts';
import type { StructureCheck } from '../../../schemas/prepare.ts';
import { createRegistry } from '../../../schemas/registry.ts';
import { aForm, anItem } from './a-form.ts';

const documents = import.meta.glob(['/standards/**/*.json', '!/standards/**/*.cases.json', '!/standards/mappings/**'], { eager: true, import: 'default' });
const registry = createRegistry(Object.values(documents), (text) => String(text.length));

/** The sub-datasets of the first release. */
export const subDatasets = registry.standards.map(({ subDataset }) => subDataset);

export const aStandard = (subDataset: string): Form => compileForm(registry.getStandard(subDataset), registry);

const cases = import.meta.glob<CasesDocument>('/standards/**/*.cases.json', { eager: true, import: 'default' });

/** The fullest valid case beside the newest version of a standard: what it answers, and what is known there. */
export function fullestCase(subDataset: string): { data: Data; context: Partial<Context> } {
  const { dataset, version } = registry.standards.findLast((each) => each.subDataset === subDataset) ?? { dataset: '', version: '' };
  const valid = (cases[`/standards/${dataset}/${subDataset}/${version}.cases.json`]?.cases ?? []).filter((each) => each.valid);
  const [best] = valid.sort((a, b) => Object.keys(b.answers.data).length - Object.keys(a.answers.data).length);
  return { data: best?.answers.data ?? {}, context: best?.context ?? {} };
}

export const checkOf = (form: Form): StructureCheck => createStructureCheck(form.structure);

export const aValueSet = (id: string, count: number, length = 2): ValueSet => ({
  id, version: '1.0.0', title: { zh: id, en: id },
  codes: Array.from({ length: count }, (_, index) => ({ code: `c${index + 1}`, text: { zh: `${'选项文字内容较长的'.slice(0, length)}${index + 1}`, en: `Option ${index + 1}` }, status: 'active' as const })),
});

/** Keys are the names of the field types; all are optional. */
export function everyType(): Form {
  const sets = { 'few/1.0.0': aValueSet('few', 3), 'some/1.0.0': aValueSet('some', 7, 6), 'many/1.0.0': aValueSet('many', 40) };
  const item = (key: string, type: ItemType, changes: Partial<Item> = {}) => anItem(key, { type, title: { zh: `题目${key}`, en: `Question ${key}` }, ...changes });
  return aForm({
    items: [
      item('text', 'text'), item('longText', 'long-text'), item('integer', 'integer'), item('number', 'number', { unit: 'mm', decimals: 2 }), item('boolean', 'boolean'),
      item('date', 'date'), item('partialDate', 'partial-date'), item('time', 'time'), item('dateTime', 'date-time'),
      item('codeFew', 'code', { valueSet: 'few/1.0.0' }), item('codeSome', 'code', { valueSet: 'some/1.0.0' }), item('codeMany', 'code', { valueSet: 'many/1.0.0' }),
      item('codes', 'codes', { valueSet: 'some/1.0.0' }), item('codesMany', 'codes', { valueSet: 'many/1.0.0' }),
      item('reference', 'reference', { refersTo: 'lesion' }), item('person', 'reference', { refersTo: 'person' }), item('image', 'image', { capture: { kind: 'photo', classify: true } }),
      item('bound', 'text', { bind: 'subject.name' }),
      item('rows', 'repeat', { items: [anItem('dose', { path: 'rows/dose', type: 'number', title: { zh: '剂量', en: 'Dose' } }), anItem('drug', { path: 'rows/drug', title: { zh: '药名', en: 'Drug' } })] }),
    ],
    valueSets: { ...aForm().valueSets, ...sets },
  });
}

export const lesions = [
  { refersTo: 'lesion', id: '0198a000-0000-7000-8003-000000000001', label: 'L1 左足底' },
  { refersTo: 'lesion', id: '0198a000-0000-7000-8003-000000000002', label: 'L2 右侧腹股沟区淋巴结引流区皮肤' },
  { refersTo: 'image', id: '0198a000-0000-7000-8006-000000000001', label: '2026-03-01', thumbnail: '/thumbnail.webp' },
  { refersTo: 'person', id: '0198a000-0000-7000-8007-000000000001', label: '欧阳大夫' },
];
