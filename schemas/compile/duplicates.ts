/** Elements of a source standard that stand twice in one of ours. */
import type { FieldError } from '../problem.ts';
import type { DraftItem } from './normalize.ts';

/**
 * A table of WS 445 has a few identifiers twice, for different columns of a form; so an element counts as the same only
 * when its identifiers, its title and its source are.
 */
export function repeatedElements(drafts: readonly DraftItem[]): FieldError[] {
  const places = new Map<string, string>();
  return drafts.flatMap((draft) => [draft, ...(draft.items ?? [])]).flatMap(({ element, title, source, path, pointer }) => {
    if (element === undefined) return [];
    const identity = JSON.stringify([Object.entries(element).sort(), title.zh, source]);
    const other = places.get(identity);
    if (other !== undefined) return [{ pointer: `${pointer}/element`, detail: `The same element as '${other}': leave one out, or say in source where each stands` }];
    places.set(identity, path);
    return [];
  });
}
