/** The command line: `npm run -s xf -- …`. Data goes to standard output, everything that is said to a person to standard error. */
import { Problem } from '../../schemas/problem.ts';
import { run, UsageError, type Command } from './command.ts';
import { exportCommand } from './commands/export.ts';
import { importCsv } from './commands/import-csv.ts';
import { migrate } from './commands/migrate.ts';
import { standardsCheck } from './commands/standards-check.ts';
import { standardsEvaluate } from './commands/standards-evaluate.ts';
import { standardsList } from './commands/standards-list.ts';
import { userAdd } from './commands/user-add.ts';

const commands: readonly Command[] = [standardsList, standardsCheck, standardsEvaluate, importCsv, exportCommand, userAdd, migrate];

const introduction = `xiangya-forms on the command line.

  npm run -s xf -- <command> [options]        what each command does: npm run -s xf -- <command> --help
`;

const ending = `
Data folder: XF_DATA (default data/); PostgreSQL instead of the embedded database: DATABASE_URL. The embedded database serves one
process at a time: stop the server before import, export, user add and migrate, or use PostgreSQL.

Exit status: 0 done, 1 it failed (the message says where and what to do), 2 the command line is wrong.
`;

function help(): string {
  const width = Math.max(...commands.map(({ words }) => words.join(' ').length));
  return `${introduction}\n${commands.map(({ words, summary }) => `  ${words.join(' ').padEnd(width)}  ${summary}`).join('\n')}\n${ending}`;
}

async function main(args: readonly string[]): Promise<void> {
  const command = commands.find(({ words }) => words.every((word, at) => args[at] === word));
  if (command) return run(command, args.slice(command.words.length));
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
