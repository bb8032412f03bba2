/**
 * Civil dates, partial dates and date-times as text. Nothing depends on the machine's zone: days are counted in UTC, which is
 * plain arithmetic, and a date-time without an offset is at +08:00. What is not a whole date gives undefined.
 */
import { formats } from './formats.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const DEFAULT_OFFSET = 8 * 60 * MINUTE;

/** Days since 1970-01-01 of a date, or of the date that a date-time shows. */
export function dayOf(text: string): number | undefined {
  if (!formats.date.test(text) && !formats['date-time'].test(text)) return undefined;
  return Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)) - 1, Number(text.slice(8, 10))) / DAY;
}

/** Milliseconds since 1970-01-01T00:00Z of a date-time. */
export function instantOf(text: string): number | undefined {
  const parts = formats['date-time'].test(text)
    ? /^(\d+-\d+-\d+)T(\d+):(\d+)(?::(\d+)(\.\d+)?)?(?:Z|([+-])(\d+):(\d+))?$/.exec(text) : null;
  if (!parts) return undefined;
  const [, date = '', hours, minutes, seconds = '0', fraction = '0', sign, offsetHours, offsetMinutes] = parts;
  const offset = sign === undefined
    ? (text.endsWith('Z') ? 0 : DEFAULT_OFFSET)
    : (sign === '-' ? -1 : 1) * (Number(offsetHours) * 60 + Number(offsetMinutes)) * MINUTE;
  const local = (dayOf(date) ?? Number.NaN) * DAY + (Number(hours) * 60 + Number(minutes)) * MINUTE;
  return local + Number(seconds) * 1000 + Math.floor(Number(fraction) * 1000) - offset;
}

/** The first and the last day that a date, partial date or date-time may mean. */
export function daysOf(text: string): { first: number; last: number } | undefined {
  const whole = dayOf(text);
  if (whole !== undefined) return { first: whole, last: whole };
  if (!formats['partial-date'].test(text)) return undefined;
  const [year, month] = text.split('-').map(Number);
  if (year === undefined) return undefined;
  const first = Date.UTC(year, (month ?? 1) - 1, 1) / DAY;
  const next = month === undefined ? Date.UTC(year + 1, 0, 1) : Date.UTC(year, month, 1);
  return { first, last: next / DAY - 1 };
}

/** Calendar days from `a` to `b`; negative when `b` is before `a`. */
export function daysBetween(a: string, b: string): number | undefined {
  const from = dayOf(a);
  const to = dayOf(b);
  return from === undefined || to === undefined ? undefined : to - from;
}

/** Whole minutes from `a` to `b`, rounded down; both must be date-times. */
export function minutesBetween(a: string, b: string): number | undefined {
  const from = instantOf(a);
  const to = instantOf(b);
  return from === undefined || to === undefined ? undefined : Math.floor((to - from) / MINUTE);
}

/** Completed years from `a` to `b`, as an age is counted; unknown when partial dates leave it open. */
export function yearsBetween(a: string, b: string): number | undefined {
  const from = daysOf(a);
  const to = daysOf(b);
  if (!from || !to) return undefined;
  const fewest = completedYears(from.last, to.first);
  return fewest === completedYears(from.first, to.last) ? fewest : undefined;
}

function completedYears(from: number, to: number): number {
  const [a, b] = [new Date(from * DAY), new Date(to * DAY)];
  const years = b.getUTCFullYear() - a.getUTCFullYear();
  const beforeBirthday = b.getUTCMonth() < a.getUTCMonth()
    || (b.getUTCMonth() === a.getUTCMonth() && b.getUTCDate() < a.getUTCDate());
  return beforeBirthday ? years - 1 : years;
}

/** Whether `a` is no later than `b`: by instant for two date-times, else by day; unknown when partial dates leave it open. */
export function onOrBefore(a: string, b: string): boolean | undefined {
  const [from, to] = [instantOf(a), instantOf(b)];
  if (from !== undefined && to !== undefined) return from <= to;
  const left = daysOf(a);
  const right = daysOf(b);
  if (!left || !right) return undefined;
  if (left.last <= right.first) return true;
  return left.first > right.last ? false : undefined;
}

/** The civil date that a date-time shows where it was written. */
export function dateOf(text: string): string | undefined {
  return formats['date-time'].test(text) ? text.slice(0, 10) : undefined;
}
