/** What administrators do with accounts, and opening what one's role does not show. */
import type { FastifyPluginAsync } from 'fastify';
import type { OpeningRequest } from '../../schemas/http/account-api.ts';
import * as schema from '../../schemas/http/account.ts';
import { fail } from '../../schemas/problem.ts';
import { changeStatus, endSessionsOfOther, linkProvider, openReset, sessionsOfOther } from '../services/account-security.ts';
import type { Context } from '../services/context.ts';
import { closeAccess, openAccess, pageOfOpenings, sitesToOpen } from '../services/openings.ts';
import { canSomewhere, permit, type Actor } from '../services/permissions.ts';
import type { Sessions } from '../services/sessions.ts';
import type { PageQuery, SiteParams } from './query.ts';

interface Id { Params: { id: string } }

function permitSomewhere(actor: Actor): void {
  if (!canSomewhere(actor, 'account:write')) fail('not-permitted');
}

export const accountActs: FastifyPluginAsync<{ context: Context; sessions: Sessions }> = async (app, { context, sessions }) => {
  app.put<Id & { Body: { status: 'active' | 'disabled' } }>('/accounts/:id/status', { schema: schema.putStatus }, async ({ actor, params, body }, reply) => {
    permitSomewhere(actor);
    await changeStatus(context, sessions, actor, params.id, body.status);
    return reply.code(204).send();
  });

  app.post<Id & { Body: { factors?: boolean } }>('/accounts/:id/reset', { schema: schema.postAccountReset }, async ({ actor, params, body }) => {
    permitSomewhere(actor);
    return openReset(context, sessions, actor, params.id, body);
  });

  app.get<Id>('/accounts/:id/sessions', { schema: schema.getOtherSessions }, async ({ actor, params }) => {
    permitSomewhere(actor);
    return { items: await sessionsOfOther(context, sessions, actor, params.id) };
  });

  app.delete<Id>('/accounts/:id/sessions', { schema: schema.deleteOtherSessions }, async ({ actor, params }, reply) => {
    permitSomewhere(actor);
    await endSessionsOfOther(context, sessions, actor, params.id);
    return reply.code(204).send();
  });

  app.put<Id & { Body: { subject: string | null } }>('/accounts/:id/provider', { schema: schema.putAccountProvider }, async ({ actor, params, body }, reply) => {
    permitSomewhere(actor);
    await linkProvider(context, sessions, actor, params.id, body.subject);
    return reply.code(204).send();
  });

  app.get('/openings/sites', { schema: schema.getOpeningSites }, async ({ actor }) => ({ items: await sitesToOpen(context, actor) }));

  app.post<{ Body: OpeningRequest }>('/openings', { schema: schema.postOpening }, async ({ actor, body }, reply) => reply.code(201).send(await openAccess(context, sessions, actor, body)));

  app.delete<Id>('/openings/:id', { schema: schema.deleteOpening }, async ({ actor, params }, reply) => {
    await closeAccess(context, sessions, actor, params.id);
    return reply.code(204).send();
  });

  app.get<{ Params: SiteParams; Querystring: PageQuery }>('/sites/:siteId/openings', { schema: schema.listOpenings }, async ({ actor, params, query }) => {
    permit(actor, 'audit:read', params.siteId);
    return pageOfOpenings(context, actor, params.siteId, query.after, Math.min(query.limit, 50));
  });
};
