/**
 * The formats of the dialect, each as one pattern, so that the same text serves Ajv, the page's module and `dates.ts`.
 * Dates are real days of the Gregorian calendar in the years 1000 to 2999: 2023-02-29 and 0202-01-01 are refused.
 */
const year = '[12]\\d{3}';
const leapYear = '(?:(?:1[26]|2[048])00|[12]\\d(?:0[48]|[2468][048]|[13579][26]))';
const day31 = '(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])';
const day30 = '(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)';
const date = `(?:${year}-(?:${day31}|${day30}|02-(?:0[1-9]|1\\d|2[0-8]))|${leapYear}-02-29)`;
const time = '(?:[01]\\d|2[0-3]):[0-5]\\d(?::[0-5]\\d)?';
const offset = '(?:Z|[+-](?:0\\d|1[0-4]):[0-5]\\d)';

export const formatPatterns = {
  /** `2019-04-05` */
  'date': `^${date}$`,
  /** `2019`, `2019-04` or `2019-04-05` */
  'partial-date': `^(?:${year}|${year}-(?:0[1-9]|1[0-2])|${date})$`,
  /** `08:30` or `08:30:15`, 24 hours */
  'time': `^${time}$`,
  /** `2019-04-05T08:30` with optional seconds, fraction and offset; without an offset it is +08:00 */
  'date-time': `^${date}T(?:[01]\\d|2[0-3]):[0-5]\\d(?::[0-5]\\d(?:\\.\\d{1,9})?)?${offset}?$`,
  'uuid': '^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$',
} as const;

export type FormatName = keyof typeof formatPatterns;

/** Compiled once; a RegExp without flags `g` or `y` has no state. */
export const formats: { readonly [name in FormatName]: RegExp } = {
  'date': new RegExp(formatPatterns.date),
  'partial-date': new RegExp(formatPatterns['partial-date']),
  'time': new RegExp(formatPatterns.time),
  'date-time': new RegExp(formatPatterns['date-time']),
  'uuid': new RegExp(formatPatterns.uuid),
};
