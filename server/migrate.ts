/** Runs migrations/*.sql in the order of their names, each once, all in one transaction; two servers starting at once wait for each other. */
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { sql, type Kysely } from 'kysely';
import { DEFAULT_MIGRATION_TABLE, Migrator, type Migration, type MigrationProvider } from 'kysely/migration';

const folder = new URL('../migrations/', import.meta.url);

/** Gives the names of those that ran now. Throws naming the file that failed; then nothing of this call is kept. */
export async function migrate<T>(db: Kysely<T>): Promise<string[]> {
  if (await isCurrent(db)) return [];
  const { error, results } = await new Migrator({ db, provider: sqlFiles }).migrateToLatest();
  if (error === undefined) return (results ?? []).map(({ migrationName }) => migrationName);
  const failed = results?.find(({ status }) => status === 'Error')?.migrationName;
  const reason = error instanceof Error ? error.message : String(error);
  throw new Error(failed === undefined ? `The database cannot be migrated: ${reason}` : `Migration ${failed} failed, and nothing was changed: ${reason}`, { cause: error });
}

/** One quick question instead of the migrator's many: most starts find nothing to do. */
async function isCurrent<T>(db: Kysely<T>): Promise<boolean> {
  const { rows: tables } = await sql<{ found: boolean }>`select to_regclass(${DEFAULT_MIGRATION_TABLE}) is not null as found`.execute(db);
  if (tables[0]?.found !== true) return false;
  const { rows } = await sql<{ name: string }>`select name from ${sql.table(DEFAULT_MIGRATION_TABLE)} order by name`.execute(db);
  return rows.map(({ name }) => name).join() === (await names()).join();
}

async function names(): Promise<string[]> {
  const files = await readdir(fileURLToPath(folder));
  return files.filter((file) => file.endsWith('.sql')).map((file) => file.slice(0, -'.sql'.length)).sort();
}

const sqlFiles: MigrationProvider = {
  async getMigrations() {
    const migrations = (await names()).map(async (name): Promise<[string, Migration]> => {
      const text = await readFile(new URL(`${name}.sql`, folder), 'utf8');
      return [name, { up: async (db) => void (await sql.raw(text).execute(db)) }];
    });
    return Object.fromEntries(await Promise.all(migrations));
  },
};
