/** Once per run: a PostgreSQL, and on each engine a migrated database from which every test file makes its own. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { openDatabase } from '../../server/database.ts';
import { withDatabase } from './engines.ts';
import { startPostgresql, type TestServer } from './postgresql.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** File with the dump of a migrated embedded database. */
    embeddedTemplate: string;
    /** Of a server where `xf_template` is a migrated database; undefined when there is no server. */
    postgresqlUrl: string | undefined;
  }
}

const root = fileURLToPath(new URL('../../', import.meta.url));

interface Prepared {
  template: string;
  server: TestServer | undefined;
}

/** Each project loads this file anew, and one PostgreSQL is enough for all: what they share is kept outside of it. */
const shared = globalThis as { xfPrepared?: Promise<Prepared> | undefined; xfUsers?: number };

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  shared.xfUsers = (shared.xfUsers ?? 0) + 1;
  const { template, server } = await (shared.xfPrepared ??= prepare());
  project.provide('embeddedTemplate', template);
  project.provide('postgresqlUrl', server?.url);
  return async () => {
    shared.xfUsers = (shared.xfUsers ?? 1) - 1;
    if (shared.xfUsers > 0) return;
    shared.xfPrepared = undefined;
    await server?.stop();
  };
}

async function prepare(): Promise<Prepared> {
  const [template, server] = await Promise.all([embeddedTemplate(), postgresqlTemplate()]);
  if (server === undefined && process.env['CI'] === 'true') throw new Error('CI runs the database tests on PostgreSQL too, and found none');
  console.log(`Database engines: embedded, ${server?.name ?? 'PostgreSQL NOT RUN (none found; install one, or set TEST_DATABASE_URL)'}`);
  return { template, server };
}

/** Making it takes seconds, so it is kept until a migration or the engine changes. */
async function embeddedTemplate(): Promise<string> {
  const file = `${root}.cache/template-${digestOf()}.tar`;
  if (existsSync(file)) return file;
  mkdirSync(`${root}.cache`, { recursive: true });
  for (const old of readdirSync(`${root}.cache`).filter((name) => name.startsWith('template-'))) rmSync(`${root}.cache/${old}`);
  const database = await openDatabase({});
  await database.migrate();
  const dump = (await database.dump?.()) ?? new Uint8Array();
  await database.close();
  writeFileSync(`${file}.${process.pid}`, dump);
  renameSync(`${file}.${process.pid}`, file);
  return file;
}

function digestOf(): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(`${root}migrations`).sort()) hash.update(name).update(readFileSync(`${root}migrations/${name}`));
  hash.update(readFileSync(`${root}node_modules/@electric-sql/pglite/package.json`));
  return hash.digest('hex').slice(0, 16);
}

async function postgresqlTemplate(): Promise<TestServer | undefined> {
  const server = await startPostgresql();
  if (server === undefined) return undefined;
  try {
    await withDatabase(server.url, 'drop database if exists xf_template', 'create database xf_template');
    const url = new URL(server.url);
    url.pathname = '/xf_template';
    const database = await openDatabase({ url: url.href });
    await database.migrate();
    await database.close();
    return server;
  } catch (error) {
    await server.stop();
    throw error;
  }
}
