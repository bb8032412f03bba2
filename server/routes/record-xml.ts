/** Records as XML, for the integration engine of a hospital. */
import type { FastifyPluginAsync } from 'fastify';
import * as schema from '../../schemas/http/record-xml.ts';
import { fail } from '../../schemas/problem.ts';
import { exportRecordXml, importRecordXml } from '../exchange/xml/run.ts';
import type { Context } from '../services/context.ts';
import { permit } from '../services/permissions.ts';
import type { SiteItemParams, SiteParams } from './query.ts';

/** The largest form, every text full, is below 1 MB. */
const mostBytes = 4 * 1024 * 1024;

interface ImportQuery {
  recordId: string;
  subjectId: string;
  visitId?: string;
  lesionId?: string;
  contribution: string;
}

export const recordXmlRoutes: FastifyPluginAsync<{ context: Context }> = async (app, { context }) => {
  app.addContentTypeParser(['application/xml', 'text/xml'], { parseAs: 'buffer', bodyLimit: mostBytes }, (_request, body, done) => done(null, body));

  app.get<{ Params: SiteItemParams }>('/:id/xml', { schema: schema.getRecordXml }, async ({ actor, params }, reply) => {
    permit(actor, 'record:read', params.siteId);
    const { xml, record } = await exportRecordXml(context, actor, params.siteId, params.id);
    return reply.header('etag', `"${record.version}"`).header('cache-control', 'no-store').type('application/xml; charset=utf-8').send(xml);
  });

  app.post<{ Params: SiteParams; Querystring: ImportQuery }>('/xml', { schema: schema.postRecordXml }, async ({ actor, params, query, body }, reply) => {
    permit(actor, 'record:write', params.siteId);
    if (!Buffer.isBuffer(body)) fail('request-invalid', [{ pointer: '', detail: 'The body is a record as application/xml' }]);
    return reply.code(201).send(await importRecordXml(context, actor, { siteId: params.siteId, ...query, bytes: body }));
  });
};
