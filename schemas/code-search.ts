/**
 * Finds codes by what people type: the code with or without its dots, Chinese, English, pinyin initials, other names. The same on the server
 * and in the page. There is no tree: each kind of text is one long string, which the engine of the machine searches faster than we could build one.
 */
import type { Code } from './form.ts';
import { createTextColumn, type TextColumn } from './text-column.ts';

/** A code list by columns, quick to send, to keep and to make ready: in each text a line for each code, in the same order. No text of a code has a line break or tab. */
export interface CodeColumns {
  /** How many codes. */
  size: number;
  code: string;
  zh: string;
  /** Lines are empty where there is none; also of `pinyin`. */
  en: string;
  pinyin: string;
  /** Other names, each with a tab before it. */
  synonyms: string;
  /** Places of those that are still valid and no longer offered. */
  retired: readonly number[];
}

export interface CodePage {
  items: Code[];
  /** Pass as `after` for what follows; absent at the end. */
  next?: string;
}

export interface CodeIndex {
  readonly size: number;
  /**
   * Those that are offered and hold every word of `query` in the code or one of its texts, best first: the code itself, its beginning, initials, the beginning
   * of a text (a whole one before its namesakes), anywhere. Ties keep the order of the list. An empty query lists all.
   */
  search(query: string, page?: { limit?: number; after?: string | undefined }): CodePage;
  /** Retired ones too. */
  find(code: string): Code | undefined;
}

/** Words of a query that count; a person does not type more. */
const WORDS = 6;

export function createCodeIndex(columns: CodeColumns): CodeIndex {
  const { size } = columns;
  const texts: Searched = {
    codes: createTextColumn(columns.code.toLowerCase().replace(SIGNS, '')), initials: createTextColumn(columns.pinyin),
    names: [createTextColumn(fold(columns.zh)), createTextColumn(fold(columns.en)), createTextColumn(fold(columns.synonyms), true)],
  };
  const [code, zh, en, synonyms] = [createTextColumn(columns.code), createTextColumn(columns.zh), createTextColumn(columns.en), createTextColumn(columns.synonyms)];
  const retired = new Set(columns.retired);
  const placeOf = (wanted: string) => (size === 0 ? undefined : code.placeOf(wanted));
  function codeAt(place: number): Code {
    const [pinyin, others] = [texts.initials.at(place), synonyms.at(place)];
    return {
      code: code.at(place), text: { zh: zh.at(place), en: en.at(place) || zh.at(place) }, status: retired.has(place) ? 'retired' : 'active',
      ...(pinyin === '' ? {} : { pinyin }), ...(others === '' ? {} : { synonyms: others.slice(1).split('\t') }),
    };
  }

  return {
    size,
    find(wanted) {
      const place = placeOf(wanted);
      return place === undefined ? undefined : codeAt(place);
    },
    search(query, { limit = 50, after } = {}) {
      const items: Code[] = [];
      const last = after === undefined ? undefined : placeOf(after);
      let isPast = last === undefined;
      const seen = new Uint8Array(size);
      for (const place of ranked(texts, size, query)) {
        if (seen[place] === 1 || retired.has(place)) continue;
        seen[place] = 1;
        if (isPast && items.length === limit) return { items, next: items.at(-1)?.code ?? '' };
        if (isPast) items.push(codeAt(place));
        isPast ||= place === last;
      }
      return { items };
    },
  };
}

interface Searched {
  codes: TextColumn;
  initials: TextColumn;
  /** Chinese, English, other names. */
  names: readonly TextColumn[];
}

/** Places, best first; one may come again. */
function* ranked({ codes, initials, names }: Searched, size: number, query: string): Iterable<number> {
  const words = fold(query).split(/\s+/).filter(Boolean).slice(0, WORDS);
  const phrase = words.join(' ');
  if (phrase === '') {
    for (let place = 0; place < size; place++) yield place;
    return;
  }
  const asCode = bare(phrase);
  for (const { whole, longer } of [...(asCode === '' ? [] : [codes.beginnings(asCode)]), initials.beginnings(words.join(''))]) yield* [...whole, ...longer];
  const begun = names.map((column) => column.beginnings(phrase));
  for (const { whole } of begun) yield* whole;
  for (const { longer } of begun) yield* longer;
  if (words.length === 1) yield* holding({ codes, initials, names }, phrase);
  else yield* holdingAll({ codes, initials, names }, size, words);
}

function* holding({ codes, initials, names }: Searched, word: string): Iterable<number> {
  if (bare(word) !== '') yield* codes.holding(bare(word));
  for (const column of [initials, ...names]) yield* column.holding(word);
}

/** One mark for each word: a code that has all of them has been named by all. */
function* holdingAll({ codes, initials, names }: Searched, size: number, words: readonly string[]): Iterable<number> {
  const marks = new Uint8Array(size);
  words.forEach((word, at) => {
    if (bare(word) !== '') codes.mark(bare(word), marks, at, at + 1);
    for (const column of [initials, ...names]) column.mark(word, marks, at, at + 1);
  });
  for (let place = 0; place < size; place++) if (marks[place] === words.length) yield place;
}

/** As texts are compared: full-width as half-width, capitals as small letters. */
export const fold = (text: string): string => text.normalize('NFKC').toLowerCase();

/** What people leave out when they type a code: C43.9 is c439, 8720/3 is 87203. Codes are ASCII. */
const SIGNS = /[^a-z0-9\n]/g;
const bare = (text: string): string => text.replace(/[^\p{L}\p{N}]/gu, '');

/** The columns of codes, as `createCodeIndex` takes them. */
export function columnsOf(codes: readonly Code[]): CodeColumns {
  const lines = (of: (code: Code) => string) => codes.map(of).join('\n');
  return {
    size: codes.length, code: lines(({ code }) => code), zh: lines(({ text }) => text.zh), en: lines(({ text }) => (text.en === text.zh ? '' : text.en)), pinyin: lines(({ pinyin = '' }) => pinyin),
    synonyms: lines(({ synonyms = [] }) => synonyms.map((name) => `\t${name}`).join('')),
    retired: codes.flatMap(({ status }, place) => (status === 'retired' ? [place] : [])),
  };
}
