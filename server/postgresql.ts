/** PostgreSQL over the network. */
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { cleanError, parsers, type Answer, type Engine, type Session } from './engine.ts';

export interface PostgresqlConfig {
  url: string;
  /** Most connections held at once. */
  connections: number;
}

/** Milliseconds. A client that hangs, a lock that waits or a request cut in the middle must not hold a connection for ever. */
const timeouts = {
  connectionTimeoutMillis: 10_000,
  idleTimeoutMillis: 30_000,
  statement_timeout: 60_000,
  lock_timeout: 10_000,
  idle_in_transaction_session_timeout: 30_000,
};

/** Fails with a message that names host and port (never the password) when the server cannot be reached. */
export async function openPostgresql(config: PostgresqlConfig): Promise<Engine> {
  const pool = new pg.Pool({
    connectionString: config.url,
    max: config.connections,
    application_name: 'xiangya-forms',
    keepAlive: true,
    pipeline: true,
    types: { getTypeParser: (oid: number, format?: string) => parsers[oid] ?? pg.types.getTypeParser(oid, format as 'text') },
    ...timeouts,
  });
  // Without listeners a connection that the server closes would end the process; the next query on it reports the loss.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  try {
    await requireVersion(pool);
  } catch (error) {
    await pool.end();
    throw new Error(`PostgreSQL at ${placeOf(config.url)} cannot be used: ${reasonOf(error)}. Check DATABASE_URL, or unset it to use the embedded database.`);
  }
  return {
    name: 'postgresql',
    acquire: async () => sessionOf(await pool.connect().catch((error: unknown) => { throw cleanError(error); })),
    close: () => pool.end(),
  };
}

async function requireVersion(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ version: string }>(`select current_setting('server_version_num') as version`);
  requireSafeVersion(Number(rows[0]?.version));
}

/** Before these a plan made for one role could serve another, past its policies (CVE-2024-10976). By major version; later ones are right from the first. */
const leastMinor: { readonly [major: number]: number } = { 15: 9, 16: 5, 17: 1 };

/** `version` is server_version_num: 150018 is 15.18. @throws Error */
export function requireSafeVersion(version: number): void {
  const [major, minor] = [Math.floor(version / 10_000), version % 10_000];
  if (!(major >= 15)) throw new Error(`it is version ${Number.isNaN(major) ? 'unknown' : major}, and 15 is the oldest supported`);
  const least = leastMinor[major] ?? 0;
  if (minor < least) throw new Error(`it is version ${major}.${minor}, which does not always keep to row-level security; update it to ${major}.${least} or later`);
}

function sessionOf(client: pg.PoolClient): Session {
  return {
    async query(text, values, name) {
      try {
        const parameters = values as unknown[];
        const result = await (name === undefined ? client.query(text, parameters) : client.query({ name, text, values: parameters }));
        return answerOf(Array.isArray(result) ? (result as pg.QueryResult[]).at(-1) : result);
      } catch (error) {
        throw cleanError(error);
      }
    },
    async *copyOut(text) {
      // A COPY does not go through a pipeline; nothing is under way on this client now, so it can do without for a while.
      const plain = client as { pipeline: boolean };
      plain.pipeline = false;
      try {
        yield* client.query(copyTo(text)) as AsyncIterable<Uint8Array>;
      } catch (error) {
        throw cleanError(error);
      } finally {
        plain.pipeline = true;
      }
    },
    release: (spoilt) => client.release(spoilt),
  };
}

function answerOf(result: pg.QueryResult | undefined): Answer {
  return { command: result?.command ?? '', affected: result?.rowCount ?? 0, rows: result?.rows ?? [] };
}

function placeOf(url: string): string {
  try {
    const { hostname, port, pathname, searchParams } = new URL(url);
    return `${searchParams.get('host') ?? (hostname || 'localhost')}:${port || '5432'}${pathname}`;
  } catch {
    return 'the address given (it is not a postgresql:// URL)';
  }
}

/** A refused connection to several addresses is an AggregateError without a message. */
function reasonOf(error: unknown): string {
  const first = error instanceof AggregateError ? error.errors[0] : error;
  return first instanceof Error ? first.message || first.name : String(first);
}
