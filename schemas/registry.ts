/**
 * Documents in; standards, value sets, tables and releases by name and version out. Every document is checked against the
 * dialect when the registry is made, except standards: those are checked when they are compiled, each by itself.
 */
import { canonicalize } from './canonical.ts';
import { withoutAnchors } from './compile/pattern.ts';
import type { Dialect } from './dialect.ts';
import {
  compareVersions, partsOf, textOf,
  type BlockDocument, type BoundValuesDocument, type CatalogueDocument, type Element, type ReleaseDocument, type StandardDocument, type TablesDocument, type ValueSetDocument,
} from './documents.ts';
import type { Code, ItemType, StandardRef, Text, ValueSet } from './form.ts';
import { fail, Problem, type FieldError } from './problem.ts';
import { sortDocuments } from './sorted.ts';

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
  /** A value set as it was written, with its source and its notes. */
  findValueSetDocument(ref: string): ValueSetDocument | undefined;
  findTables(ref: string): TablesDocument | undefined;
  /** A data element of `common/`, by its `$id`, or the part of a block there that `#/properties/<key>` names. */
  findElement(id: string): Element | undefined;
  /** The `$id` of every document of `common/`. */
  readonly commonIds: readonly string[];
  findBlock(id: string): BlockDocument | undefined;
  /** What `bind` may name, by path. */
  readonly boundValues: ReadonlyMap<string, BoundValue>;
  /** The types of these, for expressions. */
  readonly boundTypes: ReadonlyMap<string, ItemType>;
  /** SHA-256 of the canonical text (RFC 8785) of a document, by `$id` or as a document. */
  sha256(document: string | object): string;
}

/** A value that is known already; see `standards/bound-values.json`. */
export type BoundValue = BoundValuesDocument['values'][number];

/** @throws Problem `standard-invalid` naming every mistake as `<path>#<pointer>` */
export function createRegistry(documents: Iterable<unknown>, digest: Digest): Registry {
  const { registry, mistakes } = readRegistry(documents, digest);
  if (mistakes.length > 0) throw new Problem('standard-invalid', mistakes);
  return registry;
}

/**
 * The registry of what can be read, and every mistake as `<path>#<pointer>`; documents too broken to read are left out of it. `nameOf` gives
 * the path of a document that may not stand where its `$id` says.
 * @throws Problem `standard-invalid` when the meta-schema is not among the documents
 */
export function readRegistry(
  documents: Iterable<unknown>, digest: Digest, nameOf?: (document: unknown) => string | undefined,
): { registry: Registry; mistakes: FieldError[] } {
  const sorted = sortDocuments(documents, nameOf);
  return { registry: registryOf(sorted, digest), mistakes: sorted.mistakes };
}

function registryOf(sorted: ReturnType<typeof sortDocuments>, digest: Digest): Registry {
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
    findValueSetDocument: (ref) => sorted.valueSet.get(ref),
    findTables: (ref) => sorted.tables.get(ref),
    findElement: (id) => findElement(sorted.common, id),
    commonIds: [...sorted.common.keys()].sort(),
    findBlock: (id) => {
      const found = sorted.common.get(id);
      return found?.type === 'object' ? found : undefined;
    },
    boundValues: new Map(sorted.boundValues?.values.map((value) => [value.path, value])),
    boundTypes: new Map(sorted.boundValues?.values.map(({ path, type }) => [path, type])),
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

function toValueSet(document: ValueSetDocument): ValueSet {
  const [, id = '', version = ''] = partsOf(document.$id);
  const codes = document.codes.map(({ code, zh, en, status = 'active', pinyin, synonyms }): Code => ({
    code, text: { zh, en }, status, ...(pinyin === undefined ? {} : { pinyin }), ...(synonyms === undefined ? {} : { synonyms }),
  }));
  const open = document.open && { pattern: withoutAnchors(document.open.pattern), content: document.open.content };
  return { id, version, title: textOf(document), codes, ...(open ? { open } : {}) };
}

function findElement(common: ReadonlyMap<string, Element | BlockDocument>, id: string): Element | undefined {
  const [base = '', key] = id.split('#/properties/');
  const found = common.get(base);
  if (found?.type !== 'object') return key === undefined ? found : undefined;
  return key !== undefined && Object.hasOwn(found.properties, key) ? found.properties[key] : undefined;
}

function inCatalogueOrder(catalogue: CatalogueDocument): (a: StandardRef, b: StandardRef) => number {
  const keys = catalogue.datasets.flatMap((dataset) => dataset.subDatasets.map((subDataset) => `${dataset.key}/${subDataset.key}`));
  const rank = (ref: StandardRef) => (keys.includes(`${ref.dataset}/${ref.subDataset}`) ? keys.indexOf(`${ref.dataset}/${ref.subDataset}`) : keys.length);
  return (a, b) => rank(a) - rank(b) || a.subDataset.localeCompare(b.subDataset, 'en') || compareVersions(a.version, b.version);
}
