/**
 * The dialect's meta-schema at work, and the structure check of a record's data. The only place where an Ajv is made; it
 * compiles with `new Function`, so this runs on the server alone. Pages get the same check from `validator-module.ts`.
 */
import { Ajv2020, type ErrorObject, type Options, type ValidateFunction } from 'ajv/dist/2020.js';
import type { DocumentKind } from './documents.ts';
import { formats } from './formats.ts';
import type { StructureCheck, StructureError } from './prepare.ts';
import type { FieldError } from './problem.ts';

/** An Ajv that knows our formats and nothing else; `more` are further options. */
export function createAjv(more: Options = {}): Ajv2020 {
  return new Ajv2020({
    strict: true,
    allowUnionTypes: true,
    allErrors: true,
    // A generated function past some 150 fields is too long for V8's optimiser, hence one function for each group of fields.
    inlineRefs: false,
    formats: { ...formats },
    ...more,
  });
}

const NO_ERRORS: readonly StructureError[] = [];

/**
 * The structure check of a form (`Form.structure`). It is compiled when it is first asked: of a hundred forms that a server
 * offers, a few are written at any time.
 */
export function createStructureCheck(structure: object): StructureCheck {
  let validate: ValidateFunction | undefined;
  return (data) => {
    validate ??= compileAlone(structure);
    return validate(data) ? NO_ERRORS : (validate.errors ?? []).map(({ instancePath, keyword, params }) => ({ instancePath, keyword, params }));
  };
}

let shared: Ajv2020 | undefined;

/** Making an Ajv takes longer than compiling a form's structure, so one serves all; it keeps no schema, for drafts come and go. */
function compileAlone(structure: object): ValidateFunction {
  // The schema is our compiler's own, and what is found right is never asked of this: a short compilation counts for more than fast code.
  shared ??= createAjv({ validateSchema: false, code: { optimize: false } });
  const validate = shared.compile(structure);
  shared.removeSchema(structure);
  return validate;
}

/** Says what is wrong with the shape of a document. */
export interface Dialect {
  mistakes(kind: DocumentKind | 'cases', document: unknown): FieldError[];
}

/** Compiles the meta-schema `standards/dialect.json`. */
export function createDialect(metaSchema: object): Dialect {
  // Strict mode refuses what is no keyword; a test holds the meta-schema against its own meta-schema, which takes a sixth of a start.
  const ajv = createAjv({ validateSchema: false });
  ajv.addSchema(metaSchema, 'dialect');
  const validators = new Map<string, ValidateFunction>();
  return {
    mistakes(kind, document) {
      if (kind === 'dialect') return [];
      const definition = kind === 'common' && isBlock(document) ? 'block' : kind;
      const name = definition === 'standard' ? 'dialect' : `dialect#/$defs/${definition}`;
      const validate = validators.get(name) ?? ajv.getSchema(name);
      if (!validate) throw new TypeError(`The dialect does not describe documents of kind ${kind}`);
      validators.set(name, validate);
      return validate(kind === 'standard' || kind === 'common' ? withoutRemovals(document) : document) ? [] : describeErrors(validate.errors ?? []);
    },
  };
}

function isBlock(document: unknown): boolean {
  return typeof document === 'object' && document !== null && 'type' in document && document.type === 'object';
}

/** A standard or block without the nulls beside a `$ref`, which only remove keywords of what it names; itself when it has none. */
function withoutRemovals(document: unknown): unknown {
  const elements = isObject(document) ? document['properties'] : undefined;
  if (!isObject(document) || !isObject(elements)) return document;
  const cleaned = mapped(elements, (element) => {
    const own = withoutNulls(element);
    const items = isObject(own) ? own['items'] : undefined;
    const columns = isObject(items) ? items['properties'] : undefined;
    if (!isObject(own) || !isObject(items) || !isObject(columns)) return own;
    const cleanColumns = mapped(columns, withoutNulls);
    return cleanColumns === columns ? own : { ...own, items: { ...items, properties: cleanColumns } };
  });
  return cleaned === elements ? document : { ...document, properties: cleaned };
}

type Json = { readonly [key: string]: unknown };

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function withoutNulls(element: unknown): unknown {
  if (!isObject(element) || element['$ref'] === undefined || !Object.values(element).includes(null)) return element;
  return Object.fromEntries(Object.entries(element).filter(([, value]) => value !== null));
}

/** The object with other members; itself when none is another. */
function mapped(object: Json, change: (member: unknown) => unknown): Json {
  const entries = Object.entries(object).map(([key, member]) => [key, change(member)] as const);
  return entries.every(([key, member]) => object[key] === member) ? object : Object.fromEntries(entries);
}

/** One line for each mistake: of the branches of an `anyOf` only the whole is told, of a bad name only that it is bad. */
function describeErrors(errors: readonly ErrorObject[]): FieldError[] {
  const wholes = errors.filter((error) => error.keyword === 'anyOf').map((error) => error.instancePath);
  const named = new Set(errors.filter((error) => error.keyword === 'propertyNames').map((error) => error.instancePath));
  return errors
    .filter((error) => error.keyword === 'anyOf' || !wholes.some((path) => error.instancePath.startsWith(path)))
    .filter((error) => !(named.has(error.instancePath) && ['pattern', 'enum', 'maxLength'].includes(error.keyword)))
    .map(describeError);
}

function describeError(error: ErrorObject): FieldError {
  const { instancePath, keyword, params } = error;
  switch (keyword) {
    case 'additionalProperties': return { pointer: `${instancePath}/${String(params['additionalProperty'])}`, detail: 'Unknown keyword' };
    case 'required': return { pointer: instancePath, detail: `'${String(params['missingProperty'])}' is missing` };
    case 'enum': return { pointer: instancePath, detail: `Must be one of: ${(params['allowedValues'] as unknown[]).join(', ')}` };
    case 'const': return { pointer: instancePath, detail: `Must be ${JSON.stringify(params['allowedValue'])}` };
    case 'anyOf': return { pointer: instancePath, detail: 'Has none of the permitted shapes' };
    case 'propertyNames': return { pointer: `${instancePath}/${String(params['propertyName'])}`, detail: 'Not a permitted name' };
    default: return { pointer: instancePath, detail: capitalize(error.message ?? keyword) };
  }
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
