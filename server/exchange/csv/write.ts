/** Cells → lines of a CSV file, for what is made here and not by the database: header lines and the codebook. */
import Papa from 'papaparse';

export type Profile = 'analysis' | 'excel';

/** UTF-8 byte order mark, by which Excel knows the encoding. */
export const byteOrderMark = '\ufeff';

const formula = /^'*[=+\-@\t\r\n\u0000＝＋－＠]/;

/** A text that a spreadsheet would take for a formula gets an apostrophe before it. */
export function guardText(text: string): string {
  return formula.test(text) ? `'${text}` : text;
}

/** The text that `guardText` was given. */
export function unguardText(text: string): string {
  return text.startsWith("'") && formula.test(text) ? text.slice(1) : text;
}

/** Lines by RFC 4180 with CRLF after each; a number is a number in both profiles, an empty text an empty cell. */
export function csvLines(rows: readonly (readonly (string | number | undefined)[])[], profile: Profile): string {
  if (rows.length === 0) return '';
  const cells = rows.map((row) => row.map((cell) => (cell === undefined ? '' : profile === 'excel' && typeof cell === 'string' ? guardText(cell) : cell)));
  const quotes = profile === 'excel' ? (value: unknown) => typeof value === 'string' && value !== '' : false;
  return `${Papa.unparse(cells, { newline: '\r\n', quotes })}\r\n`;
}
