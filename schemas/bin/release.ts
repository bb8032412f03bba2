/** Releases: one version of every sub-dataset, with the digests of all that it rests on. */
import { canonicalize } from '../canonical.ts';
import { compileForm } from '../compile.ts';
import { STANDARDS, type Element, type ReleaseDocument, type StandardDocument } from '../documents.ts';
import type { StandardRef } from '../form.ts';
import type { FieldError } from '../problem.ts';
import type { Registry } from '../registry.ts';

/** The newest version of every standard and what they use, under a name such as `2026.1`; words of an earlier writing are kept. */
export function makeRelease(registry: Registry, name: string): ReleaseDocument {
  const newest = registry.standards.filter((ref, i, all) => all.findLastIndex((other) => other.subDataset === ref.subDataset) === i);
  const documents = newest.map((ref) => registry.getStandard(ref.subDataset, ref.version));
  const earlier = registry.releases.find((release) => release.release === name);
  return {
    $id: `${STANDARDS}releases/${name}.json`,
    release: name,
    title: earlier?.title ?? `${name} 版`,
    text: earlier?.text ?? { en: { title: `Release ${name}` } },
    ...pinsOf(registry, newest, documents),
  };
}

/** What a release says of a document that is another by now, or gone. */
export function releaseMistakes(registry: Registry, release: ReleaseDocument): FieldError[] {
  const pointer = `releases/${release.release}.json#`;
  const pinned = release.standards.map(({ dataset, subDataset, version }) => ({ dataset, subDataset, version }));
  const gone = pinned.filter((ref) => !registry.findStandard(ref.subDataset, ref.version));
  if (gone.length > 0) return gone.map((ref) => ({ pointer: `${pointer}/standards`, detail: `${ref.subDataset} ${ref.version} is not there` }));
  const actual = pinsOf(registry, pinned, pinned.map((ref) => registry.getStandard(ref.subDataset, ref.version)));
  const parts = ['standards', 'valueSets', 'tables', 'common'] as const;
  return parts.flatMap((part) => differences(release[part] ?? [], actual[part] ?? []).map((name) => ({ pointer: `${pointer}/${part}`, detail: `${name} is not as it was released` })));
}

/** What a release pins and nobody has, by its place. */
export function missingPins(registry: Registry, release: ReleaseDocument): FieldError[] {
  const pointer = `releases/${release.release}.json#`;
  const isThere: { readonly [part: string]: (ref: string) => boolean } = {
    valueSets: (ref) => registry.findValueSet(ref) !== undefined,
    tables: (ref) => registry.findTables(ref) !== undefined,
    common: (ref) => registry.commonIds.includes(`${STANDARDS}common/${ref}.json`),
  };
  return [
    ...release.standards.flatMap(({ subDataset, version }, i) => (registry.findStandard(subDataset, version) ? [] : [{ pointer: `${pointer}/standards/${i}`, detail: `${subDataset} ${version} is not there` }])),
    ...(['valueSets', 'tables', 'common'] as const).flatMap((part) => (release[part] ?? []).flatMap(({ ref }, i) => (isThere[part]?.(ref) ? [] : [{ pointer: `${pointer}/${part}/${i}`, detail: `${ref} is not there` }]))),
  ];
}

type Pins = Pick<ReleaseDocument, 'standards' | 'valueSets' | 'tables' | 'common'>;

function pinsOf(registry: Registry, refs: readonly StandardRef[], documents: readonly StandardDocument[]): Pins {
  const forms = documents.map((document) => compileForm(document, registry));
  const pins = (folder: string, names: Iterable<string>) => [...new Set(names)].sort().map((ref) => ({ ref, sha256: registry.sha256(`${STANDARDS}${folder}/${ref}.json`) }));
  return {
    standards: refs.map((ref, i) => ({ ...ref, sha256: forms[i]?.sha256 ?? '' })),
    valueSets: pins('value-sets', forms.flatMap((form) => Object.keys(form.valueSets))),
    tables: pins('tables', documents.flatMap((document) => document.tables ?? [])),
    common: pins('common', documents.flatMap((document) => referencesOf(registry, document.properties))),
  };
}

/** `subject-reference/1.0.0` of every document of `common/` that elements rest on. */
function referencesOf(registry: Registry, elements: { [key: string]: Element }): string[] {
  return Object.values(elements).flatMap((element): string[] => {
    const columns = element.items?.type === 'object' ? referencesOf(registry, element.items.properties ?? {}) : [];
    if (element.$ref === undefined) return columns;
    const target = registry.findElement(element.$ref);
    const [document = ''] = element.$ref.split('#');
    return [...columns, document.slice(`${STANDARDS}common/`.length, -'.json'.length), ...(target ? referencesOf(registry, { target }) : [])];
  });
}

/** Names of what stands in only one of two lists of pins. */
function differences(released: readonly object[], actual: readonly object[]): string[] {
  const [left, right] = [released.map(canonicalize), actual.map(canonicalize)];
  const odd = [...released.filter((_, i) => !right.includes(left[i] ?? '')), ...actual.filter((_, i) => !left.includes(right[i] ?? ''))];
  return [...new Set(odd.map((pin) => ('ref' in pin ? String(pin.ref) : 'subDataset' in pin && 'version' in pin ? `${String(pin.subDataset)} ${String(pin.version)}` : '')))];
}
