/** Search over the whole dictionary, on this device: the index is small and comes once. */
import type { DictionaryIndex, DictionaryIndexElement } from '../../../schemas/dictionary.ts';
import type { StandardSummary } from '../../../schemas/http/api.ts';

export interface FoundElement extends DictionaryIndexElement {
  subDataset: string;
  version: string;
}

export interface Hits {
  standards: StandardSummary[];
  elements: FoundElement[];
  valueSets: DictionaryIndex['valueSets'];
}

/** What every word is in; an exact code or title stands first, then what begins so. */
export function searchDictionary(index: DictionaryIndex, standards: readonly StandardSummary[], query: string): Hits {
  const words = query.toLowerCase().split(/\s+/).filter((word) => word !== '');
  const rankOf = (texts: readonly string[]) => rank(texts, words);
  return {
    standards: best(standards, ({ title, subDataset, datasetTitle }) => rankOf([title.zh, title.en, subDataset, datasetTitle.zh, datasetTitle.en])),
    elements: best(
      index.standards.flatMap(({ subDataset, version, elements }) => elements.map((element) => ({ ...element, subDataset, version }))),
      ({ zh, en, path, ids }) => rankOf([zh, en, path, ...ids]),
    ),
    valueSets: best(index.valueSets, ({ id, title }) => rankOf([id, title.zh, title.en])),
  };
}

/** 0 is best; undefined does not fit. */
function rank(texts: readonly string[], words: readonly string[]): number | undefined {
  const lower = texts.map((text) => text.toLowerCase());
  if (words.length === 0 || !words.every((word) => lower.some((text) => text.includes(word)))) return undefined;
  const whole = words.join(' ');
  if (lower.includes(whole)) return 0;
  return lower.some((text) => text.startsWith(whole)) ? 1 : 2;
}

function best<T>(list: readonly T[], rankOf: (each: T) => number | undefined): T[] {
  const ranked = list.flatMap((each) => {
    const at = rankOf(each);
    return at === undefined ? [] : [{ each, at }];
  });
  return ranked.sort((a, b) => a.at - b.at).map(({ each }) => each);
}
