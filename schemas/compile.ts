/**
 * A standard → a Form. Every mistake of an author is found here, all at once, each with its place in the standard.
 *
 *   standard ─ resolve ─► one schema ─ normalize ─► items ─ link ─► Form
 */
import { repeatedElements } from './compile/duplicates.ts';
import { readLayout } from './compile/layout.ts';
import { link } from './compile/link.ts';
import { normalize } from './compile/normalize.ts';
import { allItems, orderOf } from './compile/order.ts';
import { resolve } from './compile/resolve.ts';
import { structureOf } from './compile/structure.ts';
import { compareVersions, textOf, type Element, type StandardDocument } from './documents.ts';
import { walk } from './expression/reads.ts';
import type { Expression, Form, Item, Section } from './form.ts';
import { Problem, type FieldError } from './problem.ts';
import { refOf, type Registry } from './registry.ts';

/** @throws Problem `standard-invalid` with every mistake: a JSON Pointer into the standard and what is wrong there */
export function compileForm(document: unknown, registry: Registry): Form {
  const { form, mistakes } = compile(document, registry);
  if (mistakes.length > 0 || !form) throw new Problem('standard-invalid', mistakes);
  return form;
}

/** Every mistake of a standard; none means that it compiles. */
export function standardMistakes(document: unknown, registry: Registry): readonly FieldError[] {
  return compile(document, registry).mistakes;
}

function compile(written: unknown, registry: Registry): { form?: Form; mistakes: FieldError[] } {
  const misshapen = registry.dialect.mistakes('standard', written);
  // Unknown keywords leave the rest readable; any other fault of shape does not.
  if (misshapen.some(({ detail }) => detail !== 'Unknown keyword')) return { mistakes: misshapen };
  const resolved = resolve(written as StandardDocument, registry);
  const { document } = resolved;
  const normalized = normalize(document, registry);
  const linked = link(document, normalized.items, registry);
  const layout = readLayout(document);
  const { order, circles } = orderOf(linked.items);
  const mistakes = [
    ...misshapen, ...resolved.mistakes, ...normalized.mistakes, ...linked.mistakes, ...layout.mistakes,
    ...circles.map(circleMistake), ...captureMistakes(document, registry), ...repeatedElements(normalized.items),
  ];
  if (mistakes.length > 0) return { mistakes };
  const items = inLayoutOrder(linked.items, layout.sections);
  return {
    mistakes,
    form: {
      standard: refOf(document.$id),
      sha256: registry.sha256(written as object),
      title: textOf(document),
      ...(document.description === undefined ? {} : { description: { zh: document.description, en: document.text.en.description ?? document.description } }),
      per: document.per,
      sections: layout.sections,
      items,
      checks: linked.checks,
      valueSets: valueSetsOf(items, registry),
      tables: Object.fromEntries([...linked.tables].filter(([name]) => namedTables(linked.items, [...linked.checks, ...linked.items.flatMap((item) => item.checks ?? [])].map((check) => check.assert)).has(name))),
      order,
      structure: structureOf(items),
    },
  };
}

function circleMistake(circle: string[]): FieldError {
  const [path = ''] = circle;
  return { pointer: `/properties/${path.replace('/', '/items/properties/')}`, detail: `Depends on itself: ${circle.join(' → ')}` };
}

function inLayoutOrder(items: readonly Item[], sections: readonly Section[]): Item[] {
  const keys = sections.flatMap((section) => section.items);
  return [...items].sort((a, b) => keys.indexOf(a.key) - keys.indexOf(b.key));
}

/** The value sets in use, and the newest `missing-reason`. */
function valueSetsOf(items: readonly Item[], registry: Registry): Form['valueSets'] {
  const version = registry.valueSetRefs.filter((ref) => ref.startsWith('missing-reason/')).map((ref) => ref.slice('missing-reason/'.length)).sort(compareVersions).at(-1);
  const reasons = version === undefined ? undefined : `missing-reason/${version}`;
  const refs = new Set([...allItems(items).flatMap((item) => (item.valueSet === undefined ? [] : [item.valueSet])), ...(reasons === undefined ? [] : [reasons])]);
  return Object.fromEntries([...refs].map((ref) => [ref, registry.getValueSet(ref)]));
}

function namedTables(items: readonly Item[], asserts: readonly Expression[]): Set<string> {
  const expressions = [...allItems(items).flatMap((item) => [item.enableWhen, item.calculate]), ...asserts];
  return new Set(expressions.flatMap((expression) => (expression ? walk(expression.tree) : [])).flatMap((node) => {
    const table = node.op === 'call' && node.name === 'lookup' ? node.args[0] : undefined;
    return table?.op === 'value' ? [String(table.value)] : [];
  }));
}

/** A capture fills items that exist, here and in the sub-dataset that takes the classification. */
function captureMistakes(document: StandardDocument, registry: Registry): FieldError[] {
  return Object.entries(document.properties).flatMap(([key, { capture }]) => {
    const pointer = `/properties/${key}/capture`;
    const own = unknownTargets(capture?.fills, document.properties, `${pointer}/fills`);
    if (!capture?.classification) return own;
    const { subDataset, fills } = capture.classification;
    const target = registry.findStandard(subDataset);
    if (!target) return [...own, { pointer: `${pointer}/classification/subDataset`, detail: `Unknown sub-dataset '${subDataset}'` }];
    return [...own, ...unknownTargets(fills, target.properties, `${pointer}/classification/fills`)];
  });
}

function unknownTargets(fills: { [fact: string]: string } | undefined, properties: { [key: string]: Element }, pointer: string): FieldError[] {
  return Object.entries(fills ?? {}).flatMap(([fact, key]) => (Object.hasOwn(properties, key) ? [] : [{ pointer: `${pointer}/${fact}`, detail: `Unknown element '${key}'` }]));
}
