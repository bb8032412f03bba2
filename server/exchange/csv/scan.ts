/**
 * What stands between `copy … to stdout` and a CSV file by RFC 4180: rows end in CRLF, cells that a spreadsheet would take for a formula are
 * guarded, rows and answered cells are counted. On bytes, in one pass, because everything that leaves goes through here.
 */

export interface ScanOptions {
  columns: number;
  /** Text columns are quoted by COPY (`force_quote`); in these a formula is guarded. Absent: nothing is. */
  guarded?: readonly boolean[];
}

export interface Scan {
  /** What can be written of all that has come so far. */
  push(chunk: Uint8Array): Uint8Array;
  /** @throws Error when the last row is not whole */
  end(): void;
  readonly rows: number;
  /** Cells that are not empty, by column. */
  readonly answered: readonly number[];
}

const [QUOTE, COMMA, CR, LF, APOSTROPHE] = [0x22, 0x2c, 0x0d, 0x0a, 0x27];

export function createScan({ columns, guarded }: ScanOptions): Scan {
  const answered = new Array<number>(columns).fill(0);
  let [rows, column, length, quoted] = [0, 0, 0, false];
  let held: Uint8Array = new Uint8Array();

  const push = (chunk: Uint8Array): Uint8Array => {
    const input = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    // A row has a line feed and a guarded cell two quotes, so what is added is at most as long as what was there.
    const output = Buffer.allocUnsafe(input.length * 2);
    let [to, done, end] = [0, 0, input.length];
    const insert = (at: number, byte: number): void => {
      output.set(input.subarray(done, at), to);
      to += at - done;
      done = at;
      output[to++] = byte;
    };
    for (let at = 0; at < end; at += 1) {
      const byte = input[at];
      if (byte === QUOTE) {
        quoted = !quoted;
        if (quoted && length === 0 && guarded?.[column] === true) {
          const formula = isFormula(input, at + 1);
          if (formula === undefined) [end, quoted] = [at, false];
          else if (formula) insert(at + 1, APOSTROPHE);
        }
        length += 1;
      } else if (quoted || (byte !== COMMA && byte !== LF)) {
        length += 1;
      } else {
        if (length > 0) answered[column] = (answered[column] ?? 0) + 1;
        length = 0;
        column += 1;
        if (byte === LF) {
          insert(at, CR);
          column = 0;
          rows += 1;
        }
      }
    }
    if (end < input.length) length = 0;
    held = input.subarray(end);
    output.set(input.subarray(done, end), to);
    return output.subarray(0, to + end - done);
  };
  const finish = (): void => {
    if (held.length > 0 || column > 0 || length > 0) throw new Error('The database ended in the middle of a row');
  };
  return { push, end: finish, get rows() { return rows; }, answered };
}

/** Apostrophes do not make a text safe, they only make it longer: `'=x` is guarded too, so that taking one away gives back what was there. Undefined: more bytes will tell. */
function isFormula(input: Uint8Array, from: number): boolean | undefined {
  let at = from;
  while (input[at] === APOSTROPHE) at += 1;
  const byte = input[at];
  if (byte === undefined || (byte === 0xef && at + 2 >= input.length)) return undefined;
  return byte === 0xef ? input[at + 1] === 0xbc && fullWidth.has(input[at + 2] ?? 0) : starts.has(byte);
}

/** `=` `+` `-` `@` TAB CR LF */
const starts = new Set([0x3d, 0x2b, 0x2d, 0x40, 0x09, 0x0d, 0x0a]);
/** Last byte of `＝` `＋` `－` `＠` in UTF-8. */
const fullWidth = new Set([0x9d, 0x8b, 0x8d, 0xa0]);
