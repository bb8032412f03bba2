/** How JSON of a request is read: no prototypes, and no half characters, which no database keeps as text. */
import type { FastifyInstance } from 'fastify';
import { Problem } from '../schemas/problem.ts';

/** Half a character can only come as an escape: in UTF-8 there is none. */
const mayHoldHalf = /\\u[dD][89a-fA-F]/;
const half = /\p{Surrogate}/u;

export function readJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, text: string, done) => parse(request, text, (error, body: unknown) => {
    if (error === null && mayHoldHalf.test(text) && holdsHalf(body)) return done(new Problem('request-invalid', [{ pointer: '', detail: 'A text holds half a character (a lone surrogate)' }]));
    return done(error, body);
  }));
}

/** The walk ends: JSON goes round in no circle, and one that is deeper than the stack is not walked but refused. */
function holdsHalf(value: unknown, depth = 0): boolean {
  if (typeof value === 'string') return half.test(value);
  if (typeof value !== 'object' || value === null) return false;
  return depth > 100 || Object.entries(value).some(([key, each]) => half.test(key) || holdsHalf(each, depth + 1));
}
