/** The standards of the repository, read once for each test file. */
import { fileURLToPath } from 'node:url';
import { compileForm } from '../../schemas/compile.ts';
import { createStructureCheck } from '../../schemas/dialect.ts';
import { prepareForm, type PreparedForm } from '../../schemas/prepare.ts';
import { loadStandards } from '../../schemas/bin/load.ts';
import type { Element, StandardDocument } from '../../schemas/documents.ts';

export const { registry, files } = loadStandards(fileURLToPath(new URL('../../standards', import.meta.url)));

const prepared = new Map<StandardDocument, PreparedForm>();

/** Compiled once for all test files of a worker. */
export function preparedOf(document: StandardDocument): PreparedForm {
  const known = prepared.get(document) ?? prepare(document);
  prepared.set(document, known);
  return known;
}

function prepare(document: StandardDocument): PreparedForm {
  const form = compileForm(document, registry);
  return prepareForm(form, createStructureCheck(form.structure));
}

export const standards: readonly StandardDocument[] = registry.standards.map(({ subDataset, version }) => registry.getStandard(subDataset, version));

/** `skin-cancer/melanoma-staging/1.0.0` */
export function nameOf(document: { $id: string }): string {
  return document.$id.replace('https://xiangya-forms.org/standards/', '').replace('.json', '');
}

/** Data elements as they apply: what `common/` says, overridden by the element's own keywords. */
export function elementsOf(document: StandardDocument): [string, Element][] {
  return Object.entries(document.properties).map(([key, element]) => [key, element.$ref === undefined ? element : { ...registry.findElement(element.$ref), ...element }]);
}
