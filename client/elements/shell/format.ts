/** Dates, ages and names as the pages write them. */
import type { Text } from '../../../schemas/form.ts';
import { yearsBetween } from '../../../schemas/dates.ts';
import type { Site } from '../../../schemas/http/api.ts';
import { pageLanguage, t } from '../../text/index.ts';

/** In the language of the page; Chinese where there is no English yet. */
export function read(text: Text): string {
  return pageLanguage() === 'en' ? text.en || text.zh : text.zh;
}

export function siteName(site: Site): string {
  return pageLanguage() === 'en' ? site.nameEn ?? site.name : site.name;
}

const two = (part: number) => String(part).padStart(2, '0');

/** The civil date on this device, `YYYY-MM-DD`. */
export function dayOfInstant(instant: string | Date): string {
  const date = new Date(instant);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** `YYYY-MM-DD HH:mm` on this device's clock; the time alone when it was today. */
export function momentOf(instant: string, now = new Date()): string {
  const date = new Date(instant);
  const time = `${two(date.getHours())}:${two(date.getMinutes())}`;
  return dayOfInstant(date) === dayOfInstant(now) ? time : `${dayOfInstant(date)} ${time}`;
}

/** In words: whole years; "about" where a partial date of birth leaves it open. */
export function ageInWords(birthDate: string | undefined, today: string): string | undefined {
  if (!birthDate) return undefined;
  const years = yearsBetween(birthDate, today);
  if (years !== undefined) return t('age', { years });
  return t('age.about', { years: Number(today.slice(0, 4)) - Number(birthDate.slice(0, 4)) });
}

export function sizeInWords(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  const step = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(bytes, 1)) / 3));
  return `${(bytes / 1000 ** step).toFixed(step < 2 ? 0 : 1)} ${units[step]}`;
}

/** `2,814` in both languages. */
export const countInWords = (count: number): string => count.toLocaleString('en-US');
