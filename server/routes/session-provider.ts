/** To the provider and back. The browser is sent by plain navigation, so nothing of our page has to allow another origin. */
import type { FastifyPluginAsync } from 'fastify';
import * as schema from '../../schemas/http/account.ts';
import { fail } from '../../schemas/problem.ts';
import { readFrom, setToken } from '../guard.ts';
import type { Context } from '../services/context.ts';
import { policyOf } from '../services/policy.ts';
import { createProvider, isProviderRefusal } from '../services/provider.ts';
import type { Sessions } from '../services/sessions.ts';
import { few } from './session.ts';

const cookieName = 'xf_provider';
/** Lax: the way back begins at the provider's site, and SameSite=Strict would leave the cookie behind. */
const cookie = { path: '/api/session/provider', httpOnly: true, sameSite: 'lax' } as const;

export const sessionProvider: FastifyPluginAsync<{ context: Context; sessions: Sessions }> = async (app, { context, sessions }) => {
  const provider = createProvider(context);

  app.get('/session/provider', { schema: schema.getProvider, config: few }, async (request, reply) => {
    const { url, state } = await (provider ?? fail('not-found')).begin();
    reply.setCookie(cookieName, state, { ...cookie, secure: request.protocol === 'https', maxAge: 600 });
    return reply.header('cache-control', 'no-store').redirect(url);
  });

  app.get('/session/provider/callback', { schema: schema.getProviderCallback, config: few }, async (request, reply) => {
    const query = new URLSearchParams(request.url.split('?')[1] ?? '');
    reply.clearCookie(cookieName, cookie).header('cache-control', 'no-store');
    try {
      const { token } = await (provider ?? fail('not-found')).finish(query, request.cookies[cookieName], sessions, readFrom(request));
      setToken(request, reply, token, policyOf(context).longestMs);
      return await reply.redirect('/');
    } catch (error) {
      if (!isProviderRefusal(error)) throw error;
      return reply.redirect('/?refused=provider');
    }
  });
};
