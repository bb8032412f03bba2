/** What is wrong with the documents of `common/` by themselves: not their keys, bindings and expressions, which count where a standard takes them. */
import type { Element, StandardDocument } from '../documents.ts';
import { STANDARDS } from '../documents.ts';
import type { FieldError } from '../problem.ts';
import type { Registry } from '../registry.ts';
import { normalize } from './normalize.ts';
import { resolve } from './resolve.ts';

/** As `<path>#<pointer>`. */
export function commonMistakes(registry: Registry): FieldError[] {
  return registry.commonIds.flatMap((id) => {
    const block = registry.findBlock(id);
    const element = registry.findElement(id);
    const found = block ? mistakesOf(block.properties, registry) : element ? mistakesOf({ element }, registry) : [];
    return found.map(({ pointer, detail }) => ({ pointer: `${id.slice(STANDARDS.length)}#${block ? pointer : pointer.replace('/properties/element', '')}`, detail }));
  });
}

function mistakesOf(properties: { [key: string]: Element }, registry: Registry): FieldError[] {
  // The name of a part is no key of a record, and who takes it says to what it is bound.
  const parts = Object.entries(properties).map(([key, { identifying: _, ...element }]) => [`part-${key}`, element] as const);
  const nowhere: StandardDocument = { $id: '', title: '', text: { en: {} }, source: '', per: 'any', properties: Object.fromEntries(parts), layout: { sections: [] } };
  const resolved = resolve(nowhere, registry);
  return [...resolved.mistakes, ...normalize(resolved.document, registry).mistakes].map(({ pointer, detail }) => ({ pointer: pointer.replace('/part-', '/'), detail }));
}
