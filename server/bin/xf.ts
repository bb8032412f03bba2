/** The command line: `npm run -s xf -- …`. Data goes to standard output, everything that is said to a person to standard error. */
import { Problem } from '../../schemas/problem.ts';
import { run, UsageError, type Command } from './command.ts';

interface Listed {
  /** `['import', 'csv']` */
  words: readonly string[];
  summary: string;
  /** Loaded when it is called: listing standards needs no database. */
  load(): Promise<Command>;
}

const commands: readonly Listed[] = [
  { words: ['standards', 'list'], summary: 'every standard: dataset, sub-dataset, version, number of data elements', load: async () => (await import('./commands/standards-list.ts')).standardsList },
  { words: ['standards', 'check'], summary: 'finds every mistake in standards, value sets, tables, cases, releases and mappings', load: async () => (await import('./commands/standards-check.ts')).standardsCheck },
  { words: ['standards', 'evaluate'], summary: 'evaluates answers by a standard: what is calculated, switched off, found', load: async () => (await import('./commands/standards-evaluate.ts')).standardsEvaluate },
  { words: ['import', 'csv'], summary: 'brings a foreign table in, by a mapping; every cell is stored, missing with a reason, or listed', load: async () => (await import('./commands/import-csv.ts')).importCsv },
  { words: ['value-set', 'list'], summary: 'every value set, and which edition of the open ones was imported', load: async () => (await import('./commands/value-set-list.ts')).valueSetList },
  { words: ['value-set', 'import'], summary: 'brings an edition of ICD-10, drugs … into an open value set; wrong rows are listed, all others stored', load: async () => (await import('./commands/value-set-import.ts')).valueSetImport },
  { words: ['export'], summary: 'writes a ZIP: a CSV for each sub-dataset and repeat, a codebook, a manifest', load: async () => (await import('./commands/export.ts')).exportCommand },
  { words: ['history', 'verify'], summary: 'recomputes the chains, anchors and signatures of all of history; names each place that was changed', load: async () => (await import('./commands/history.ts')).historyVerify },
  { words: ['history', 'anchor'], summary: 'signs what happened until now', load: async () => (await import('./commands/history.ts')).historyAnchor },
  { words: ['history', 'export'], summary: 'writes all signed anchors as files for the hospital to keep', load: async () => (await import('./commands/history.ts')).historyExport },
  { words: ['keys', 'status'], summary: 'which keys each hospital has, and what names them', load: async () => (await import('./commands/keys.ts')).keysStatus },
  { words: ['keys', 'rotate'], summary: 'gives a hospital new keys while everything goes on; finishes what was cut off', load: async () => (await import('./commands/keys.ts')).keysRotate },
  { words: ['keys', 'master'], summary: 'adds a key to the key ring, or takes one out that nothing names', load: async () => (await import('./commands/keys.ts')).keysMaster },
  { words: ['user', 'reset'], summary: 'prints a link with which somebody sets a new password', load: async () => (await import('./commands/user-reset.ts')).userReset },
  { words: ['user', 'add'], summary: 'makes an account, and a hospital with it when asked', load: async () => (await import('./commands/user-add.ts')).userAdd },
  { words: ['sbom'], summary: 'writes the software bill of materials, CycloneDX 1.6 as JSON', load: async () => (await import('./commands/sbom.ts')).sbom },
  { words: ['migrate'], summary: 'brings the tables of the database up to date', load: async () => (await import('./commands/migrate.ts')).migrate },
];

const introduction = `xiangya-forms on the command line.

  npm run -s xf -- <command> [options]        what each command does: npm run -s xf -- <command> --help
`;

const ending = `
Data folder: XF_DATA (default data/); PostgreSQL instead of the embedded database: DATABASE_URL. The embedded database serves one
process at a time: stop the server before import, value-set, export, keys, user add and migrate, or use PostgreSQL.

Exit status: 0 done, 1 it failed (the message says where and what to do), 2 the command line is wrong.
`;

function help(): string {
  const width = Math.max(...commands.map(({ words }) => words.join(' ').length));
  return `${introduction}\n${commands.map(({ words, summary }) => `  ${words.join(' ').padEnd(width)}  ${summary}`).join('\n')}\n${ending}`;
}

async function main(args: readonly string[]): Promise<void> {
  const command = commands.find(({ words }) => words.every((word, at) => args[at] === word));
  if (command) return run(command.words.join(' '), await command.load(), args.slice(command.words.length));
  if (args.length === 0 || ['--help', '-h', 'help'].includes(args[0] ?? '')) return void process.stdout.write(help());
  const group = commands.filter(({ words }) => words.length > 1 && words[0] === args[0]).map(({ words }) => words.join(' '));
  throw new UsageError(group.length > 0 ? `Say which: ${group.join(', ')}.` : `There is no command ${args[0] ?? ''}. Commands: ${commands.map(({ words }) => words.join(' ')).join(', ')}.`);
}

/** A problem has places; whatever nobody foresaw has at least its message. */
function describe(error: unknown): string {
  if (!(error instanceof Problem)) return error instanceof Error ? error.message : String(error);
  return [error.message, ...(error.errors ?? []).map(({ pointer, detail }) => `  ${pointer}: ${detail}`)].join('\n');
}

// Whoever reads only the beginning of what is printed (`| head`) has not made a mistake.
process.stdout.on('error', (error: NodeJS.ErrnoException) => { if (error.code === 'EPIPE') process.exit(0); });

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(describe(error));
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
