/** Times of day, and date-times with their offset; one that names none is at +08:00. */
import { toPlain } from './characters.ts';
import { wholeDate } from './date.ts';
import type { Reading } from './reading.ts';

/** The offset of a date-time that was typed without one. */
export const homeOffset = '+08:00';

/** Reads `14:30`, `14:30:15`, `1430`, `9:05`, `14时30分`, `14点` and `14点30`; 24 hours. */
export function readTime(text: string): Reading<string> {
  const plain = toPlain(text);
  if (plain === '') return { value: undefined };
  const value = timeOfDay(plain);
  return value && !value.includes('.') ? { value } : { unread: 'time' };
}

/** Reads a date and a time with a blank or `T` between, `202605141430`, `2026年5月14日14时30分`, and an offset if there is one. */
export function readDateTime(text: string): Reading<string> {
  const plain = toPlain(text);
  if (plain === '') return { value: undefined };
  const parts = /^(\S+?日|\S+?)(?:[T\s]\s*|(?<=日))(\S+?)\s*(Z|[+-]\d\d:?\d\d)?$/i.exec(plain.replace(/^(\d{8})(?=\d{4}(?:\d\d)?$)/, '$1T'));
  const [date, time, offset] = [wholeDate(parts?.[1] ?? ''), timeOfDay(parts?.[2] ?? ''), offsetText(parts?.[3])];
  return date && time && offset ? { value: `${date}T${time}${offset}` } : { unread: 'date-time' };
}

/** A stored date-time as it is shown and typed: `2026-05-14 14:30`, with its offset only where that is not ours. */
export function formatDateTime(value: string): string {
  const [, date = value, time = '', offset = ''] = /^([^T]+)T([^Z+-]+)(.*)$/.exec(value) ?? [];
  return `${date} ${time}${offset === '' || offset === homeOffset ? '' : ` ${offset}`}`.trim();
}

function timeOfDay(text: string): string | undefined {
  const parts = /^(\d\d?):(\d\d)(?::(\d\d(?:\.\d{1,9})?))?$/.exec(text) ?? /^(\d\d)(\d\d)(\d\d)?$/.exec(text) ?? /^(\d\d?)[时点](?:(\d\d?)分?)?(?:(\d\d?)秒)?$/.exec(text);
  if (!parts) return undefined;
  const [, hours = '', minutes = '0', seconds] = parts;
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds ?? 0) >= 60) return undefined;
  return [hours, minutes, ...(seconds === undefined ? [] : [seconds])].map((part) => part.padStart(2, '0')).join(':');
}

function offsetText(typed: string | undefined): string | undefined {
  if (typed === undefined) return homeOffset;
  if (typed.toUpperCase() === 'Z') return 'Z';
  const text = typed.length === 5 ? `${typed.slice(0, 3)}:${typed.slice(3)}` : typed;
  return Number(text.slice(1, 3)) <= 14 && Number(text.slice(4)) <= 59 ? text : undefined;
}
