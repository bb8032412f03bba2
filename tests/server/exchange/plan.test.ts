/** What a mapping makes of the cells of a row, without a database. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadMapping } from '../../../server/exchange/import/load.ts';
import type { Mapping } from '../../../server/exchange/import/mapping.ts';
import type { RowPlan } from '../../../server/exchange/import/plan.ts';
import { readFile } from '../../../server/exchange/import/read-file.ts';
import { countCells } from '../../../server/exchange/import/report.ts';
import { createForms } from '../../../server/services/forms.ts';
import { aFolder } from '../../support/folders.ts';
import { aMapping, aTable, header } from './a-mapping.ts';
import { standardsWithEverything } from './everything.ts';

const forms = createForms(standardsWithEverything());
const formOf = (subDataset: string) => (['everything', 'patient-basic-info'].includes(subDataset) ? forms.get(subDataset) : undefined);
const read = (bytes: Buffer, mapping: Mapping = aMapping()) => readFile(bytes, { mapping, sha256: '' }, { formOf, patientForm: 'patient-basic-info', today: '2026-11-22' });
const planOf = (cells: { [column: string]: string }): RowPlan => {
  const [plan] = read(aTable({ number: 'S1', ...cells })).plans;
  if (!plan) throw new Error('The row was refused');
  return plan;
};

describe('a cell', () => {
  test.for<{ name: string; cell: [string, string]; data?: object; state: string }>([
    { name: 'text as it is', cell: ['words', ' =x "y" '], data: { words: ' =x "y" ' }, state: 'element' },
    { name: 'a number', cell: ['whole', '007'], data: { whole: 7 }, state: 'element' },
    { name: 'a number without a leading zero, in another unit', cell: ['exact', '.05'], data: { exact: 0.5 }, state: 'element' },
    { name: 'a recoded value', cell: ['flag', 'Y'], data: { flag: true }, state: 'element' },
    { name: 'a date in its order', cell: ['day', '3.4.2020'], data: { day: '2020-04-03' }, state: 'element' },
    { name: 'a year', cell: ['partly', '2020'], data: { partly: '2020' }, state: 'element' },
    { name: 'a month', cell: ['partly', '2020年4月'], data: { partly: '2020-04' }, state: 'element' },
    { name: 'several codes', cell: ['colours', 'black|blue-grey|black'], data: { colours: ['black', 'blue-grey'] }, state: 'element' },
    { name: 'what logic switches off', cell: ['detail', 'x'], state: 'parked' },
    { name: 'what the element has no room for', cell: ['flag', 'perhaps'], state: 'source' },
    { name: 'what no element fits', cell: ['other', 'x|?'], state: 'source' },
  ])('keeps $name', ({ cell: [column, text], data, state }) => {
    const plan = planOf({ [column]: text });
    expect(plan.states.get(column)).toBe(state);
    expect(plan.cells[column]).toBe(text);
    if (data) expect(plan.records[0]?.data).toEqual(data);
  });

  test.for<[string, string, RegExp]>([
    ['whole', '1.5', /whole number/], ['whole', '1,5', /not a number/], ['whole', '1e3', /not a number/], ['exact', '0.0001', /2 decimals|decimal/i],
    ['flag', 'maybe', /neither true nor false/], ['day', '31.2.2020', /not a whole date/], ['day', '2020', /not a whole date/], ['partly', '2020-13', /not a date/],
    ['answer', 'maybe', /not a code of yes-no-unknown/], ['colours', 'black|mauve', /not a code of lesion-colour/], ['words', 'x'.repeat(5001), /character|long/i], ['words', 'a\u0000b', /NUL/],
  ])('is refused by its element: %s %s', ([column, text, reason]) => {
    const plan = planOf({ [column]: text });
    expect(plan.states.get(column)).toBe('refused');
    expect(plan.refused[column]).toMatch(reason);
    if (text.length > 1 && !/^[\d.]+$/.test(text)) expect(plan.refused[column]).not.toContain(text);
    expect(plan.records[0]?.data).toEqual({});
  });

  test.for([['', 'not-recorded'], ['?', 'unknown'], ['n/a', 'not-applicable'], ['?|n/a', 'unknown']] as const)('says why it is missing: %j', ([text, reason]) => {
    const plan = planOf({ colours: text });
    expect(plan.missing['colours']).toBe(reason);
    expect(plan.records[0]?.missing['/colours']).toBe(reason);
  });

  test('that identifies the patient is not kept verbatim', () => {
    const plan = planOf({ name: '张三', sex: 'F' });
    expect(plan.identity).toEqual({ name: '张三', sex: '2' });
    expect(JSON.stringify([plan.cells, plan.missing, plan.refused])).not.toContain('张三');
  });
});

describe('a row', () => {
  test.for([
    { name: 'too few cells', bytes: Buffer.from(`${header.join('\t')}\nS1\tM`), reason: /2 cells where the header has 13/, cells: 13 },
    { name: 'too many cells', bytes: Buffer.from(`${header.join('\t')}\n${'x\t'.repeat(14)}`), reason: /15 cells/, cells: 15 },
    { name: 'no key', bytes: aTable({ words: 'x' }), reason: /no number/, cells: 13 },
  ])('with $name is refused, cell by cell', ({ bytes, reason, cells }) => {
    const { plans, refused } = read(bytes);
    expect(plans).toEqual([]);
    const report = countCells(plans, refused);
    expect(report.cells).toEqual({ total: cells, stored: 0, missing: 0, refused: cells });
    expect(report.refused[0]).toMatchObject({ row: 2, column: 'number' });
    expect(report.refused[0]?.reason).toMatch(reason);
  });

  test('with the key of an earlier one is refused, and names its line', () => {
    const { plans, refused } = read(aTable({ number: 'S1' }, { number: 'S2' }, { number: 'S1', words: 'x' }));
    expect(plans).toHaveLength(2);
    expect(refused[0]).toMatchObject({ line: 4, reason: 'the row has the same number as line 2' });
  });

  test('is accounted for, cell by cell, whatever stands in it', () => {
    const cell = fc.oneof(fc.constantFrom('', '?', 'n/a', '1', 'Y', 'yes', 'black', '2020', '3.4.2020', '?|?'), fc.string().map((text) => text.replace(/[\t\r\n"]/g, ' ')));
    const row = fc.tuple(fc.constantFrom('S1', 'S2', 'S3', ''), fc.array(cell, { minLength: 12, maxLength: 12 })).map(([key, cells]) => [key, ...cells].join('\t'));
    fc.assert(fc.property(fc.array(row, { minLength: 1, maxLength: 4 }), (rows) => {
      const { plans, refused } = read(Buffer.from([header.join('\t'), ...rows].join('\n')));
      const { cells, storedAs, missingByReason } = countCells(plans, refused);
      expect(cells.total).toBe(rows.length * header.length);
      expect(cells.stored + cells.missing + cells.refused).toBe(cells.total);
      expect(Object.values(storedAs).reduce((sum, count) => sum + count, 0)).toBe(cells.stored);
      expect(Object.values(missingByReason).reduce((sum, count) => sum + count, 0)).toBe(cells.missing);
    }), { numRuns: 50 });
  });
});

describe('a mapping', () => {
  test.for<[string, Partial<Mapping>, RegExp]>([
    ['a column that the file lacks', { columns: [...aMapping().columns, { column: 'gone', to: 'source' }] }, /no column gone/],
    ['a column that it does not name', { columns: aMapping().columns.slice(0, -1) }, /column other, of which the mapping says nothing/],
    ['an unknown sub-dataset', { constants: [{ to: 'nowhere/x', value: 1, source: 'test' }] }, /no sub-dataset nowhere/],
    ['an unknown element', { constants: [{ to: 'everything/x', value: 1, source: 'test' }] }, /everything has no data element x/],
    ['a calculated element', { constants: [{ to: 'everything/half', value: 1, source: 'test' }] }, /is calculated/],
    ['an element filled twice', { constants: [{ to: 'everything/words', value: 'x', source: 'test' }] }, /filled twice/],
    ['a code that is none', { derived: [{ to: 'everything/answer', arguments: ['words'], rows: [{ when: ['*'], then: 'maybe' }], source: 'test' }], columns: aMapping().columns.map((rule) => (rule.column === 'answer' ? { ...rule, to: 'source' } : rule)) }, /maybe is not a code/],
    ['no study number', { columns: aMapping().columns.map((rule) => (rule.column === 'number' ? { ...rule, to: 'source' } : rule)) }, /no column goes to subject\/studyNumber/],
  ])('with %s is refused before the first row', ([, more, mistake]) => {
    expect(() => read(aTable({ number: 'S1' }), aMapping(more))).toThrow(mistake);
  });

  test('is checked by its schema, every mistake by its place', async () => {
    const path = join(aFolder(), 'map.json');
    writeFileSync(path, JSON.stringify({ ...aMapping(), version: '1', columns: [{ column: 'a', to: [{ place: 'nowhere' }] }] }));
    await expect(loadMapping(path)).rejects.toThrow(/\/version[\s\S]*\/columns\/0\/to/);
    writeFileSync(path, '{');
    await expect(loadMapping(path)).rejects.toThrow(/is not JSON/);
  });

  test('concludes values from several columns, or says that it cannot', () => {
    const columns = aMapping().columns.map((rule) => (rule.column === 'answer' ? { ...rule, to: 'source' as const } : rule));
    const derived = [{ to: 'everything/answer', arguments: ['answer', 'whole'], rows: [{ when: ['a', { min: 5 }], then: 'yes' }, { when: ['b', '*' as const], then: 'no' }], otherwise: 'unknown', source: 'test' }];
    const { plans } = read(aTable({ number: '1', answer: 'a', whole: '5' }, { number: '2', answer: 'b' }, { number: '3', answer: 'a' }), aMapping({ columns, derived }));
    expect(plans.map(({ records: [record] }) => record?.data['answer'] ?? record?.missing['/answer'])).toEqual(['yes', 'no', 'unknown']);
  });
});
