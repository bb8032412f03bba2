/**
 * The data dictionary: every dataset, sub-dataset, element and value set of a release as entries of a reference book. Read from the
 * documents alone, without compiling forms, so that the whole book is there at once.
 */
import { canonicalize } from './canonical.ts';
import { normalize, type DraftItem } from './compile/normalize.ts';
import { resolve } from './compile/resolve.ts';
import { compareVersions, textOf, type StandardDocument, type ValueSetDocument } from './documents.ts';
import type { Text } from './form.ts';
import { datasetTitle, type Registry } from './registry.ts';

export interface DictionaryStandard {
  dataset: string;
  datasetTitle: Text;
  subDataset: string;
  version: string;
  sha256: string;
  title: Text;
  description?: Text;
  per: string;
  source: string;
  elements: DictionaryElement[];
  checks: NonNullable<StandardDocument['check']>;
}

/** A data element, or a column of a repeat; repeats themselves are entries too, of type `repeat`. */
export interface DictionaryElement extends Omit<DraftItem, 'items' | 'pointer'> {
  section: Text;
  /** Title of the repeat that it is a column of. */
  repeat?: Text;
}

export interface Dictionary {
  release: string;
  standards: DictionaryStandard[];
  /** `laterality/1.0.0` of the value sets of the release. */
  valueSets: string[];
}

/** @throws Problem `release-not-found`; without a name the newest */
export function dictionaryOf(registry: Registry, name?: string): Dictionary {
  const release = registry.getRelease(name);
  return {
    release: release.release,
    standards: release.standards.map(({ dataset, subDataset, version, sha256 }) => ({ dataset, sha256, ...standardEntry(registry, registry.getStandard(subDataset, version), dataset), subDataset, version })),
    valueSets: release.valueSets.map(({ ref }) => ref),
  };
}

function standardEntry(registry: Registry, document: StandardDocument, dataset: string): Omit<DictionaryStandard, 'dataset' | 'subDataset' | 'version' | 'sha256'> {
  const { description, text, per, source, check = [] } = document;
  return {
    datasetTitle: datasetTitle(registry.catalogue, dataset), title: textOf(document), per, source, checks: check, elements: elementsOf(registry, document),
    ...(description === undefined ? {} : { description: { zh: description, en: text.en.description ?? description } }),
  };
}

/** In the order of the layout; a repeat, then its columns. */
export function elementsOf(registry: Registry, document: StandardDocument): DictionaryElement[] {
  const { items } = normalize(resolve(document, registry).document, registry);
  const byKey = new Map(items.map((item) => [item.key, item]));
  return document.layout.sections.flatMap((section) => section.items.flatMap((key) => {
    const item = byKey.get(key);
    return item ? entriesOf(item, textOf(section)) : [];
  }));
}

function entriesOf({ items, pointer: _, ...item }: DraftItem, section: Text): DictionaryElement[] {
  const columns = (items ?? []).map(({ items: _none, pointer: _at, ...column }) => ({ ...column, section, repeat: item.title }));
  return [{ ...item, section }, ...columns];
}

export interface Use {
  subDataset: string;
  version: string;
  path: string;
}

/** Which elements of a release have a value set. */
export function usesOf({ standards }: Dictionary, ref: string): Use[] {
  return standards.flatMap(({ subDataset, version, elements }) => elements.filter(({ valueSet }) => valueSet === ref).map(({ path }) => ({ subDataset, version, path })));
}

/** Elements elsewhere that say the same thing: those with the same identifier of the source standard (DE). */
export function sameElsewhere({ standards }: Dictionary, subDataset: string, path: string): Use[] {
  const here = standards.find((each) => each.subDataset === subDataset)?.elements.find((each) => each.path === path);
  const de = here?.element?.['DE'];
  if (de === undefined) return [];
  return standards.flatMap((each) => (each.subDataset === subDataset ? [] : each.elements.filter(({ element, title }) => element?.['DE'] === de && title.zh === here?.title.zh)
    .map((element) => ({ subDataset: each.subDataset, version: each.version, path: element.path }))));
}

/** What became of a sub-dataset from version to version. */
export interface VersionEntry {
  version: string;
  sha256: string;
  /** Releases that pin it. */
  releases: string[];
  /** Paths, against the version before; all of the first version's are added. */
  added: string[];
  removed: string[];
  changed: string[];
}

/** Newest first. */
export function historyOf(registry: Registry, subDataset: string): VersionEntry[] {
  const versions = registry.standards.filter((each) => each.subDataset === subDataset).map(({ version }) => version).sort(compareVersions);
  const books = versions.map((version) => new Map(elementsOf(registry, registry.getStandard(subDataset, version)).map((element) => [element.path, canonicalize(element)])));
  return versions.map((version, at) => {
    const [now, before] = [books[at] ?? new Map<string, string>(), books[at - 1] ?? new Map<string, string>()];
    return {
      version, sha256: registry.sha256(registry.getStandard(subDataset, version)),
      releases: registry.releases.filter(({ standards }) => standards.some((each) => each.subDataset === subDataset && each.version === version)).map(({ release }) => release),
      added: [...now.keys()].filter((path) => !before.has(path)), removed: [...before.keys()].filter((path) => !now.has(path)),
      changed: [...now].filter(([path, text]) => before.has(path) && before.get(path) !== text).map(([path]) => path),
    };
  }).reverse();
}

/** `GET /api/dictionary`: what a search needs, and no more. */
export interface DictionaryIndex {
  release: string;
  standards: { dataset: string; subDataset: string; version: string; elements: DictionaryIndexElement[] }[];
  valueSets: { id: string; version: string; title: Text; codes: number; open: boolean }[];
}

export interface DictionaryIndexElement {
  path: string;
  zh: string;
  en: string;
  type: string;
  /** Identifiers in source standards and terminologies. */
  ids: string[];
  valueSet?: string;
}

/** `GET /api/dictionary/value-sets/:id/:version` */
export interface DictionaryValueSetReply {
  document: ValueSetDocument;
  /** Newest first. */
  versions: string[];
  uses: Use[];
}
