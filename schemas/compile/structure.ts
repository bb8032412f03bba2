/**
 * The JSON Schema of a record's data, structure only: types, bounds, lengths, formats, patterns. Nothing is required and no
 * property depends on another, so one value can be checked alone; what is unknown, coded or decimal is `evaluate`'s to check.
 */
import type { Item } from '../form.ts';

/** Past some 150 fields a generated function is too long for V8's optimiser; groups are compiled one by one. */
const GROUP = 40;

export function structureOf(items: readonly Item[]): object {
  const defs: { [name: string]: object } = {};
  for (let from = 0; from < items.length; from += GROUP) {
    defs[`group${from / GROUP}`] = { type: 'object', properties: propertiesOf(items.slice(from, from + GROUP)) };
  }
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    allOf: Object.keys(defs).map((name) => ({ $ref: `#/$defs/${name}` })),
    $defs: defs,
  };
}

function propertiesOf(items: readonly Item[]): { [key: string]: object } {
  return Object.fromEntries(items.map((item) => [item.key, schemaOf(item)]));
}

function schemaOf(item: Item): object {
  const { minimum, maximum, maxLength, pattern } = item;
  switch (item.type) {
    case 'integer': case 'number': return { type: item.type, ...defined({ minimum, maximum }) };
    case 'boolean': return { type: 'boolean' };
    case 'text': case 'long-text': return { type: 'string', minLength: 1, ...defined({ maxLength, pattern: pattern === undefined ? undefined : `^(?:${pattern})$` }) };
    case 'code': return { type: 'string', minLength: 1 };
    case 'codes': return { type: 'array', items: { type: 'string' }, minItems: 1, uniqueItems: true };
    case 'reference': case 'image': return { type: 'string', format: 'uuid' };
    case 'repeat': return { type: 'array', items: rowSchema(item.items ?? []) };
    default: return { type: 'string', format: item.type };
  }
}

function rowSchema(items: readonly Item[]): object {
  return { type: 'object', properties: { rowId: { type: 'string', format: 'uuid' }, ...propertiesOf(items) }, required: ['rowId'] };
}

function defined(members: { [name: string]: unknown }): object {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
