/** What a command of the command line is, and what they share. */
import { resolve } from 'node:path';
import { parseArgs, type ParseArgsConfig } from 'node:util';

export interface Command {
  /** Whole text of `--help`. */
  help: string;
  options: NonNullable<ParseArgsConfig['options']>;
  run(values: Values, positionals: readonly string[]): Promise<void>;
}

/** The options as they were given; a command knows which of its own are text, lists and switches. */
export class Values {
  readonly #values: { readonly [name: string]: unknown };

  constructor(values: { readonly [name: string]: unknown }) {
    this.#values = values;
  }

  text(name: string): string | undefined {
    const value = this.#values[name];
    return typeof value === 'string' ? value : undefined;
  }

  required(name: string): string {
    return this.text(name) ?? raise(`--${name} is missing.`);
  }

  list(name: string): string[] {
    const value = this.#values[name];
    return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
  }

  is(name: string): boolean {
    return this.#values[name] === true;
  }

  oneOf<T extends string>(name: string, choices: readonly T[]): T {
    const value = this.text(name);
    return choices.find((choice) => choice === value) ?? raise(`--${name} is ${value ?? 'missing'}; it must be one of: ${choices.join(', ')}.`);
  }
}

/** The command line is wrong, not the world. */
export class UsageError extends Error {}

export function raise(message: string): never {
  throw new UsageError(message);
}

export async function run(name: string, command: Command, args: readonly string[]): Promise<void> {
  if (args.includes('--help') || args.includes('-h')) return void process.stdout.write(`${command.help.trim()}\n`);
  try {
    const { values, positionals } = parse(command, args);
    await command.run(new Values(values), positionals);
  } catch (error) {
    if (error instanceof UsageError) error.message += `\nHelp: npm run -s xf -- ${name} --help`;
    throw error;
  }
}

function parse({ options }: Command, args: readonly string[]): ReturnType<typeof parseArgs> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    return raise((error as Error).message);
  }
}

/** Says something to the person. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** A path as the person meant it: npm runs us in the project folder, and tells where it was called. */
export function pathOf(path: string): string {
  return resolve(process.env['INIT_CWD'] ?? process.cwd(), path);
}
