/** Reading tables as hospitals send them, and writing cells that no spreadsheet runs. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, test } from 'vitest';
import { decodeText } from '../../../server/exchange/csv/decode.ts';
import { readTable } from '../../../server/exchange/csv/read.ts';
import { createScan } from '../../../server/exchange/csv/scan.ts';
import { csvLines, guardText, unguardText } from '../../../server/exchange/csv/write.ts';

const shared = process.env['XF_SHARED'] ?? fileURLToPath(new URL('../../../../shared', import.meta.url));
const corpus = join(shared, 'corpus', 'csv', 'csv-spectrum');
const utf16 = (text: string, bigEndian = false) => {
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
  return bigEndian ? bytes.swap16() : bytes;
};

describe('decoding', () => {
  const text = '姓名,值\n张三,1\n';
  test.for([
    { name: 'UTF-8', bytes: Buffer.from(text), encoding: 'utf-8' },
    { name: 'UTF-8 with a byte order mark', bytes: Buffer.from(`\ufeff${text}`), encoding: 'utf-8' },
    { name: 'UTF-16 of Windows', bytes: utf16(text), encoding: 'utf-16le' },
    { name: 'UTF-16, big end first', bytes: utf16(text, true), encoding: 'utf-16be' },
    // 张三 is D5 C5 C8 FD, 姓名 D0 D5 C3 FB, 值 D6 B5
    { name: 'GB18030', bytes: Buffer.from('d0d5c3fb2cd6b50ad5c5c8fd2c310a', 'hex'), encoding: 'gb18030' },
  ])('finds $name', ({ bytes, encoding }) => {
    expect(decodeText(bytes)).toEqual({ text, encoding });
  });

  test('reads characters beyond GBK', () => {
    expect(decodeText(Buffer.from('8235903795 34b235'.replace(' ', ''), 'hex')).text).toBe('龴𠮷');
  });

  test('refuses bytes that are no text in the encoding named', () => {
    expect(() => decodeText(Buffer.from([0xff, 0x41]), 'utf-8')).toThrow(/not text in utf-8/);
  });
});

describe('reading', () => {
  test.for([
    { name: 'commas and quotes', text: 'a,b\r\n"x, ""y""",2\r\n', columns: ['a', 'b'], cells: [['x, "y"', '2']] },
    { name: 'semicolons', text: 'a;b\n1;2\n', columns: ['a', 'b'], cells: [['1', '2']] },
    { name: 'tabs', text: 'a\tb\n1\t2', columns: ['a', 'b'], cells: [['1', '2']] },
    { name: 'carriage returns alone', text: 'a,b\r1,2\r', columns: ['a', 'b'], cells: [['1', '2']] },
    { name: 'equal names', text: 'a,b,a,a\n1,2,3,4\n', columns: ['a', 'b', 'a#2', 'a#3'], cells: [['1', '2', '3', '4']] },
    { name: 'one column with an empty cell', text: 'a\n1\n\n2\n', columns: ['a'], cells: [['1'], [''], ['2']] },
    { name: 'blank lines between rows', text: 'a,b\n1,2\n\n3,4\n', columns: ['a', 'b'], cells: [['1', '2'], ['3', '4']] },
    { name: 'names that objects have', text: '__proto__,constructor,toString\n1,2,3\n', columns: ['__proto__', 'constructor', 'toString'], cells: [['1', '2', '3']] },
  ])('reads $name', ({ text, columns, cells }) => {
    const table = readTable(text);
    expect(table.columns).toEqual(columns);
    expect(table.rows.map((row) => row.cells)).toEqual(cells);
  });

  test('tells the line of each row, across cells of several lines', () => {
    expect(readTable('a,b\r\n"1\r\n1",2\r\n\r\n3,4\r\n').rows.map(({ line }) => line)).toEqual([2, 5]);
  });

  test('takes the header from the line that is named, and quotes as they are', () => {
    const table = readTable('a\tb\nA\tB\nid:1\tid:2\n5" long\t2\n', { delimiter: '\t', quoted: false, headerLines: 3 });
    expect(table.columns).toEqual(['a', 'b']);
    expect(table.rows).toEqual([{ line: 4, cells: ['5" long', '2'] }]);
  });

  test('refuses a file without its header lines', () => {
    expect(() => readTable('a,b\n', { headerLines: 3 })).toThrow(/ends before its 3 header lines/);
  });

  test.runIf(existsSync(corpus))('reads csv-spectrum as its JSON says', () => {
    const names = readdirSync(corpus).filter((name) => name.includes('__csvs__')).map((name) => name.replace(/^.*__csvs__|\.csv$/g, ''));
    // The JSON of location_coordinates holds another telephone number than its CSV, and the CSV of newlines_crlf has lost its carriage returns.
    for (const name of names.filter((each) => !['location_coordinates', 'newlines_crlf'].includes(each))) {
      const { columns, rows } = readTable(decodeText(readFileSync(join(corpus, `csv-spectrum__csvs__${name}.csv`))).text);
      const expected: unknown = JSON.parse(readFileSync(join(corpus, `csv-spectrum__json__${name}.json`), 'utf8'));
      expect(rows.map(({ cells }) => Object.fromEntries(columns.map((column, at) => [column, cells[at]]))), name).toEqual(expected);
    }
  });
});

/** As `copy … with (format csv, force_quote (…))` writes text columns. */
const copied = (rows: readonly (readonly string[])[]) => rows.map((row) => `${row.map((cell) => (cell === '' ? '' : `"${cell.replaceAll('"', '""')}"`)).join(',')}\n`).join('');
const inPieces = (bytes: Buffer, sizes: readonly number[]) => {
  const pieces: Buffer[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return pieces;
};
const scanned = (text: string, columns: number, guarded: boolean, sizes: readonly number[] = [1 << 20]) => {
  const scan = createScan({ columns, ...(guarded ? { guarded: Array.from({ length: columns }, () => true) } : {}) });
  const out = Buffer.concat(inPieces(Buffer.from(text), sizes).map((piece) => Buffer.from(scan.push(piece)))).toString();
  scan.end();
  return { out, rows: scan.rows, answered: [...scan.answered] };
};

describe('guarding', () => {
  test.for(['=1+1', '+1', '-1', '@x', '\tx', '\rx', '\nx', '＝1', '＋1', '－1', '＠x', "'=1", "''=1"])('guards %j', (text) => {
    expect(guardText(text)).toBe(`'${text}`);
    expect(scanned(copied([[text]]), 1, true).out).toBe(`"'${text.replaceAll('"', '""')}"\r\n`);
  });

  test.for(['', 'x', "'x", '１', '·', ' =1', 'a=1', '，', 'ﾏ'])('leaves %j alone', (text) => {
    expect(guardText(text)).toBe(text);
    expect(scanned(copied([[text]]), 1, true).out).toBe(text === '' ? '\r\n' : `"${text}"\r\n`);
  });

  const hostile = fc.oneof(fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\u0000', '')), fc.string({ unit: fc.constantFrom('=', '+', '-', '@', "'", '"', ',', '\r', '\n', '\t', '＝', '＠', 'x', '龴') }));
  const rows = fc.integer({ min: 2, max: 4 }).chain((width) => fc.array(fc.array(hostile, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 5 }));

  test('takes nothing away, whatever the text', () => {
    fc.assert(fc.property(hostile, (text) => unguardText(guardText(text)) === text));
  });

  test('gives rows that papaparse reads back, in whatever pieces they come', () => {
    fc.assert(fc.property(rows, fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 4 }), fc.boolean(), (table, sizes, guarded) => {
      const width = table[0]?.length ?? 0;
      const { out, rows: count, answered } = scanned(copied(table), width, guarded, sizes);
      const back = Papa.parse<string[]>(out, { newline: '\r\n', delimiter: ',' }).data.slice(0, -1);
      expect(back.map((row) => row.map((cell) => (guarded ? unguardText(cell) : cell)))).toEqual(table);
      expect(count).toBe(table.length);
      expect(answered).toEqual(Array.from({ length: width }, (_, at) => table.filter((row) => row[at] !== '').length));
      for (const cell of back.flat()) if (guarded) expect(cell).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/);
    }));
  });

  test('says when the database ended in the middle of a row', () => {
    const scan = createScan({ columns: 2 });
    scan.push(Buffer.from('1,2\n3,'));
    expect(() => scan.end()).toThrow(/middle of a row/);
  });

  test('writes lines that papaparse reads back, numbers as they are', () => {
    fc.assert(fc.property(rows, fc.constantFrom('analysis' as const, 'excel' as const), (table, profile) => {
      const back = Papa.parse<string[]>(csvLines(table, profile), { newline: '\r\n', delimiter: ',' }).data.slice(0, -1);
      expect(back.map((row) => row.map((cell) => (profile === 'excel' ? unguardText(cell) : cell)))).toEqual(table);
    }));
    expect(csvLines([[-1.5, '-1.5', undefined]], 'excel')).toBe(`-1.5,"'-1.5",\r\n`);
  });
});
