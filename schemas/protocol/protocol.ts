/**
 * A protocol of taking samples: as it is written under `standards/protocols/` (`protocol.schema.json` demands the shape), and compiled. A compiled
 * protocol is plain JSON that a page can be sent; `prepare.ts` makes it run.
 */
import type { Expression, Text } from '../form.ts';
import type { VisitKind } from '../http/api.ts';

interface Titled {
  title: string;
  description?: string;
  text: { en: { title?: string; description?: string } };
}

export interface ProtocolDocument extends Titled {
  $id: string;
  source: string;
  visit: VisitKind[];
  lesion: 'must' | 'may' | 'none';
  pictures?: { form: string; image: string; accepted?: string };
  steps: StepDocument[];
  clocks: (Titled & { id: string; each?: string; from: string; to: string; when?: string; target?: number; limit?: number | string; warnBefore?: number; deviation?: DeviationDocument; source: string })[];
  rules?: { id: string; each?: string; assert: string; deviation: DeviationDocument; source: string }[];
  acceptance: (Titled & { id: string; each?: string; assert: string; source: string })[];
  aliquots: (Titled & { id: string; each: string; when?: string; planned: number; count: string; fields: { [part: string]: string }; source: string })[];
  naming: Naming & { source: string };
  labels: LabelSheet;
}

export interface StepDocument extends Titled {
  id: string;
  form: string;
  records?: number;
  label?: string;
  after?: string[];
  guide?: Titled[];
  refers?: { [key: string]: string };
  carries?: { [key: string]: string };
  tasks: TaskDocument[];
  conditions?: (Titled & { id: string; each?: string; assert: string })[];
  results?: string[];
  sheet: string[];
}

export type TaskDocument =
  | (Titled & { picture: string; is: { [key: string]: string }; count?: number; fills?: string })
  | (Titled & { moment: string; optional?: true })
  | { aliquots: true };

type DeviationDocument = Titled & { code: string };

/** A form of one version. */
export interface FormRef {
  subDataset: string;
  version: string;
}

export interface Protocol {
  name: string;
  version: string;
  /** Of the document's canonical JSON, hex. */
  sha256: string;
  title: Text;
  description?: Text;
  visit: VisitKind[];
  lesion: 'must' | 'may' | 'none';
  pictures?: { form: FormRef; image: string; accepted?: Expression };
  steps: Step[];
  clocks: Clock[];
  rules: Rule[];
  acceptance: Acceptance[];
  aliquots: AliquotKind[];
  naming: Naming;
  labels: LabelSheet;
  /** Titles of the elements that the expressions read, by `step.element`. */
  elements: { [path: string]: Text };
}

export interface Step {
  /** Name of the step in expressions. */
  id: string;
  title: Text;
  form: FormRef;
  /** How many records it needs at least. */
  records: number;
  /** Element that tells its records apart. */
  label?: string;
  /** Steps that must be complete before it is. */
  after: string[];
  guide: Text[];
  /** What a record that is begun takes over from other steps, by element. */
  carries: { key: string; value: Expression }[];
  /** Elements that name the patient's newest complete record of a sub-dataset. */
  refers: { key: string; subDataset: string }[];
  tasks: Task[];
  conditions: Condition[];
  /** What the form calculates and the run shows. */
  results: { key: string; title: Text; unit?: string }[];
  /** Elements that stand on the run sheet. */
  sheet: string[];
}

export type Task = PictureTask | MomentTask | { kind: 'aliquots' };

export interface PictureTask {
  kind: 'picture';
  id: string;
  title: Text;
  description?: Text;
  /** Codes that the picture's record must have, by element. */
  is: { [key: string]: string };
  count: number;
  /** Element of the step's form that names the picture. */
  fills?: string;
}

/** A moment is an element of the step's form that takes the present time. */
export interface MomentTask {
  kind: 'moment';
  key: string;
  title: Text;
  description?: Text;
  optional: boolean;
}

export interface Condition {
  id: string;
  title: Text;
  each?: string;
  assert: Expression;
}

export interface DeviationKind {
  code: string;
  title: Text;
}

/** Minutes are whole, rounded down, as the forms count; late is more than the limit. */
export interface Clock {
  id: string;
  title: Text;
  each?: string;
  from: Expression;
  to: Expression;
  /** The moment that stops it, where `to` is a single element. */
  stops?: { step: string; key: string };
  when?: Expression;
  target?: number;
  limit?: number | Expression;
  /** Minutes before the limit; 0 when it does not warn. */
  warnBefore: number;
  deviation?: DeviationKind;
}

export interface Rule {
  id: string;
  each?: string;
  assert: Expression;
  deviation: DeviationKind;
}

export type Acceptance = Condition;

/** One kind of aliquot of each record of a step. */
export interface AliquotKind {
  id: string;
  each: string;
  title: Text;
  when?: Expression;
  /** How many are offered before the record says how many there are. */
  planned: number;
  count: Expression;
  fields: { [part: string]: Expression };
}

/** How a code is put together; a `series` counts letters or numbers within what stands before it. */
export interface Naming {
  parts: NamePart[];
  /** What every code must be, whole. */
  pattern: string;
}

export type NamePart =
  | { text: string; newLine?: true }
  | { site: 'code' }
  | { subject: 'studyNumber'; after: string; digits: number }
  | { field: string; width: number }
  | { series: 'record' | 'aliquot'; as: 'letter' | 'number'; width?: number };

/** A sheet of labels; millimetres from the upper left corner of the page. */
export interface LabelSheet {
  symbol: 'datamatrix' | 'qrcode';
  fields: ('code' | 'content' | 'date')[];
  page: { width: number; height: number };
  columns: number;
  rows: number;
  left: number;
  top: number;
  width: number;
  height: number;
  across: number;
  down: number;
}
