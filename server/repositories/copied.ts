/** Rows as `copy … (format binary)` writes them: for reading millions, where a JavaScript object for each would cost more than the work. */
import { copyOut, type Trx } from '../database.ts';

/** The bytes of each column; null is null. Instants are eight bytes, microseconds since 2000-01-01 UTC, big endian. */
export type CopiedRow = readonly (Buffer | null)[];

/** All rows of a query, which names its own limit. */
export async function copyRows(trx: Trx, query: string): Promise<CopiedRow[]> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of copyOut(trx, query, 'format binary')) chunks.push(chunk);
  return decode(chunks.length === 1 && chunks[0] ? Buffer.from(chunks[0].buffer, chunks[0].byteOffset, chunks[0].byteLength) : Buffer.concat(chunks));
}

/** Eleven bytes of signature, four of flags, four of the length of an extension; then tuples, and -1 at the end. */
function decode(bytes: Buffer): CopiedRow[] {
  const rows: CopiedRow[] = [];
  let at = 19 + bytes.readInt32BE(15);
  for (let columns = bytes.readInt16BE(at); columns >= 0; columns = bytes.readInt16BE(at)) {
    at += 2;
    const row: (Buffer | null)[] = [];
    for (let column = 0; column < columns; column += 1) {
      const length = bytes.readInt32BE(at);
      at += 4;
      row.push(length < 0 ? null : bytes.subarray(at, at + length));
      if (length > 0) at += length;
    }
    rows.push(row);
  }
  return rows;
}
