/**
 * Civil dates, partial dates and date-times as text. Nothing depends on the machine's zone: days are counted by plain
 * arithmetic, and a date-time without an offset is at +08:00. What is not a whole date gives undefined. Texts are read character
 * by character, for a record is full of dates; a test holds what is read here against the patterns of `formats.ts`.
 */
const MINUTE = 60_000;
const DAY = 86_400_000;
const DEFAULT_OFFSET = 8 * 60 * MINUTE;
const ZERO = 48;
const [DASH, COLON, POINT, PLUS, T, Z] = [45, 58, 46, 43, 84, 90];
const DATE_LENGTH = 10;

/** Days since 1970-01-01 of a date, or of the date that a date-time shows. */
export function dayOf(text: string): number | undefined {
  if (text.length > DATE_LENGTH && instantOf(text) === undefined) return undefined;
  const day = dayAt(text);
  return day === day ? day : undefined;
}

/** Milliseconds since 1970-01-01T00:00Z of a date-time. */
export function instantOf(text: string): number | undefined {
  const day = dayAt(text);
  const hours = twoAt(text, 11);
  const minutes = twoAt(text, 14);
  if (day !== day || text.charCodeAt(10) !== T || !(hours <= 23) || text.charCodeAt(13) !== COLON || !(minutes <= 59)) return undefined;
  let at = 16;
  let milliseconds = 0;
  if (text.charCodeAt(at) === COLON) {
    const seconds = twoAt(text, 17);
    if (!(seconds <= 59)) return undefined;
    at = text.charCodeAt(19) === POINT ? endOfDigits(text, 20) : 19;
    if (at === 20 || at > 29) return undefined;
    milliseconds = seconds * 1000 + (at === 19 ? 0 : Math.floor(Number(text.slice(19, at)) * 1000));
  }
  const offset = offsetAt(text, at);
  return offset === undefined ? undefined : day * DAY + (hours * 60 + minutes) * MINUTE + milliseconds - offset;
}

/** The first and the last day that a date, partial date or date-time may mean. */
export function daysOf(text: string): { first: number; last: number } | undefined {
  if (text.length >= DATE_LENGTH) {
    const whole = dayOf(text);
    return whole === undefined ? undefined : { first: whole, last: whole };
  }
  const year = yearAt(text);
  if (year !== year) return undefined;
  if (text.length === 4) return { first: dayNumber(year, 1, 1), last: dayNumber(year, 12, 31) };
  const month = twoAt(text, 5);
  if (text.length !== 7 || text.charCodeAt(4) !== DASH || !(month >= 1 && month <= 12)) return undefined;
  return { first: dayNumber(year, month, 1), last: dayNumber(year, month, lastDayOf(year, month)) };
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
  const [a, b] = [civilOf(from), civilOf(to)];
  return Math.floor((b - a) / 10_000);
}

/** Whether `a` is no later than `b`: by instant for two date-times, else by day; unknown when partial dates leave it open. */
export function onOrBefore(a: string, b: string): boolean | undefined {
  if (a.length > DATE_LENGTH && b.length > DATE_LENGTH) {
    const [from, to] = [instantOf(a), instantOf(b)];
    return from === undefined || to === undefined ? undefined : from <= to;
  }
  if (a.length === DATE_LENGTH && b.length === DATE_LENGTH) {
    const [from, to] = [dayAt(a), dayAt(b)];
    return from === from && to === to ? from <= to : undefined;
  }
  const left = daysOf(a);
  const right = daysOf(b);
  if (!left || !right) return undefined;
  if (left.last <= right.first) return true;
  return left.first > right.last ? false : undefined;
}

/** The civil date that a date-time shows where it was written. */
export function dateOf(text: string): string | undefined {
  return instantOf(text) === undefined ? undefined : text.slice(0, DATE_LENGTH);
}

/** The day of the date that a text begins with; NaN when it begins with none, or with more than a date that is no date-time. */
function dayAt(text: string): number {
  const year = yearAt(text);
  const month = twoAt(text, 5);
  const day = twoAt(text, 8);
  const isDate = text.charCodeAt(4) === DASH && text.charCodeAt(7) === DASH && month >= 1 && month <= 12 && day >= 1 && day <= lastDayOf(year, month);
  return isDate ? dayNumber(year, month, day) : NaN;
}

/** Years 1000 to 2999. */
function yearAt(text: string): number {
  const year = twoAt(text, 0) * 100 + twoAt(text, 2);
  return year >= 1000 && year <= 2999 ? year : NaN;
}

/** Two digits as a number, or NaN. */
function twoAt(text: string, at: number): number {
  const tens = text.charCodeAt(at) - ZERO;
  const ones = text.charCodeAt(at + 1) - ZERO;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NaN;
}

function endOfDigits(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) >= ZERO && text.charCodeAt(at) <= ZERO + 9) at++;
  return at;
}

/** Milliseconds by which the end of a date-time is before UTC; undefined when it is not its end. */
function offsetAt(text: string, at: number): number | undefined {
  if (at === text.length) return DEFAULT_OFFSET;
  const sign = text.charCodeAt(at);
  if (sign === Z) return at + 1 === text.length ? 0 : undefined;
  const hours = twoAt(text, at + 1);
  const minutes = twoAt(text, at + 4);
  const isOffset = (sign === PLUS || sign === DASH) && hours <= 14 && text.charCodeAt(at + 3) === COLON && minutes <= 59 && at + 6 === text.length;
  return isOffset ? (sign === DASH ? -1 : 1) * (hours * 60 + minutes) * MINUTE : undefined;
}

function lastDayOf(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Days since 1970-01-01, counted in eras of 400 years that begin in March. */
function dayNumber(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468;
}

/** A day as the number 20190405, so that an anniversary is 10000 more; the inverse of `dayNumber`. */
function civilOf(day: number): number {
  const fromEra = day + 719_468;
  const era = Math.floor(fromEra / 146_097);
  const dayOfEra = fromEra - era * 146_097;
  const yearOfEra = Math.floor((dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0)) * 10_000 + month * 100 + dayOfYear - Math.floor((153 * fromMarch + 2) / 5) + 1;
}
