/**
 * `describe.each(engines())('saving, on $name', ({ fresh }) => { const store = fresh(); … store.db … })`: the same tests on
 * every engine at hand, each file with a migrated database of its own.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import pg from 'pg';
import { afterAll, beforeAll, inject } from 'vitest';
import { openDatabase, type DatabaseConfig, type Db, type OpenDatabase } from '../../server/database.ts';

export interface TestEngine {
  name: 'embedded' | 'postgresql';
  /** A new migrated database for the surrounding describe; its members can be used inside hooks and tests. */
  fresh(): Store;
  /** A new migrated database to open oneself; `drop` when done. */
  create(): Promise<{ config: DatabaseConfig; drop(): Promise<void> }>;
}

export interface Store {
  readonly db: Db;
  readonly open: OpenDatabase;
  readonly config: DatabaseConfig;
}

export function engines(): TestEngine[] {
  const url = inject('postgresqlUrl');
  return [engine('embedded', createEmbedded), ...(url === undefined ? [] : [engine('postgresql', () => createPostgresql(url))])];
}

function engine(name: TestEngine['name'], create: TestEngine['create']): TestEngine {
  return {
    name,
    create,
    fresh() {
      let made: { config: DatabaseConfig; open: OpenDatabase; drop(): Promise<void> } | undefined;
      const get = () => made ?? failEarly();
      beforeAll(async () => {
        const { config, drop } = await create();
        made = { config, drop, open: await openDatabase(config) };
      });
      afterAll(async () => {
        await made?.open.close();
        await made?.drop();
      });
      return { get db() { return get().open.db; }, get open() { return get().open; }, get config() { return get().config; } };
    },
  };
}

function failEarly(): never {
  throw new Error('The database is open inside tests and hooks only');
}

async function createEmbedded(): ReturnType<TestEngine['create']> {
  return { config: { template: readFileSync(inject('embeddedTemplate')) }, drop: async () => {} };
}

async function createPostgresql(server: string): ReturnType<TestEngine['create']> {
  const name = `xf_${randomUUID().replaceAll('-', '')}`;
  await withDatabase(server, `create database ${name} template xf_template`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { config: { url: url.href, connections: 6 }, drop: () => withDatabase(server, `drop database ${name} with (force)`) };
}

/** Runs statements on a connection of their own; databases are created and dropped outside transactions. */
export async function withDatabase(url: string, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
