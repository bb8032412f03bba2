/** The shapes of the documents under `standards/`, as `dialect.json` demands them. */
import type { Capture, Condition, Identifying, ItemType, Text } from './form.ts';

export const STANDARDS = 'https://xiangya-forms.org/standards/';

export interface EnglishText {
  en: { title?: string; description?: string; message?: string };
}

/** A rule as it is written; in `items` its `at` is relative to the row. */
export interface CheckText {
  id: string;
  severity: 'hard' | 'soft';
  assert: string;
  message: string;
  text: EnglishText;
  at: string[];
  source: string;
}

/** A list: of codes, or of rows. */
export type ListElement = { type: 'string'; valueSet?: string } | { type: 'object'; properties?: { [key: string]: Element }; required?: string[]; check?: CheckText[] };

/** A data element as it is written; `$ref` names one of `common/` or a part of a block there, which its own keywords override and `null` removes. */
export interface Element {
  $ref?: string;
  title?: string;
  description?: string;
  text?: EnglishText;
  type?: 'string' | 'integer' | 'number' | 'boolean' | 'array';
  format?: 'date' | 'partial-date' | 'time' | 'date-time';
  maxLength?: number;
  pattern?: string;
  multiline?: true;
  minimum?: number;
  maximum?: number;
  multipleOf?: number;
  valueSet?: string;
  items?: ListElement;
  uniqueItems?: true;
  display?: 'table' | 'cards';
  refersTo?: string;
  capture?: Capture;
  unit?: string;
  concept?: { system: string; code: string }[];
  element?: { [system: string]: string };
  bind?: string;
  initial?: 'person.id' | 'today';
  calculate?: string;
  enableWhen?: string;
  identifying?: Exclude<Identifying, 'none'>;
  source?: string;
}

export interface StandardDocument {
  $id: string;
  title: string;
  description?: string;
  text: EnglishText;
  source: string;
  per: string;
  tables?: string[];
  properties: { [key: string]: Element };
  required?: string[];
  check?: CheckText[];
  layout: { sections: { id: string; title: string; text: EnglishText; items: string[] }[] };
}

export interface ValueSetDocument {
  $id: string;
  title: string;
  text: EnglishText;
  system?: string;
  source: string;
  note?: string;
  /** Present when the system is larger than what is shipped here; `codes` may then be empty. */
  open?: { pattern: string; content: string };
  codes: { code: string; zh: string; en: string; system?: string; source?: string; status?: 'active' | 'retired'; pinyin?: string; synonyms?: string[] }[];
}

/** Data elements that belong together, in `common/`; a standard takes them one by one. */
export interface BlockDocument {
  $id: string;
  title: string;
  text: EnglishText;
  type: 'object';
  properties: { [key: string]: Element };
}

/** What `bind` may name: a value of the subject, visit, site or person, with its type and where it is said to come from. */
export interface BoundValuesDocument {
  $id: string;
  values: { path: string; type: ItemType; title: Text; identifying?: Exclude<Identifying, 'none'> }[];
}

export interface TablesDocument {
  $id: string;
  title: string;
  source: string;
  note: string;
  tables: { [name: string]: { arguments: string[]; source: string; rows: { when: Condition[]; then: string | number | boolean }[] } };
}

/** One version of everything, by digest. */
export interface ReleaseDocument {
  $id: string;
  release: string;
  title: string;
  text: EnglishText;
  standards: { dataset: string; subDataset: string; version: string; sha256: string }[];
  valueSets: { ref: string; sha256: string }[];
  tables: { ref: string; sha256: string }[];
  /** Data elements of `common/` that the standards name by `$ref`. */
  common?: { ref: string; sha256: string }[];
}

export interface CatalogueDocument {
  /** A sub-dataset of the annex runs the network and is counted apart; absent means core. One need not have a standard yet. */
  datasets: { key: string; title: Text; subDatasets: { key: string; title: Text; part?: 'core' | 'annex' }[] }[];
}

/** What kind of document an `$id` names; each kind is a definition of the dialect, `standard` its root. */
export type DocumentKind = 'standard' | 'common' | 'valueSet' | 'tables' | 'release' | 'catalogue' | 'boundValues' | 'dialect';

const folders: { [folder: string]: DocumentKind } = { 'common': 'common', 'value-sets': 'valueSet', 'tables': 'tables', 'releases': 'release' };

/** Folders of documents that others read. */
const others = ['mappings', 'protocols'];

/** The kind of a document by its `$id`; undefined for what the engine does not read (cases, mappings, protocols). */
export function kindOf(id: string): DocumentKind | undefined {
  if (!id.startsWith(STANDARDS)) return undefined;
  const path = id.slice(STANDARDS.length);
  if (path === 'dialect.json') return 'dialect';
  if (path === 'catalogue.json') return 'catalogue';
  if (path === 'bound-values.json') return 'boundValues';
  const [folder = '', ...rest] = path.split('/');
  return folders[folder] ?? (others.includes(folder) || rest.length !== 2 ? undefined : 'standard');
}

/** `https://…/standards/value-sets/laterality/1.0.0.json` → `['value-sets', 'laterality', '1.0.0']`. */
export function partsOf(id: string): string[] {
  return id.slice(STANDARDS.length).replace(/\.json$/, '').split('/');
}

/** Title, description or message in both languages; English falls back to Chinese. */
export function textOf(document: { title?: string | undefined; text?: EnglishText | undefined }): Text {
  const zh = document.title ?? '';
  return { zh, en: document.text?.en.title ?? zh };
}

/** Orders versions as numbers: 1.10.0 after 1.9.0. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)];
  const i = left.findIndex((part, at) => part !== right[at]);
  return i < 0 ? 0 : (left[i] ?? 0) - (right[i] ?? 0);
}
