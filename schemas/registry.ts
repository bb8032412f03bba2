/**
 * Documents in; standards, value sets, tables and releases by name and version out. Every document is checked against the
 * dialect when the registry is made, except standards: those are checked when they are compiled, each by itself.
 */
import { canonicalize } from './canonical.ts';
import { createDialect, type Dialect } from './dialect.ts';
import {
  compareVersions, kindOf, partsOf, STANDARDS, textOf,
  type CatalogueDocument, type DocumentKind, type Element, type ReleaseDocument, type StandardDocument, type TablesDocument, type ValueSetDocument,
} from './documents.ts';
import type { StandardRef, Text, ValueSet } from './form.ts';
import { fail, Problem, type FieldError } from './problem.ts';

/** Lower-case hex SHA-256 of a text's UTF-8. Given from outside: on the server `node:crypto`, whose digest is synchronous. */
export type Digest = (text: string) => string;

export interface Registry {
  readonly dialect: Dialect;
  /** All standards, in the order of the catalogue, versions rising. */
  readonly standards: readonly StandardRef[];
  /** Oldest first. */
  readonly releases: readonly ReleaseDocument[];
  readonly catalogue: CatalogueDocument;
  /** `laterality/1.0.0` of every value set. */
  readonly valueSetRefs: readonly string[];
  /** `ajcc8-melanoma/1.0.0` of every document of tables. */
  readonly tablesRefs: readonly string[];
  findStandard(subDataset: string, version?: string): StandardDocument | undefined;
  /** The newest version when none is named. @throws Problem `standard-not-found` */
  getStandard(subDataset: string, version?: string): StandardDocument;
  /** @throws Problem `release-not-found`; without a name the newest */
  getRelease(name?: string): ReleaseDocument;
  findValueSet(ref: string): ValueSet | undefined;
  /** @throws Problem `standard-not-found` */
  getValueSet(ref: string): ValueSet;
  findTables(ref: string): TablesDocument | undefined;
  /** A data element of `common/`, by its `$id`. */
  findElement(id: string): Element | undefined;
  /** SHA-256 of the canonical text (RFC 8785) of a document, by `$id` or as a document. */
  sha256(document: string | object): string;
}

interface Sorted {
  standard: Map<string, StandardDocument>;
  common: Map<string, Element>;
  valueSet: Map<string, ValueSetDocument>;
  tables: Map<string, TablesDocument>;
  release: Map<string, ReleaseDocument>;
  catalogue: CatalogueDocument | undefined;
  dialect: Dialect;
  byId: Map<string, object>;
}

/** @throws Problem `standard-invalid` naming every mistake as `<path>#<pointer>` */
export function createRegistry(documents: Iterable<unknown>, digest: Digest): Registry {
  const sorted = sortDocuments(documents);
  const valueSets = new Map([...sorted.valueSet].map(([ref, document]) => [ref, toValueSet(document)]));
  const catalogue = sorted.catalogue ?? { datasets: [] };
  const standards = [...sorted.standard.values()].map((document) => refOf(document.$id)).sort(inCatalogueOrder(catalogue));
  const releases = [...sorted.release.values()].sort((a, b) => compareVersions(a.release, b.release));
  const digests = new Map<object, string>();

  const findStandard = (subDataset: string, version?: string) => {
    const ref = standards.findLast((candidate) => candidate.subDataset === subDataset && (version === undefined || candidate.version === version));
    return ref && sorted.standard.get(`${ref.dataset}/${ref.subDataset}/${ref.version}`);
  };
  return {
    dialect: sorted.dialect,
    standards,
    releases,
    catalogue,
    valueSetRefs: [...sorted.valueSet.keys()].sort(),
    tablesRefs: [...sorted.tables.keys()].sort(),
    findStandard,
    getStandard: (subDataset, version) => findStandard(subDataset, version) ?? fail('standard-not-found'),
    getRelease: (name) => releases.findLast((release) => name === undefined || release.release === name) ?? fail('release-not-found'),
    findValueSet: (ref) => valueSets.get(ref),
    getValueSet: (ref) => valueSets.get(ref) ?? fail('standard-not-found'),
    findTables: (ref) => sorted.tables.get(ref),
    findElement: (id) => sorted.common.get(id),
    sha256(document) {
      const found = typeof document === 'string' ? sorted.byId.get(document) ?? fail('standard-not-found') : document;
      const known = digests.get(found) ?? digest(canonicalize(found));
      digests.set(found, known);
      return known;
    },
  };
}

/** `https://…/standards/skin-cancer/melanoma-staging/1.0.0.json` → its dataset, sub-dataset and version. */
export function refOf(id: string): StandardRef {
  const [dataset = '', subDataset = '', version = ''] = partsOf(id);
  return { dataset, subDataset, version };
}

