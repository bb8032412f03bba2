/** Run as a process: opens the data folder given, writes sites until it is ended, and says each one after it is stored. */
import { randomUUID } from 'node:crypto';
import { openDatabase, transact } from '../../server/database.ts';

const folder = process.argv[2] ?? '';
try {
  const database = await openDatabase({ folder });
  await database.migrate();
  console.log('open');
  for (let i = 0; i < 1000; i += 1) {
    const id = randomUUID();
    const code = `${String.fromCharCode(65 + Math.floor(i / 100))}X${String(i % 100).padStart(2, '0')}`;
    await transact(database.db, { sites: [] }, (trx) => trx.insertInto('site').values({ id, code: `${code}`, name: 'written' }).onConflict((on) => on.column('code').doUpdateSet({ name: id })).execute());
    console.log(id, code);
  }
  // Holds on to the folder.
  setInterval(() => {}, 1000);
} catch (error) {
  console.log('failed', (error as Error).message);
  process.exitCode = 1;
}
