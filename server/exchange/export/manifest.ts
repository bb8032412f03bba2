/** What an export says of itself. Nothing in it is the time of the export: the same request over the same data gives the same bytes. */
import type { ExportRequest } from '../../../schemas/http/api.ts';
import type { Withheld } from './record-tables.ts';

export interface ManifestFile {
  name: string;
  rows: number;
  columns: number;
  bytes: number;
  sha256: string;
}

export interface Manifest {
  kind: 'xiangya-forms export';
  exporter: { name: 'xiangya-forms'; version: string };
  release: { name: string; sha256: string };
  sites: { code: string; dataState: { contributions: number; last: string | undefined } }[];
  filter?: ExportRequest['filter'];
  statuses?: ExportRequest['statuses'];
  profile: ExportRequest['profile'];
  language: ExportRequest['language'];
  standards: { dataset: string; subDataset: string; version: string; sha256: string }[];
  files: ManifestFile[];
  withheld: Withheld[];
  notes: string[];
  warnings: string[];
}

/** What a reader of the files must know, by profile. */
export function notesOf({ profile, filter }: Pick<ExportRequest, 'profile' | 'filter'>): string[] {
  const shared = [
    'Lines end in CRLF, the delimiter is a comma, quotes are doubled (RFC 4180). An empty cell is no value; why there is none stands in the column <name>__null.',
    'States of <name>__null: not_asked (draft, no value yet), hidden (switched off by logic), blank (left empty), missing:<code> (value set missing-reason), not_in_version; empty where there is a value.',
    '<name>__label is the text of a code; <name>___<code> is 1, 0 or empty for each code of several; <name>__from and <name>__to bound a partial date; <name>__utc is the instant in UTC. Yes and no are 1 and 0.',
    'What a form shows of the patient, the visit and the site is what held on the day of the record: the date of its visit, else the day on which it was made; of a stay (ward, bed, times), what held when it was made. subjects.csv has sex and date of birth as they are known at the time of the export.',
    'People are given by the id of their account; <name>__name, what they were called on the day of the record, is there for those who may write records at every site of the export.',
  ];
  const byProfile = profile === 'excel'
    ? ['UTF-8 with byte order mark. All text is quoted. Text that a spreadsheet would take for a formula (= + - @, their full-width forms, TAB, CR, LF, also after apostrophes) has an apostrophe before it; take one away to get the value. Numbers are untouched.']
    : ['UTF-8 without byte order mark. Cells are quoted only where they must be; nothing is changed, so do not open these files in a spreadsheet.'];
  const byFilter = filter ? [`Of ${filter.subDataset} only the records for which the filter is true; of everything else, what belongs to patients who have such a record.`] : [];
  return [...shared, ...byProfile, ...byFilter];
}

/** Excel takes 1,048,576 lines of 16,384 cells. */
export function warningsOf(profile: ExportRequest['profile'], files: readonly ManifestFile[]): string[] {
  if (profile !== 'excel') return [];
  return files.flatMap(({ name, rows, columns }) => [
    ...(rows > 1_048_575 ? [`${name} has ${rows} rows, more than Excel shows`] : []),
    ...(columns > 16_384 ? [`${name} has ${columns} columns, more than Excel shows`] : []),
  ]);
}
