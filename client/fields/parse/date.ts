/** Civil dates, whole and partial, as people write them in China and elsewhere. Text in, text out; never a JavaScript Date. */
import { toPlain } from './characters.ts';
import type { Reading } from './reading.ts';

/** Reads `2026-05-14`, `20260514`, `2026/5/14`, `2026.5.14` and `2026年5月14日`. Two digits for a year are unread. */
export function readDate(text: string): Reading<string> {
  const plain = toPlain(text);
  if (plain === '') return { value: undefined };
  const value = wholeDate(plain);
  return value ? { value } : { unread: 'date' };
}

/** As `readDate`, and also `2026`, `2026年`, `2026-05`, `202605` and `2026年5月`. */
export function readPartialDate(text: string): Reading<string> {
  const plain = toPlain(text);
  if (plain === '') return { value: undefined };
  const parts = /^(\d{4})(?:年|(\d\d)|[-/.](\d\d?)|年(\d\d?)月?)?$/.exec(plain);
  const [, year, packed, written, chinese] = parts ?? [];
  const month = packed ?? written ?? chinese;
  const value = year === undefined ? wholeDate(plain) : month === undefined ? yearText(year) : yearMonth(year, month);
  return value ? { value } : { unread: 'partial-date' };
}

/** `YYYY-MM-DD`, or undefined when `text` is not one real day of the years 1000 to 2999. */
export function wholeDate(text: string): string | undefined {
  const parts = /^(\d{4})(?:(\d\d)(\d\d)|([-/.])(\d\d?)\4(\d\d?)|年(\d\d?)月(\d\d?)日?)$/.exec(text);
  if (!parts) return undefined;
  const [year, month, day] = [parts[1] ?? '', parts[2] ?? parts[5] ?? parts[7] ?? '', parts[3] ?? parts[6] ?? parts[8] ?? ''];
  const start = yearMonth(year, month);
  if (!start || Number(day) < 1 || Number(day) > daysIn(Number(year), Number(month))) return undefined;
  return `${start}-${day.padStart(2, '0')}`;
}

function yearText(year: string): string | undefined {
  return Number(year) >= 1000 && Number(year) <= 2999 ? year : undefined;
}

function yearMonth(year: string, month: string): string | undefined {
  return yearText(year) && Number(month) >= 1 && Number(month) <= 12 ? `${year}-${month.padStart(2, '0')}` : undefined;
}

function daysIn(year: number, month: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
}
