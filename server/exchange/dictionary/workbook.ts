/** The dictionary as one XLSX workbook: a sheet for each table, the header kept in view. */
import writeXlsxFile from 'write-excel-file/node';
import type { Cell, Sheet } from './sheets.ts';

/** Longest text that a cell of Excel holds. */
const mostCharacters = 32_767;
const widest = 60;

/** Texts are cells of type text, so none is ever a formula. */
export function workbook(sheets: readonly Sheet[]): Promise<Buffer> {
  return writeXlsxFile(sheets.map(({ title, header, rows }) => ({
    sheet: title, stickyRowsCount: 1, columns: header.map((_, at) => ({ width: widthOf(header, rows, at) })),
    data: [header.map((value) => ({ value, type: String, fontWeight: 'bold' as const })), ...rows.map((row) => row.map(cellOf))],
  }))).toBuffer();
}

function cellOf(cell: Cell) {
  if (cell === undefined || cell === '') return null;
  return typeof cell === 'number' ? { value: cell, type: Number } : { value: cell.slice(0, mostCharacters), type: String };
}

/** By the longest of the first rows; a Chinese character is as wide as two letters. */
function widthOf(header: readonly string[], rows: readonly (readonly Cell[])[], at: number): number {
  const texts = [header[at], ...rows.slice(0, 200).map((row) => row[at])].map((cell) => String(cell ?? ''));
  return Math.min(widest, Math.max(...texts.map((text) => [...text].reduce((sum, character) => sum + (character > '\u2e7f' ? 2 : 1), 2))));
}
