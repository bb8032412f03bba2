/**
 * Finds codes by what people type: the code with or without its dots, Chinese, English, pinyin initials, other names. The same on the server
 * and in the page. There is no tree: each kind of text is one long string, which the engine of the machine searches faster than we could build one.
 */
import type { Code } from './form.ts';
import { createTextColumn, type TextColumn } from './text-column.ts';

/** A code list by columns, small to send and to keep; the members of the first four belong together by place. */
export interface CodeColumns {
  code: readonly string[];
  zh: readonly string[];
  en: readonly string[];
  /** Empty where there is none. */
  pinyin: readonly string[];
  /** Other names, by place, of the codes that have any. */
  synonyms: { readonly [place: number]: readonly string[] };
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
  const { code, zh, en, pinyin, synonyms } = columns;
  const size = code.length;
  const isAscii = (text: string) => /^[ -~]*$/.test(text);
  const named = (texts: readonly string[], wanted: (name: string) => boolean) => texts.map((text, place) => [text, ...(synonyms[place] ?? []).filter(wanted)].join('\t'));
  const texts: [codes: TextColumn, initials: TextColumn, chinese: TextColumn, english: TextColumn] = [
    createTextColumn(code.map(bare)), createTextColumn(pinyin), createTextColumn(named(zh, (name) => !isAscii(name))), createTextColumn(named(en, isAscii)),
  ];
  const places = new Map(code.map((each, place) => [each, place]));
  const retired = new Set(columns.retired);
  const codeAt = (place: number): Code => ({
    code: code[place] ?? '', text: { zh: zh[place] ?? '', en: en[place] ?? '' }, status: retired.has(place) ? 'retired' : 'active',
    ...(pinyin[place] ? { pinyin: pinyin[place] } : {}), ...(synonyms[place] ? { synonyms: [...synonyms[place]] } : {}),
  });

  return {
    size,
    find(wanted) {
      const place = places.get(wanted);
      return place === undefined ? undefined : codeAt(place);
    },
    search(query, { limit = 50, after } = {}) {
      const items: Code[] = [];
      const last = after === undefined ? undefined : places.get(after);
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

/** Places, best first; one may come again. */
function* ranked([codes, initials, chinese, english]: readonly [TextColumn, TextColumn, TextColumn, TextColumn], size: number, query: string): Iterable<number> {
  const words = fold(query).split(/\s+/).filter(Boolean).slice(0, WORDS);
  const phrase = words.join(' ');
  if (phrase === '') {
    for (let place = 0; place < size; place++) yield place;
    return;
  }
  const asCode = bare(phrase);
  const asInitials = words.join('');
  if (asCode !== '') yield* codes.beginning(asCode);
  yield* initials.beginning(asInitials);
  const [inChinese, inEnglish] = [chinese.beginnings(phrase), english.beginnings(phrase)];
  for (const list of [inChinese.whole, inEnglish.whole, inChinese.longer, inEnglish.longer]) yield* list;
  if (words.length === 1) {
    if (asCode !== '') yield* codes.holding(asCode);
    for (const column of [initials, chinese, english]) yield* column.holding(phrase);
    return;
  }
  // One mark for each word: a code that has all of them has been named by all.
  const marks = new Uint8Array(size);
  words.forEach((word, at) => {
    const mark = (list: Iterable<number>) => { for (const place of list) if (marks[place] === at) marks[place] = at + 1; };
    if (bare(word) !== '') mark(codes.holding(bare(word)));
    for (const column of [initials, chinese, english]) mark(column.holding(word));
  });
  for (let place = 0; place < size; place++) if (marks[place] === words.length) yield place;
}

/** As texts are compared: full-width as half-width, capitals as small letters. */
export const fold = (text: string): string => text.normalize('NFKC').toLowerCase();

/** A code without what people leave out when they type it: C43.9 is c439, 8720/3 is 87203. */
const bare = (text: string): string => fold(text).replace(/[^\p{L}\p{N}]/gu, '');

/** The columns of a value set, as `createCodeIndex` takes them. */
export function columnsOf(codes: readonly Code[]): CodeColumns {
  return {
    code: codes.map(({ code }) => code),
    zh: codes.map(({ text }) => text.zh),
    en: codes.map(({ text }) => text.en),
    pinyin: codes.map(({ pinyin = '' }) => pinyin),
    synonyms: Object.fromEntries(codes.flatMap(({ synonyms }, place) => (synonyms?.length ? [[place, synonyms]] : []))),
    retired: codes.flatMap(({ status }, place) => (status === 'retired' ? [place] : [])),
  };
}
