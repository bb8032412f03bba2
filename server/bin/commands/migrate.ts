/** `migrate` */
import { say, type Command } from '../command.ts';
import { withContext } from '../place.ts';

export const migrate: Command = {
  help: `
npm run -s xf -- migrate

Runs the migrations that the database does not have yet, all or none. The server does the same at its start.
`,
  options: {},
  async run() {
    await withContext(async (_, { migrated, store }) => {
      for (const name of migrated) process.stdout.write(`${name}\n`);
      say(migrated.length === 0 ? `Nothing to do: the ${store.engine} database is up to date.` : `${migrated.length} migrations ran on the ${store.engine} database.`);
    });
  },
};
