/** What the two databases have in common: one session at a time per transaction, one answer per statement. */
export interface Answer {
  /** `SELECT`, `INSERT`, `COMMIT`, `ROLLBACK` …, of the last statement. */
  command: string;
  affected: number;
  rows: unknown[];
}

export interface Session {
  /** Without values `text` may hold several statements, sent as one message. A name makes the server keep the plan. */
  query(text: string, values: readonly unknown[], name?: string): Promise<Answer>;
  /** The bytes of `copy … to stdout`; leaving the loop early spoils the session. */
  copyOut(text: string): AsyncIterable<Uint8Array>;
  /** Gives the session back; a spoilt one is closed instead of being used again. */
  release(spoilt: boolean): void;
}

export interface Engine {
  readonly name: 'embedded' | 'postgresql';
  acquire(): Promise<Session>;
  /** The whole database as a tar file from which an embedded one can begin. */
  dump?(): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** How text of the server becomes a value, by type; the same on both engines. Other types keep the driver's own way, which agrees. */
export const parsers: { readonly [oid: number]: (text: string) => unknown } = {
  17: (text) => new Uint8Array(Buffer.from(text.slice(2), 'hex')),
  20: Number,
  1082: String,
  1083: String,
  1114: String,
  1186: String,
  1700: String,
};

/** The members of a database error that may be shown and logged; `detail` and `where` quote rows, so they are left behind. */
const kept = ['code', 'schema', 'table', 'column', 'constraint', 'severity', 'routine'] as const;

/** An error of the database, without the values that it may quote. `code` is the SQLSTATE or the code of the socket. */
export class DatabaseError extends Error {
  readonly code: string | undefined;
  readonly table: string | undefined;
  readonly column: string | undefined;
  readonly constraint: string | undefined;

  constructor(message: string, fields: { readonly [name: string]: unknown } = {}) {
    super(message);
    this.name = 'DatabaseError';
    this.code = text(fields['code']);
    this.table = text(fields['table']);
    this.column = text(fields['column']);
    this.constraint = text(fields['constraint']);
  }
}

/** Class 22 (a value does not fit) is the one whose message itself quotes the value. */
export function cleanError(error: unknown): DatabaseError {
  if (error instanceof DatabaseError) return error;
  const fields = Object.fromEntries(kept.map((name) => [name, Object(error)[name]]));
  const message = (error instanceof Error && error.message) || 'The database failed';
  const quotes = text(fields['code'])?.startsWith('22') === true;
  return new DatabaseError(quotes ? `A value does not fit (SQLSTATE ${String(fields['code'])})` : message, fields);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
