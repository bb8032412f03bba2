/** The HTTP server, put together: plugins and routes in order, on one screen. No environment, no port. */
import { tmpdir } from 'node:os';
import compress from '@fastify/compress';
import cookie from '@fastify/cookie';
import rateLimit from '@fastify/rate-limit';
import fastify, { type FastifyInstance } from 'fastify';
import { shapes } from '../schemas/http/shapes.ts';
import { sendProblem } from './errors.ts';
import { refuseForeignWrites, requireSignIn } from './guard.ts';
import { compressing, limits, logging, logResponse, securityHeaders } from './http-settings.ts';
import { readJson } from './json-body.ts';
import { lastResort } from './last-resort.ts';
import { limitBodyTime, limitRates } from './load-limits.ts';
import { account } from './routes/account.ts';
import { accountActs } from './routes/account-acts.ts';
import { describeApi } from './routes/docs.ts';
import { dictionaryRoutes } from './routes/dictionary.ts';
import { exportsRoutes } from './routes/exports.ts';
import { health, type HealthContext } from './routes/health.ts';
import { images } from './routes/images.ts';
import { models, type ModelSettings } from './routes/models.ts';
import { servePage } from './routes/page.ts';
import { people } from './routes/people.ts';
import { recordXmlRoutes } from './routes/record-xml.ts';
import { protocolRuns, protocols } from './routes/protocols.ts';
import { records } from './routes/records.ts';
import { session } from './routes/session.ts';
import { sessionProvider } from './routes/session-provider.ts';
import { standards } from './routes/standards.ts';
import { subjects } from './routes/subjects.ts';
import { valueSets } from './routes/value-sets.ts';
import type { Context } from './services/context.ts';
import { policyOf } from './services/policy.ts';
import { createSessions } from './services/sessions.ts';
import { createValidatorCompiler } from './validation.ts';

export interface AppContext extends Context, HealthContext {
  config: {
    /** Addresses of the proxies whose word about the client is taken. */
    trustedProxies?: string;
    /** The folder of the built page. */
    pageFolder: string;
    /** Where the classifier's models are. */
    models: ModelSettings;
    /** Where an export lies while it is written; the system's folder for such things when absent. */
    spoolFolder?: string;
    /** Off in tests. */
    log: boolean;
    /** Whether one account may ask for so much in a minute only; absent is no. */
    rateLimits?: boolean;
  };
}

export async function buildApp(context: AppContext): Promise<FastifyInstance> {
  const { config } = context;
  const sessions = createSessions(context.db, context.clock, policyOf(context));
  const app = fastify({ ...limits, ...lastResort, ...logging(config.log), ...(config.trustedProxies ? { trustProxy: config.trustedProxies } : {}) });
  for (const shape of shapes) app.addSchema(shape);
  app.setValidatorCompiler(createValidatorCompiler());
  app.setErrorHandler((error, request, reply) => sendProblem(error, request, reply));
  readJson(app);
  app.decorateRequest('actor');
  if (config.log) app.addHook('onResponse', logResponse);
  app.addHook('onRequest', async (_request, reply) => void reply.headers(securityHeaders));

  await app.register(compress, compressing);
  await app.register(cookie);
  await app.register(rateLimit, { global: false });
  await describeApi(app, context.version);
  await app.register(async (api) => {
    api.addHook('onRequest', refuseForeignWrites);
    limitBodyTime(api);
    await api.register(health, context);
    await api.register(session, { context, sessions });
    await api.register(sessionProvider, { context, sessions });
    await api.register(async (signedIn) => {
      requireSignIn(signedIn, sessions);
      if (config.rateLimits) limitRates(signedIn);
      await signedIn.register(people, { context, sessions });
      await signedIn.register(account, { context, sessions });
      await signedIn.register(accountActs, { context, sessions });
      await signedIn.register(standards, { context });
      await signedIn.register(valueSets, { context });
      await signedIn.register(dictionaryRoutes, { context });
      await signedIn.register(models, { settings: config.models });
      await signedIn.register(subjects, { context, prefix: '/sites/:siteId/subjects' });
      await signedIn.register(images, { context, prefix: '/sites/:siteId' });
      await signedIn.register(records, { context, prefix: '/sites/:siteId/records' });
      await signedIn.register(protocols, { context });
      await signedIn.register(protocolRuns, { context, prefix: '/sites/:siteId/protocol-runs' });
      await signedIn.register(recordXmlRoutes, { context, prefix: '/sites/:siteId/records' });
      await signedIn.register(exportsRoutes, { context, version: context.version, engine: context.store.engine, spoolFolder: config.spoolFolder ?? tmpdir() });
    });
  }, { prefix: '/api' });
  await servePage(app, config.pageFolder);
  return app;
}
