/** What a mapping says. It is data in standards/mappings/, checked by mapping.schema.json; a hospital writes its own for its own tables. */
import type { Condition } from '../../../schemas/form.ts';
import type { Encoding } from '../csv/decode.ts';

export interface Mapping {
  name: string;
  version: string;
  title: string;
  source: string;
  /** How the file is written; whatever is absent is found out. */
  file?: { encoding?: Encoding; delimiter?: string; quoted?: boolean; headerLines?: number; headerLine?: number };
  /** Columns whose cells together name a row for good, in this file and in later ones. */
  key: string[];
  /** Spellings of a missing value → code of the value set `missing-reason`. */
  missing: { [spelling: string]: string };
  /** Whether a row may make a patient who is not there yet; otherwise one with this study number must be enrolled. */
  subject: { enrol: boolean };
  /** The row is a visit of this kind; its date is the column that goes to `visit/date`. */
  visit?: { kind: 'baseline' | 'follow-up' | 'treatment' | 'operation' | 'unplanned' };
  columns: ColumnRule[];
  /** Values that hold for every row, each with its reason. */
  constants?: { to: Place; value: string | number | boolean; source: string }[];
  /** Values concluded from several columns by a decision table over their text (a number where it is one; empty where it is missing). */
  derived?: Derived[];
  compare?: Comparison;
}

/** `subject/studyNumber`, `subject/<bind key>`, `visit/date`, or `<sub-dataset>/<data element>`. */
export type Place = string;

export interface ColumnRule {
  /** Name in the header line; a name that returns is `name#2`. */
  column: string;
  /** Where the value goes; `source` keeps it with the row, for want of a data element. */
  to: 'source' | Target[];
  /** Between several answers in one cell. */
  split?: string;
  /** Never kept verbatim: the cell holds a direct identifier. */
  identifying?: 'direct';
  /** Why it goes where it goes, for the next reader. */
  note?: string;
}

export interface Target {
  place: Place;
  /** Text of the cell → value. A text that is not named here is converted by the type of the element. */
  recode?: { [text: string]: string | number | boolean };
  /** Texts that this element has no room for; they stay with the row. */
  leave?: string[];
  /** Multiplies, for another unit. */
  times?: number;
  /** Decimals to round half up to, where the element is coarser than the source. */
  round?: number;
  /** Order of day, month and year. Default YMD. */
  dateOrder?: 'YMD' | 'DMY' | 'MDY';
}

export interface Derived {
  to: Place;
  arguments: string[];
  rows: { when: Condition[]; then: string | number | boolean }[];
  /** Missing reason where no row of the table holds. */
  otherwise?: string;
  source: string;
}

/**
 * Results that the source recorded beside those the standard calculates; the report says where they differ and why.
 * The first result is the one that is compared and counted, the others help to explain it.
 */
export interface Comparison {
  results: Result[];
  /** Columns shown with each row of the report. */
  beside: string[];
  /**
   * First row that holds gives the reason. Arguments: columns by name, and of each result `<name>.recorded`, `<name>.calculated` and
   * `<name>.outcome` (`equal`, `recorded-coarser`, `calculated-coarser`, `differs`, `not-recorded`, `not-calculated`).
   */
  reasons: { arguments: string[]; rows: { when: Condition[]; then: string }[]; source: string };
}

export interface Result {
  name: string;
  recorded: { column: string; recode: { [text: string]: string } };
  calculated: Place;
  /** Values that stand for several finer ones: `III` for `IIIA`, `IIIB` … */
  coarse: { [value: string]: string[] };
  /** Calculated values that are no result, such as `unassignable`. */
  noResult: string[];
}
