import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { readDate, readPartialDate } from '../../../client/fields/parse/date.ts';
import { formatDateTime, readDateTime, readTime } from '../../../client/fields/parse/time.ts';
import { formats } from '../../../schemas/formats.ts';

describe('a date', () => {
  test.for(['2026-05-14', '20260514', '2026/5/14', '2026/05/14', '2026.5.14', '2026年5月14日', '2026年05月14', '２０２６年５月１４日', '２０２６－０５－１４', '2026—5—14', ' 2026-05-14 ', '2026。5。14'])('reads %s', (text) => {
    expect(readDate(text)).toEqual({ value: '2026-05-14' });
    expect(readPartialDate(text)).toEqual({ value: '2026-05-14' });
  });

  test.for(['26-05-14', '2026-5', '2026', '2026-02-30', '2023-02-29', '2026-13-01', '2026-00-10', '2026-05-00', '14/05/2026', '2026-05/14', '0202-01-01', '昨天', '2026-05-14 10:00'])('hands %s back unread', (text) => {
    expect(readDate(text)).toEqual({ unread: 'date' });
  });

  test.for([['2019', '2019'], ['2019年', '2019'], ['2019-04', '2019-04'], ['201904', '2019-04'], ['2019/4', '2019-04'], ['2019年4月', '2019-04'], ['２０１９．４', '2019-04']] as const)('reads %s as the partial date %s', ([text, value]) => {
    expect(readPartialDate(text)).toEqual({ value });
  });

  test.for(['19', '2019-13', '201913', '2019年13月', '3019', '2019-', '年'])('hands %s back unread as a partial date', (text) => {
    expect(readPartialDate(text)).toEqual({ unread: 'partial-date' });
  });

  test('takes nothing as no answer', () => {
    for (const read of [readDate, readPartialDate, readTime, readDateTime]) expect(read(' 　')).toEqual({ value: undefined });
  });

  test('reads every day of a thousand years from each spelling, as the standard spells it', () => {
    const day = fc.date({ min: new Date('1000-01-01'), max: new Date('2999-12-31'), noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10));
    fc.assert(fc.property(day, (date) => {
      const [year, month, dayOfMonth] = date.split('-').map(Number);
      for (const text of [date, date.replaceAll('-', ''), `${year}/${month}/${dayOfMonth}`, `${year}年${month}月${dayOfMonth}日`]) expect(readDate(text)).toEqual({ value: date });
    }));
  });

  test('gives nothing that the standard would refuse', () => {
    const text = fc.string({ unit: fc.constantFrom(...'0123456789-/.年月日:TZ+时分 '), maxLength: 20 });
    fc.assert(fc.property(text, (typed) => {
      for (const [read, format] of [[readDate, formats.date], [readPartialDate, formats['partial-date']], [readTime, formats.time], [readDateTime, formats['date-time']]] as const) {
        const reading = read(typed);
        if ('value' in reading && reading.value !== undefined) expect(reading.value).toMatch(format);
      }
    }), { numRuns: 2000 });
  });
});

describe('a time', () => {
  test.for([['14:30', '14:30'], ['1430', '14:30'], ['9:05', '09:05'], ['１４：３０', '14:30'], ['14:30:15', '14:30:15'], ['143015', '14:30:15'], ['14时30分', '14:30'], ['14点', '14:00'], ['9点5分', '09:05'], ['14点30', '14:30'], ['00:00', '00:00'], ['23:59', '23:59']] as const)('reads %s as %s', ([text, value]) => {
    expect(readTime(text)).toEqual({ value });
  });

  test.for(['24:00', '14:60', '14', '2:5', '14.30', '2 pm', '14:30:60', '14:30:15.5'])('hands %s back unread', (text) => {
    expect(readTime(text)).toEqual({ unread: 'time' });
  });
});

describe('a date-time', () => {
  test.for([
    ['2026-05-14 14:30', '2026-05-14T14:30+08:00'], ['2026-05-14T14:30', '2026-05-14T14:30+08:00'], ['20260514 1430', '2026-05-14T14:30+08:00'], ['202605141430', '2026-05-14T14:30+08:00'],
    ['20260514143015', '2026-05-14T14:30:15+08:00'], ['2026年5月14日14时30分', '2026-05-14T14:30+08:00'], ['2026年5月14日 14:30', '2026-05-14T14:30+08:00'], ['２０２６／５／１４　１４：３０', '2026-05-14T14:30+08:00'],
    ['2026-05-14 14:30 Z', '2026-05-14T14:30Z'], ['2026-05-14 14:30 -05:00', '2026-05-14T14:30-05:00'], ['2026-05-14T14:30:15+0900', '2026-05-14T14:30:15+09:00'],
  ] as const)('reads %s as %s', ([text, value]) => {
    expect(readDateTime(text)).toEqual({ value });
  });

  test.for(['2026-05-14', '14:30', '2026-05-14 25:00', '2026-02-30 10:00', '2026-05-14 14:30 +15:00', '2026-05-14 14:30 CST'])('hands %s back unread', (text) => {
    expect(readDateTime(text)).toEqual({ unread: 'date-time' });
  });

  test('is shown as it may be typed, without losing its offset or a second', () => {
    const two = (low: number, high: number) => fc.integer({ min: low, max: high }).map((n) => String(n).padStart(2, '0'));
    const value = fc.tuple(two(0, 23), two(0, 59), fc.option(two(0, 59), { nil: undefined }), fc.constantFrom('+08:00', 'Z', '-05:00', '+09:30'))
      .map(([hours, minutes, seconds, offset]) => `2026-05-14T${hours}:${minutes}${seconds === undefined ? '' : `:${seconds}`}${offset}`);
    fc.assert(fc.property(value, (stored) => { expect(readDateTime(formatDateTime(stored))).toEqual({ value: stored }); }));
  });
});
