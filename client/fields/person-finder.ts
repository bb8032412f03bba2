/** Finds people of the site by name. The first choice is the person signed in; what a record names is called by the name of its day. */
import type { Translate } from '../text/index.ts';
import { SHOWN } from './finder.ts';
import type { Finder, Found } from './finder.ts';
import type { Option } from './option.ts';

export interface NamedPerson {
  id: string;
  name: string;
}

/** What the page knows of people. */
export interface PeopleSource {
  /** The person signed in. */
  me: NamedPerson;
  /** Names at hand, by id: of those whom the record names, and of those who were found. */
  names: ReadonlyMap<string, string>;
  /** By part of a name; `hasMore` when not all are told. */
  search(q: string): Promise<{ people: readonly NamedPerson[]; hasMore: boolean }>;
  /** Unknown ones are left out. */
  read(ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

const finders = new WeakMap<PeopleSource, { finder: Finder; t: Translate }>();

/** The same for the same people and language, so that it is drawn once. */
export function personFinder(source: PeopleSource, t: Translate): Finder {
  const known = finders.get(source);
  if (known?.t === t) return known.finder;
  const finder = makeFinder(source, t);
  finders.set(source, { finder, t });
  return finder;
}

/** Milliseconds until a question that nobody answered is asked again. */
const patience = 5_000;

interface Answer {
  people: readonly NamedPerson[];
  hasMore: boolean;
}

function makeFinder(source: PeopleSource, t: Translate): Finder {
  const answers = new Map<string, Answer>();
  const asked = new Set<string>();
  /** Names that were asked for; undefined: nobody has the id, or nobody answered. */
  const told = new Map<string, string | undefined>();
  const waiting = new Map<string, Set<() => void>>();
  const { me } = source;
  let shown: Answer = { people: [], hasMore: false };

  /** What is known without asking, while an answer is on its way or when there is none. */
  const own = (query: string): Answer => ({ people: [...source.names].map(([id, name]) => ({ id, name })).filter(({ name }) => matches(name, query)), hasMore: false });

  function answerTo(query: string, changed: () => void): { answer: Answer; isPending: boolean } {
    const known = answers.get(query);
    if (known) return { answer: (shown = known), isPending: false };
    if (!asked.has(query)) {
      asked.add(query);
      void ask(query, changed);
    }
    return { answer: shown.people.length > 0 ? shown : own(query), isPending: true };
  }

  /** Where nobody answers, those at hand serve for a while. */
  async function ask(query: string, changed: () => void): Promise<void> {
    const answer = await source.search(query).catch(() => undefined);
    answers.set(query, answer ?? own(query));
    asked.delete(query);
    if (!answer) setTimeout(() => answers.delete(query), patience);
    changed();
  }

  /** Each id is asked for once, whoever shows it. */
  async function wonder(id: string, changed: () => void): Promise<void> {
    const others = waiting.get(id);
    if (others) return void others.add(changed);
    waiting.set(id, new Set([changed]));
    const names = await source.read([id]).catch(() => new Map<string, string>());
    told.set(id, names.get(id));
    for (const tell of waiting.get(id) ?? []) tell();
    waiting.delete(id);
  }

  const optionOf = ({ id, name }: NamedPerson): Option => ({ value: id, text: name, search: name.toLowerCase() });
  const mine: Option = { value: me.id, text: t('person.me', { name: me.name }), search: me.name.toLowerCase() };
  const isMine = (query: string) => query === '' || matches(me.name, query) || matches(t('person.me-words'), query);

  return {
    find(typed, changed): Found {
      const query = plain(typed);
      const { answer, isPending } = answerTo(query, changed);
      const others = answer.people.filter(({ id }) => id !== me.id).slice(0, SHOWN).map(optionOf);
      return { options: isMine(query) ? [mine, ...others] : others, more: answer.hasMore ? true : 0, isPending };
    },
    meant(typed) {
      const query = plain(typed);
      if (query === '') return undefined;
      const answer = answers.get(query) ?? { ...own(query), hasMore: true };
      const found = [...(isMine(query) ? [me] : []), ...answer.people.filter(({ id }) => id !== me.id)];
      const same = found.filter(({ name }) => plain(name) === query);
      const [only, ...others] = same.length > 0 ? same : answer.hasMore ? [] : found;
      return only && others.length === 0 ? optionOf(only) : undefined;
    },
    option(value, changed) {
      const name = source.names.get(value) ?? (value === me.id ? me.name : told.get(value));
      if (name !== undefined) return optionOf({ id: value, name });
      if (told.has(value)) return { value, text: t('person.unknown', { id: value.slice(0, 8) }), search: '' };
      void wonder(value, changed);
      return { value, text: t('person.loading'), search: '' };
    },
    inOrder: (values) => values,
    chose() {},
  };
}

const plain = (text: string) => text.normalize('NFKC').trim().toLowerCase();
const matches = (name: string, query: string) => plain(name).includes(query);
