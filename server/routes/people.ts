/** Hospitals and accounts. */
import type { FastifyPluginAsync } from 'fastify';
import * as schema from '../../schemas/http/accounts.ts';
import type { AccountRequest, EditSiteRequest, NamesRequest, PeopleSearch, RenameRequest, SiteRequest } from '../../schemas/http/api.ts';
import type { Context } from '../services/context.ts';
import { addAccount, addSite, editSite, pageOfAccounts, pageOfSites, rename, setMemberships } from '../services/people.ts';
import { readNames, searchPeople } from '../services/people-names.ts';
import { canSomewhere, permit, type Membership } from '../services/permissions.ts';
import { fail } from '../../schemas/problem.ts';
import type { Sessions } from '../services/sessions.ts';
import type { PageQuery, SiteParams } from './query.ts';

export const people: FastifyPluginAsync<{ context: Context; sessions: Sessions }> = async (app, { context, sessions }) => {
  app.get<{ Querystring: PageQuery }>('/sites', { schema: schema.listSites }, ({ actor, query }) => pageOfSites(context, actor, query.after, query.limit));

  app.post<{ Body: SiteRequest }>('/sites', { schema: schema.postSite }, async ({ actor, body }, reply) => {
    permit(actor, 'site:write');
    return reply.code(201).send(await addSite(context, actor, body));
  });

  app.put<{ Params: { id: string }; Body: EditSiteRequest }>('/sites/:id', { schema: schema.putSite }, async ({ actor, params, body }) => {
    if (!canSomewhere(actor, 'account:write')) fail('not-permitted');
    return editSite(context, actor, params.id, body);
  });

  app.post<{ Params: SiteParams; Body: PeopleSearch }>('/sites/:siteId/people/search', { schema: schema.searchPeople }, async ({ actor, params, body }) => {
    permit(actor, 'record:write', params.siteId);
    return searchPeople(context, params.siteId, body);
  });

  app.post<{ Params: SiteParams; Body: NamesRequest }>('/sites/:siteId/people/names', { schema: schema.namePeople }, async ({ actor, params, body }) => {
    permit(actor, 'record:read', params.siteId);
    return readNames(context, actor, body);
  });

  app.get<{ Querystring: PageQuery }>('/accounts', { schema: schema.listAccounts }, async ({ actor, query }) => {
    if (!canSomewhere(actor, 'account:write')) fail('not-permitted');
    return pageOfAccounts(context, actor, query.after, query.limit);
  });

  app.post<{ Body: AccountRequest }>('/accounts', { schema: schema.postAccount }, async ({ actor, body }, reply) => {
    if (!canSomewhere(actor, 'account:write')) fail('not-permitted');
    return reply.code(201).send(await addAccount(context, actor, body));
  });

  app.put<{ Params: { id: string }; Body: RenameRequest }>('/accounts/:id', { schema: schema.putAccount }, async ({ actor, params, body }) => {
    if (!canSomewhere(actor, 'account:write')) fail('not-permitted');
    const account = await rename(context, actor, params.id, body);
    sessions.forget();
    return account;
  });

  app.put<{ Params: { id: string }; Body: { memberships: Membership[] } }>('/accounts/:id/memberships', { schema: schema.putMemberships }, async ({ actor, params, body }) => {
    if (!canSomewhere(actor, 'account:write')) fail('not-permitted');
    const account = await setMemberships(context, actor, params.id, body.memberships);
    sessions.forget();
    return account;
  });
};
