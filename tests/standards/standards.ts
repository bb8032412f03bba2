/** The standards of the repository, read once for each test file. */
import { fileURLToPath } from 'node:url';
import { loadStandards } from '../../schemas/bin/load.ts';
import type { Element, StandardDocument } from '../../schemas/documents.ts';

export const { registry, files } = loadStandards(fileURLToPath(new URL('../../standards', import.meta.url)));

export const standards: readonly StandardDocument[] = registry.standards.map(({ subDataset, version }) => registry.getStandard(subDataset, version));

/** `skin-cancer/melanoma-staging/1.0.0` */
export function nameOf(document: { $id: string }): string {
  return document.$id.replace('https://xiangya-forms.org/standards/', '').replace('.json', '');
}

/** Data elements as they apply: what `common/` says, overridden by the element's own keywords. */
export function elementsOf(document: StandardDocument): [string, Element][] {
  return Object.entries(document.properties).map(([key, element]) => [key, element.$ref === undefined ? element : { ...registry.findElement(element.$ref), ...element }]);
}
