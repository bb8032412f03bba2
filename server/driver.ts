/**
 * Kysely over an Engine. Its own driver, because four things matter here: what opens and what ends a transaction travels with
 * its first and its last statement and waits for nobody, a session that could not be rolled back is never used again, and
 * prepared statements and COPY run inside it.
 */
import {
  PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler,
  type CompiledQuery, type DatabaseConnection, type Dialect, type Driver, type QueryResult, type TransactionSettings,
} from 'kysely';
import { DatabaseError, type Answer, type Engine, type Session } from './engine.ts';

/** A query that the server plans once per session, under this name. */
export interface NamedQuery extends CompiledQuery {
  readonly name: string;
  /** Nothing comes after it in its transaction, so the commit goes out with it. */
  readonly last?: boolean;
}

/** Settings of a transaction, which go out with its first statement; an error of theirs is that statement's. */
export interface Opening extends CompiledQuery {
  readonly opens: true;
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
  /** The answer to the commit that went out with the last statement. */
  committed: Answer | undefined;
  spoilt = false;

  constructor(session: Session) {
    this.session = session;
  }

  async executeQuery<R>(query: CompiledQuery & Partial<NamedQuery & Opening>): Promise<QueryResult<R>> {
    if (this.committed) throw new DatabaseError('The transaction has ended with its last statement');
    if (query.opens && this.pending !== undefined) {
      this.pending += `; ${query.sql}`;
      return { rows: [] };
    }
    const { rows, affected } = await this.send(query);
    return { rows: rows as R[], numAffectedRows: BigInt(affected) };
  }

  /** All that is due now, one behind the other without waiting; the first error is the one to tell. */
  private async send({ sql, parameters, name, last }: CompiledQuery & Partial<NamedQuery>): Promise<Answer> {
    const begin = this.pending;
    this.pending = undefined;
    if (begin !== undefined && !last && name === undefined && parameters.length === 0) return this.session.query(`${begin}; ${sql}`, []);
    const begun = begin === undefined ? undefined : this.session.query(begin, []);
    const answered = this.session.query(sql, parameters, name);
    const ended = last ? this.session.query('commit', []) : undefined;
    const [opening, answer, ending] = await Promise.allSettled([begun, answered, ended]);
    if (ending.status === 'fulfilled') this.committed = ending.value;
    if (opening.status === 'rejected') throw opening.reason;
    if (answer.status === 'rejected') throw answer.reason;
    if (ending.status === 'rejected') throw ending.reason;
    return answer.value;
  }

  async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    if (this.pending !== undefined) await this.session.query(this.pending, []);
    this.pending = undefined;
    let done = false;
    try {
      for await (const bytes of this.session.copyOut(query.sql)) yield { rows: [bytes as R] };
      done = true;
    } finally {
      if (!done) this.spoilt = true;
    }
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
    const { command } = connection.committed ?? (await connection.session.query('commit', []));
    if (command === 'ROLLBACK') throw new DatabaseError('A statement of the transaction had failed, so nothing was stored', { code: '25P02' });
  }

  /** Never throws: the error that led here is the one worth telling. */
  async rollbackTransaction(connection: Connection): Promise<void> {
    if (connection.pending !== undefined || connection.committed || connection.spoilt) return;
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
