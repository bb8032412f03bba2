/** The sections of a form: every item stands in exactly one of them. */
import type { StandardDocument } from '../documents.ts';
import { textOf } from '../documents.ts';
import type { Section } from '../form.ts';
import type { FieldError } from '../problem.ts';

export function readLayout(document: StandardDocument): { sections: Section[]; mistakes: FieldError[] } {
  const mistakes: FieldError[] = [];
  const placed = new Set<string>();
  const ids = new Set<string>();
  for (const [s, section] of document.layout.sections.entries()) {
    if (ids.has(section.id)) mistakes.push({ pointer: `/layout/sections/${s}/id`, detail: `Another section is called '${section.id}'` });
    ids.add(section.id);
    for (const [i, key] of section.items.entries()) {
      const pointer = `/layout/sections/${s}/items/${i}`;
      if (!Object.hasOwn(document.properties, key)) mistakes.push({ pointer, detail: `Unknown element '${key}'` });
      else if (placed.has(key)) mistakes.push({ pointer, detail: `'${key}' stands twice in the layout` });
      placed.add(key);
    }
  }
  for (const key of Object.keys(document.properties)) {
    if (!placed.has(key)) mistakes.push({ pointer: '/layout', detail: `'${key}' stands in no section` });
  }
  const sections = document.layout.sections.map((section) => ({ id: section.id, title: textOf(section), items: section.items }));
  return { sections, mistakes };
}
