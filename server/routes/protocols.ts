/** Protocols, and the runs of one hospital. */
import type { FastifyPluginAsync, FastifyReply } from 'fastify';
import type { BeginRecordRequest, CloseRunRequest, ExplainRequest, NameAliquotsRequest, RunStatus, SkipStepRequest, StartRunRequest } from '../../schemas/http/protocol-api.ts';
import * as schema from '../../schemas/http/protocols.ts';
import type { LabelsAsked, Printed } from '../exchange/pdf/run-papers.ts';
import type { Language } from '../exchange/pdf/words.ts';
import type { Context } from '../services/context.ts';
import { permit } from '../services/permissions.ts';
import { completeStep, explainDeviation, nameAliquots, skipStep } from '../services/protocol-acts.ts';
import { beginRecord } from '../services/protocol-records.ts';
import { endRun, pageOfRuns, readRun, startRun } from '../services/protocol-runs.ts';
import { listProtocols } from '../services/protocol-view.ts';
import type { PageQuery, SiteItemParams, SiteParams } from './query.ts';

interface RunsQuery extends PageQuery {
  subjectId?: string;
  status?: RunStatus;
}
interface StepParams extends SiteItemParams {
  step: string;
}

export const protocols: FastifyPluginAsync<{ context: Context }> = async (app, { context }) => {
  app.get('/protocols', { schema: schema.listProtocols }, async () => listProtocols(context));

  app.get<{ Params: { name: string; version: string } }>('/protocols/:name/:version', { schema: schema.getProtocol }, async ({ params }, reply) => {
    const { protocol } = context.protocols.get(params.name, params.version);
    return reply.header('cache-control', 'private, max-age=31536000, immutable').header('etag', `"${protocol.sha256}"`).send(protocol);
  });
};

export const protocolRuns: FastifyPluginAsync<{ context: Context }> = async (app, { context }) => {
  app.addHook('onSend', async (_request, reply) => void reply.header('cache-control', 'no-store'));

  app.get<{ Params: SiteParams; Querystring: RunsQuery }>('/', { schema: schema.listRuns }, async ({ actor, params, query }) => {
    permit(actor, 'record:read', params.siteId);
    return pageOfRuns(context, actor, params.siteId, query);
  });

  app.post<{ Params: SiteParams; Body: StartRunRequest }>('/', { schema: schema.postRun }, async ({ actor, params, body }, reply) => {
    permit(actor, 'record:write', params.siteId);
    return reply.code(201).send(await startRun(context, actor, params.siteId, body));
  });

  app.get<{ Params: SiteItemParams }>('/:id', { schema: schema.getRun }, async ({ actor, params }) => {
    permit(actor, 'record:read', params.siteId);
    return readRun(context, actor, params.siteId, params.id);
  });

  app.post<{ Params: SiteItemParams; Body: BeginRecordRequest }>('/:id/records', { schema: schema.postRecord }, async ({ actor, params, body }) => {
    permit(actor, 'record:write', params.siteId);
    return beginRecord(context, actor, params.siteId, params.id, body);
  });

  app.post<{ Params: StepParams; Body: { contribution: string } }>('/:id/steps/:step/complete', { schema: schema.postComplete }, async ({ actor, params, body }) => {
    permit(actor, 'record:write', params.siteId);
    return completeStep(context, actor, params.siteId, params.id, params.step, body.contribution);
  });

  app.post<{ Params: StepParams; Body: SkipStepRequest }>('/:id/steps/:step/skip', { schema: schema.postSkip }, async ({ actor, params, body }) => {
    permit(actor, 'record:write', params.siteId);
    return skipStep(context, actor, params.siteId, params.id, params.step, body);
  });

  app.post<{ Params: SiteItemParams; Body: ExplainRequest }>('/:id/deviations', { schema: schema.postDeviation }, async ({ actor, params, body }) => {
    permit(actor, 'record:write', params.siteId);
    return explainDeviation(context, actor, params.siteId, params.id, body);
  });

  app.post<{ Params: SiteItemParams; Body: NameAliquotsRequest }>('/:id/aliquots', { schema: schema.postAliquots }, async ({ actor, params, body }) => {
    permit(actor, 'record:write', params.siteId);
    return nameAliquots(context, actor, params.siteId, params.id, body);
  });

  app.post<{ Params: SiteItemParams; Body: CloseRunRequest }>('/:id/close', { schema: schema.postClose }, async ({ actor, params, body }) => {
    permit(actor, 'record:write', params.siteId);
    return endRun(context, actor, params.siteId, params.id, body);
  });

  app.get<{ Params: SiteItemParams; Querystring: LabelsAsked }>('/:id/labels.pdf', { schema: schema.getLabels }, async ({ actor, params, query }, reply) => {
    permit(actor, 'record:read', params.siteId);
    const { printLabels } = await papers();
    return sendPdf(reply, await printLabels(context, actor, params.siteId, params.id, query));
  });

  app.get<{ Params: SiteItemParams; Querystring: { language: Language } }>('/:id/run-sheet.pdf', { schema: schema.getRunSheet }, async ({ actor, params, query }, reply) => {
    permit(actor, 'record:read', params.siteId);
    const { printRunSheet } = await papers();
    return sendPdf(reply, await printRunSheet(context, actor, params.siteId, params.id, query.language));
  });
};

/** Brought in with the first print: what draws PDF takes a fifth of a second to load, which the start need not wait for. */
const papers = () => import('../exchange/pdf/run-papers.ts');

/** Shown by the browser's own viewer, which the policies of our pages would keep from opening. */
function sendPdf(reply: FastifyReply, { name, bytes }: Printed): FastifyReply {
  return reply.type('application/pdf').header('content-security-policy', "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'")
    .header('cross-origin-embedder-policy', 'unsafe-none').header('content-disposition', `inline; filename="${name}"`).send(bytes);
}
