/** A mapping against the header of a file and the forms of a release: every place looked up, every mistake of the mapping found before the first row. */
import { acceptsCode } from '../../../schemas/accepts-code.ts';
import type { Form, Item, Table, Value } from '../../../schemas/form.ts';
import type { PreparedForm } from '../../../schemas/prepare.ts';
import type { ColumnRule, Derived, Mapping, Place, Target } from './mapping.ts';

/** Where a value goes, with the item that says what it must be like. */
export type ReadyPlace =
  | { kind: 'element'; subDataset: string; item: Item; form: Form }
  | { kind: 'subject'; item: Item; form: Form }
  | { kind: 'visit'; item: Item; form: Form };

export interface ReadyTarget { target: Target; ready: ReadyPlace }
export interface ReadyRule { rule: ColumnRule; targets: ReadyTarget[] }
export interface ReadyDerived { derived: Derived; ready: ReadyPlace; table: Table }

export interface ReadyMapping {
  mapping: Mapping;
  /** Columns of the file, in its order; `rules` stand beside them. */
  columns: string[];
  rules: ReadyRule[];
  constants: { to: ReadyPlace; value: Value }[];
  derived: ReadyDerived[];
  keyAt: number[];
  studyNumberAt: number;
  /** One for each sub-dataset that the mapping writes. */
  forms: PreparedForm[];
}

/** Finds the form of a sub-dataset in the release. */
export type FormOf = (subDataset: string) => PreparedForm | undefined;

/** Throws an Error that lists every mistake. `patientForm` is the sub-dataset whose items are bound to the patient's fields. */
export function readyMapping(mapping: Mapping, columns: readonly string[], formOf: FormOf, patientForm = 'patient-basic-info'): ReadyMapping {
  const places = new Places(formOf, formOf(patientForm));
  const byColumn = new Map(mapping.columns.map((rule) => [rule.column, rule]));
  const rules = columns.map((column) => readyRule(byColumn.get(column) ?? { column, to: 'source' }, places));
  const constants = (mapping.constants ?? []).flatMap(({ to, value }) => places.find(to, `constant ${to}`, [value]).map((ready) => ({ to: ready, value })));
  const derived = (mapping.derived ?? []).flatMap((rule) => {
    const table = { name: rule.to, arguments: rule.arguments, rows: rule.rows, source: rule.source };
    return places.find(rule.to, `derived ${rule.to}`, rule.rows.map(({ then }) => then)).map((ready): ReadyDerived => ({ derived: rule, ready, table }));
  });
  const studyNumberAt = rules.findIndex(({ targets }) => targets.some(({ target }) => target.place === 'subject/studyNumber'));
  const mistakes = [
    ...columnMistakes(mapping, columns), ...places.mistakes,
    ...(studyNumberAt < 0 ? ['no column goes to subject/studyNumber, so no patient can be told from another'] : []),
  ];
  if (mistakes.length > 0) throw new Error(`The mapping ${mapping.name}/${mapping.version} does not fit:\n${mistakes.map((mistake) => `  - ${mistake}`).join('\n')}`);
  const keyAt = mapping.key.map((column) => columns.indexOf(column));
  return { mapping, columns: [...columns], rules, constants, derived, keyAt, studyNumberAt, forms: places.forms };
}

function readyRule(rule: ColumnRule, places: Places): ReadyRule {
  const targets = (rule.to === 'source' ? [] : rule.to).flatMap((target) => places.find(target.place, `column ${rule.column}`, Object.values(target.recode ?? {})).map((ready) => ({ target, ready })));
  return { rule, targets };
}

/** Looks places up, and collects what is wrong with them. */
class Places {
  readonly mistakes: string[] = [];
  readonly #formOf: FormOf;
  readonly #patients: PreparedForm | undefined;
  readonly #forms = new Map<string, PreparedForm>();
  readonly #filled = new Set<Place>();

