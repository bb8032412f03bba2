/** A PostgreSQL as hospitals run it, with fsync on, and a new database in it. */
import { readdirSync, readFileSync } from 'node:fs';
import pg from 'pg';
import { v7 as uuid } from 'uuid';
import { startPostgresql } from '../../support/postgresql.ts';

export interface BenchDatabase {
  url: string;
  name: string;
  /** Of the process that the others are children of; undefined when it runs elsewhere. */
  pid: number | undefined;
  stop(): Promise<void>;
}

/** Throws, saying what to install, when there is no PostgreSQL. */
export async function startDatabase(): Promise<BenchDatabase> {
  const server = await startPostgresql({ durable: true });
  if (!server) throw new Error('This needs a PostgreSQL: install one (Debian: apt-get install postgresql) or set TEST_DATABASE_URL');
  const database = `xf_bench_${uuid().replaceAll('-', '')}`;
  await execute(server.url, `create database ${database}`);
  const url = new URL(server.url);
  url.pathname = `/${database}`;
  return {
    url: url.href, name: server.name, pid: postmasterAt(url.port || '5432'),
    stop: async () => {
      await execute(server.url, `drop database ${database} with (force)`);
      await server.stop();
    },
  };
}

/** Runs one statement on a connection of its own. */
export async function execute(url: string, statement: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query(statement);
  } finally {
    await client.end();
  }
}

function postmasterAt(port: string): number | undefined {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).find((pid) => {
      const words = commandOf(pid).split('\0');
      return words[0]?.endsWith('/postgres') === true && words.includes(port);
    });
  } catch {
    return undefined;
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
