/** Many short texts as one long one. A machine's own search through 10 MB takes milliseconds; a list of 100,000 texts is slower to walk. */

export interface TextColumn {
  /** Places of which a text begins so, whole texts first. */
  beginning(text: string): Iterable<number>;
  /** The same, apart. */
  beginnings(text: string): { whole: readonly number[]; longer: readonly number[] };
  /** Places that hold the text anywhere, each once, in order; found while they are asked for. */
  holding(text: string): Iterable<number>;
}

/** Stands before each text of a place. */
const TEXT = '\t';
/** Ends a place. */
const PLACE = '\n';

/** `texts` by place; several of one place stand with a tab between them. They are compared folded (`fold` of code-search.ts), which is done here at once for all. */
export function createTextColumn(texts: readonly string[]): TextColumn {
  const flat = `${TEXT}${texts.join(PLACE + TEXT)}${PLACE}`.normalize('NFKC').toLowerCase();
  const ends = endsOf(flat, texts.length);

  /** The place that holds the position; no earlier than `from`. */
  function placeAt(position: number, from: number): number {
    let [low, high, step] = [from, from, 1];
    while (high < ends.length && (ends[high] ?? 0) < position) [low, high, step] = [high + 1, high + step, step * 2];
    high = Math.min(high, ends.length - 1);
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ends[middle] ?? 0) < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  function beginnings(text: string): { whole: number[]; longer: number[] } {
    const [whole, longer]: [number[], number[]] = [[], []];
    const wanted = TEXT + text;
    let place = 0;
    for (let at = flat.indexOf(wanted); at >= 0; at = flat.indexOf(wanted, at + 1)) {
      place = placeAt(at, place);
      const after = flat.charCodeAt(at + wanted.length);
      (after === 9 || after === 10 ? whole : longer).push(place);
    }
    return { whole, longer };
  }

  return {
    beginnings,
    beginning(text) {
      const { whole, longer } = beginnings(text);
      return [...whole, ...longer];
    },
    *holding(text) {
      let place = 0;
      for (let at = flat.indexOf(text); at >= 0; at = flat.indexOf(text, (ends[place] ?? at) + 1)) {
        place = placeAt(at, place);
        yield place;
      }
    },
  };
}

function endsOf(flat: string, size: number): Uint32Array {
  const ends = new Uint32Array(size);
  let at = -1;
  for (let place = 0; place < size; place++) {
    at = flat.indexOf(PLACE, at + 1);
    ends[place] = at;
  }
  return ends;
}
