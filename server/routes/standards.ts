/** Standards as they were published, and as compiled forms. Nothing here ever changes, so browsers keep it. */
import type { FastifyPluginAsync, FastifyReply } from 'fastify';
import type { IdentitySheet, StandardSummary } from '../../schemas/http/api.ts';
import * as schema from '../../schemas/http/standards.ts';
import { getIdentity, getIdentityStructure } from '../../schemas/http/subjects.ts';
import { fail } from '../../schemas/problem.ts';
import type { Context } from '../services/context.ts';
import { canSomewhere, type Actor } from '../services/permissions.ts';
import { summarizeRelease } from '../services/releases.ts';

interface Version {
  Params: { subDataset: string; version: string };
}

const keep = (reply: FastifyReply, sha256: string) => reply.header('cache-control', 'private, max-age=31536000, immutable').header('etag', `"${sha256}"`);

function requireReading(actor: Actor): void {
  if (!canSomewhere(actor, 'standard:read')) fail('not-permitted');
}

export const standards: FastifyPluginAsync<{ context: Context }> = async (app, { context }) => {
  const { forms, standards: registry } = context;

  app.get('/standards', { schema: schema.listStandards }, async ({ actor }): Promise<StandardSummary[]> => {
    requireReading(actor);
    return summarizeRelease(registry);
  });

  app.get<Version>('/standards/:subDataset/:version', { schema: schema.getStandard }, async ({ actor, params }, reply) => {
    requireReading(actor);
    const document = registry.getStandard(params.subDataset, params.version);
    return keep(reply, registry.sha256(document)).send(document);
  });

  app.get<Version>('/forms/:subDataset/:version', { schema: schema.getForm }, async ({ actor, params }, reply) => {
    requireReading(actor);
    const { form } = forms.get(params.subDataset, params.version);
    return keep(reply, form.sha256).send(form);
  });

  app.get<Version>('/forms/:subDataset/:version/structure.js', { schema: schema.getStructure }, async ({ actor, params }, reply) => {
    requireReading(actor);
    const { form } = forms.get(params.subDataset, params.version);
    return keep(reply, form.sha256).type('text/javascript; charset=utf-8').send(forms.structureModule(params.subDataset, params.version));
  });

  // Of the newest release, so these two do change.
  app.get('/identity', { schema: getIdentity }, async ({ actor }): Promise<IdentitySheet> => {
    requireReading(actor);
    const { prepared, enrol } = forms.identity(context.matching);
    return { form: prepared.form, enrol };
  });

  app.get('/identity/structure.js', { schema: getIdentityStructure }, async ({ actor }, reply) => {
    requireReading(actor);
    return reply.header('cache-control', 'no-cache').type('text/javascript; charset=utf-8').send(forms.identity(context.matching).structureModule);
  });
};
