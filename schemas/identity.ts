/**
 * Who a patient is, as a form: everything that the standards of a release bind to `subject.…`, each value once, under the name
 * after the dot. So a hospital keeps what its forms show, and a new standard brings its own.
 */
import { resolve } from './compile/resolve.ts';
import { STANDARDS, type CheckText, type Element, type EnglishText, type StandardDocument } from './documents.ts';
import type { Form } from './form.ts';
import type { FieldError } from './problem.ts';
import type { Registry } from './registry.ts';

/** How the form is laid out; part of `standards/matching.json`. */
export interface IdentityLayout {
  title: string;
  text: EnglishText;
  /** In order; a value stands in the first that names it or the beginning of its name. */
  groups: { id: string; title: string; text: EnglishText; items?: readonly string[]; startingWith?: readonly string[] }[];
}

export interface IdentityDocument {
  document: StandardDocument;
  /** Two standards that take one value for different things: the path's name and what differs. */
  mistakes: FieldError[];
}

/** Never asked of anybody: the server gives or works them out. */
const given = new Set(['subject.id', 'subject.studyNumber', 'subject.ageYears', 'subject.ageMonths']);
const prefix = 'subject.';

/** The name after `subject.` of what is kept with the patient; undefined for any other path. */
export function identityField(bind: string | undefined): string | undefined {
  return bind?.startsWith(prefix) && !given.has(bind) ? bind.slice(prefix.length) : undefined;
}

/** `first` is the form of the standard whose definitions come before all others; its rules hold here as well. */
export function identityDocument(registry: Registry, first: Form, { title, text, groups }: IdentityLayout): IdentityDocument {
  const own = registry.getStandard(first.standard.subDataset, first.standard.version);
  const others = registry.getRelease().standards.map(({ subDataset, version }) => registry.getStandard(subDataset, version));
  const { elements, mistakes } = collect([own, ...others.filter(({ $id }) => $id !== own.$id)], registry);
  const left = new Set(elements.keys());
  const sections = groups.map(({ id, title: heading, text: english, items = [], startingWith = [] }) => {
    const chosen = [...items.filter((name) => left.has(name)), ...[...left].filter((name) => !items.includes(name) && startingWith.some((start) => name.startsWith(start)))];
    for (const name of chosen) left.delete(name);
    return { id, title: heading, text: english, items: chosen };
  });
  const known = sections.flatMap(({ items }) => items);
  const document: StandardDocument = {
    $id: `${STANDARDS}${first.standard.dataset}/identity/1.0.0.json`, title, text, source: own.source, per: 'subject',
    properties: Object.fromEntries(known.map((name) => [name, elements.get(name) ?? {}])),
    required: (own.required ?? []).filter((key) => known.includes(key)),
    check: rulesOf(own, first, new Set(known)),
    layout: { sections: sections.filter(({ items }) => items.length > 0) },
  };
  return { document: { $schema: `${STANDARDS}dialect.json`, type: 'object', ...document } as StandardDocument, mistakes };
}

function collect(documents: readonly StandardDocument[], registry: Registry): { elements: Map<string, Element>; mistakes: FieldError[] } {
  const elements = new Map<string, Element>();
  const mistakes: FieldError[] = [];
  for (const written of documents) {
    for (const [key, element] of Object.entries(resolve(written, registry).document.properties)) {
      const name = identityField(element.bind);
      if (name === undefined) continue;
      const known = elements.get(name);
      if (!known) elements.set(name, asked(element));
      else for (const difference of differences(known, element)) mistakes.push({ pointer: `${written.$id.slice(STANDARDS.length)}#/properties/${key}`, detail: `${element.bind ?? ''} has another ${difference} elsewhere` });
    }
  }
  return { elements, mistakes };
}

/** What makes an element show or start somewhere does not matter where a patient is described. */
function asked({ enableWhen: _, initial: _initial, calculate: _calculate, ...element }: Element): Element {
  return element;
}

/** A value that one form takes must be one that every other form takes. */
function differences(a: Element, b: Element): string[] {
  return (['type', 'format', 'valueSet'] as const).filter((keyword) => a[keyword] !== b[keyword]);
}

/** The rules that read only what is known of a patient, under the names that it has here. */
function rulesOf(own: StandardDocument, first: Form, known: ReadonlySet<string>): CheckText[] {
  const isKnown = (key: string) => known.has(key) && identityField(first.items.find((item) => item.key === key)?.bind) === key;
  return (own.check ?? []).filter((_, index) => first.checks[index]?.assert.reads.every(isKnown));
}
