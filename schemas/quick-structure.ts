/**
 * Says quickly that data are right, so that the whole structure check runs only where something is wrong. Closures over the same
 * schema (`Form.structure`), each value read once: the generated code reads every property by name several times, which is
 * slow where V8 keeps an object as a dictionary. A property test holds this against Ajv. Whatever is not known here is left
 * to the whole check.
 */
import { dayOf, daysOf, instantOf } from './dates.ts';
import { formats, type FormatName } from './formats.ts';
import type { StructureCheck } from './prepare.ts';

export type Test = (value: unknown) => boolean;

/** The part of JSON Schema that `compile/structure.ts` writes. */
interface Schema {
  $ref?: string;
  type?: string;
  allOf?: readonly Schema[];
  properties?: { readonly [key: string]: Schema };
  required?: readonly string[];
  items?: Schema;
  minItems?: number;
  uniqueItems?: boolean;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  format?: string;
  $defs?: { readonly [name: string]: Schema };
}

const known = new Set(['$schema', '$ref', '$defs', 'type', 'allOf', 'properties', 'required', 'items', 'minItems', 'uniqueItems', 'minimum', 'maximum', 'minLength', 'maxLength', 'pattern', 'format']);
const NO_ERRORS: readonly never[] = [];
const never: Test = () => false;

/** The same as `check`, which is asked only about data that are not found right. */
export function quickly(structure: object, check: StructureCheck): StructureCheck {
  const schema: Schema = structure;
  const isRight = testOf(schema, schema.$defs ?? {});
  return (data) => (isRight(data) ? NO_ERRORS : check(data));
}

/** The tests of the members of a form's data, by key. */
export function testsOf(structure: object): ReadonlyMap<string, Test> {
  const schema: Schema = structure;
  const defs = schema.$defs ?? {};
  const { properties = {} } = joined(schema.allOf ?? [], defs);
  return new Map(Object.entries(properties).map(([key, property]) => [key, testOf(property, defs)]));
}

function testOf(schema: Schema, defs: { readonly [name: string]: Schema }): Test {
  if (Object.keys(schema).some((keyword) => !known.has(keyword))) return never;
  if (schema.$ref !== undefined) {
    const target = defs[schema.$ref.replace('#/$defs/', '')];
    return target ? testOf(target, defs) : never;
  }
  if (schema.allOf) return objectTest(joined(schema.allOf, defs), defs);
  switch (schema.type) {
    case 'boolean': return (value) => typeof value === 'boolean';
    case 'integer': case 'number': return numberTest(schema);
    case 'string': return textTest(schema);
    case 'array': return listTest(schema, defs);
    case 'object': return objectTest(schema, defs);
    default: return never;
  }
}

/** The groups of a form's properties as one object again. */
function joined(groups: readonly Schema[], defs: { readonly [name: string]: Schema }): Schema {
  const found = groups.map((group) => (group.$ref === undefined ? group : defs[group.$ref.replace('#/$defs/', '')] ?? {}));
  return { type: 'object', properties: Object.assign({}, ...found.map(({ properties }) => properties)) as NonNullable<Schema['properties']>, required: found.flatMap(({ required = [] }) => required) };
}

function numberTest({ type, minimum = -Infinity, maximum = Infinity }: Schema): Test {
  const isKind = type === 'integer' ? Number.isInteger : Number.isFinite;
  return (value) => typeof value === 'number' && isKind(value) && value >= minimum && value <= maximum;
}

function textTest({ minLength = 0, maxLength = Infinity, pattern, format }: Schema): Test {
  // Lengths count characters; there are never more of them than of the units that make up a text.
  if (minLength > 1) return never;
  const isFormed = format === undefined ? undefined : formatTests[format as FormatName];
  if (format !== undefined && !isFormed) return never;
  const expression = pattern === undefined ? undefined : new RegExp(pattern, 'u');
  return (value) => typeof value === 'string' && value.length >= minLength && value.length <= maxLength
    && (isFormed === undefined || isFormed(value)) && (expression === undefined || expression.test(value));
}

const formatTests: { readonly [name in FormatName]: (text: string) => boolean } = {
  'date': (text) => text.length === 10 && dayOf(text) !== undefined,
  'partial-date': (text) => text.length <= 10 && daysOf(text) !== undefined,
  'date-time': (text) => instantOf(text) !== undefined,
  'time': (text) => formats.time.test(text),
  'uuid': (text) => formats.uuid.test(text),
};

function listTest({ items, minItems = 0, uniqueItems = false }: Schema, defs: { readonly [name: string]: Schema }): Test {
  const isElement = items ? testOf(items, defs) : never;
  return (value) => Array.isArray(value) && value.length >= minItems && value.every(isElement) && (!uniqueItems || value.length < 2 || new Set<unknown>(value).size === value.length);
}

/** V8 keeps parsed JSON with so many members as a dictionary: going through one is slow, asking it for each member is not. */
export const DICTIONARY = 128;

function objectTest({ properties = {}, required = [] }: Schema, defs: { readonly [name: string]: Schema }): Test {
  const tests = new Map(Object.entries(properties).map(([key, property]) => [key, testOf(property, defs)]));
  const areRight = tests.size < DICTIONARY ? membersTest(tests) : namedTest([...tests.keys()], [...tests.values()]);
  return (value) => isObject(value) && required.every((key) => value[key] !== undefined) && areRight(value);
}

function membersTest(tests: ReadonlyMap<string, Test>): (value: Members) => boolean {
  return (value) => {
    const keys = Object.keys(value);
    const members = Object.values(value);
    for (let i = 0; i < keys.length; i++) if (members[i] !== undefined && tests.get(keys[i] ?? '')?.(members[i]) === false) return false;
    return true;
  };
}

function namedTest(keys: readonly string[], tests: readonly Test[]): (value: Members) => boolean {
  return (value) => {
    for (let i = 0; i < keys.length; i++) {
      const member = value[keys[i] ?? ''];
      if (member !== undefined && tests[i]?.(member) === false) return false;
    }
    return true;
  };
}

type Members = { readonly [key: string]: unknown };

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
