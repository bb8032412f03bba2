import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { linesOf, nextCodes, prefixOf } from '../../../schemas/protocol/naming.ts';
import type { ProtocolDocument } from '../../../schemas/protocol/protocol.ts';
import { id } from './a-protocol.ts';

const { naming } = JSON.parse(readFileSync(new URL('../../../standards/protocols/melanoma-sample/1.0.0.json', import.meta.url), 'utf8')) as ProtocolDocument;
const who = { site: { code: 'XY01' }, subject: { studyNumber: 'XY01-000123' } };
const tumour = { sampleType: '01', portion: '02', analyte: 'D' };
const ask = (changes: Partial<Parameters<typeof nextCodes>[1]> = {}) => nextCodes(naming, { ...who, recordId: id(1), fields: tumour, count: 1, named: [], taken: [], ...changes });
const first = 'MEL-XY01-000123-01A-02D-';

describe('the code of an aliquot', () => {
  test('is the example of the rule', () => {
    expect(ask({ taken: ['01', '02', '03', '04'].map((n) => first + n), named: [{ code: `${first}01`, kind: 'dna', recordId: id(1) }] })).toEqual({ codes: ['MEL-XY01-000123-01A-02D-05'] });
  });

  test('counts on from the last, and never fills a gap', () => {
    expect(ask({ count: 2, named: [{ code: `${first}03`, kind: 'dna', recordId: id(1) }], taken: [`${first}03`] })).toEqual({ codes: [`${first}04`, `${first}05`] });
  });

  test('gives another record the next letter', () => {
    expect(ask({ recordId: id(2), taken: [`${first}01`] })).toEqual({ codes: ['MEL-XY01-000123-01B-02D-01'] });
    expect(ask({ recordId: id(2), fields: { ...tumour, sampleType: '11' }, taken: [`${first}01`] })).toEqual({ codes: ['MEL-XY01-000123-11A-02D-01'] });
  });

  test('keeps the letter of a record over its portions', () => {
    const named = [{ code: 'MEL-XY01-000123-10B-01X-01', kind: 'plasma', recordId: id(1) }];
    expect(ask({ fields: { sampleType: '10', portion: '02', analyte: 'X' }, named, taken: ['MEL-XY01-000123-10A-01X-01', 'MEL-XY01-000123-10B-01X-01'] })).toEqual({ codes: ['MEL-XY01-000123-10B-02X-01'] });
  });

  test.for([
    { name: 'a study number of another make', changes: { subject: { studyNumber: 'TCGA-D3-A1Q1' } }, fault: 'study-number' },
    { name: 'a study number of another hospital', changes: { subject: { studyNumber: 'XY02-000123' } }, fault: 'study-number' },
    { name: 'more than the series holds', changes: { count: 100 }, fault: 'series-full' },
    { name: 'a field of another width', changes: { fields: { ...tumour, sampleType: '1' } }, fault: 'pattern' },
    { name: 'what the pattern does not permit', changes: { fields: { ...tumour, sampleType: 'AB' } }, fault: 'pattern' },
  ])('is not made for $name', ({ changes, fault }) => {
    expect(ask(changes)).toEqual({ fault });
  });

  test('is never the same twice, whatever is asked for in what order', () => {
    const request = fc.record({ record: fc.integer({ min: 1, max: 6 }), sampleType: fc.constantFrom('01', '06', '10', '11'), portion: fc.constantFrom('01', '02', '03'), count: fc.integer({ min: 1, max: 5 }) });
    fc.assert(fc.property(fc.array(request, { maxLength: 15 }), (requests) => {
      const named: { code: string; kind: string; recordId: string }[] = [];
      for (const { record, sampleType, portion, count } of requests) {
        const { codes = [] } = ask({ recordId: id(record), fields: { sampleType, portion, analyte: 'X' }, count, named, taken: named.map(({ code }) => code) });
        expect(codes).toHaveLength(count);
        named.push(...codes.map((code) => ({ code, kind: 'any', recordId: id(record) })));
      }
      const codes = named.map(({ code }) => code);
      expect(new Set(codes).size).toBe(codes.length);
      for (const code of codes) expect(code).toMatch(/^MEL-[A-Z]{2}[0-9]{2}-[0-9]{6}-[0-9]{2}[A-Z]-[0-9]{2}[A-Z]-[0-9]{2}$/);
      // A letter is of one record: what is in one vial came from one piece.
      const owners = new Map(named.map(({ code, recordId }) => [code.slice(0, 19), recordId]));
      for (const { code, recordId } of named) expect(owners.get(code.slice(0, 19))).toBe(recordId);
    }));
  });
});

test('the codes of a patient begin alike', () => {
  expect(prefixOf(naming, who)).toBe('MEL-XY01-000123-');
  expect(prefixOf(naming, { ...who, subject: { studyNumber: 'other' } })).toBeUndefined();
});

test('a label breaks a code where the rule says', () => {
  expect(linesOf(naming, 'MEL-XY01-000123-01A-02D-05')).toEqual(['MEL-XY01-000123-', '01A-02D-05']);
});
