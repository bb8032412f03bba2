/**
 * Kysely over an Engine. Its own driver, because three things matter here: a transaction begins with the message that sets
 * its scope, a session that could not be rolled back is never used again, and prepared statements and COPY run inside it.
 */
import {
  PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler,
  type CompiledQuery, type DatabaseConnection, type Dialect, type Driver, type QueryResult, type TransactionSettings,
} from 'kysely';
import { DatabaseError, type Engine, type Session } from './engine.ts';

/** A query that the server plans once per session, under this name. */
export interface NamedQuery extends CompiledQuery {
  readonly name: string;
}

export function dialectOf(engine: Engine): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new EngineDriver(engine),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}

class Connection implements DatabaseConnection {
  readonly session: Session;
  /** `begin …`, not sent yet: it travels with the first message of the transaction. */
  pending: string | undefined;
  spoilt = false;

  constructor(session: Session) {
    this.session = session;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const name = 'name' in query && typeof query.name === 'string' ? query.name : undefined;
    const text = await this.begun(query.sql, query.parameters.length === 0 && name === undefined);
    const { rows, affected } = await this.session.query(text, query.parameters, name);
    return { rows: rows as R[], numAffectedRows: BigInt(affected) };
  }

  async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    const text = await this.begun(query.sql, false);
    let done = false;
    try {
      for await (const bytes of this.session.copyOut(text)) yield { rows: [bytes as R] };
      done = true;
    } finally {
      if (!done) this.spoilt = true;
    }
  }

  private async begun(text: string, together: boolean): Promise<string> {
    const begin = this.pending;
    if (begin === undefined) return text;
    this.pending = undefined;
    if (together) return `${begin}; ${text}`;
    await this.session.query(begin, []);
    return text;
  }
}

class EngineDriver implements Driver {
  readonly #engine: Engine;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<Connection> {
    return new Connection(await this.#engine.acquire());
  }

  async beginTransaction(connection: Connection, { isolationLevel, accessMode }: TransactionSettings): Promise<void> {
    connection.pending = ['begin', isolationLevel && `isolation level ${isolationLevel}`, accessMode].filter(Boolean).join(' ');
  }

  async commitTransaction(connection: Connection): Promise<void> {
    if (connection.pending !== undefined) return;
    if (connection.spoilt) throw new DatabaseError('The transaction was left in the middle of a COPY');
    const { command } = await connection.session.query('commit', []);
    if (command === 'ROLLBACK') throw new DatabaseError('A statement of the transaction had failed, so nothing was stored', { code: '25P02' });
  }

  /** Never throws: the error that led here is the one worth telling. */
  async rollbackTransaction(connection: Connection): Promise<void> {
    if (connection.pending !== undefined || connection.spoilt) return;
    try {
      await connection.session.query('rollback', []);
    } catch {
      connection.spoilt = true;
    }
  }

  async releaseConnection(connection: Connection): Promise<void> {
    connection.session.release(connection.spoilt);
  }

  async destroy(): Promise<void> {
    await this.#engine.close();
  }
}
