/** What a new record, or a new row, starts with. An ordinary answer: it is saved, and the person may change it. */
import type { Item, Value } from '../../schemas/form.ts';

export interface Start {
  /** Civil date. */
  today: string;
  /** The person signed in; undefined where nobody is known. */
  personId: string | undefined;
}

export function initialsOf(items: readonly Item[], { today, personId }: Start): { key: string; value: Value }[] {
  const values = { 'today': today, 'person.id': personId };
  return items.flatMap(({ key, initial }) => {
    const value = initial === undefined ? undefined : values[initial];
    return value === undefined ? [] : [{ key, value }];
  });
}
