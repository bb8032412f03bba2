/** What may be chosen in a field: a code of a value set, or an entity that a reference can name. */
import type { Code, ValueSet } from '../../schemas/form.ts';
import type { Language, Translate } from '../text/index.ts';

export interface Option {
  /** The code, or the id of the entity. */
  value: string;
  text: string;
  /** All that a person may type to find it, in lower case: code and text in both languages. */
  search: string;
  /** Shown while it is the value, no longer offered. */
  isRetired?: boolean;
  thumbnail?: string;
}

/** Something of the subject that a reference may name. */
export interface Entity {
  /** Kind, as in the item's `refersTo`: lesion, specimen, image, visit, record … */
  refersTo: string;
  id: string;
  label: string;
  /** Address of a small picture from our own origin. */
  thumbnail?: string;
}

const beginnings = new WeakSet<readonly Option[]>();

export function codeOptions({ codes, open }: ValueSet, language: Language, t: Translate): readonly Option[] {
  const options = codes.map((code) => codeOption(code, language, t));
  if (open) beginnings.add(options);
  return options;
}

/** Of an open set: a code that is not among them is none the worse. */
export const areOpen = (options: readonly Option[]) => beginnings.has(options);

export function codeOption({ code, text, status }: Code, language: Language, t: Translate): Option {
  const search = `${code} ${text.zh} ${text.en}`.toLowerCase();
  const named = isTerm(code) && !text[language].toLowerCase().includes(code.toLowerCase()) ? `${code} ${text[language]}` : text[language];
  return status === 'retired'
    ? { value: code, text: t('field.retired', { text: named }), search, isRetired: true }
    : { value: code, text: named, search };
}

/** Codes that people say, as `T3a`, `C43.9`, `8720/3`; those of our own are words in lower case and are not shown. */
const isTerm = (code: string) => /^(?:[A-Z]|\d{3})/.test(code);

export const entityOptions = (entities: readonly Entity[], refersTo: string | undefined): readonly Option[] =>
  entities.filter((entity) => entity.refersTo === refersTo).map(({ id, label, thumbnail }) =>
    ({ value: id, text: label, search: label.toLowerCase(), ...(thumbnail ? { thumbnail } : {}) }));

const offers = new WeakMap<readonly Option[], Map<string, readonly Option[]>>();

/** Those to offer: retired ones only while they are the value. The same list for the same question, so that it is drawn once. */
export function offered(options: readonly Option[], chosen: readonly string[]): readonly Option[] {
  if (!options.some(({ isRetired }) => isRetired)) return options;
  const kept = options.filter(({ isRetired, value }) => !isRetired || chosen.includes(value));
  const key = kept.map(({ value }) => value).join();
  const known = offers.get(options) ?? new Map<string, readonly Option[]>();
  offers.set(options, known.set(key, known.get(key) ?? kept));
  return known.get(key) ?? kept;
}

/** Width of a text in half-width characters; a Chinese character takes two. */
export const widthOf = (text: string) => [...text].reduce((sum, character) => sum + (character > '\u2e7f' ? 2 : 1), 0);
