/** The small JSON Schemas that the requests and replies are made of. */

export const uuid = { type: 'string', pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$', description: 'UUID in lower case; those made by clients are version 7' } as const;
export const semver = { type: 'string', pattern: '^(0|[1-9][0-9]{0,5})\\.(0|[1-9][0-9]{0,5})\\.(0|[1-9][0-9]{0,5})$', description: 'Version of a standard' } as const;
export const slug = { type: 'string', pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', maxLength: 80 } as const;
export const sha256 = { type: 'string', pattern: '^[0-9a-f]{64}$' } as const;
export const instant = { type: 'string', maxLength: 40, description: 'Instant, RFC 3339' } as const;
export const count = { type: 'integer', minimum: 0 } as const;
export const text = { $ref: 'Text#' } as const;
export const pointer = { type: 'string', maxLength: 500, pattern: '^(/[A-Za-z0-9_-]+)+$', description: 'JSON Pointer into the data; rows by row id' } as const;
/** What is left open on purpose: a reply schema that names members would silently drop the others. */
export const open = { type: 'object', additionalProperties: true } as const;
/** A line that a person typed: something in it besides blanks, no control characters. */
export const line = (maxLength: number) => ({ type: 'string', minLength: 1, maxLength, pattern: '^[^\\u0000-\\u001f\\u007f]*[^\\u0000-\\u001f\\u007f\\s][^\\u0000-\\u001f\\u007f]*$' }) as const;

/** An object of which every member is known. */
export function closed<P extends object>(properties: P, required: (keyof P & string)[] = Object.keys(properties) as (keyof P & string)[]) {
  return { type: 'object', additionalProperties: false, required, properties } as const;
}

export const pageOf = (item: object) => closed({ items: { type: 'array', items: item }, next: { type: 'string' } }, ['items']);
export const listOf = (item: object) => ({ type: 'array', items: item }) as const;
export const ref = (id: string) => ({ $ref: `${id}#` }) as const;

/** Query of a list that pages by key. */
export const pageQuery = {
  type: 'object',
  additionalProperties: false,
  properties: {
    after: { type: 'string', maxLength: 100, pattern: '^[^\\u0000]*$', description: 'The `next` of the page before' },
    limit: { type: 'integer', minimum: 1, maximum: 500, default: 100 },
  },
} as const;

export const siteParams = closed({ siteId: uuid });
export const siteItemParams = closed({ siteId: uuid, id: uuid });
export const subjectParams = closed({ siteId: uuid, subjectId: uuid });

/** The replies of a route, and that every failure is a problem. */
export const replies = (status: number, schema: object, description: string) => ({
  [status]: { description, ...schema },
  default: { description: 'A problem', $ref: 'Problem#' },
});
