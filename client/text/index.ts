/**
 * Every word that the interface says, in both languages, one file per area. A pair stands on one line, Chinese first, so that
 * none can be forgotten. Words of a standard are not here: they come with its form.
 */
import { accountWords } from './account.ts';
import { dictionaryWords } from './dictionary.ts';
import { formWords } from './form.ts';
import { knownWords } from './known.ts';
import { protocolWords } from './protocol.ts';
import { shellWords } from './shell.ts';

export type Language = 'zh' | 'en';
/** Chinese and English of each word of one area. */
export type WordList = { readonly [key: string]: readonly [zh: string, en: string] };

const catalogue = { ...formWords, ...knownWords, ...shellWords, ...dictionaryWords, ...protocolWords, ...accountWords };

export type Word = keyof typeof catalogue;
export type Params = { readonly [name: string]: string | number };
/** The text of one word, `{name}` replaced from `params`. */
export type Translate = (key: Word, params?: Params) => string;

/** The words of one language, as a function that stays the same one. */
export const words = (language: Language): Translate => (language === 'en' ? english : chinese);

const chinese: Translate = (key, params) => fill(catalogue[key][0], params);
const english: Translate = (key, params) => fill(catalogue[key][1], params);

/** The language of the page, as `<html lang>` says. */
export const pageLanguage = (): Language => (document.documentElement.lang.startsWith('en') ? 'en' : 'zh');

/** A word in the language of the page; elements that have a `language` of their own use `words(language)`. */
export const t: Translate = (key, params) => words(pageLanguage())(key, params);

function fill(text: string, params: Params | undefined): string {
  return params ? text.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole)) : text;
}
