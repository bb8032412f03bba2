/** Finds options by what is typed: every word must occur in the code or in the text of either language. */
import type { Option } from './option.ts';
import { toPlain } from './parse/characters.ts';

/** The options that match, best first: same code or text, beginning of the code or of the text, beginning of a word, anywhere. Ties keep their order. */
export function find(options: readonly Option[], typed: string): readonly Option[] {
  const wanted = toPlain(typed).toLowerCase().split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return options;
  const scored = options.flatMap((option) => {
    const scores = wanted.map((word) => score(option, word));
    return scores.includes(0) ? [] : [{ option, score: Math.min(...scores) }];
  });
  return scored.sort((a, b) => b.score - a.score).map(({ option }) => option);
}

/** The one option that the text surely means: the same as its code or text, or the only one that is found. */
export function meant(options: readonly Option[], typed: string): Option | undefined {
  const plain = toPlain(typed).toLowerCase();
  const same = options.filter((option) => option.value.toLowerCase() === plain || option.text.toLowerCase() === plain);
  const found = same.length > 0 ? same : find(options, typed);
  return plain !== '' && found.length === 1 ? found[0] : undefined;
}

function score({ value, text, search }: Option, word: string): number {
  if (value.toLowerCase() === word || text.toLowerCase() === word) return 5;
  if (search.startsWith(word)) return 4;
  if (text.toLowerCase().startsWith(word)) return 3;
  if (search.includes(` ${word}`)) return 2;
  return search.includes(word) ? 1 : 0;
}
