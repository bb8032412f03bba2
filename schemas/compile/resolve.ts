/** First phase: data elements of `common/` named by `$ref` are put in place; what stands beside the `$ref` overrides them, and null removes. */
import type { Element, StandardDocument } from '../documents.ts';
import type { FieldError } from '../problem.ts';
import type { Registry } from '../registry.ts';
import { versionsBeside } from './unknown.ts';

/** The standard without any `$ref`. */
export function resolve(document: StandardDocument, registry: Registry): { document: StandardDocument; mistakes: FieldError[] } {
  const mistakes: FieldError[] = [];
  const resolveAll = (elements: { [key: string]: Element }, pointer: string) => Object.fromEntries(
    Object.entries(elements).map(([key, element]) => [key, resolveElement(element, registry, `${pointer}/${key}`, mistakes)]),
  );
  const properties = resolveAll(document.properties, '/properties');
  for (const [key, element] of Object.entries(properties)) {
    if (element.items?.type === 'object' && element.items.properties) {
      properties[key] = { ...element, items: { ...element.items, properties: resolveAll(element.items.properties, `/properties/${key}/items/properties`) } };
    }
  }
  return { document: { ...document, properties }, mistakes };
}

function resolveElement(element: Element, registry: Registry, pointer: string, mistakes: FieldError[], depth = 0): Element {
  if (element.$ref === undefined) return element;
  const target = registry.findElement(element.$ref);
  if (!target || depth > 8) {
    mistakes.push({ pointer: `${pointer}/$ref`, detail: target ? 'The references go round in a circle' : noSuchElement(element.$ref, registry) });
    return element;
  }
  const { $ref: _, ...own } = element;
  const merged: { [keyword: string]: unknown } = { ...withoutIdentity(resolveElement(target, registry, pointer, mistakes, depth + 1)) };
  for (const [keyword, value] of Object.entries(own)) {
    if (value !== null) merged[keyword] = value;
    else if (keyword in merged) delete merged[keyword];
    else if (depth === 0) mistakes.push({ pointer: `${pointer}/${keyword}`, detail: 'Removes what the data element does not have' });
  }
  return merged;
}

function withoutIdentity(element: Element & { $id?: string; $schema?: string }): Element {
  const { $id: _id, $schema: _schema, ...rest } = element;
  return rest;
}

function noSuchElement(ref: string, registry: Registry): string {
  const [base = '', part] = ref.split('#/properties/');
  if (registry.commonIds.includes(base)) return part === undefined ? 'No such data element: it is a block, name one of its parts by #/properties/<key>' : `No such data element: it has no part '${part}'`;
  return `No such data element${versionsBeside(base, registry.commonIds)}`;
}
