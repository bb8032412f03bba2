/** Text of a table → header and rows, each with the line on which it begins. */
import Papa from 'papaparse';

export interface TableShape {
  /** One character; absent means: whichever of comma, semicolon, tab and bar the first line holds most. */
  delimiter?: string;
  /** Whether `"` quotes cells. Some exchange formats have no quoting, and there a `"` is a character like any other. Default true. */
  quoted?: boolean;
  /** Lines before the data. Default 1. */
  headerLines?: number;
  /** Which of them, from 1, holds the names of the columns. Default 1. */
  headerLine?: number;
}

export interface TableRow {
  /** Line of the file on which the row begins, from 1. */
  line: number;
  cells: string[];
}

export interface Table {
  /** Names as a mapping addresses them: a name that returns is `name#2`, `name#3`. */
  columns: string[];
  rows: TableRow[];
  delimiter: string;
}

/** A character that text of a table cannot hold, which switches quoting off. */
const noQuote = '\u0000';

/** More than any spreadsheet opens; a line that long is no header. */
const mostColumns = 20_000;

/** Blank lines are skipped; ragged rows are kept as they are. Throws an Error when there is no header line. */
export function readTable(text: string, shape: TableShape = {}): Table {
  const { headerLines = 1, headerLine = 1 } = shape;
  const { rows, delimiter } = splitRows(text, shape);
  const header = rows[headerLine - 1];
  if (!header || rows.length < headerLines) throw new Error(`The file ends before its ${headerLines === 1 ? 'header line' : `${headerLines} header lines`}`);
  const width = header.cells.length;
  if (width > mostColumns) throw new Error(`The header line has more than ${mostColumns} columns`);
  return { columns: nameColumns(header.cells), rows: rows.slice(headerLines).filter(({ cells }) => !isBlank(cells, width)), delimiter };
}

/** A lone empty cell is a blank line, unless the table has just one column: there it is an unanswered cell. */
function isBlank(cells: readonly string[], width: number): boolean {
  return width > 1 && cells.length === 1 && cells[0] === '';
}

function splitRows(text: string, { delimiter = guessDelimiter(text), quoted = true }: TableShape): { rows: TableRow[]; delimiter: string } {
  const rows: TableRow[] = [];
  let line = 1;
  let from = 0;
  Papa.parse<string[]>(text, {
    delimiter,
    quoteChar: quoted ? '"' : noQuote,
    step: ({ data, meta }) => {
      rows.push({ line, cells: data });
      line += lineBreaks(text, from, meta.cursor);
      from = meta.cursor;
    },
  });
  const last = rows.at(-1);
  if (last && /[\r\n]$/.test(text) && last.cells.length === 1 && last.cells[0] === '') rows.pop();
  return { rows, delimiter };
}

/** papaparse's own guess needs several full lines; a header line is enough, and says the same every time. */
function guessDelimiter(text: string): string {
  const header = (/^[^\r\n]*/.exec(text)?.[0] ?? '').replace(/"[^"]*"/g, '');
  const counts = [',', ';', '\t', '|'].map((character) => ({ character, count: header.split(character).length }));
  return counts.reduce((best, next) => (next.count > best.count ? next : best)).character;
}

function lineBreaks(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 10 || (code === 13 && text.charCodeAt(at + 1) !== 10)) count += 1;
  }
  return count;
}

function nameColumns(names: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name}#${count}`;
  });
}
