/** Saves a second through the whole of the server, beside the least that PostgreSQL must do for them; they take turns. */
import { v7 as uuid } from 'uuid';
import { execute, startDatabase, type BenchDatabase } from '../lib/database.ts';
import { load, type Loaded } from '../lib/load.ts';
import { machineSeconds, treeSeconds, waitForQuiet } from '../lib/machine.ts';
import type { Bench, BenchOptions, Section } from '../lib/report.ts';
import { startServer, type BenchServer } from '../lib/server.ts';
import { median, round } from '../lib/stats.ts';
import { openFloor, type Floor } from './floor.ts';
import { drawAnswers, enrolPatients, newSave, nextSave, type Kept } from './records.ts';

type Kind = 'new record' | 'next version' | 'raw insert';

interface Run extends Loaded {
  kind: Kind;
  connections: number;
  serverSeconds: number;
  databaseSeconds: number;
  /** CPU seconds of everything else on the machine. */
  othersSeconds: number;
}

const patients = 100;
const warmUp = 500;

export const save: Bench = async (options, say) => {
  const database = await startDatabase();
  try {
    const server = await startServer({ databaseUrl: database.url, node: profiling(options) });
    try {
      return await measureAll(options, database, server, say);
    } finally {
      await server.stop();
    }
  } finally {
    await database.stop();
  }
};

/** The profile begins with the process and ends with it. */
function profiling({ profile }: BenchOptions): string[] {
  return profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
}

async function measureAll({ rounds = 3, connections = [1, 8, 32], counts = [2000, 4000, 6000] }: BenchOptions, database: BenchDatabase, server: BenchServer, say: (line: string) => void) {
  say(`${database.name}; enrolling ${patients} patients`);
  const enrolled = await enrolPatients(server, patients);
  const answers = await drawAnswers(256);
  const texts = answers.map((changes) => JSON.stringify(Object.fromEntries(changes.map(({ pointer, value }) => [pointer.slice(1), value]))));
  const keep = (index: number): Kept => ({ recordId: uuid(), version: 0, patient: enrolled[index % patients]! });
  const floor = await openFloor(database.url, Math.max(...connections));
  const runs: Run[] = [];
  const watch = async (kind: Kind, workers: number, work: () => Promise<Loaded>) => {
    const before = [treeSeconds(server.pid), treeSeconds(database.pid ?? 0), machineSeconds()] as const;
    const loaded = await work();
    const [serverSeconds, databaseSeconds, busy] = [treeSeconds(server.pid) - before[0], treeSeconds(database.pid ?? 0) - before[1], machineSeconds() - before[2]];
    const run = { ...loaded, kind, connections: workers, serverSeconds, databaseSeconds, othersSeconds: busy - serverSeconds - databaseSeconds - loaded.generatorSeconds };
    say(`${kind}, ${workers} connections: ${run.perSecond} a second, p50 ${run.p50} ms${run.errors > 0 ? `, ${run.errors} errors (${run.firstError ?? ''})` : ''}`);
    runs.push(run);
  };

  await warm(server, floor, keep, answers, texts);
  // Autovacuum does this within a minute of the first rows; before it, plans are made for empty tables.
  await execute(database.url, 'vacuum analyze');
  for (let round = 0; round < rounds; round += 1) {
    for (const [at, workers] of connections.entries()) {
      const count = counts[at] ?? counts.at(-1) ?? 2000;
      const kept = Array.from({ length: count }, (_, index) => keep(index));
      const first = kept.map((each, index) => newSave(server, each, answers[index % answers.length]!));
      const next = kept.map((each, index) => nextSave(server, { ...each, version: 1 }, index));
      await waitForQuiet();
      await watch('new record', workers, () => load(server.target, workers, first));
      await watch('next version', workers, () => load(server.target, workers, next));
      await watch('raw insert', workers, () => floor.run(workers, kept.map((_, index) => texts[index % texts.length]!)));
    }
  }
  await floor.close();
  const elements = median(answers.map((changes) => changes.length));
  return {
    facts: { database: database.name, fsync: await setting(database, 'fsync'), synchronous_commit: await setting(database, 'synchronous_commit'), elements: `${elements} answered`, bytes: `${round(median(texts.map((text) => Buffer.byteLength(text))), 0)} of JSON` },
    sections: [summary(runs, rounds)],
    notes: ['Server, PostgreSQL and the load generator share the cores. Raw insert: one row of the same JSON and one audit row in a transaction, prepared, by pg in this process. Each figure is the median of its rounds; others is what other programs took of the machine, in cores.'],
  };
}

async function warm(server: BenchServer, floor: Floor, keep: (index: number) => Kept, answers: Awaited<ReturnType<typeof drawAnswers>>, texts: readonly string[]): Promise<void> {
  const kept = Array.from({ length: warmUp }, (_, index) => keep(index));
  await load(server.target, 8, kept.map((each, index) => newSave(server, each, answers[index % answers.length]!)));
  await load(server.target, 8, kept.map((each, index) => nextSave(server, { ...each, version: 1 }, index)));
  await floor.run(8, texts);
}

async function setting({ url }: BenchDatabase, name: string): Promise<string> {
  return String((await execute(url, `show ${name}`)).rows[0]?.[name]);
}

function summary(runs: readonly Run[], rounds: number): Section {
  const kinds = [...new Set(runs.map(({ kind }) => kind))];
  const rows = [...new Set(runs.map(({ connections }) => connections))].flatMap((connections) => kinds.map((kind) => {
    const these = runs.filter((run) => run.kind === kind && run.connections === connections);
    const mid = (of: (run: Run) => number, places = 2) => round(median(these.map(of)), places);
    return {
      connections, what: kind, 'a second': mid((run) => run.perSecond, 0), best: Math.max(...these.map((run) => run.perSecond)),
      'p50 ms': mid((run) => run.p50), 'p95 ms': mid((run) => run.p95), 'p99 ms': mid((run) => run.p99), errors: these.reduce((sum, run) => sum + run.errors, 0),
      'server ms each': kind === 'raw insert' ? undefined : mid((run) => (run.serverSeconds / run.count) * 1000, 3), 'PG ms each': mid((run) => (run.databaseSeconds / run.count) * 1000, 3),
      'generator cores': mid((run) => run.generatorSeconds / run.seconds), others: mid((run) => run.othersSeconds / run.seconds),
    };
  }));
  return { title: `Saves of melanoma-staging, median of ${rounds}`, rows };
}
