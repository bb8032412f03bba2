/** A value of a record in words, for a printed sheet. */
import { instantOf } from '../../../schemas/dates.ts';
import type { Data, Form, Item, Missing, Value } from '../../../schemas/form.ts';
import { say, type Language } from './words.ts';

const offset = 8 * 60 * 60_000;

/** `05-14 10:42` at the sites, which all keep China Standard Time. */
export function momentInWords(text: string): string {
  const instant = instantOf(text);
  return instant === undefined ? text : new Date(instant + offset).toISOString().slice(5, 16).replace('T', ' ');
}

/** `2026-05-14` at the sites. */
export function dayInWords(text: string): string {
  const instant = instantOf(text);
  return instant === undefined ? text : new Date(instant + offset).toISOString().slice(0, 10);
}

export interface Shower {
  language: Language;
  /** Display names of the people that references name. */
  people: ReadonlyMap<string, string>;
}

/** Undefined where there is nothing to show. */
export function shown(form: Form, item: Item, data: Data, missing: Missing, { language, people }: Shower): string | undefined {
  const value = data[item.key];
  if (value === undefined) {
    const reason = missing[`/${item.key}`];
    const reasons = Object.entries(form.valueSets).find(([ref]) => ref.startsWith('missing-reason/'))?.[1];
    return reason === undefined ? undefined : `(${reasons?.codes.find(({ code }) => code === reason)?.text[language] ?? reason})`;
  }
  if (Array.isArray(value) && value.some((row) => typeof row === 'object')) return String(value.length);
  const each = (one: Value): string => {
    if (typeof one === 'boolean') return say(language)(one ? 'yes' : 'no');
    if (item.type === 'date-time' && typeof one === 'string') return momentInWords(one);
    if (item.valueSet !== undefined) return form.valueSets[item.valueSet]?.codes.find(({ code }) => code === one)?.text[language] ?? String(one);
    if (item.refersTo === 'person') return people.get(String(one)) ?? say(language)('unknown');
    if (item.refersTo !== undefined) return say(language)('present');
    return item.unit === undefined ? String(one) : `${String(one)} ${item.unit}`;
  };
  return Array.isArray(value) ? (value as readonly string[]).map(each).join('、') : each(value as Value);
}
