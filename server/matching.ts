/** Reads `standards/matching.json`, and refuses at start what would otherwise be found at the first enrolment. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Forms } from './services/forms.ts';
import { identityItems } from './services/identity.ts';
import type { Matching } from './services/matching.ts';
import { standardsFolder } from './standards.ts';

/** Throws naming the rule whose items the standard does not bind to the subject. */
export async function loadMatching(forms: Forms, folder = standardsFolder): Promise<Matching> {
  const matching = JSON.parse(await readFile(join(folder, 'matching.json'), 'utf8')) as Matching;
  const fields = new Set(identityItems({ forms, matching }).map(({ key }) => key));
  for (const { kind, items } of matching.rules) {
    const unknown = items.find((item) => !fields.has(item));
    if (unknown !== undefined || items.length === 0) throw new Error(`standards/matching.json: rule ${kind} names ${unknown ?? 'no item'}, which ${matching.standard} does not bind to the subject`);
  }
  return matching;
}
