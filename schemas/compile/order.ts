/** The order in which dependent items are worked out, and the circles that make one impossible. */
import type { Item } from '../form.ts';

/** All items, those of rows after their repeat. */
export function allItems(items: readonly Item[]): Item[] {
  return items.flatMap((item) => [item, ...(item.items ?? [])]);
}

/** Paths with an expression, each after all that it reads; and each circle once, as the paths on it. */
export function orderOf(items: readonly Item[]): { order: string[]; circles: string[][] } {
  const byPath = new Map(allItems(items).map((item) => [item.path, item]));
  const order: string[] = [];
  const circles: string[][] = [];
  const state = new Map<string, 'open' | 'done'>();

  const visit = (path: string, trail: readonly string[]): void => {
    if (state.get(path) === 'done') return;
    if (state.get(path) === 'open') {
      circles.push([...trail.slice(trail.indexOf(path)), path]);
      return;
    }
    const item = byPath.get(path);
    if (!item) return;
    state.set(path, 'open');
    for (const read of dependenciesOf(item)) visit(read, [...trail, path]);
    state.set(path, 'done');
    if (item.enableWhen || item.calculate) order.push(path);
  };
  for (const path of byPath.keys()) visit(path, []);
  return { order, circles };
}

/** What must be known before an item: what it reads, and for a column whether its repeat is in play. */
function dependenciesOf(item: Item): string[] {
  const slash = item.path.indexOf('/');
  const repeat = slash < 0 ? [] : [item.path.slice(0, slash)];
  return [...repeat, ...(item.enableWhen?.reads ?? []), ...(item.calculate?.reads ?? [])];
}
