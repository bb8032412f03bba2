/**
 * What a standard becomes when it is compiled: plain data that can be sent as JSON, so that a browser
 * needs neither the parser of expressions nor the compiler of schemas. `prepare.ts` makes it run.
 */

/** Text in the two languages of the product; Chinese is the source, English may fall back to it. */
export interface Text {
  zh: string;
  en: string;
}

/** One version of one sub-dataset. */
export interface StandardRef {
  dataset: string;
  subDataset: string;
  version: string;
}

/** A JSON Pointer (RFC 6901) into a record's data; a row of a repeat is named by its row id, never by an index. */
export type Pointer = string;

/** A value as it stands in a record: JSON without null. Dates are text; numbers are canonical (`unit` of the item). */
export type Value = string | number | boolean | readonly string[];

/** One row of a repeat; `rowId` is a UUIDv7 that never changes. */
export interface Row {
  rowId: string;
  [key: string]: Value | undefined;
}

/** The flat data of a record: one property per data element, only repeats nest. Absent means not answered. */
export type Data = { [key: string]: Value | readonly Row[] | undefined };

/** Why a value is absent, by pointer; the codes are those of the value set `missing-reason`. */
export type Missing = { [pointer: Pointer]: string };

/**
 * What people have entered. `data` may hold values of items that logic has switched off; `evaluate` parks them.
 * `parked` holds those of an earlier evaluation, by pointer, and is read back when the item is in play again.
 */
export interface Answers {
  data: Data;
  missing?: Missing;
  parked?: { [pointer: Pointer]: Value };
}

/** What the surroundings know: today's civil date at the site, and the values that items are bound to (`subject.sex`, …). */
export interface Context {
  /** Civil date, `YYYY-MM-DD`. */
  today: string;
  /** Bound values by bind path, e.g. `{ 'subject.birthDate': '1961-03' }`. A path that is absent is unknown. */
  bound?: { [path: string]: Value };
}

export type Severity = 'hard' | 'soft';

/** What the engine says about data. A value, never thrown; its message never repeats what was entered. */
export interface Finding {
  pointer: Pointer;
  severity: Severity;
  /** Id of the rule: `required`, `type`, `range`, `decimals`, `length`, `format`, `pattern`, `value-set`, `unique`, `unknown-element`, `missing-reason`, or the id of a check such as `E-LES-1`. */
  rule: string;
  message: Text;
}

/** The result of evaluating a form over answers. */
export interface Evaluation {
  /** Values in play, calculated ones included. */
  data: Data;
  /** Reasons of items in play. One beside a value is a finding, and stays until it is resolved. */
  missing: Missing;
  /** Values set aside because logic switched their item off. */
  parked: { [pointer: Pointer]: Value };
  /** Pointers of the items that logic has switched off. */
  disabled: Pointer[];
  /** In the order of the form. */
  findings: Finding[];
}

/** How an item is stored and drawn. */
export type ItemType =
  | 'text' | 'long-text' | 'integer' | 'number' | 'boolean'
  | 'date' | 'partial-date' | 'time' | 'date-time'
  | 'code' | 'codes' | 'reference' | 'image' | 'repeat';

export type Identifying = 'none' | 'quasi' | 'direct' | 'sensitive';

/** A permitted code of a value set. */
export interface Code {
  code: string;
  text: Text;
  /** Status `retired` is still valid in old data but no longer offered. */
  status: 'active' | 'retired';
  /** Initials of the Chinese text in lower case, for search: 黑色素瘤 is `hssl`. */
  pinyin?: string;
  /** Other names by which people look for it. */
  synonyms?: string[];
}

export interface ValueSet {
  id: string;
  version: string;
  title: Text;
  codes: Code[];
  /**
   * A large system that a hospital imports (ICD-10): any other code that matches `pattern`, whole, is accepted too.
   * `content` names the import (`icd-10`).
   */
  open?: { pattern: string; content: string };
}

/** An expression, parsed and checked when the standard was compiled. `tree` is the engine's own small syntax tree. */
export interface Expression {
  source: string;
  tree: Node;
  /** Keys of the items it reads, in the scope of the form (`breslow`) or of a row (`orders/dose`). */
  reads: string[];
}

/** The syntax tree of the part of CEL that authors may use; numbers are always doubles. */
export type Node =
  | { op: 'value'; value: string | number | boolean }
  | { op: 'item'; key: string }
  | { op: 'bound'; path: string }
  | { op: 'today' }
  | { op: 'variable'; name: string }
  | { op: 'field'; of: Node; name: string }
  | { op: 'list'; items: Node[] }
  | { op: 'not' | 'negate'; of: Node }
  | { op: 'and' | 'or' | 'in' | '==' | '!=' | '<' | '<=' | '>' | '>=' | '+' | '-' | '*' | '/' | '%'; left: Node; right: Node }
  | { op: 'if'; test: Node; then: Node; else: Node }
  | { op: 'call'; name: string; args: Node[] }
  | { op: 'macro'; name: 'all' | 'exists' | 'filter' | 'map'; of: Node; variable: string; body: Node };

