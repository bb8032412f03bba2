/** Every route that the OpenAPI document lists, with a request to it that is as good as its schema can tell: what hostile requests are made from. */
import type { FastifyInstance } from 'fastify';
import { id } from '../../support/app.ts';

export interface Schema {
  readonly [keyword: string]: unknown;
}

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  schema: Schema;
}

export interface Route {
  /** `put /api/sites/{siteId}/records/{id}` */
  key: string;
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  path: string;
  parameters: Parameter[];
  /** Of a JSON body; absent when the route takes none, or something else. */
  body?: Schema;
  tags: string[];
}

interface Operation {
  tags?: string[];
  parameters?: Parameter[];
  requestBody?: { content?: { [mediaType: string]: { schema?: Schema } } };
}

export function routesOf(app: Pick<FastifyInstance, 'swagger'>): Route[] {
  const { paths = {}, components } = app.swagger() as { paths?: { [path: string]: { [method: string]: Operation } }; components?: { schemas?: { [name: string]: Schema } } };
  const shapes = components?.schemas ?? {};
  return Object.entries(paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, { parameters = [], requestBody, tags = [] }]) => {
    const body = requestBody?.content?.['application/json']?.schema;
    return {
      key: `${method} ${path}`, method: method.toUpperCase() as Route['method'], path, tags,
      parameters: parameters.map((each) => ({ ...each, schema: expand(each.schema, shapes) as Schema })),
      ...(body ? { body: expand(body, shapes) as Schema } : {}),
    };
  }));
}

/** With every `$ref` replaced by what it names; none of ours goes round in a circle. */
function expand(part: unknown, shapes: { [name: string]: Schema }): unknown {
  if (Array.isArray(part)) return part.map((each) => expand(each, shapes));
  if (typeof part !== 'object' || part === null) return part;
  if ('$ref' in part && typeof part.$ref === 'string') return expand(shapes[part.$ref.split('/').at(-1) ?? ''] ?? {}, shapes);
  return Object.fromEntries(Object.entries(part).map(([key, each]) => [key, expand(each, shapes)]));
}

/** What a member of that name is, where its schema cannot know: things that exist, by the name of the member. */
export type Known = (name: string) => unknown;

/** A value of the schema, every optional member of it filled. */
export function sample(schema: Schema, known: Known, name = ''): unknown {
  const told = known(name);
  if (told !== undefined) return told;
  if (schema['const'] !== undefined) return schema['const'];
  if (Array.isArray(schema['enum'])) return schema['enum'][0];
  const branches = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(branches)) return sample(branches[0] as Schema, known, name);
  const type = Array.isArray(schema['type']) ? schema['type'][0] as unknown : schema['type'];
  if (type === 'object') return sampleObject(schema, known);
  if (type === 'array') return [sample((schema['items'] ?? {}) as Schema, known, name)];
  if (type === 'integer' || type === 'number') return schema['minimum'] ?? 1;
  if (type === 'boolean') return true;
  return sampleText(schema);
}

function sampleObject(schema: Schema, known: Known): { [name: string]: unknown } {
  const properties = Object.entries((schema['properties'] ?? {}) as { [name: string]: Schema });
  return Object.fromEntries(properties.map(([name, each]) => [name, sample(each, known, name)]));
}

function sampleText({ pattern, format, minLength = 0 }: Schema): string {
  if (format === 'date') return '2026-01-02';
  if (format === 'date-time') return '2026-01-02T03:04:05+08:00';
  const tries = [id(), 'a'.repeat(64), '1.0.0', 'AA99', 'example', 'x', '/note', '123456', 'Abcdefgh1234'];
  const fits = (text: string) => (typeof pattern !== 'string' || new RegExp(pattern, 'u').test(text)) && text.length >= Number(minLength) ;
  return (pattern === undefined && Number(minLength) <= 12 ? 'Abcdefgh1234' : tries.find(fits)) ?? 'x'.repeat(Number(minLength));
}

export type Path = readonly (string | number)[];

/** Where the texts of a value stand, and the objects. */
export function placesOf(value: unknown, path: Path = []): { texts: Path[]; objects: Path[] } {
  if (typeof value === 'string') return { texts: [path], objects: [] };
  if (typeof value !== 'object' || value === null) return { texts: [], objects: [] };
  const inside = Object.entries(value).map(([key, each]) => placesOf(each, [...path, Array.isArray(value) ? Number(key) : key]));
  return { texts: inside.flatMap(({ texts }) => texts), objects: [...(Array.isArray(value) ? [] : [path]), ...inside.flatMap(({ objects }) => objects)] };
}

/** A copy in which another thing stands at that place. */
export function putAt(value: unknown, [step, ...rest]: Path, other: unknown): unknown {
  if (step === undefined) return other;
  if (Array.isArray(value)) return value.map((each, at) => (at === step ? putAt(each, rest, other) : each as unknown));
  return Object.fromEntries(Object.entries(Object(value) as object).map(([key, each]) => [key, key === step ? putAt(each, rest, other) : each]));
}
