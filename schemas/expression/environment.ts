/**
 * What an expression may name, told to the CEL library: items by key with their types, bound values, `today`, functions and tables.
 * The library only parses and checks types; the functions registered here are never run.
 */
import { Environment } from '@marcbachmann/cel-js';
import type { ItemType, Table } from '../form.ts';

/** What an expression must know of an item. */
export interface NamedItem {
  key: string;
  type: ItemType;
  valueSet?: string | undefined;
  items?: readonly NamedItem[] | undefined;
}

/** Names that an expression can use. */
export interface Names {
  /** Top-level items. */
  items: readonly NamedItem[];
  /** Types of the bound values, by path (`subject.birthDate`). */
  bound: ReadonlyMap<string, ItemType>;
  tables: ReadonlyMap<string, Table>;
  /** What bound values begin with; those of a form when absent. A protocol names its steps here (`resection.removalDateTime`). */
  roots?: readonly string[];
}

/** Roots of bound values; no item may have such a key. */
export const BOUND_ROOTS = ['subject', 'visit', 'site', 'person'] as const;

/** CEL counts in integers, we in doubles: `size` is checked under this name, with another result type. */
export const SIZE = 'numberOf';

const never = () => undefined;
const LIMITS = { maxAstNodes: 1000, maxDepth: 40, maxListElements: 200, maxMapEntries: 0, maxCallArguments: 20 };
const SCALARS = ['double', 'string', 'bool', 'list<string>'];

const signatures = [
  'round(double, double): double',
  ...['floor', 'ceil', 'abs', 'sqrt'].map((name) => `${name}(double): double`),
  ...['min', 'max', 'sum'].flatMap((name) => [`${name}(list<double>): double`, ...upTo(8).map((n) => `${name}(${repeat('double', n)}): double`)]),
  ...SCALARS.flatMap((type) => upTo(6).map((n) => `coalesce(${repeat(type, n)}): ${type}`)),
  ...['double', 'string', 'bool'].flatMap((type) => [`count(list<${type}>, ${type}): double`, `includes(list<${type}>, ${type}): bool`]),
  'isEmpty(dyn): bool',
  ...['bool', 'string'].map((type) => `number(${type}): double`),
  `${SIZE}(list): double`,
  ...['minutesBetween', 'daysBetween', 'yearsBetween'].map((name) => `${name}(string, string): double`),
  'onOrBefore(string, string): bool',
  'dateOf(string): string',
];

/** Names of the functions that authors may call. */
export const functionNames: ReadonlySet<string> = new Set([
  // The library types string(x) itself.
  'lookup', 'size', 'string', ...signatures.map((signature) => signature.slice(0, signature.indexOf('('))),
].filter((name) => name !== SIZE));

/** Macros that authors may call as methods of a list. */
export const macroNames = ['all', 'exists', 'filter', 'map'] as const;

/** The name under which the look-up in a table is checked, so that each table has its own types. */
export function lookupName(tables: ReadonlyMap<string, Table>, name: string): string {
  return `lookup_${[...tables.keys()].indexOf(name)}`;
}

/** An environment for expressions of the form, or of a row when `row` is the repeat in which they stand. */
export function createEnvironment(names: Names, row?: NamedItem): Environment {
  const environment = baseOf(names).clone({ limits: LIMITS });
  for (const table of names.tables.values()) environment.registerFunction(lookupSignature(names.tables, table), never);
  for (const item of names.items) {
    if (item.type === 'repeat') environment.registerType(rowType(item), { fields: fieldsOf(item.items ?? []) });
  }
  const inRow = new Set(row?.items?.map((item) => item.key));
  for (const item of [...names.items.filter((candidate) => !inRow.has(candidate.key)), ...(row?.items ?? [])]) {
    environment.registerVariable(item.key, celType(item));
  }
  return environment;
}

const bases = new WeakMap<Names['bound'], Environment>();

/** What does not depend on the form: functions, `today` and bound values. Telling the library takes longer than parsing a form's expressions. */
function baseOf({ bound, roots }: Names): Environment {
  const known = roots ? undefined : bases.get(bound);
  if (known) return known;
  const base = new Environment({ limits: LIMITS });
  base.registerOperator('double % double', never);
  for (const signature of signatures) base.registerFunction(signature, never);
  base.registerVariable('today', 'string');
  for (const root of roots ?? BOUND_ROOTS) base.registerVariable({ name: root, schema: boundFields(bound, root) });
  if (!roots) bases.set(bound, base);
  return base;
}

/** The CEL type of an item's value. */
export function celType(item: NamedItem): string {
  return item.type === 'repeat' ? `list<${rowType(item)}>` : celTypeOf(item.type);
}

function celTypeOf(type: ItemType): string {
  switch (type) {
    case 'integer': case 'number': return 'double';
    case 'boolean': return 'bool';
    case 'codes': return 'list<string>';
    default: return 'string';
  }
}

function rowType(repeatItem: NamedItem): string {
  return `row_${repeatItem.key}`;
}

function fieldsOf(items: readonly NamedItem[]): { [key: string]: string } {
  return Object.fromEntries(items.map((item) => [item.key, celType(item)]));
}

function boundFields(bound: ReadonlyMap<string, ItemType>, root: string): { [name: string]: string } {
  const own = [...bound].filter(([path]) => path.startsWith(`${root}.`));
  return Object.fromEntries(own.map(([path, type]) => [path.slice(root.length + 1), celTypeOf(type)]));
}

function lookupSignature(tables: ReadonlyMap<string, Table>, table: Table): string {
  const result = { string: 'string', number: 'double', boolean: 'bool' }[typeof table.rows[0]?.then as 'string'] ?? 'dyn';
  const args = table.arguments.map((_, i) => columnType(table, i));
  return `${lookupName(tables, table.name)}(${args.join(', ')}): ${result}`;
}

/** The type that the conditions of one column ask for; `dyn` where they ask for none. */
function columnType(table: Table, column: number): string {
  for (const { when } of table.rows) {
    const condition = when[column];
    if (condition === undefined || condition === '*') continue;
    if (typeof condition === 'string') return 'string';
    if (typeof condition === 'number') return 'double';
    if (typeof condition === 'boolean') return 'bool';
    if ('includesAny' in condition) return 'list<string>';
    if ('min' in condition || 'max' in condition) return 'double';
    if (Array.isArray(condition)) return typeof condition[0] === 'number' ? 'double' : 'string';
  }
  return 'dyn';
}

function upTo(most: number): number[] {
  return Array.from({ length: most - 1 }, (_, i) => i + 2);
}

function repeat(type: string, times: number): string {
  return Array.from({ length: times }, () => type).join(', ');
}
