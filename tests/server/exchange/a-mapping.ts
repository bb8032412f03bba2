/** A mapping of a small table, for tests that say only what matters to them. */
import type { ColumnRule, Mapping } from '../../../server/exchange/import/mapping.ts';

const columns: ColumnRule[] = [
  { column: 'number', to: [{ place: 'subject/studyNumber' }] },
  { column: 'sex', to: [{ place: 'subject/sex', recode: { M: '1', F: '2' } }] },
  { column: 'name', to: [{ place: 'subject/name' }], identifying: 'direct' },
  { column: 'words', to: [{ place: 'everything/words' }] },
  { column: 'whole', to: [{ place: 'everything/whole' }] },
  { column: 'exact', to: [{ place: 'everything/exact', times: 10 }] },
  { column: 'flag', to: [{ place: 'everything/flag', recode: { Y: true, N: false }, leave: ['perhaps'] }] },
  { column: 'day', to: [{ place: 'everything/day', dateOrder: 'DMY' }] },
  { column: 'partly', to: [{ place: 'everything/partly' }] },
  { column: 'answer', to: [{ place: 'everything/answer' }] },
  { column: 'colours', to: [{ place: 'everything/colours' }], split: '|' },
  { column: 'detail', to: [{ place: 'everything/detail' }] },
  { column: 'other', to: 'source', split: '|' },
];

export const header = columns.map(({ column }) => column);

export function aMapping(more: Partial<Mapping> = {}): Mapping {
  return {
    name: 'small', version: '1.0.0', title: '小表', source: 'test', key: ['number'], missing: { '': 'not-recorded', '?': 'unknown', 'n/a': 'not-applicable' },
    subject: { enrol: true }, columns, ...more,
  };
}

/** A line of the table: what is not said is missing. */
export function aRow(cells: { [column: string]: string }): string {
  return header.map((column) => cells[column] ?? '').join('\t');
}

export const aTable = (...rows: { [column: string]: string }[]): Buffer => Buffer.from([header.join('\t'), ...rows.map(aRow)].join('\n'));
