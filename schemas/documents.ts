/** The shapes of the documents under `standards/`, as `dialect.json` demands them. */
import type { Capture, Condition, Identifying, Text } from './form.ts';

export const STANDARDS = 'https://xiangya-forms.org/standards/';

export interface EnglishText {
  en: { title?: string; description?: string; message?: string };
}

/** A data element as it is written; `$ref` names one of `common/`, which its own keywords override. */
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
  items?: { type: 'string'; valueSet?: string } | { type: 'object'; properties?: { [key: string]: Element }; required?: string[] };
  uniqueItems?: true;
  refersTo?: string;
  capture?: Capture;
  unit?: string;
  concept?: { system: string; code: string }[];
  element?: { [system: string]: string };
  bind?: string;
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
  check?: { id: string; severity: 'hard' | 'soft'; assert: string; message: string; text: EnglishText; at: string[]; source: string }[];
  layout: { sections: { id: string; title: string; text: EnglishText; items: string[] }[] };
}

export interface ValueSetDocument {
  $id: string;
  title: string;
  text: EnglishText;
  source: string;
  codes: { code: string; zh: string; en: string; system?: string; source?: string; status?: 'active' | 'retired' }[];
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
  datasets: { key: string; title: Text; subDatasets: { key: string; title: Text }[] }[];
}

/** What kind of document an `$id` names; each kind is a definition of the dialect, `standard` its root. */
export type DocumentKind = 'standard' | 'common' | 'valueSet' | 'tables' | 'release' | 'catalogue' | 'dialect';

const folders: { [folder: string]: DocumentKind } = { 'common': 'common', 'value-sets': 'valueSet', 'tables': 'tables', 'releases': 'release' };

/** The kind of a document by its `$id`; undefined for what the engine does not read (cases, mappings). */
export function kindOf(id: string): DocumentKind | undefined {
  if (!id.startsWith(STANDARDS)) return undefined;
  const path = id.slice(STANDARDS.length);
  if (path === 'dialect.json') return 'dialect';
  if (path === 'catalogue.json') return 'catalogue';
  const [folder = '', ...rest] = path.split('/');
  return folders[folder] ?? (folder === 'mappings' || rest.length !== 2 ? undefined : 'standard');
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
