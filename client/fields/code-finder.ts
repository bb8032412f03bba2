/**
 * Finds codes of a value set by code, Chinese, English, pinyin initials or other names. What the form brings along is searched at once; an open set also
 * asks the page, which knows what the hospital imported. A code that only looks right is taken, and said to be in no list.
 */
import { columnsOf, createCodeIndex, fold, type CodeIndex, type CodePage } from '../../schemas/code-search.ts';
import type { Code, ValueSet } from '../../schemas/form.ts';
import type { Language, Translate } from '../text/index.ts';
import { byPlace, SHOWN } from './finder.ts';
import type { Finder, Found } from './finder.ts';
import { codeOption } from './option.ts';
import type { Option } from './option.ts';
import { toPlain } from './parse/characters.ts';

/** What the page knows of the large lists; `ref` is `icd-10/1.0.0`. */
export interface CodeSource {
  /** A field with this set stands in the page: its list may be wanted soon. */
  prepare(ref: string): void;
  search(ref: string, query: string, limit: number): Promise<CodePage>;
  /** What codes mean; unknown ones are left out. */
  read(ref: string, codes: readonly string[]): Promise<readonly Code[]>;
}

/** A list that one looks through needs no shortcuts. */
const RECENT_FROM = 12;
const RECENT = 5;
/** Codes chosen in this page, newest first, by set: they are offered first. They are kept nowhere else. */
const recent = new Map<string, readonly string[]>();

const finders = new WeakMap<ValueSet, { finder: Finder; source: CodeSource | undefined; language: Language }>();

export function codeFinder(set: ValueSet, source: CodeSource | undefined, language: Language, t: Translate): Finder {
  const known = finders.get(set);
  if (known && known.source === source && known.language === language) return known.finder;
  const finder = makeFinder(set, set.open ? source : undefined, (code) => codeOption(code, language, t), t);
  finders.set(set, { finder, source, language });
  return finder;
}

function makeFinder(set: ValueSet, source: CodeSource | undefined, asOption: (code: Code) => Option, t: Translate): Finder {
  const ref = `${set.id}/${set.version}`;
  const places = new Map(set.codes.map(({ code }, place) => [code, place]));
  const names = new Map(set.codes.map((code) => [code.code, code]));
  const form = set.open && new RegExp(`^(?:${set.open.pattern})$`, 'u');
  const asked = source && askThrough(source, ref, names);
  let index: CodeIndex | undefined;
  const own = (query: string) => (index ??= createCodeIndex(columnsOf(set.codes))).search(query, { limit: SHOWN });
  source?.prepare(ref);

  /** What is typed as a code of an open set that no list has; words that happen to have its form hold no digit. */
  function unlisted(typed: string): string | undefined {
    const text = toPlain(typed).trim();
    return [text, text.toUpperCase()].find((each) => /\d/.test(each) && form?.test(each) && !names.has(each));
  }
  const pageFor = (typed: string, changed: () => void): { page: CodePage; isPending: boolean } => {
    const query = fold(typed).trim();
    return asked ? asked.search(query, changed, own) : { page: own(query), isPending: false };
  };
  const named = (code: Code, query: string): Option => {
    const option = asOption(code);
    const synonym = query === '' || option.search.includes(query) ? undefined : code.synonyms?.find((each) => fold(each).includes(query));
    return synonym === undefined ? option : { ...option, text: `${option.text} · ${synonym}` };
  };
  const extra = (code: string): Option => ({ value: code, text: t('search.takeCode', { code }), search: code.toLowerCase() });

  return {
    find(typed, changed): Found {
      const { page: { items, next }, isPending } = pageFor(typed, changed);
      const query = fold(typed).trim();
      const first = query === '' && (set.open || set.codes.length > RECENT_FROM) ? (recent.get(ref) ?? []).flatMap((code) => names.get(code) ?? []) : [];
      const options = [...first, ...items.filter((code) => !first.some((each) => each.code === code.code))].map((code) => named(code, query));
      const code = unlisted(typed);
      return { options: code === undefined || items.some((item) => item.code === code) ? options : [...options, extra(code)], more: next === undefined ? 0 : true, isPending };
    },
    meant(typed) {
      const plain = fold(toPlain(typed)).trim();
      const { page: { items, next }, isPending } = pageFor(typed, () => {});
      const same = items.filter(({ code, text }) => [code, text.zh, text.en, asOption({ code, text, status: 'active' }).text].some((each) => fold(each) === plain));
      const [only, ...others] = same.length > 0 ? same : items;
      if (plain === '') return undefined;
      if (only && others.length === 0 && next === undefined && (same.length > 0 || !isPending)) return asOption(only);
      const code = unlisted(typed);
      return code === undefined ? undefined : extra(code);
    },
    option(value, changed) {
      const code = names.get(value);
      if (code) return asOption(code);
      if (!form?.test(value)) return undefined;
      const isUnknown = asked ? asked.want(value, changed) === 'unknown' : true;
      return { value, text: isUnknown ? t('search.inNoList', { code: value }) : value, search: value.toLowerCase() };
    },
    inOrder: (values) => byPlace(values, places),
    chose(value) {
      recent.set(ref, [value, ...(recent.get(ref) ?? []).filter((each) => each !== value)].slice(0, RECENT));
    },
  };
}

/** How long an answer is taken for the same question: an edition may be imported meanwhile. */
const FRESH_MS = 60_000;

/** Questions to the page, one at a time for what is typed, many codes at once for what they mean. Every code that comes by is remembered in `names`. */
function askThrough(source: CodeSource, ref: string, names: Map<string, Code>) {
  const answers = new Map<string, { page: CodePage; at: number }>();
  const unknown = new Set<string>();
  const wanted = new Map<string, Set<() => void>>();
  let shown: CodePage | undefined;
  let current = '';
  const remember = (codes: readonly Code[]) => codes.forEach((code) => names.set(code.code, code));

  async function ask(query: string, changed: () => void, own: (query: string) => CodePage): Promise<void> {
    // Nobody answers: what the form brought along still serves, until somebody does.
    const page = await source.search(ref, query, SHOWN).catch(() => undefined);
    if (page) {
      remember(page.items);
      answers.set(query, { page, at: performance.now() });
    }
    if (current !== query) return;
    shown = page ?? own(query);
    if (!page) answers.set(query, { page: shown, at: -FRESH_MS + performance.now() + 2_000 });
    changed();
  }

  async function readWanted(): Promise<void> {
    await Promise.resolve();
    const these = new Map(wanted);
    wanted.clear();
    const codes = await source.read(ref, [...these.keys()]).catch(() => undefined);
    if (!codes) return;
    remember(codes);
    for (const code of these.keys()) if (!names.has(code)) unknown.add(code);
    for (const tell of new Set([...these.values()].flatMap((each) => [...each]))) tell();
  }

  return {
    search(query: string, changed: () => void, own: (query: string) => CodePage): { page: CodePage; isPending: boolean } {
      const known = answers.get(query);
      if (known && performance.now() - known.at < FRESH_MS) {
        [current, shown] = [query, known.page];
        return { page: known.page, isPending: false };
      }
      if (current !== query || known) {
        current = query;
        answers.delete(query);
        void ask(query, changed, own);
      }
      return { page: shown ?? own(query), isPending: true };
    },
    want(code: string, changed: () => void): 'asked' | 'unknown' {
      if (unknown.has(code)) return 'unknown';
      if (wanted.size === 0) void readWanted();
      wanted.set(code, (wanted.get(code) ?? new Set()).add(changed));
      return 'asked';
    },
  };
}
