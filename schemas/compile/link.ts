/** Third phase: expressions are parsed against the items, value sets and tables that they name. */
import type { CheckText, StandardDocument } from '../documents.ts';
import { celType } from '../expression/environment.ts';
import { createLanguage, type Language } from '../expression/parse.ts';
import type { Check, Expression, Item, Table } from '../form.ts';
import type { FieldError } from '../problem.ts';
import type { Registry } from '../registry.ts';
import { lint, resultMistakes, type LintScope } from './lint.ts';
import type { DraftItem } from './normalize.ts';
import { versionsBeside } from './unknown.ts';

export interface Linked {
  items: Item[];
  checks: Check[];
  tables: Map<string, Table>;
  mistakes: FieldError[];
}

export function link(document: StandardDocument, drafts: readonly DraftItem[], registry: Registry): Linked {
  const mistakes: FieldError[] = [];
  const tables = readTables(document, registry, mistakes);
  const language = createLanguage({ items: drafts, bound: registry.boundTypes, tables });
  const byPath = new Map(drafts.flatMap((item) => [item, ...(item.items ?? [])]).map((item) => [item.path, item]));
  const linker = new Linker(language, { findItem: (path) => byPath.get(path), findBound: (path) => registry.boundValues.get(path)?.type, findValueSet: (ref) => registry.findValueSet(ref), tables }, mistakes);
  const items = drafts.map((draft) => linker.item(draft));
  const checks = linker.checks(document.check ?? [], '/check', document.properties);
  return { items, checks, tables, mistakes };
}

class Linker {
  readonly #language: Language;
  readonly #scope: LintScope;
  readonly #mistakes: FieldError[];

  constructor(language: Language, scope: LintScope, mistakes: FieldError[]) {
    this.#language = language;
    this.#scope = scope;
    this.#mistakes = mistakes;
  }

  item(draft: DraftItem, row?: DraftItem): Item {
    const { pointer, enableWhen, calculate, items, rowChecks, ...rest } = draft;
    const item: Item = rest;
    const condition = enableWhen === undefined ? undefined : this.#expression(enableWhen, 'bool', `${pointer}/enableWhen`, row);
    const calculation = calculate === undefined ? undefined : this.#expression(calculate, celType(draft), `${pointer}/calculate`, row);
    if (condition) item.enableWhen = condition;
    if (calculation) item.calculate = calculation;
    if (calculation && draft.valueSet !== undefined) this.#report(`${pointer}/calculate`, resultMistakes(calculation.tree, draft.valueSet, this.#scope));
    if (items) item.items = items.map((column) => this.item(column, draft));
    if (rowChecks) item.checks = this.checks(rowChecks, `${pointer}/items/check`, Object.fromEntries(items?.map((column) => [column.key, column]) ?? []), draft);
    return item;
  }

  /** The rules of the form, or of the rows of a repeat; `places` are what they can be reported at. */
  checks(checks: readonly CheckText[], pointer: string, places: { readonly [key: string]: unknown }, row?: DraftItem): Check[] {
    // One rule may hold at several places (E-DATE-1 at each date); a finding is told apart by rule and place.
    const seen = new Set<string>();
    return checks.flatMap((check, i) => {
      const place = `${check.id} ${check.at[0] ?? ''}`;
      if (seen.has(place)) this.#report(`${pointer}/${i}/id`, [`Another check '${check.id}' reports there`]);
      seen.add(place);
      return this.#check(check, `${pointer}/${i}`, places, row);
    });
  }

  #check(check: CheckText, pointer: string, places: { readonly [key: string]: unknown }, row?: DraftItem): Check[] {
    this.#report(`${pointer}/at`, check.at.filter((at) => !Object.hasOwn(places, at.slice(1))).map((at) => `There is nothing at '${at}'`));
    if (!check.text.en.message) this.#report(`${pointer}/text/en`, ['Has no English message']);
    const assert = this.#expression(check.assert, 'bool', `${pointer}/assert`, row);
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
    if (!found) mistakes.push({ pointer: `/tables/${i}`, detail: `Unknown tables '${ref}'${versionsBeside(ref, registry.tablesRefs)}` });
    for (const [name, table] of Object.entries(found?.tables ?? {})) {
      if (tables.has(name)) mistakes.push({ pointer: `/tables/${i}`, detail: `Table '${name}' comes from two documents` });
      tables.set(name, { name, arguments: table.arguments, rows: table.rows, source: table.source });
    }
  }
  return tables;
}
