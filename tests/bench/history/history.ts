/** Events anchored and verified a second: those of reading, and those of saving a record, whose values are digested anew. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 as uuid } from 'uuid';
import { openDatabase } from '../../../server/database.ts';
import { openHistoryKey } from '../../../server/files/history-key.ts';
import { listLedgers, sealLedger } from '../../../server/services/history-seal.ts';
import { verifyHistory } from '../../../server/services/history-verify.ts';
import { startDatabase, type BenchDatabase } from '../lib/database.ts';
import { load } from '../lib/load.ts';
import { waitForQuiet } from '../lib/machine.ts';
import type { Bench } from '../lib/report.ts';
import { startServer } from '../lib/server.ts';
import { median, round } from '../lib/stats.ts';
import { drawAnswers, enrolPatients, newSave } from '../save/records.ts';
import { fillHistory } from './fill.ts';

const cases = [{ what: 'readings of identifiers', saves: 0, reads: 1 }, { what: 'one save to four readings', saves: 0.2, reads: 0.8 }, { what: 'saves of a record', saves: 1, reads: 0 }];

export const history: Bench = async ({ rounds = 3, size: [size = 100_000] = [] }, say) => {
  const rows = [];
  for (const { what, saves, reads } of cases) {
    const database = await startDatabase();
    try {
      await seed(database);
      await fillHistory(database, Math.round(saves * size), Math.round(reads * size));
      rows.push(await measured(database, what, rounds, say));
    } finally {
      await database.stop();
    }
  }
  return {
    facts: { events: size },
    sections: [{ title: `Verifying ${size} events, median of ${rounds}`, rows }],
    notes: ['Verifying reads every row, makes every digest, chain, Merkle root and signature anew. One process; PostgreSQL shares the cores with it. A record has 40 elements; its event takes its contribution and its version with it.'],
  };
};

/** A few real saves, which the others are copies of. */
async function seed(database: BenchDatabase): Promise<void> {
  const server = await startServer({ databaseUrl: database.url });
  try {
    const patients = await enrolPatients(server, 20);
    const saves = (await drawAnswers(100)).map((changes, index) => newSave(server, { recordId: uuid(), version: 0, patient: patients[index % 20]! }, changes));
    const { errors } = await load(server.target, 4, saves);
    if (errors > 0) throw new Error('A save was refused');
  } finally {
    await server.stop();
  }
}

async function measured(database: BenchDatabase, what: string, rounds: number, say: (line: string) => void) {
  const folder = mkdtempSync(join(tmpdir(), 'xf-bench-history-'));
  const store = await openDatabase({ url: database.url, connections: 2 });
  try {
    const signer = await openHistoryKey(folder);
    const ledgers = await listLedgers(store.db);
    const began = performance.now();
    for (const ledger of ledgers) await sealLedger(store.db, signer, ledger, { atLeast: 1, orAfter: 0, lookBack: 0, settled: 0 });
    const sealing = (performance.now() - began) / 1000;
    const seconds: number[] = [];
    let events = 0;
    let versions = 0;
    let memory = 0;
    for (let turn = 0; turn < rounds; turn += 1) {
      await waitForQuiet();
      const from = performance.now();
      const result = await verifyHistory(store.db, { ledgers, keys: [signer.verifier] });
      seconds.push((performance.now() - from) / 1000);
      if (result.breaches.length > 0 || result.open > 0) throw new Error(`${result.breaches[0]?.table ?? 'open'}: ${result.breaches[0]?.problem ?? result.open}`);
      ({ events, versions } = result);
      memory = Math.max(memory, process.memoryUsage().rss);
      say(`${what}: ${round(events / (seconds.at(-1) ?? 1), 0)} events a second`);
    }
    return {
      what, events, versions, 'events a second': round(events / median(seconds), 0), best: round(events / Math.min(...seconds), 0), 'anchored a second': round(events / sealing, 0), 'MiB of process': round(memory / 2 ** 20, 0),
    };
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
