/** Pinyin initials, for finding a code by what a Chinese input method's user types: 黑色素瘤 → hssl. The page carries none of this. */
import { pinyin } from 'pinyin-pro';

/** Initials of words that a general dictionary reads otherwise, by word. */
export interface PinyinWords {
  readonly [word: string]: string;
}

export type Initials = (text: string) => string;

/** Longer would not be typed. */
const LONGEST = 200;
const GREEK: { readonly [letter: string]: string } = { α: 'a', β: 'b', γ: 'g', δ: 'd', κ: 'k', λ: 'l', μ: 'm', ω: 'o' };

/** Makes the function that gives lower-case letters and digits alone: a character's initial, letters and digits as they are (Ⅱ is ii), all else left out. */
export function createInitials(words: PinyinWords): Initials {
  const known = new Map(Object.entries(words));
  const longestFirst = [...known.keys()].sort((a, b) => b.length - a.length);
  const split = longestFirst.length > 0 ? new RegExp(`(${longestFirst.join('|')})`, 'u') : undefined;
  return (text) => {
    const parts = split ? text.normalize('NFKC').split(split) : [text.normalize('NFKC')];
    return parts.map((part) => known.get(part) ?? readPart(part)).join('').slice(0, LONGEST);
  };
}

function readPart(text: string): string {
  if (text === '') return '';
  return pinyin(text, { pattern: 'first', toneType: 'none', type: 'array' }).map(plain).join('');
}

const plain = (letter: string) => (GREEK[letter] ?? letter).normalize('NFD').toLowerCase().replace(/[^a-z0-9]/g, '');
