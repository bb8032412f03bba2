/** Runs migrations/*.sql in the order of their names, each once, all in one transaction; two servers starting at once wait for each other. */
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { sql, type Kysely } from 'kysely';
import { Migrator, type Migration, type MigrationProvider } from 'kysely/migration';

const folder = new URL('../migrations/', import.meta.url);

/** Gives the names of those that ran now. Throws naming the file that failed; then nothing of this call is kept. */
export async function migrate<T>(db: Kysely<T>): Promise<string[]> {
  const { error, results } = await new Migrator({ db, provider: sqlFiles }).migrateToLatest();
  if (error === undefined) return (results ?? []).map(({ migrationName }) => migrationName);
  const failed = results?.find(({ status }) => status === 'Error')?.migrationName;
  const reason = error instanceof Error ? error.message : String(error);
  throw new Error(failed === undefined ? `The database cannot be migrated: ${reason}` : `Migration ${failed} failed, and nothing was changed: ${reason}`, { cause: error });
}

const sqlFiles: MigrationProvider = {
  async getMigrations() {
    const files = (await readdir(fileURLToPath(folder))).filter((file) => file.endsWith('.sql'));
    const migrations = files.map(async (file): Promise<[string, Migration]> => {
      const text = await readFile(new URL(file, folder), 'utf8');
      return [file.slice(0, -'.sql'.length), { up: async (db) => void (await sql.raw(text).execute(db)) }];
    });
    return Object.fromEntries(await Promise.all(migrations));
  },
};
