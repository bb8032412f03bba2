/** Everything a service works with, opened from the settings: for the server and for the command line. */
import { dirname, join } from 'node:path';
import type { Config } from './config.ts';
import { openDatabase, type OpenDatabase } from './database.ts';
import { openErasureLedger } from './files/erasure-ledger.ts';
import { openKeyRing, type LiveKeyRing } from './files/key-ring.ts';
import { openFileStore } from './files/store.ts';
import { loadMatching } from './matching.ts';
import { loadProtocols } from './protocols.ts';
import { systemClock } from './services/clock.ts';
import type { Context } from './services/context.ts';
import { createForms } from './services/forms.ts';
import { loadStandards } from './standards.ts';

export interface Opened {
  context: Context;
  store: OpenDatabase;
  ring: LiveKeyRing;
  /** Names of the migrations that ran now. */
  migrated: string[];
  close(): Promise<void>;
}

/** Fails with a message for the person who starts it; then nothing is left open. */
export async function openContext(config: Config): Promise<Opened> {
  // The two that take longest, side by side.
  const [standards, database] = await Promise.allSettled([
    loadStandards(),
    openDatabase({ folder: config.dataFolder, connections: config.connections, ...(config.databaseUrl === undefined ? {} : { url: config.databaseUrl }) }),
  ]);
  if (database.status === 'rejected') throw database.reason;
  const store = database.value;
  try {
    if (standards.status === 'rejected') throw standards.reason;
    const forms = createForms(standards.value);
    const matching = await loadMatching(forms);
    const protocols = await loadProtocols(standards.value, forms);
    const migrated = await store.migrate();
    const keys = await openKeyRing(config.keysFile, config.keySource);
    const erasures = openErasureLedger(join(dirname(config.keysFile), 'erasures.jsonl'));
    const files = await openFileStore(join(config.dataFolder, 'files'));
    return { context: { db: store.db, standards: standards.value, forms, protocols, matching, files, keys, erasures, clock: systemClock, policy: config.policy }, store, ring: keys, migrated, close: () => store.close() };
  } catch (error) {
    await store.close();
    throw error;
  }
}
