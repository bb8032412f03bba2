/** How requests are checked: bodies strictly and as they are; addresses and headers, which are always text, with coercion. */
import { Ajv2020, type Options } from 'ajv/dist/2020.js';
import type { FastifySchemaCompiler } from 'fastify';
import { formats } from '../schemas/formats.ts';
import { shapes } from '../schemas/http/shapes.ts';

/** Not `allErrors`: a request that is wrong in a thousand places need not cost a thousand messages. */
const options: Options = { strict: true, allowUnionTypes: true, removeAdditional: false, useDefaults: false, coerceTypes: false, formats: { ...formats } };

export function createValidatorCompiler(): FastifySchemaCompiler<object> {
  const strict = withShapes(new Ajv2020(options));
  const coercing = withShapes(new Ajv2020({ ...options, coerceTypes: 'array', useDefaults: true }));
  return ({ schema, httpPart }) => (httpPart === 'body' ? strict : coercing).compile(schema);
}

function withShapes(ajv: Ajv2020): Ajv2020 {
  for (const shape of shapes) ajv.addSchema(shape);
  return ajv;
}
