/** Many short texts as one long one. A machine's own search through 10 MB takes milliseconds; a list of 100,000 texts is slower to walk, and slower to make. */

export interface TextColumn {
  readonly size: number;
  /** The text of a place. */
  at(place: number): string;
  /** The first place with this very text. */
  placeOf(text: string): number | undefined;
  /** Places of which a text begins so: whole texts, and longer ones. */
  beginnings(text: string): { whole: readonly number[]; longer: readonly number[] };
  /** Places that hold the text anywhere, each once, in order; found while they are asked for. */
  holding(text: string): Iterable<number>;
  /** The same at once: of the places that hold the text, those marked `from` are marked `to`. */
  mark(text: string, marks: Uint8Array, from: number, to: number): void;
}

/** Stands around each place. */
const PLACE = '\n';
/** Stands before each text where a place has several. */
const TEXT = '\t';

/** `joined` has a line for each place; with `hasSeveral` each text of a line begins with a tab. */
export function createTextColumn(joined: string, hasSeveral = false): TextColumn {
  const flat = PLACE + joined + PLACE;
  let known: Uint32Array | undefined;
  /** Position of the end of each place. */
  const ends = () => (known ??= endsOf(flat));

  /** The place that holds the position; no earlier than `from`. */
  function placeAt(position: number, from: number): number {
    const all = ends();
    let [low, high, step] = [from, from, 1];
    while (high < all.length && (all[high] ?? 0) < position) [low, high, step] = [high + 1, high + step, step * 2];
    high = Math.min(high, all.length - 1);
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((all[middle] ?? 0) < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  return {
    get size() { return ends().length; },
    at: (place) => flat.slice(place === 0 ? 1 : (ends()[place - 1] ?? 0) + 1, ends()[place]),
    placeOf(text) {
      const at = flat.indexOf(PLACE + text + PLACE);
      return at < 0 ? undefined : placeAt(at + 1, 0);
    },
    beginnings(text) {
      const [whole, longer]: [number[], number[]] = [[], []];
      const wanted = (hasSeveral ? TEXT : PLACE) + text;
      let place = 0;
      for (let at = flat.indexOf(wanted); at >= 0; at = flat.indexOf(wanted, at + 1)) {
        place = placeAt(at + 1, place);
        const after = flat.charCodeAt(at + wanted.length);
        (after === 9 || after === 10 ? whole : longer).push(place);
      }
      return { whole, longer };
    },
    *holding(text) {
      let place = 0;
      for (let at = flat.indexOf(text); at >= 0; at = flat.indexOf(text, (ends()[place] ?? at) + 1)) {
        place = placeAt(at, place);
        yield place;
      }
    },
    mark(text, marks, from, to) {
      const all = ends();
      let place = 0;
      for (let at = flat.indexOf(text); at >= 0; at = flat.indexOf(text, (all[place] ?? at) + 1)) {
        place = placeAt(at, place);
        if (marks[place] === from) marks[place] = to;
      }
    },
  };
}

function endsOf(flat: string): Uint32Array {
  const ends: number[] = [];
  for (let at = flat.indexOf(PLACE, 1); at >= 0; at = flat.indexOf(PLACE, at + 1)) ends.push(at);
  return Uint32Array.from(ends);
}
