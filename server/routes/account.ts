/** One's own account: password, second factor, passkeys, sessions, and proofs for one act. */
import type { FastifyPluginAsync } from 'fastify';
import type { PasswordChange, ProofRequest } from '../../schemas/http/account-api.ts';
import * as schema from '../../schemas/http/account.ts';
import { qrPicture } from '../exchange/qr.ts';
import { describeSecurity, endOwnSessions } from '../services/account-security.ts';
import type { Context } from '../services/context.ts';
import { addPasskey, beginPasskey, beginPasskeySignIn, callPasskey, removePasskey } from '../services/passkeys.ts';
import { changePassword } from '../services/password-change.ts';
import { prove, requireFresh } from '../services/proof.ts';
import { beginTotp, confirmTotp, removeTotp, renewRecoveryCodes } from '../services/second-factor.ts';
import type { Sessions } from '../services/sessions.ts';
import { few } from './session.ts';

interface Id { Params: { id: string } }
const early = { whilePending: true };

export const account: FastifyPluginAsync<{ context: Context; sessions: Sessions }> = async (app, { context, sessions }) => {
  app.post<{ Body: ProofRequest }>('/session/proof', { schema: schema.postProof, config: few }, ({ actor, body }) => prove(context, actor, body));
  app.post('/session/proof/options', { schema: schema.postProofOptions, config: few }, ({ actor }) => beginPasskeySignIn(context, actor));

  app.get('/account', { schema: schema.getAccount, config: early }, ({ actor }) => describeSecurity(context, actor));

  app.put<{ Body: PasswordChange }>('/account/password', { schema: schema.putPassword, config: few }, async ({ actor, body }, reply) => {
    await changePassword(context, sessions, actor, body);
    return reply.code(204).send();
  });

  app.post('/account/totp', { schema: schema.postTotp, config: { ...few, ...early } }, async ({ actor }) => {
    await requireFresh(context, actor);
    const offer = await beginTotp(context, actor);
    return { ...offer, picture: qrPicture(offer.uri) };
  });

  app.put<{ Body: { code: string } }>('/account/totp', { schema: schema.putTotp, config: { ...few, ...early } }, async ({ actor, body }) => {
    await requireFresh(context, actor);
    const codes = await confirmTotp(context, actor, body.code);
    sessions.forget();
    return codes;
  });

  app.delete('/account/totp', { schema: schema.deleteTotp }, async ({ actor }, reply) => {
    await requireFresh(context, actor);
    await removeTotp(context, actor);
    return reply.code(204).send();
  });

  app.post('/account/recovery-codes', { schema: schema.postRecoveryCodes, config: few }, async ({ actor }) => {
    await requireFresh(context, actor);
    return renewRecoveryCodes(context, actor);
  });

  app.post('/account/passkeys/options', { schema: schema.postAccountPasskeyOptions, config: { ...few, ...early } }, async ({ actor }) => {
    await requireFresh(context, actor);
    return beginPasskey(context, actor);
  });

  app.post<{ Body: { name: string; response: object } }>('/account/passkeys', { schema: schema.postAccountPasskey, config: { ...few, ...early } }, async ({ actor, body }, reply) => {
    await requireFresh(context, actor);
    const passkey = await addPasskey(context, actor, body);
    sessions.forget();
    return reply.code(201).send(passkey);
  });

  app.put<Id & { Body: { name: string } }>('/account/passkeys/:id', { schema: schema.putPasskey }, async ({ actor, params, body }, reply) => {
    await callPasskey(context, actor, params.id, body.name);
    return reply.code(204).send();
  });

  app.delete<Id>('/account/passkeys/:id', { schema: schema.deletePasskey }, async ({ actor, params }, reply) => {
    await requireFresh(context, actor);
    await removePasskey(context, actor, params.id);
    return reply.code(204).send();
  });

  app.delete('/account/sessions', { schema: schema.deleteSessions }, async ({ actor }, reply) => {
    await endOwnSessions(context, sessions, actor);
    return reply.code(204).send();
  });

  app.delete<Id>('/account/sessions/:id', { schema: schema.deleteOneSession }, async ({ actor, params }, reply) => {
    await endOwnSessions(context, sessions, actor, params.id);
    return reply.code(204).send();
  });
};
