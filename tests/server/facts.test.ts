/** What was said, and what therefore held when; and ages as WS 445 writes them. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ageOn } from '../../server/services/age.ts';
import { statesOf, valueOn, type Said } from '../../server/services/facts.ts';

const days = ['2024-01-01', '2024-06-01', '2025-01-01', '2025-06-01'];
const said = fc.array(fc.record({ from: fc.constantFrom(null, ...days), value: fc.string() }), { maxLength: 12 });

describe('what held on a day', () => {
  test('is what was last said of all days, or of the last day up to it since then', () => {
    fc.assert(fc.property(said, fc.constantFrom('2023-01-01', '2024-03-01', ...days), (words, day) => {
      const since = words.slice(Math.max(0, words.findLastIndex(({ from }) => from === null)));
      const upTo = since.filter(({ from }) => from === null || from <= day);
      const latest = upTo.reduce<Said<string> | undefined>((best, each) => (best === undefined || (each.from ?? '') >= (best.from ?? '') ? each : best), undefined);
      expect(valueOn(words, day)).toBe(latest?.value);
    }));
  });

  test('is told by its states alone, and they are in order, each day once', () => {
    fc.assert(fc.property(said, fc.constantFrom(...days), (words, day) => {
      const states = statesOf(words);
      expect(valueOn(states, day)).toBe(valueOn(words, day));
      const order = states.map(({ from }) => from ?? '');
      expect(order).toEqual([...new Set(order)].sort());
    }));
  });

  test('is one thing for all days after a correction', () => {
    fc.assert(fc.property(said, fc.string(), (words, value) => {
      expect(statesOf([...words, { from: null, value }])).toEqual([{ from: null, value }]);
    }));
  });
});

describe('an age', () => {
  test.for([
    ['1961-03-05', '2026-03-04', 64, undefined], ['1961-03-05', '2026-03-05', 65, undefined], ['2024-02-29', '2025-02-28', 0, '11 29/30'], ['2024-02-29', '2025-03-01', 1, undefined],
    ['2026-01-10', '2026-04-25', 0, '3 15/30'], ['2026-01-10', '2026-04-10', 0, '3'], ['2026-01-10', '2026-01-10', 0, '0 0/30'], ['2026-01-10', '2026-01-12', 0, '0 2/30'],
    ['2026-01-31', '2026-03-01', 0, '1 1/30'], ['2026-01-01', '2026-01-31', 0, '0 29/30'],
    ['1961', '2026-03-05', undefined, undefined], ['1961-03', '2026-06-01', 65, undefined], ['2026-01', '2026-03-01', 0, undefined], ['2026-05-01', '2026-03-01', undefined, undefined],
  ] as const)('of somebody born %s is on %s %s years, %s months', ([birthDate, day, years, months]) => {
    expect(ageOn(birthDate, day)).toEqual({ ...(years === undefined ? {} : { 'subject.ageYears': years }), ...(months === undefined ? {} : { 'subject.ageMonths': months }) });
  });
});
