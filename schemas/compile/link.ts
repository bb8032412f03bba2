/** Third phase: expressions are parsed against the items, value sets and tables that they name. */
import type { StandardDocument } from '../documents.ts';
import { celType } from '../expression/environment.ts';
import { createLanguage, type Language } from '../expression/parse.ts';
import type { Check, Expression, Item, ItemType, Table } from '../form.ts';
import type { FieldError } from '../problem.ts';
import type { Registry } from '../registry.ts';
import { lint, resultMistakes, type LintScope } from './lint.ts';
import type { DraftItem } from './normalize.ts';

export interface Linked {
  items: Item[];
  checks: Check[];
  tables: Map<string, Table>;
  mistakes: FieldError[];
}

/** Bound values that every record has, beside those that some standard binds an element to. */
const KNOWN_BOUND: readonly [string, ItemType][] = [
  ['subject.id', 'reference'], ['subject.studyNumber', 'text'], ['subject.sex', 'text'], ['subject.birthDate', 'partial-date'],
  ['visit.id', 'reference'], ['visit.kind', 'text'], ['visit.date', 'date'],
  ['site.id', 'reference'], ['site.code', 'text'], ['site.name', 'text'], ['person.id', 'reference'], ['person.name', 'text'],
];

export function link(document: StandardDocument, drafts: readonly DraftItem[], registry: Registry): Linked {
  const mistakes: FieldError[] = [];
  const tables = readTables(document, registry, mistakes);
  const language = createLanguage({ items: drafts, bound: boundTypes(drafts, registry), tables });
  const byPath = new Map(drafts.flatMap((item) => [item, ...(item.items ?? [])]).map((item) => [item.path, item]));
  const linker = new Linker(language, { findItem: (path) => byPath.get(path), findValueSet: (ref) => registry.findValueSet(ref), tables }, mistakes);
  const items = drafts.map((draft) => linker.item(draft));
  const checks = (document.check ?? []).flatMap((check, i) => linker.check(check, `/check/${i}`, document));
  return { items, checks, tables, mistakes };
}

class Linker {
  readonly #language: Language;
  readonly #scope: LintScope;
  readonly #mistakes: FieldError[];
  readonly #checkPlaces = new Set<string>();

  constructor(language: Language, scope: LintScope, mistakes: FieldError[]) {
    this.#language = language;
    this.#scope = scope;
    this.#mistakes = mistakes;
  }

  item(draft: DraftItem, row?: DraftItem): Item {
    const { pointer, enableWhen, calculate, items, ...rest } = draft;
    const item: Item = rest;
    const condition = enableWhen === undefined ? undefined : this.#expression(enableWhen, 'bool', `${pointer}/enableWhen`, row);
    const calculation = calculate === undefined ? undefined : this.#expression(calculate, celType(draft), `${pointer}/calculate`, row);
    if (condition) item.enableWhen = condition;
    if (calculation) item.calculate = calculation;
    if (calculation && draft.valueSet !== undefined) this.#report(`${pointer}/calculate`, resultMistakes(calculation.tree, draft.valueSet, this.#scope));
    if (items) item.items = items.map((column) => this.item(column, draft));
    return item;
  }

  check(check: NonNullable<StandardDocument['check']>[number], pointer: string, document: StandardDocument): Check[] {
    // One rule may hold at several places (E-DATE-1 at each date); a finding is told apart by rule and place.
    const place = `${check.id} ${check.at[0] ?? ''}`;
    if (this.#checkPlaces.has(place)) this.#report(`${pointer}/id`, [`Another check '${check.id}' reports there`]);
    this.#checkPlaces.add(place);
    this.#report(`${pointer}/at`, check.at.filter((at) => !Object.hasOwn(document.properties, at.slice(1))).map((at) => `There is nothing at '${at}'`));
    if (!check.text.en.message) this.#report(`${pointer}/text/en`, ['Has no English message']);
    const assert = this.#expression(check.assert, 'bool', `${pointer}/assert`);
    const { id, severity, message, at, source } = check;
    return assert ? [{ id, severity, assert, message: { zh: message, en: check.text.en.message ?? message }, at, source }] : [];
  }

  #expression(source: string, expected: string, pointer: string, row?: DraftItem): Expression | undefined {
    const { expression, mistakes } = this.#language.parse(source, expected, row);
    this.#report(pointer, expression ? lint(expression.tree, this.#scope) : mistakes);
    return expression;
  }

  #report(pointer: string, details: readonly string[]): void {
    for (const detail of details) this.#mistakes.push({ pointer, detail });
  }
}

function readTables(document: StandardDocument, registry: Registry, mistakes: FieldError[]): Map<string, Table> {
  const tables = new Map<string, Table>();
  for (const [i, ref] of (document.tables ?? []).entries()) {
    const found = registry.findTables(ref);
    if (!found) mistakes.push({ pointer: `/tables/${i}`, detail: `Unknown tables '${ref}'` });
    for (const [name, table] of Object.entries(found?.tables ?? {})) {
      if (tables.has(name)) mistakes.push({ pointer: `/tables/${i}`, detail: `Table '${name}' comes from two documents` });
      tables.set(name, { name, arguments: table.arguments, rows: table.rows, source: table.source });
    }
  }
  return tables;
}

/** A path is known when this or any other standard binds an element to it. */
function boundTypes(drafts: readonly DraftItem[], registry: Registry): Map<string, ItemType> {
  const types = new Map(KNOWN_BOUND);
  for (const { subDataset, version } of registry.standards) {
    for (const element of Object.values(registry.findStandard(subDataset, version)?.properties ?? {})) {
      if (typeof element.bind === 'string' && !types.has(element.bind)) types.set(element.bind, plainTypeOf(element.type));
    }
  }
  for (const item of drafts) if (item.bind !== undefined) types.set(item.bind, item.type);
  return types;
}

function plainTypeOf(type: string | undefined): ItemType {
  return type === 'number' || type === 'integer' || type === 'boolean' ? type : 'text';
}
