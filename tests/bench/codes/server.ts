/** The command that imports, and the server that searches, beside PostgreSQL looking through its rows. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import type { CodePage } from '../../../schemas/code-search.ts';
import { aTemporaryFolder } from './folder.ts';
import { startDatabase } from '../lib/database.ts';
import { startServer } from '../lib/server.ts';

export interface ServerTimes {
  database: string;
  /** Seconds of `value-set import`, start to end of the process. */
  imported: number;
  /** Milliseconds from the import's end until a search of the running server gives the new codes. */
  noticed: number;
  http: Map<string, number[]>;
  ilike: Map<string, number[]>;
}

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Undefined where there is no PostgreSQL. */
export async function measureServer(csv: string, known: string, queries: readonly string[], rounds: number, say: (line: string) => void): Promise<ServerTimes | undefined> {
  const database = await startDatabase().catch((error: Error): undefined => { say(error.message); });
  if (!database) return undefined;
  const folder = aTemporaryFolder();
  try {
    const server = await startServer({ databaseUrl: database.url });
    try {
      const search = async (query: string) => (await server.ask('GET', `/api/value-sets/icd-10/1.0.0/codes?${new URLSearchParams({ q: query, limit: '50' })}`)) as CodePage;
      await search('c');
      writeFileSync(join(folder.path, 'codes.csv'), csv);
      const imported = await runImport(join(folder.path, 'codes.csv'), database.url);
      say(`import: ${imported} s`);
      const began = performance.now();
      while ((await search(known)).items[0]?.code !== known) await new Promise((resolve) => { setTimeout(resolve, 50); });
      const noticed = performance.now() - began;
      const client = new pg.Client({ connectionString: database.url });
      await client.connect();
      const times: ServerTimes = { database: database.name, imported, noticed, http: new Map(), ilike: new Map() };
      for (let turn = 0; turn < rounds; turn += 1) {
        for (const query of queries) {
          await timed(times.http, query, () => search(query));
          await timed(times.ilike, query, () => client.query(ilike, [query.split(' ').map((word) => `%${word}%`)]));
        }
      }
      await client.end();
      return times;
    } finally {
      await server.stop();
    }
  } finally {
    folder.remove();
    await database.stop();
  }
}

const ilike = `select code, zh, en from value_set_code where value_set = 'icd-10' and status = 'active'
  and (code || ' ' || zh || ' ' || en || ' ' || pinyin || ' ' || synonyms::text) ilike all ($1::text[]) order by ordinal limit 50`;

async function timed(into: Map<string, number[]>, query: string, work: () => Promise<unknown>): Promise<void> {
  const began = performance.now();
  await work();
  into.set(query, [...(into.get(query) ?? []), performance.now() - began]);
}

async function runImport(file: string, databaseUrl: string): Promise<number> {
  const began = performance.now();
  const child = spawn(process.execPath, ['server/bin/xf.ts', 'value-set', 'import', file, '--set', 'icd-10', '--version', 'bench'], { cwd: root, stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, DATABASE_URL: databaseUrl } });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => { said += chunk.toString(); });
  const [status] = (await once(child, 'exit')) as [number | null];
  if (status !== 0) throw new Error(`The import failed:\n${said}`);
  return Math.round((performance.now() - began) / 100) / 10;
}
