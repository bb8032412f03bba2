/** Starts the server: reads the settings, opens the store, listens, and stops when it is told to. All the side effects are here. */
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { buildApp } from './app.ts';
import { readConfig, type Config } from './config.ts';
import { demonstrate } from './demo/start.ts';
import { openHistoryKey } from './files/history-key.ts';
import { keepHistory } from './history-keeper.ts';
import { keepKeys } from './key-keeper.ts';
import { openContext, type Opened } from './open.ts';
import type { ModelSettings } from './routes/models.ts';
import { openSetup } from './services/set-up.ts';

const ownModels = fileURLToPath(new URL('../client/classify/models', import.meta.url));
const pageFolder = fileURLToPath(new URL('../dist', import.meta.url));
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
/** Longer than any save or picture that is under way should take; the launcher waits a little longer still. */
const drainMs = 8_000;

async function start(): Promise<void> {
  const config = readConfig(process.env, process.argv.slice(2));
  const opened = await openContext(config);
  const { context, store } = opened;
  const demoLines = await demonstrate(config, opened);
  const app = await buildApp({ ...context, store, version, demo: config.demo, config: { pageFolder, spoolFolder: join(config.dataFolder, 'spool'), models: modelsOf(config), log: true, rateLimits: config.rateLimits, ...(config.trustedProxies ? { trustedProxies: config.trustedProxies } : {}) } });
  const signer = await openHistoryKey(config.dataFolder);
  const keeper = keepHistory({ db: context.db, signer, folder: join(config.dataFolder, 'anchors'), warn: (error) => app.log.error({ error }, 'history was not anchored') });
  const keys = keepKeys({ context, ring: opened.ring, warn: (error) => app.log.error({ error }, 'keys were not all done anew') });
  stopOnSignals(app, opened, [keeper, keys]);
  try {
    await app.listen({ host: config.host, port: config.port });
  } catch (error) {
    await opened.close();
    throw new Error(listenMessage(error, config));
  }
  await announce(app, opened, demoLines);
}

/** A hospital's own models lie in the data folder and go before ours. */
function modelsOf({ dataFolder, model }: Config): ModelSettings {
  return { roots: [join(dataFolder, 'models'), ownModels], ...(model === undefined ? {} : { chosen: model }) };
}

/** What a person needs to know, on standard output and apart from the log. */
async function announce(app: FastifyInstance, { context, store }: Opened, demoLines: readonly string[]): Promise<void> {
  const { address, port } = app.server.address() as AddressInfo;
  const host = address === '0.0.0.0' || address === '::' ? 'localhost' : address.includes(':') ? `[${address}]` : address;
  const token = await openSetup(context);
  const lines = [
    `xiangya-forms ${version} is ready at http://${host}:${port}/`,
    store.engine === 'embedded'
      ? 'Database: embedded. Safe against a crash of this process, not against power loss; for real patients set DATABASE_URL to a PostgreSQL.'
      : 'Database: PostgreSQL.',
    ...(token === undefined ? ['Sign in with your user name and password.'] : [`Make the first account with this link, once, within a day: http://${host}:${port}/setup#${token}`]),
    ...demoLines,
  ];
  console.log(lines.join('\n'));
}

function stopOnSignals(app: FastifyInstance, opened: Opened, keepers: readonly { stop(): Promise<void> }[]): void {
  let stopping = false;
  const stop = async () => {
    // Asked a second time, the person does not want to wait.
    if (stopping) process.exit(1);
    stopping = true;
    setTimeout(() => app.server.closeAllConnections(), drainMs).unref();
    await app.close();
    await Promise.all(keepers.map((keeper) => keeper.stop()));
    await opened.close();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop());
  // A promise that nobody waits for must not take everybody's work with it.
  process.on('unhandledRejection', (reason) => app.log.error({ error: reason instanceof Error ? reason.name : typeof reason }, 'unhandled rejection'));
}

function listenMessage(error: unknown, { host, port }: Config): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'EADDRINUSE') return `Port ${port} on ${host} is in use, perhaps by another xiangya-forms. Stop that one, or choose another port: PORT=${port + 1} npm start`;
  if (code === 'EACCES') return `Port ${port} may not be used by this user. Choose one above 1023: PORT=8080 npm start`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return `HOST is ${host}, and this machine has no such address. Use 127.0.0.1 for this machine alone, or 0.0.0.0 for the network.`;
  return `The server cannot listen at ${host}:${port} (${code ?? 'unknown error'})`;
}

start().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
