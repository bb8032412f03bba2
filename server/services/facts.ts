/**
 * What was said of one thing, in the order of saying, and what therefore held when. A word without a day replaces everything
 * before it; a word of a day holds until the next day of which something was said. Pure; days are civil dates or instants as text.
 */

export interface Said<T> {
  /** Null is on all days. */
  from: string | null;
  value: T;
}

/** What holds, by the day from which it does; the state of all days first. */
export function statesOf<T>(said: readonly Said<T>[]): Said<T>[] {
  const last = said.findLastIndex(({ from }) => from === null);
  const byDay = new Map(said.slice(Math.max(last, 0)).map((each) => [each.from ?? '', each]));
  return [...byDay.values()].sort((a, b) => compare(a.from ?? '', b.from ?? ''));
}

/** What holds on a day; undefined when nothing was said of it. */
export function valueOn<T>(said: readonly Said<T>[], day: string): T | undefined {
  return statesOf(said).findLast(({ from }) => from === null || from <= day)?.value;
}

/** Rows by what they are about, each list in its own order. */
export function groupBy<T>(rows: readonly T[], key: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const known = groups.get(key(row));
    if (known) known.push(row);
    else groups.set(key(row), [row]);
  }
  return groups;
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
