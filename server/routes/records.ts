/** Records: read, save, history. */
import type { FastifyPluginAsync } from 'fastify';
import type { SaveRequest } from '../../schemas/http/api.ts';
import * as schema from '../../schemas/http/records.ts';
import { fail } from '../../schemas/problem.ts';
import type { Context } from '../services/context.ts';
import { permit } from '../services/permissions.ts';
import { readHistory, readRecord } from '../services/read-record.ts';
import { saveRecord } from '../services/save-record.ts';
import type { PageQuery, SiteItemParams } from './query.ts';

export const records: FastifyPluginAsync<{ context: Context }> = async (app, { context }) => {
  app.get<{ Params: SiteItemParams }>('/:id', { schema: schema.getRecord }, async ({ actor, params }, reply) => {
    permit(actor, 'record:read', params.siteId);
    const record = await readRecord(context, actor, params.siteId, params.id);
    return reply.header('etag', `"${record.version}"`).header('cache-control', 'no-store').send(record);
  });

  app.put<{ Params: SiteItemParams; Body: SaveRequest }>('/:id', { schema: schema.putRecord }, async ({ actor, params, body, headers }, reply) => {
    permit(actor, 'record:write', params.siteId);
    const saved = await saveRecord(context, context.db, actor, { siteId: params.siteId, recordId: params.id, base: versionOf(headers['if-match']), request: body });
    return reply.header('etag', `"${saved.version}"`).send(saved);
  });

  app.get<{ Params: SiteItemParams; Querystring: PageQuery & { pointer?: string } }>('/:id/history', { schema: schema.getHistory }, async ({ actor, params, query }) => {
    permit(actor, 'record:read', params.siteId);
    return readHistory(context, actor, params.siteId, params.id, { pointer: query.pointer, after: query.after, limit: query.limit });
  });
};

/** The version in an If-Match header such as `"3"`. @throws Problem `precondition-required`, `request-invalid` */
function versionOf(ifMatch: string | undefined): number {
  if (ifMatch === undefined) return fail('precondition-required');
  const version = /^"(0|[1-9][0-9]{0,8})"$/.exec(ifMatch.trim())?.[1];
  return version === undefined ? fail('request-invalid', [{ pointer: '/headers/if-match', detail: 'must be a version in quotes, as "3"' }]) : Number(version);
}
