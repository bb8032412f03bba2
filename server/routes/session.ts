/** Sign-in, sign-out, who is signed in, and the set-up of the first account. */
import type { FastifyPluginAsync } from 'fastify';
import type { PasswordReset, SignInWays } from '../../schemas/http/account-api.ts';
import * as account from '../../schemas/http/account.ts';
import type { SetupRequest, SignInRequest } from '../../schemas/http/api.ts';
import * as schema from '../../schemas/http/session.ts';
import { fail } from '../../schemas/problem.ts';
import { clearToken, readFrom, readToken, setToken } from '../guard.ts';
import type { Context } from '../services/context.ts';
import { beginPasskeySignIn, passkeySettings, signInWithPasskey } from '../services/passkeys.ts';
import { resetPassword } from '../services/password-change.ts';
import { describeActor } from '../services/people.ts';
import { policyOf } from '../services/policy.ts';
import type { Sessions } from '../services/sessions.ts';
import { isSetupOpen, setUp } from '../services/set-up.ts';
import { signIn, signOut } from '../services/sign-in.ts';

/** Guessing is slow for one name by lock-out, and for one address by this; a ward behind one address signs in far less often. */
export const few = { rateLimit: { max: 30, timeWindow: 60_000 } };

export const session: FastifyPluginAsync<{ context: Context; sessions: Sessions }> = async (app, { context, sessions }) => {
  const policy = policyOf(context);

  app.get('/setup', { schema: schema.getSetup }, async () => ({ open: await isSetupOpen(context) }));

  app.post<{ Body: SetupRequest }>('/setup', { schema: schema.postSetup, config: few }, async (request, reply) => {
    const { token, actor } = await setUp(context, sessions, request.body, readFrom(request));
    setToken(request, reply, token, policy.longestMs);
    return describeActor(context, actor);
  });

  app.get('/session/ways', { schema: account.getWays }, async (): Promise<SignInWays> => {
    const { passwords, provider } = policy;
    const passkeys = passkeySettings(policy);
    return { passwords: { least: passwords.least, isMixed: passwords.isMixed }, ...(passkeys ? { passkeysAt: passkeys.origin } : {}), ...(provider ? { provider: provider.name } : {}) };
  });

  app.post<{ Body: SignInRequest }>('/session', { schema: schema.postSession, config: few }, async (request, reply) => {
    const { token, actor } = await signIn(context, sessions, request.body, readFrom(request));
    setToken(request, reply, token, policy.longestMs);
    return describeActor(context, actor);
  });

  app.post('/session/passkey/options', { schema: account.postPasskeyOptions, config: few }, async () => beginPasskeySignIn(context));

  app.post<{ Body: { response: object } }>('/session/passkey', { schema: account.postPasskeySession, config: few }, async (request, reply) => {
    const { token, actor } = await signInWithPasskey(context, sessions, request.body.response, readFrom(request));
    setToken(request, reply, token, policy.longestMs);
    return describeActor(context, actor);
  });

  app.post<{ Body: PasswordReset }>('/password-reset', { schema: account.postReset, config: few }, async ({ body }, reply) => {
    await resetPassword(context, sessions, body);
    return reply.code(204).send();
  });

  app.get('/session', { schema: schema.getSession }, async (request) => {
    const token = readToken(request);
    const actor = (token === undefined ? undefined : await sessions.find(token)) ?? fail('not-signed-in');
    return describeActor(context, actor);
  });

  app.delete('/session', { schema: schema.deleteSession }, async (request, reply) => {
    const token = readToken(request);
    if (token !== undefined) await signOut(context, sessions, token);
    clearToken(reply);
    return reply.code(204).send();
  });
};
