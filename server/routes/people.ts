/** Hospitals and accounts. */
import type { FastifyPluginAsync } from 'fastify';
import * as schema from '../../schemas/http/accounts.ts';
import type { AccountRequest, SiteRequest } from '../../schemas/http/api.ts';
import type { Context } from '../services/context.ts';
import { addAccount, addSite, pageOfAccounts, pageOfSites, setMemberships } from '../services/people.ts';
import { canSomewhere, permit, type Membership } from '../services/permissions.ts';
import { fail } from '../../schemas/problem.ts';
import type { Sessions } from '../services/sessions.ts';
import type { PageQuery } from './query.ts';

export const people: FastifyPluginAsync<{ context: Context; sessions: Sessions }> = async (app, { context, sessions }) => {
  app.get<{ Querystring: PageQuery }>('/sites', { schema: schema.listSites }, ({ actor, query }) => pageOfSites(context, actor, query.after, query.limit));

  app.post<{ Body: SiteRequest }>('/sites', { schema: schema.postSite }, async ({ actor, body }, reply) => {
    permit(actor, 'site:write');
    return reply.code(201).send(await addSite(context, actor, body));
  });

  app.get<{ Querystring: PageQuery }>('/accounts', { schema: schema.listAccounts }, async ({ actor, query }) => {
    if (!canSomewhere(actor, 'account:write')) fail('not-permitted');
    return pageOfAccounts(context, actor, query.after, query.limit);
  });

  app.post<{ Body: AccountRequest }>('/accounts', { schema: schema.postAccount }, async ({ actor, body }, reply) => {
    if (!canSomewhere(actor, 'account:write')) fail('not-permitted');
    return reply.code(201).send(await addAccount(context, actor, body));
  });

  app.put<{ Params: { id: string }; Body: { memberships: Membership[] } }>('/accounts/:id/memberships', { schema: schema.putMemberships }, async ({ actor, params, body }) => {
    if (!canSomewhere(actor, 'account:write')) fail('not-permitted');
    const account = await setMemberships(context, actor, params.id, body.memberships);
    sessions.forget();
    return account;
  });
};
