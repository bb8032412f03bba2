/**
 * The store. With server/repositories/ the only place that knows Kysely. Everything clinical is read and written inside
 * `transact`: the tables show no row to a transaction that was not given the row's site.
 */
import { CompiledQuery, Kysely, sql, type Transaction } from 'kysely';
import pg from 'pg';
import { dialectOf, type NamedQuery, type Opening } from './driver.ts';
import { openEmbedded } from './embedded/embedded.ts';
import type { Engine } from './engine.ts';
import { migrate } from './migrate.ts';
import { openPostgresql } from './postgresql.ts';
import type { Database, Json } from './tables.ts';

export type * from './tables.ts';
export { DatabaseError } from './engine.ts';

/** Where to read from: the database itself, or the transaction one is in. */
export type Db = Kysely<Database>;

declare const inTransaction: unique symbol;
/** A transaction opened by `transact`; whoever writes asks for one, so that a write outside does not compile. */
export type Trx = Transaction<Database> & { readonly [inTransaction]: true };

/** What a transaction may see: the rows of these sites (UUIDs). No site is a scope too: accounts, sessions, sites. */
export interface Scope {
  accountId?: string;
  sites: readonly string[];
}

export interface TransactOptions {
  /** All reads see the same moment, and nothing can be written: for exports. */
  snapshot?: true;
  /** As `xf_keeper`, who besides what a request does may change keys and seal anew. Not inside another transaction. */
  keeper?: true;
}

const scopes = new WeakMap<object, string>();
/** How many savepoints a transaction is in. */
const depths = new WeakMap<object, number>();

/**
 * Runs `work` in a transaction seen through `scope`; a throw undoes everything. Inside a transaction it is a savepoint:
 * a throw undoes what this `work` did, and afterwards the outer scope holds again.
 */
export async function transact<T>(db: Db | Trx, scope: Scope, work: (trx: Trx) => Promise<T>, options: TransactOptions = {}): Promise<T> {
  const settings = settingsOf(scope);
  if (db.isTransaction) return nest(db as Trx, settings, work);
  const open = db.transaction();
  return (options.snapshot ? open.setIsolationLevel('repeatable read').setAccessMode('read only') : open).execute(async (transaction) => {
    const trx = transaction as Trx;
    scopes.set(trx, settings);
    const opening: Opening = { ...CompiledQuery.raw(`set local role ${options.keeper ? 'xf_keeper' : 'xf_app'}; ${settings}`), opens: true };
    await trx.executeQuery(opening);
    return work(trx);
  });
}

/** A transaction of the owner of the tables, for what no request may do: code lists and the like, of which no row belongs to a site. */
export function transactAsOwner<T>(db: Db, work: (trx: Trx) => Promise<T>): Promise<T> {
  return db.transaction().execute((transaction) => work(transaction as Trx));
}

async function nest<T>(trx: Trx, settings: string, work: (trx: Trx) => Promise<T>): Promise<T> {
  const outer = scopes.get(trx) ?? settingsOf({ sites: [] });
  const differs = settings !== outer;
  depths.set(trx, (depths.get(trx) ?? 0) + 1);
  await sql.raw(differs ? `savepoint inner_work; ${settings}` : 'savepoint inner_work').execute(trx);
  scopes.set(trx, settings);
  try {
    const result = await work(trx);
    await sql.raw(differs ? `release savepoint inner_work; ${outer}` : 'release savepoint inner_work').execute(trx);
    return result;
  } catch (error) {
    // The savepoint remembers the outer scope. When the connection is gone this fails too, and the first error is the one to tell.
    await sql.raw('rollback to savepoint inner_work; release savepoint inner_work').execute(trx).catch(() => {});
    throw error;
  } finally {
    scopes.set(trx, outer);
    depths.set(trx, (depths.get(trx) ?? 1) - 1);
  }
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** `set local`, because nothing else reaches the shards of a distributed database; it takes no parameters, so the ids are checked and written out. */
function settingsOf({ accountId = '', sites }: Scope): string {
  for (const id of accountId === '' ? sites : [accountId, ...sites]) if (!uuid.test(id)) throw new TypeError('A scope holds UUIDs only');
  return `set local xf.sites = '${sites.join(',')}'; set local xf.account = '${accountId}'`;
}

/** Text for a JSONB column. */
export function json(value: unknown): Json {
  return JSON.stringify(value) as Json;
}

/** A value written out as a literal, for `copyOut`, which takes no parameters. */
export function literal(value: string): string {
  return pg.escapeLiteral(value);
}

/** Runs SQL with `$1 …`; PostgreSQL keeps its plan under `name`, so one name is always the same text. For the hot paths. */
export async function runNamed<R>(trx: Trx, name: string, text: string, values: readonly unknown[]): Promise<R[]> {
  const query: NamedQuery = { ...CompiledQuery.raw(text, [...values]), name };
  return (await trx.executeQuery<R>(query)).rows;
}

/** The same for the last statement of a transaction: outside a savepoint the commit goes out with it, and nothing can come after. */
export async function runLast<R>(trx: Trx, name: string, text: string, values: readonly unknown[]): Promise<R[]> {
  const query: NamedQuery = { ...CompiledQuery.raw(text, [...values]), name, last: !depths.get(trx) };
  return (await trx.executeQuery<R>(query)).rows;
}

/**
 * The rows of a query as `copy … to stdout` writes them, in pieces of any length. The embedded database makes the whole of
 * it at once: page by key. `format` is the inside of `with (…)`.
 */
export async function* copyOut(trx: Trx, query: string, format = 'format csv'): AsyncIterable<Uint8Array> {
  const copy = CompiledQuery.raw(`copy (${query}) to stdout with (${format})`);
  for await (const { rows } of trx.getExecutor().stream<Uint8Array>(copy, 1)) yield* rows;
}

export interface DatabaseConfig {
  /** `postgresql://…`; without it the embedded database in `folder`. */
  url?: string;
  /** Most connections to PostgreSQL at once. */
  connections?: number;
  /** The data folder; undefined keeps the embedded database in memory. */
  folder?: string;
  /** A dump that a new embedded database begins from. */
  template?: Uint8Array;
  /** Milliseconds, in the embedded database: how long a transaction waits for its turn (10 s), and a statement may take (60 s). */
  patience?: number;
  statementLimit?: number;
}

export interface OpenDatabase {
  db: Db;
  engine: Engine['name'];
  /** Brings the tables up to date; gives the names of what ran. */
  migrate(): Promise<string[]>;
  /** Throws when the database does not answer. */
  ping(): Promise<void>;
  /** The whole embedded database as a tar file; undefined for PostgreSQL, which has its own tools. */
  dump?(): Promise<Uint8Array>;
  /** Waits for what is under way, then lets go of the folder or the connections. */
  close(): Promise<void>;
}

/** Fails with a message for the person who starts the server: what is wrong, where, and the way out. */
export async function openDatabase(config: DatabaseConfig): Promise<OpenDatabase> {
  const { url, connections = 16, ...embedded } = config;
  const engine = url === undefined ? await openEmbedded(embedded) : await openPostgresql({ url, connections });
  const db: Db = new Kysely<Database>({ dialect: dialectOf(engine) });
  return {
    db,
    engine: engine.name,
    migrate: () => migrate(db),
    ping: async () => void (await sql`select 1`.execute(db)),
    ...(engine.dump ? { dump: engine.dump } : {}),
    // Not db.destroy(): it does nothing before the first query, and the engine is open since openDatabase.
    close: () => engine.close(),
  };
}
