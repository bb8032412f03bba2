/** What a command of the command line is, and what they share. */
import { resolve } from 'node:path';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { readConfig } from '../config.ts';
import { openContext, type Opened } from '../open.ts';
import { findPersonByUsername, listPeople } from '../repositories/accounts.ts';
import { listSites, type SiteRow } from '../repositories/sites.ts';
import type { Context } from '../services/context.ts';
import { can, type Actor } from '../services/permissions.ts';
import { actorOf } from '../services/sessions.ts';
import type { Permission } from '../../schemas/http/api.ts';

export interface Command {
  /** `['import', 'csv']` */
  words: readonly string[];
  /** One line for the list of commands. */
  summary: string;
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

export async function run(command: Command, args: readonly string[]): Promise<void> {
  if (args.includes('--help') || args.includes('-h')) return void process.stdout.write(`${command.help.trim()}\n`);
  const { values, positionals } = parse(command, args);
  try {
    await command.run(new Values(values), positionals);
  } catch (error) {
    if (error instanceof UsageError) error.message += `\nHelp: npm run -s xf -- ${command.words.join(' ')} --help`;
    throw error;
  }
}

function parse({ options, words }: Command, args: readonly string[]): ReturnType<typeof parseArgs> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    return raise(`${(error as Error).message}\nHelp: npm run -s xf -- ${words.join(' ')} --help`);
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

/** Opens what the environment names, does the work, and closes it. */
export async function withContext<T>(work: (context: Context, opened: Opened) => Promise<T>): Promise<T> {
  const opened = await openContext(readConfig(process.env)).catch((error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    throw new Error(message.includes('is in use by process') ? `${message}\nIf that is the server: stop it while this command runs. On PostgreSQL (DATABASE_URL) both can run at once.` : message, { cause: error });
  });
  try {
    return await work(opened.context, opened);
  } finally {
    await opened.close();
  }
}

/** The site named by its code; without a name the only one there is. */
export async function siteNamed({ db }: Context, code: string | undefined): Promise<SiteRow> {
  const sites = await listSites(db, undefined, undefined, 10_000);
  const codes = sites.map((site) => site.code).join(', ');
  if (sites.length === 0) throw new Error('There is no hospital yet. Make one together with a person:\n  npm run -s xf -- user add <name> --role investigator --new-site XY01:湘雅医院');
  if (code !== undefined) return sites.find((site) => site.code === code) ?? raise(`There is no hospital ${code}. There are: ${codes}.`);
  const [only, ...others] = sites;
  return only && others.length === 0 ? only : raise(`Say which hospital with --site. There are: ${codes}.`);
}

/** The person in whose name something is done; without a name the only one who may. */
export async function personNamed({ db }: Context, username: string | undefined, permissions: readonly Permission[], site: SiteRow): Promise<Actor> {
  const may = (actor: Actor) => permissions.every((permission) => can(actor, permission, site.id));
  if (username !== undefined) {
    const person = (await findPersonByUsername(db, username.toLowerCase())) ?? raise(`There is no account ${username}. Make one: npm run -s xf -- user add ${username} --role investigator --site ${site.code}`);
    if (person.status !== 'active') throw new Error(`The account ${person.username} is disabled.`);
    return may(actorOf(person)) ? actorOf(person) : raise(`The roles of ${person.username} do not allow this at ${site.code} (${permissions.join(', ')}). Name another person with --as.`);
  }
  const people = (await listPeople(db, { siteIds: undefined, after: undefined, limit: 10_000 })).filter(({ status }) => status === 'active').map(actorOf).filter(may);
  const [only, ...others] = people;
  if (!only) throw new Error(`Nobody may do this at ${site.code} (${permissions.join(', ')}). Make an account first:\n  npm run -s xf -- user add <name> --role investigator --role data-manager --site ${site.code}`);
  return others.length === 0 ? only : raise(`Say in whose name with --as. These may: ${people.map((each) => each.username).join(', ')}.`);
}
