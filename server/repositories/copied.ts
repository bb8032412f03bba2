/**
 * Rows as `copy … (format binary)` writes them, left where they lie: for reading millions, where an object for each value would cost more than
 * the work itself.
 */
import { copyOut, type Trx } from '../database.ts';

export interface CopiedPage {
  readonly rows: number;
  isNull(row: number, column: number): boolean;
  /** Null is null. */
  text(row: number, column: number): string | null;
  /** The same for what is plain ASCII, or for bytes, one to a character. */
  word(row: number, column: number): string | null;
  /** Of an integer of four bytes; null is 0. */
  integer(row: number, column: number): number;
  /** Bytes in place; null is empty. */
  bytes(row: number, column: number): Buffer;
}

/** All rows of a query, which names its own limit. Instants are eight bytes, microseconds since 2000-01-01 UTC, big endian. */
export async function copyPage(trx: Trx, query: string): Promise<CopiedPage> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of copyOut(trx, query, 'format binary')) chunks.push(chunk);
  return decode(chunks.length === 1 && chunks[0] ? Buffer.from(chunks[0].buffer, chunks[0].byteOffset, chunks[0].byteLength) : Buffer.concat(chunks));
}

const empty = Buffer.alloc(0);

/** Eleven bytes of signature, four of flags, four of the length of an extension; then tuples, and -1 at the end. */
function decode(bytes: Buffer): CopiedPage {
  // A value takes four bytes at least, its length; so there are never more.
  const places = new Int32Array(bytes.length / 2);
  let used = 0;
  let width = 1;
  let rows = 0;
  let at = 19 + bytes.readInt32BE(15);
  for (let columns = bytes.readInt16BE(at); columns >= 0; columns = bytes.readInt16BE(at)) {
    at += 2;
    width = columns;
    rows += 1;
    for (let column = 0; column < columns; column += 1) {
      const length = bytes.readInt32BE(at);
      at += 4;
      places[used] = at;
      places[used + 1] = length;
      used += 2;
      if (length > 0) at += length;
    }
  }
  const lengthOf = (row: number, column: number) => places[(row * width + column) * 2 + 1] ?? -1;
  const startOf = (row: number, column: number) => places[(row * width + column) * 2] ?? 0;
  const slice = (row: number, column: number, encoding: 'utf8' | 'latin1') => {
    const length = lengthOf(row, column);
    const start = startOf(row, column);
    return length < 0 ? null : bytes.toString(encoding, start, start + length);
  };
  return {
    rows,
    isNull: (row, column) => lengthOf(row, column) < 0,
    text: (row, column) => slice(row, column, 'utf8'),
    word: (row, column) => slice(row, column, 'latin1'),
    integer: (row, column) => (lengthOf(row, column) === 4 ? bytes.readInt32BE(startOf(row, column)) : 0),
    bytes: (row, column) => (lengthOf(row, column) < 0 ? empty : bytes.subarray(startOf(row, column), startOf(row, column) + lengthOf(row, column))),
  };
}
