/** Code lists: searched here, or taken away whole to be searched in the page. */
import type { FastifyPluginAsync } from 'fastify';
import type { CodePage } from '../../schemas/code-search.ts';
import * as schema from '../../schemas/http/value-sets.ts';
import { fail } from '../../schemas/problem.ts';
import { createCodeLists } from '../services/code-lists.ts';
import type { Context } from '../services/context.ts';
import { canSomewhere, type Actor } from '../services/permissions.ts';

interface Set {
  Params: { id: string; version: string };
}
interface Search extends Set {
  Querystring: { q: string; after?: string; limit: number };
}
interface Read extends Set {
  Body: { codes: string[] };
}

function requireReading(actor: Actor): void {
  if (!canSomewhere(actor, 'standard:read')) fail('not-permitted');
}

export const valueSets: FastifyPluginAsync<{ context: Context }> = async (app, { context }) => {
  const lists = createCodeLists(context);
  // In the background, and again by whoever searches when it fails.
  app.addHook('onListen', async () => void lists.warm().catch(() => {}));

  app.get<Search>('/value-sets/:id/:version/codes', { schema: schema.searchCodes }, async ({ actor, params, query }, reply): Promise<CodePage> => {
    requireReading(actor);
    const { index } = await lists.get(params.id, params.version);
    reply.header('cache-control', 'private, no-store');
    return index.search(query.q, { limit: query.limit, after: query.after });
  });

  // What codes mean is asked by body: a record's codes belong in no address.
  app.post<Read>('/value-sets/:id/:version/codes', { schema: schema.readCodes }, async ({ actor, params, body }) => {
    requireReading(actor);
    const { index } = await lists.get(params.id, params.version);
    return { items: body.codes.flatMap((code) => index.find(code) ?? []) };
  });

  app.get<Set>('/value-sets/:id/:version/codes.json', { schema: schema.getCodeFile }, async ({ actor, params, headers }, reply) => {
    requireReading(actor);
    const { columns, etag } = await lists.get(params.id, params.version);
    reply.header('cache-control', 'private, no-cache').header('etag', `"${etag}"`);
    if (isKnown(headers['if-none-match'], etag)) return reply.code(304).send(null);
    return reply.type('application/json; charset=utf-8').serializer((value: unknown) => JSON.stringify(value)).send(columns);
  });
};

/** A proxy that compresses may have made the tag weak. */
const isKnown = (header: string | undefined, etag: string) => header?.split(',').some((each) => each.trim().replace(/^W\//, '').replaceAll('"', '') === etag) ?? false;
