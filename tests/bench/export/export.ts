/** The export as an analyst gets it, over HTTP to the last byte of the ZIP, beside COPY of the same columns; they take turns. */
import { unzipSync } from 'fflate';
import { v7 as uuid } from 'uuid';
import { createForms } from '../../../server/services/forms.ts';
import { loadStandards } from '../../../server/standards.ts';
import { execute, startDatabase, type BenchDatabase } from '../lib/database.ts';
import { load } from '../lib/load.ts';
import { machineSeconds, peakMiB, resetPeak, treeSeconds, waitForQuiet } from '../lib/machine.ts';
import type { Bench, Section } from '../lib/report.ts';
import { startServer, type BenchServer } from '../lib/server.ts';
import { median, round } from '../lib/stats.ts';
import { drawAnswers, enrolPatients, newSave, standardVersion, subDataset } from '../save/records.ts';
import { copyOut, fromJsonb, fromTyped, makeTyped } from './floor.ts';
import { fillWith } from './fill.ts';

interface Run {
  what: string;
  seconds: number;
  csvBytes: number;
  /** Of the server, MiB. */
  peak?: number;
  zipBytes?: number;
  serverSeconds?: number;
  othersShare: number;
}

/** Records that are really saved; the others are copies of them. */
const seeds = 400;

export const exporting: Bench = async ({ rounds = 3, size = [20_000] }, say) => {
  const database = await startDatabase();
  try {
    const server = await startServer({ databaseUrl: database.url });
    try {
      const standards = await loadStandards();
      const { form } = createForms(standards).get(subDataset, standardVersion);
      await saveSeeds(server);
      const sections: Section[] = [];
      for (const count of [...size].sort((a, b) => a - b)) {
        say(`Filling ${count} records`);
        await execute(database.url, 'drop table if exists bench_typed');
        await fillWith(database, count);
        await makeTyped(database, form);
        const kinds: [string, () => Promise<Omit<Run, 'what' | 'othersShare'>>][] = [
          ['export', () => exportOnce(server, standards.getRelease().release, count)],
          ['COPY out of JSONB', async () => copied(await copyOut(database, fromJsonb(form)))],
          ['COPY of a typed table', async () => copied(await copyOut(database, fromTyped))],
        ];
        const runs: Run[] = [];
        for (let turn = 0; turn < rounds; turn += 1) {
          for (const [what, work] of kinds) runs.push(await watched(what, server, database, work, say));
        }
        sections.push(summary(count, runs, rounds));
      }
      return {
        facts: { database: database.name, columns: form.items.length },
        sections,
        notes: ['The export: ZIP of CSV, codebook and manifest with digests, read to its end by this process; COPY: the same data elements as CSV, without any of that. MB is of CSV, not of the ZIP. Peak is the most memory that the server process held.'],
      };
    } finally {
      await server.stop();
    }
  } finally {
    await database.stop();
  }
};

async function saveSeeds(server: BenchServer): Promise<void> {
  const patients = await enrolPatients(server, 50);
  const answers = await drawAnswers(seeds);
  const requests = answers.map((changes, at) => newSave(server, { recordId: uuid(), version: 0, patient: patients[at % patients.length]! }, changes));
  const { errors, firstError } = await load(server.target, 4, requests);
  if (errors > 0) throw new Error(`${errors} records were not saved (${firstError ?? ''})`);
}

async function exportOnce(server: BenchServer, release: string, count: number): Promise<Omit<Run, 'what' | 'othersShare'>> {
  const body = { release, siteIds: [server.siteId], subDatasets: [subDataset], profile: 'analysis', language: 'zh' };
  resetPeak(server.pid);
  const before = treeSeconds(server.pid);
  const began = performance.now();
  const reply = await fetch(`http://${server.target.host}:${server.target.port}/api/exports`, { method: 'POST', headers: { ...server.headers, 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  if (!reply.ok) throw new Error(`The export was refused: ${reply.status} ${await reply.text()}`);
  const zip = new Uint8Array(await reply.arrayBuffer());
  const seconds = (performance.now() - began) / 1000;
  const [serverSeconds, peak] = [treeSeconds(server.pid) - before, peakMiB(server.pid)];
  const tables = Object.entries(unzipSync(zip, { filter: ({ name }) => name.endsWith('.csv') }));
  const rows = tables.filter(([name]) => name.includes(subDataset)).map(([, bytes]) => lines(bytes) - 1);
  if (!rows.includes(count)) throw new Error(`The export has ${rows.join(', ')} rows and not ${count}`);
  return { seconds, csvBytes: tables.reduce((sum, [, bytes]) => sum + bytes.length, 0), zipBytes: zip.length, peak, serverSeconds };
}

/** No value that was drawn holds a line break. */
function lines(bytes: Uint8Array): number {
  let count = 0;
  for (const byte of bytes) if (byte === 10) count += 1;
  return count;
}

const copied = ({ seconds, bytes }: { seconds: number; bytes: number }) => ({ seconds, csvBytes: bytes });

async function watched(what: string, server: BenchServer, database: BenchDatabase, work: () => Promise<Omit<Run, 'what' | 'othersShare'>>, say: (line: string) => void): Promise<Run> {
  await waitForQuiet(5000);
  const own = process.cpuUsage();
  const before = [treeSeconds(server.pid), treeSeconds(database.pid ?? 0), machineSeconds(), performance.now()] as const;
  const run = await work();
  const { user, system } = process.cpuUsage(own);
  const others = machineSeconds() - before[2] - (treeSeconds(server.pid) - before[0]) - (treeSeconds(database.pid ?? 0) - before[1]) - (user + system) / 1e6;
  say(`${what}: ${round(run.seconds)} s, ${round(run.csvBytes / 1e6 / run.seconds, 1)} MB/s`);
  return { what, ...run, othersShare: others / ((performance.now() - before[3]) / 1000) };
}

function summary(count: number, runs: readonly Run[], rounds: number): Section {
  const rows = [...new Set(runs.map(({ what }) => what))].map((what) => {
    const these = runs.filter((run) => run.what === what);
    const mid = (of: (run: Run) => number | undefined, places = 2) => {
      const values = these.flatMap((run) => of(run) ?? []);
      return values.length === 0 ? undefined : round(median(values), places);
    };
    return {
      what, seconds: mid((run) => run.seconds), best: round(Math.min(...these.map((run) => run.seconds))), 'CSV MB': mid((run) => run.csvBytes / 1e6, 1), 'MB/s': mid((run) => run.csvBytes / 1e6 / run.seconds, 1),
      'records/s': mid((run) => count / run.seconds, 0), 'ZIP MB': mid((run) => run.zipBytes && run.zipBytes / 1e6, 1), 'server CPU s': mid((run) => run.serverSeconds), 'peak MiB': mid((run) => run.peak, 0), others: mid((run) => run.othersShare),
    };
  });
  return { title: `${count.toLocaleString('en')} records of ${subDataset}, median of ${rounds}`, rows };
}