  constructor(formOf: FormOf, patients: PreparedForm | undefined) {
    this.#formOf = formOf;
    this.#patients = patients;
  }

  /** Those of the sub-datasets that were named. */
  get forms(): PreparedForm[] {
    return [...this.#forms.values()];
  }

  /** The place, or nothing and a mistake; `values` are those that the mapping itself puts there. */
  find(place: Place, where: string, values: readonly Value[]): ReadyPlace[] {
    const found = resolvePlace(place, (subDataset) => this.#form(subDataset), this.#patients);
    if (this.#filled.has(place)) this.mistakes.push(`${where}: ${place} is filled twice`);
    this.#filled.add(place);
    if (typeof found !== 'string') this.mistakes.push(...valueMistakes(values, found).map((mistake) => `${where}: ${mistake}`));
    else this.mistakes.push(`${where}: ${found}`);
    return typeof found === 'string' ? [] : [found];
  }

  #form(subDataset: string): PreparedForm | undefined {
    const form = this.#forms.get(subDataset) ?? this.#formOf(subDataset);
    if (form) this.#forms.set(subDataset, form);
    return form;
  }
}

/** A column that nobody has thought about is a mistake: its cells would be kept, but their missing values and identifiers not understood. */
function* columnMistakes(mapping: Mapping, columns: readonly string[]): Iterable<string> {
  const named = new Set(mapping.columns.map(({ column }) => column));
  for (const column of columns) if (!named.has(column)) yield `the file has a column ${column}, of which the mapping says nothing`;
  const used = [...named, ...mapping.key, ...(mapping.derived ?? []).flatMap((derived) => derived.arguments)];
  for (const column of new Set(used)) if (!columns.includes(column)) yield `the file has no column ${column}`;
}

const studyNumber: Item = { key: 'studyNumber', path: 'studyNumber', type: 'text', title: { zh: '研究编号', en: 'Study number' }, required: true, identifying: 'none', concept: [] };
const visitDate: Item = { key: 'date', path: 'date', type: 'date', title: { zh: '访视日期', en: 'Visit date' }, required: true, identifying: 'none', concept: [] };

function resolvePlace(place: Place, formOf: FormOf, patients: PreparedForm | undefined): ReadyPlace | string {
  const [owner = '', key = '', ...rest] = place.split('/');
  if (!patients) return 'the release has no sub-dataset with the fields of a patient';
  if (owner === 'visit') return key === 'date' ? { kind: 'visit', item: visitDate, form: patients.form } : `a visit has no ${key}`;
  if (owner === 'subject') {
    const item = key === 'studyNumber' ? studyNumber : patients.form.items.find(({ bind }) => bind === `subject.${key}`);
    return item ? { kind: 'subject', item, form: patients.form } : `a patient has no field ${key}`;
  }
  const form = formOf(owner);
  if (!form) return `the release has no sub-dataset ${owner}`;
  const item = rest.length > 0 ? undefined : form.form.items.find((candidate) => candidate.key === key);
  if (!item) return `${owner} has no data element ${[key, ...rest].join('/')} (rows of a repeat cannot be filled from a table)`;
  if (item.calculate || item.bind) return `${place} is ${item.calculate ? 'calculated' : 'taken from elsewhere'} and cannot be filled`;
  return { kind: 'element', subDataset: owner, item, form: form.form };
}

function valueMistakes(values: readonly Value[], { item, form }: ReadyPlace): string[] {
  const set = item.valueSet === undefined ? undefined : form.valueSets[item.valueSet];
  return values.flatMap((value) => {
    if (set && !acceptsCode(set, String(value))) return [`${String(value)} is not a code of ${item.valueSet ?? ''}`];
    const wanted = item.type === 'boolean' ? 'boolean' : item.type === 'number' || item.type === 'integer' ? 'number' : 'string';
    return typeof value === wanted ? [] : [`${String(value)} is not a ${wanted}`];
  });
}