/** How many data elements a standard has; a repeat counts by its columns. */
export function countElements(document: StandardDocument): number {
  return Object.values(document.properties).reduce((count, element) => count + (element.items?.type === 'object' ? Object.keys(element.items.properties ?? {}).length : 1), 0);
}

/** The title of a dataset of the catalogue; its key when the catalogue does not have it. */
export function datasetTitle(catalogue: CatalogueDocument, dataset: string): Text {
  return catalogue.datasets.find((candidate) => candidate.key === dataset)?.title ?? { zh: dataset, en: dataset };
}

function sortDocuments(documents: Iterable<unknown>): Sorted {
  const list = [...documents].flatMap((document) => {
    const id = idOf(document);
    return id === undefined ? [] : [{ document: document as object, id, kind: kindOf(id) }];
  });
  const metaSchema = list.find(({ kind }) => kind === 'dialect')?.document;
  if (!metaSchema) throw new Problem('standard-invalid', [{ pointer: 'dialect.json', detail: 'The meta-schema is not among the documents' }]);
  const dialect = createDialect(metaSchema);
  const mistakes: FieldError[] = [];
  const byId = new Map<string, object>();
  for (const { document, id, kind } of list) {
    const path = id.slice(STANDARDS.length);
    if (byId.has(id)) mistakes.push({ pointer: `${path}#/$id`, detail: 'Another document has the same $id' });
    byId.set(id, document);
    if (kind && kind !== 'standard') mistakes.push(...documentMistakes(dialect, kind, document).map(({ pointer, detail }) => ({ pointer: `${path}#${pointer}`, detail })));
  }
  if (mistakes.length > 0) throw new Problem('standard-invalid', mistakes);
  const of = <T>(wanted: DocumentKind, from = 1) => new Map(list.filter(({ kind }) => kind === wanted).map(({ document, id }) => [partsOf(id).slice(from).join('/'), document as T]));
  const common = new Map(list.filter(({ kind }) => kind === 'common').map(({ document, id }) => [id, document as Element]));
  const catalogue = list.find(({ kind }) => kind === 'catalogue')?.document as CatalogueDocument | undefined;
  return { standard: of('standard', 0), common, valueSet: of('valueSet'), tables: of('tables'), release: of('release'), catalogue, dialect, byId };
}

/** The `$id` of a document; the catalogue is known by its shape too. Undefined for what is no document of ours. */
function idOf(document: unknown): string | undefined {
  if (typeof document !== 'object' || document === null) return undefined;
  if ('$id' in document && typeof document.$id === 'string') return document.$id;
  return 'datasets' in document ? `${STANDARDS}catalogue.json` : undefined;
}

function documentMistakes(dialect: Dialect, kind: DocumentKind, document: object): FieldError[] {
  const mistakes = dialect.mistakes(kind, document);
  if (mistakes.length > 0) return mistakes;
  if (kind === 'valueSet') return repeatedCodes(document as ValueSetDocument);
  return kind === 'tables' ? tableMistakes(document as TablesDocument) : [];
}

function repeatedCodes({ codes }: ValueSetDocument): FieldError[] {
  return codes.flatMap(({ code }, i) => (codes.findIndex((other) => other.code === code) < i ? [{ pointer: `/codes/${i}/code`, detail: 'The code stands twice' }] : []));
}

function tableMistakes({ tables }: TablesDocument): FieldError[] {
  return Object.entries(tables).flatMap(([name, table]) => table.rows.flatMap((row, i) => {
    const pointer = `/tables/${name}/rows/${i}`;
    const mistakes: FieldError[] = [];
    if (row.when.length !== table.arguments.length) mistakes.push({ pointer: `${pointer}/when`, detail: `Must have ${table.arguments.length} conditions, one for each argument` });
    if (typeof row.then !== typeof table.rows[0]?.then) mistakes.push({ pointer: `${pointer}/then`, detail: 'All results of a table must be of one type' });
    return mistakes;
  }));
}

function toValueSet(document: ValueSetDocument): ValueSet {
  const [, id = '', version = ''] = partsOf(document.$id);
  const codes = document.codes.map(({ code, zh, en, status = 'active' }) => ({ code, text: { zh, en }, status }));
  return { id, version, title: textOf(document), codes };
}

function inCatalogueOrder(catalogue: CatalogueDocument): (a: StandardRef, b: StandardRef) => number {
  const keys = catalogue.datasets.flatMap((dataset) => dataset.subDatasets.map((subDataset) => `${dataset.key}/${subDataset.key}`));
  const rank = (ref: StandardRef) => (keys.includes(`${ref.dataset}/${ref.subDataset}`) ? keys.indexOf(`${ref.dataset}/${ref.subDataset}`) : keys.length);
  return (a, b) => rank(a) - rank(b) || a.subDataset.localeCompare(b.subDataset, 'en') || compareVersions(a.version, b.version);
}
