/** From which items a calculated value comes, for the words under it: the direct ones by name, and what is still lacking at the root. */
import type { Item, Pointer } from '../../schemas/form.ts';
import type { PreparedForm } from '../../schemas/prepare.ts';

export interface Origins {
  /** Paths that the calculation reads, in its order. */
  inputs(path: string): readonly string[];
  /** Paths of the entered items that it rests on, through other calculations. */
  roots(path: string): readonly string[];
  /** Paths of the calculated items that rest on this one. */
  dependents(path: string): readonly string[];
}

export function originsOf(prepared: PreparedForm): Origins {
  const rootsByPath = new Map<string, readonly string[]>();
  const dependents = new Map<string, string[]>();

  function roots(path: string, seen: ReadonlySet<string> = new Set()): readonly string[] {
    const known = rootsByPath.get(path);
    if (known) return known;
    const calculate = prepared.item(path)?.calculate;
    if (!calculate || seen.has(path)) return [path];
    const found = [...new Set(calculate.reads.flatMap((read) => roots(read, new Set([...seen, path]))))];
    rootsByPath.set(path, found);
    return found;
  }

  for (const item of allItems(prepared.form.items)) {
    if (!item.calculate) continue;
    for (const root of roots(item.path)) {
      const list = dependents.get(root);
      if (list) list.push(item.path);
      else dependents.set(root, [item.path]);
    }
  }
  return {
    inputs: (path) => prepared.item(path)?.calculate?.reads ?? [],
    roots: (path) => rootsByPath.get(path) ?? [],
    dependents: (path) => dependents.get(path) ?? [],
  };
}

function allItems(items: readonly Item[]): Item[] {
  return items.flatMap((item) => [item, ...(item.items ?? [])]);
}

/** The path of a pointer: `/orders/<rowId>/dose` → `orders/dose`. */
export function pathOf(pointer: Pointer): string {
  const [key = '', , column] = pointer.split('/').slice(1);
  return column === undefined ? key : `${key}/${column}`;
}

/** The place of `path` as seen from `from`: in the same row when both are columns of one repeat, else the repeat or item itself. */
export function pointerFrom(from: Pointer, path: string): Pointer {
  const [key, column] = path.split('/');
  const [ownKey, rowId] = from.split('/').slice(1);
  return column !== undefined && key === ownKey && rowId !== undefined ? `/${key}/${rowId}/${column}` : `/${key}`;
}
