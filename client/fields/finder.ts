/** Where a search box finds what may be chosen: in a list that the form has, or in one too long for it (`code-finder.ts`). */
import type { Option } from './option.ts';
import { find, meant } from './search.ts';

export interface Found {
  /** Best first; as many as a person reads. */
  options: readonly Option[];
  /** How many more there are; true when nobody counted. */
  more: number | true;
  /** An answer is on its way; until then these are those of the question before. */
  isPending: boolean;
}

export interface Finder {
  /** What is known now; `changed` is called once when more is. */
  find(typed: string, changed: () => void): Found;
  /** The one that the text surely means. */
  meant(typed: string): Option | undefined;
  /** What a value is called; `changed` is called once when its name has come. Undefined: nobody knows it. */
  option(value: string, changed: () => void): Option | undefined;
  /** Several values in the order in which they are kept. */
  inOrder(values: readonly string[]): readonly string[];
  /** Somebody chose it. */
  chose(value: string): void;
}

/** More rows than a person reads; the rest is a number that asks for another letter. */
export const SHOWN = 60;

const finders = new WeakMap<readonly Option[], Finder>();

export function optionFinder(options: readonly Option[]): Finder {
  const known = finders.get(options);
  if (known) return known;
  const places = new Map(options.map(({ value }, place) => [value, place]));
  const finder: Finder = {
    find(typed) {
      const found = find(options, typed);
      return { options: found.slice(0, SHOWN), more: Math.max(0, found.length - SHOWN), isPending: false };
    },
    meant: (typed) => meant(options, typed),
    option: (value) => options[places.get(value) ?? -1],
    inOrder: (values) => byPlace(values, places),
    chose() {},
  };
  finders.set(options, finder);
  return finder;
}

/** Those without a place stand last, as they came. */
export function byPlace(values: readonly string[], places: ReadonlyMap<string, number>): readonly string[] {
  const last = places.size;
  return values.toSorted((a, b) => (places.get(a) ?? last) - (places.get(b) ?? last));
}
