/** Whether the server, and the database behind it, are alive. For probes, so without sign-in and never a problem document. */
import type { FastifyPluginAsync } from 'fastify';
import type { Health } from '../../schemas/http/api.ts';
import * as schema from '../../schemas/http/session.ts';
import type { Registry } from '../../schemas/registry.ts';
import type { OpenDatabase } from '../database.ts';

export interface HealthContext {
  store: Pick<OpenDatabase, 'engine' | 'ping'>;
  standards: Registry;
  version: string;
  /** Whether the patients here are invented. */
  demo?: boolean;
}

const patienceMs = 2_000;

export const health: FastifyPluginAsync<HealthContext> = async (app, { store, standards, version, demo }) => {
  app.get('/health', { schema: schema.getHealth, logLevel: 'warn' }, async (_request, reply): Promise<Health> => {
    const answers = await within(store.ping());
    reply.code(answers ? 200 : 503).header('cache-control', 'no-store');
    return { status: answers ? 'ok' : 'failing', database: store.engine, version, release: standards.releases.at(-1)?.release ?? '', ...(demo ? { demo } : {}) };
  });
};

async function within(ping: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => { timer = setTimeout(resolve, patienceMs, false); });
  try {
    return await Promise.race([ping.then(() => true, () => false), late]);
  } finally {
    clearTimeout(timer);
  }
}
