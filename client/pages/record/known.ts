/** What a form shows and does not hold: which of it can be added from the form, and whom its history names. */
import type { Item, Pointer } from '../../../schemas/form.ts';
import type { HistoryEntry } from '../../../schemas/http/api.ts';

/** Given by the server, worked out, or decided where the visit was added. */
const given = new Set(['subject.id', 'subject.studyNumber', 'subject.ageYears', 'subject.ageMonths', 'visit.id', 'visit.kind', 'visit.date']);

/** Of a site and of a person nothing is added from a form. */
export function isAddable(path: string, hasVisit: boolean): boolean {
  return !given.has(path) && (path.startsWith('subject.') || (hasVisit && path.startsWith('visit.')));
}

export function peopleIn(history: readonly HistoryEntry[], itemAt: (pointer: Pointer) => Item | undefined): string[] {
  const values = history.flatMap(({ changes }) => changes).filter(({ pointer }) => itemAt(pointer)?.refersTo === 'person').flatMap((change) => [change.old, change.new]);
  return [...new Set(values.filter((value): value is string => typeof value === 'string'))];
}
