/** What a new record or a new row starts with; see `Item.initial`. */
import type { Context, Item, Value } from './form.ts';

/** By key; nothing for what the context does not know, and nothing of the rows of a repeat. */
export function initialValues(items: readonly Item[], context: Context): { [key: string]: Value } {
  return Object.fromEntries(items.flatMap(({ key, initial }) => {
    const value = initial === 'today' ? context.today : initial === undefined ? undefined : context.bound?.[initial];
    return value === undefined ? [] : [[key, value]];
  }));
}
