/** The data dictionary as tables: one line for each sub-dataset, element, code and rule, in both languages. */
import type { Dictionary, DictionaryElement, DictionaryStandard } from '../../../schemas/dictionary.ts';
import type { Registry } from '../../../schemas/registry.ts';

export type SheetName = 'standards' | 'elements' | 'codes' | 'rules';
export type Cell = string | number | undefined;

export interface Sheet {
  name: SheetName;
  /** Of the sheet in a workbook. */
  title: string;
  header: string[];
  rows: Cell[][];
}

/** Of a whole release, or of one sub-dataset with the value sets that it uses. */
export function sheetsOf(registry: Registry, dictionary: Dictionary, subDataset?: string): Sheet[] {
  const standards = dictionary.standards.filter((each) => subDataset === undefined || each.subDataset === subDataset);
  const refs = subDataset === undefined ? dictionary.valueSets : [...new Set(standards.flatMap(({ elements }) => elements.flatMap(({ valueSet }) => valueSet ?? [])))].sort();
  return [
    { name: 'standards', title: '数据集 Datasets', header: standardHeader, rows: standards.map(standardRow) },
    { name: 'elements', title: '数据元 Elements', header: elementHeader, rows: standards.flatMap((standard) => standard.elements.map((element) => elementRow(registry, standard, element))) },
    { name: 'codes', title: '值域 Value sets', header: codeHeader, rows: refs.flatMap((ref) => codeRows(registry, ref)) },
    { name: 'rules', title: '规则 Rules', header: ruleHeader, rows: standards.flatMap(ruleRows) },
  ];
}

const standardHeader = ['dataset', 'dataset_zh', 'dataset_en', 'sub_dataset', 'version', 'title_zh', 'title_en', 'elements', 'one_record_per', 'description_zh', 'description_en', 'source', 'sha256'];

function standardRow({ dataset, datasetTitle, subDataset, version, title, elements, per, description, source, sha256 }: DictionaryStandard): Cell[] {
  return [dataset, datasetTitle.zh, datasetTitle.en, subDataset, version, title.zh, title.en, elements.filter(({ type }) => type !== 'repeat').length, per, description?.zh, description?.en, source, sha256];
}

const elementHeader = [
  'sub_dataset', 'version', 'section_zh', 'section_en', 'path', 'title_zh', 'title_en', 'type', 'required', 'unit', 'minimum', 'maximum', 'decimals', 'max_length', 'pattern',
  'value_set', 'choices_zh', 'choices_en', 'shown_when', 'formula', 'bound_to', 'identifying', 'hdsd', 'de', 'terminology', 'description_zh', 'description_en', 'source', 'provenance',
];

function elementRow(registry: Registry, { subDataset, version }: DictionaryStandard, element: DictionaryElement): Cell[] {
  const { section, path, title, type, required, unit, minimum, maximum, decimals, maxLength, pattern, valueSet, enableWhen, calculate, bind, identifying, concept, description, source } = element;
  return [
    subDataset, version, section.zh, section.en, path, title.zh, title.en, type, required ? 1 : 0, unit, minimum, maximum, decimals, maxLength, pattern,
    valueSet, choices(registry, valueSet, 'zh'), choices(registry, valueSet, 'en'), enableWhen, calculate, bind, identifying, element.element?.['HDSD'], element.element?.['DE'],
    concept.map(({ system, code }) => `${system}:${code}`).join('; ') || undefined, description?.zh, description?.en, source, provenanceOf(source),
  ];
}

/** What a standard took from elsewhere, and what this project proposes and the clinical leads must approve. */
function provenanceOf(source: string | undefined): string {
  if (source === undefined) return '';
  return source.includes('(project proposal)') ? 'project proposal' : 'sourced';
}

/** So many codes are told in a cell; of longer lists the sheet of codes has the rest. */
const mostChoices = 60;

function choices(registry: Registry, ref: string | undefined, language: 'zh' | 'en'): string | undefined {
  const codes = ref === undefined ? undefined : registry.findValueSet(ref)?.codes;
  if (!codes) return undefined;
  const told = codes.slice(0, mostChoices).map(({ code, text }) => `${code}=${text[language]}`).join('; ');
  return codes.length > mostChoices ? `${told}; …` : told || undefined;
}

const codeHeader = ['value_set', 'value_set_zh', 'value_set_en', 'order', 'code', 'zh', 'en', 'status', 'pinyin', 'synonyms', 'system', 'open_to', 'source'];

function codeRows(registry: Registry, ref: string): Cell[][] {
  const document = registry.findValueSetDocument(ref);
  if (!document) return [];
  const { title, text, codes, open, source } = document;
  const about = [ref, title, text.en.title ?? title];
  if (codes.length === 0) return [[...about, undefined, undefined, undefined, undefined, undefined, undefined, undefined, undefined, open?.content, source]];
  return codes.map((each, at) => [...about, at + 1, each.code, each.zh, each.en, each.status ?? 'active', each.pinyin, each.synonyms?.join('; '), each.system ?? document.system, open?.content, each.source ?? source]);
}

const ruleHeader = ['sub_dataset', 'version', 'id', 'severity', 'reported_at', 'rule', 'message_zh', 'message_en', 'source'];

function ruleRows({ subDataset, version, checks }: DictionaryStandard): Cell[][] {
  return checks.map(({ id, severity, at, assert, message, text, source }) => [subDataset, version, id, severity, at.join(' '), assert, message, text.en.message, source]);
}