/** A rule over several items. Unknown is silent. */
export interface Check {
  id: string;
  severity: Severity;
  assert: Expression;
  message: Text;
  /** Where it is reported: the first pointer gets the finding, the others are related. In a rule of a row relative to the row: `/endAt`. */
  at: Pointer[];
  source: string;
}

/** What an item asks of the camera. */
export interface Capture {
  kind: 'photo';
  /** Offer the on-device classifier while the picture is framed. */
  classify: boolean;
  /**
   * Which items of this form the capture answers, by fact of the picture: `imageId`, `width`, `height`, `bytes`, `format`, `sha256`,
   * `capturedAt`, `cameraModel`, `focalLength`, `focusAdequate`, `exposureAdequate`, `metadataRemoved`. Only unanswered items are filled.
   */
  fills?: { [fact: string]: string };
  /** Where the classifier's result is recorded: another sub-dataset, and which of its items take which fact of the run. */
  classification?: { subDataset: string; fills: { [fact: string]: string } };
}

/** A data element placed on the form. */
export interface Item {
  /** Key in the data; inside a repeat the key in the row. */
  key: string;
  /** Path without row ids, unique in the form: `breslow`, `orders/dose`. */
  path: string;
  type: ItemType;
  title: Text;
  description?: Text;
  /** UCUM code. */
  unit?: string;
  minimum?: number;
  maximum?: number;
  /** Decimals that may be entered; absent means any. */
  decimals?: number;
  maxLength?: number;
  /** Linear-time pattern, whole value. */
  pattern?: string;
  /** `id/version` of the value set of a code. */
  valueSet?: string;
  /** Kind of entity that a reference names: `subject`, `visit`, `site`, `lesion`, `specimen`, `image`, `record`, `person`. */
  refersTo?: string;
  required: boolean;
  enableWhen?: Expression;
  calculate?: Expression;
  /** Where the value comes from instead of being typed, e.g. `subject.sex`. */
  bind?: string;
  /** What a new record, or a new row, starts with: the person signed in, or today. The person may change it. */
  initial?: 'person.id' | 'today';
  capture?: Capture;
  identifying: Identifying;
  concept: { system: string; code: string }[];
  /** Identifier of the data element in its source standard (HDSD, DE), and where the definition comes from. */
  element?: { [system: string]: string };
  source?: string;
  /** Items of a row, for a repeat. */
  items?: Item[];
  /** Rules that each row of a repeat must keep; they read its columns by bare name, and the form's items. */
  checks?: Check[];
  /** How the rows are drawn on a wide screen; absent means cards. */
  display?: 'table' | 'cards';
}

/** A group of items under a heading; a repeat is one item in it. */
export interface Section {
  id: string;
  title: Text;
  /** Paths of top-level items, in order. */
  items: string[];
}

/** A compiled standard. Plain JSON. */
export interface Form {
  standard: StandardRef;
  /** SHA-256 of the standard's canonical JSON, hex. */
  sha256: string;
  title: Text;
  description?: Text;
  /** Grain: `subject`, `lesion`, `visit`, `image`, `specimen` (one record for each), or `any`. */
  per: string;
  sections: Section[];
  /** Top-level items in the order of the layout. */
  items: Item[];
  checks: Check[];
  /** The value sets that the items use, by `id/version`; `missing-reason` is always among them. */
  valueSets: { [ref: string]: ValueSet };
  /** The look-up tables that the expressions use, by name. */
  tables: { [name: string]: Table };
  /** Paths of the items with `enableWhen` or `calculate`, each after all that it reads. */
  order: string[];
  /** JSON Schema of a record's data with structure only (types, bounds, formats, patterns), for Ajv or its standalone code. Codes and decimals are checked by `evaluate`. */
  structure: object;
}

/** A decision table: the first row whose every condition holds gives the result. */
export interface Table {
  name: string;
  /** Names of the arguments, for messages and documentation. */
  arguments: string[];
  rows: { when: Condition[]; then: string | number | boolean }[];
  source: string;
}

/**
 * One cell of a decision table. `'*'` always holds; `{ empty: true }` holds for an unanswered argument; all others hold only
 * for an answered one: equal, one of, within bounds (inclusive), or, for lists, having any of the codes.
 */
export type Condition =
  | '*'
  | string | number | boolean
  | readonly (string | number)[]
  | { empty: boolean }
  | { min?: number; max?: number }
  | { includesAny: readonly string[] };
