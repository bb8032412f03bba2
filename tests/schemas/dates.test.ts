import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dateOf, dayOf, daysBetween, daysOf, instantOf, minutesBetween, onOrBefore, yearsBetween } from '../../schemas/dates.ts';
import { formats } from '../../schemas/formats.ts';

const pad = (n: number, width = 2) => String(n).padStart(width, '0');

test('a date is a day that the calendar has, for every day and non-day of 1890 to 2110', () => {
  for (let year = 1890; year <= 2110; year++) {
    for (let month = 0; month <= 13; month++) {
      for (const day of [0, 1, 28, 29, 30, 31, 32]) {
        const date = new Date(Date.UTC(year, month - 1, day));
        const isReal = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
        const text = `${year}-${pad(month)}-${pad(day)}`;
        if (formats.date.test(text) !== isReal) throw new Error(`${text} was judged wrongly`);
      }
    }
  }
});

/** Dates and date-times, right and almost right. */
const almost = fc.tuple(
  fc.integer({ min: 900, max: 3100 }), fc.integer({ min: 0, max: 13 }), fc.integer({ min: 0, max: 32 }), fc.integer({ min: 0, max: 25 }), fc.integer({ min: 0, max: 61 }),
  fc.constantFrom('', ':00', ':59.5', ':60', ':30.', ':30.1234567890', '.5', 'x'), fc.constantFrom('', 'Z', '+08:00', '-05:30', '+15:00', '+8', 'z'), fc.constantFrom('T', ' ', ''),
  fc.constantFrom('year', 'month', 'date', 'date-time'),
).map(([year, month, day, hours, minutes, seconds, offset, separator, upTo]) => {
  const date = `${year}-${pad(month)}-${pad(day)}`;
  return { 'year': String(year), 'month': date.slice(0, -3), 'date': date, 'date-time': `${date}${separator}${pad(hours)}:${pad(minutes)}${seconds}${offset}` }[upTo];
});

test('what is read character by character is what the patterns accept', () => {
  fc.assert(fc.property(fc.oneof(almost, fc.string()), (text) => {
    expect(instantOf(text) !== undefined).toBe(formats['date-time'].test(text));
    expect(dayOf(text) !== undefined).toBe(formats.date.test(text) || formats['date-time'].test(text));
    expect(daysOf(text) !== undefined).toBe(formats['partial-date'].test(text) || formats['date-time'].test(text));
    if (formats.date.test(text)) expect(dayOf(text)).toBe(Date.parse(text) / 86_400_000);
  }), { numRuns: 2000 });
});

test.for([
  ['date', '2024-02-29', true], ['date', '2023-02-29', false], ['date', '1900-02-29', false], ['date', '2000-02-29', true], ['date', '0202-01-01', false],
  ['date', '2024-1-1', false], ['date', '2024-01-01 ', false], ['date', '2024-01', false],
  ['partial-date', '2019', true], ['partial-date', '2019-04', true], ['partial-date', '2019-04-31', false], ['partial-date', '2019-13', false], ['partial-date', '2019-', false],
  ['time', '08:30', true], ['time', '24:00', false], ['time', '08:30:15', true], ['time', '8:30', false],
  ['date-time', '2024-02-29T08:30', true], ['date-time', '2023-02-29T08:30', false], ['date-time', '2024-02-29T08:30:00.123Z', true],
  ['date-time', '2024-02-29T08:30+08:00', true], ['date-time', '2024-02-29T08:30+8', false], ['date-time', '2024-02-29', false], ['date-time', '2024-02-29 08:30', false],
  ['uuid', '01900000-0000-7000-8000-000000000001', true], ['uuid', '01900000', false],
] as const)('the format %s judges %s as %s', ([format, text, expected]) => {
  expect(formats[format].test(text)).toBe(expected);
});

describe('minutes between', () => {
  test.for([
    ['2024-05-20T08:00', '2024-05-20T08:29:59', 29],
    ['2024-05-20T08:00', '2024-05-20T07:59:59', -1],
    ['2024-05-20T08:00', '2024-05-20T08:00+08:00', 0],
    ['2024-05-20T08:00Z', '2024-05-20T08:00', -480],
    ['2024-05-20T08:00-05:30', '2024-05-20T08:00Z', -330],
    ['2024-12-31T23:59', '2025-01-01T00:01', 2],
    ['2024-05-20T08:00:59.999', '2024-05-20T08:01', 0],
    ['2024-05-20', '2024-05-20T08:00', undefined],
    ['2024-05', '2024-05-20T08:00', undefined],
    ['nonsense', '2024-05-20T08:00', undefined],
  ] as const)('%s and %s are %s', ([a, b, expected]) => {
    expect(minutesBetween(a, b)).toBe(expected);
  });
});

describe('days between', () => {
  test.for([
    ['2024-02-28', '2024-03-01', 2], ['2023-02-28', '2023-03-01', 1], ['2024-03-01', '2024-02-28', -2], ['2024-05-20T23:59', '2024-05-21', 1],
    ['2024-05', '2024-05-20', undefined], ['2023-02-29', '2023-03-01', undefined],
  ] as const)('%s and %s are %s', ([a, b, expected]) => {
    expect(daysBetween(a, b)).toBe(expected);
  });
});

describe('years between', () => {
  test.for([
    ['1961-03-10', '2026-03-09', 64], ['1961-03-10', '2026-03-10', 65], ['2000-02-29', '2021-02-28', 20], ['2000-02-29', '2021-03-01', 21],
    ['1961-03', '2026-11-22', 65], ['1961-03', '2026-03-15', undefined], ['1961', '2026-11-22', undefined], ['1961', '2026-12-31', 65], ['x', '2026-11-22', undefined],
  ] as const)('%s and %s are %s', ([a, b, expected]) => {
    expect(yearsBetween(a, b)).toBe(expected);
  });
});

describe('on or before', () => {
  test.for([
    ['2019-04-05', '2019-04-05', true], ['2019-04-06', '2019-04-05', false], ['2019', '2020-01-01', true], ['2020', '2019-12-31', false],
    ['2019', '2019-06-01', undefined], ['2019-06-01', '2019', undefined], ['2019-04', '2019-04-30', true], ['2019-04', '2019-04', undefined], ['2019-02', '2019-03', true],
    ['2024-05-20T08:00', '2024-05-20T07:00', false], ['2024-05-20T08:00', '2024-05-20', true], ['2024-05-20T08:00+08:00', '2024-05-20T01:00Z', true], ['?', '2019', undefined],
  ] as const)('%s on or before %s is %s', ([a, b, expected]) => {
    expect(onOrBefore(a, b)).toBe(expected);
  });
});

test('a partial date stands for all its days', () => {
  expect(daysOf('2019')).toEqual({ first: dayOf('2019-01-01'), last: dayOf('2019-12-31') });
  expect(daysOf('2020-02')).toEqual({ first: dayOf('2020-02-01'), last: dayOf('2020-02-29') });
});

test('the date of a date-time is the one that was written, whatever its offset', () => {
  expect(dateOf('2024-05-20T23:30-10:00')).toBe('2024-05-20');
  expect(dateOf('2024-05-20')).toBeUndefined();
});

test('day numbers follow the calendar of the platform', () => {
  fc.assert(fc.property(fc.date({ min: new Date('1000-01-01T00:00:00Z'), max: new Date('2999-12-31T00:00:00Z'), noInvalidDate: true }), (date) => {
    expect(dayOf(date.toISOString().slice(0, 10))).toBe(Math.floor(date.getTime() / 86_400_000));
    expect(instantOf(date.toISOString())).toBe(date.getTime());
  }));
});
