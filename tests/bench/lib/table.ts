/** A report for people. */
import type { Cell, Report, Section } from './report.ts';

export function print({ bench, when, machine, facts, sections, notes }: Report): void {
  console.log(`\n${bench}, ${when}\n${[`${machine.cores} × ${machine.processor}`, `${machine.memoryGiB} GiB`, `Node ${machine.node}`, `load ${machine.load} before`].join(', ')}`);
  for (const [name, value] of Object.entries(facts)) console.log(`${name}: ${value ?? ''}`);
  for (const section of sections) console.log(`\n${section.title}\n${tableOf(section)}`);
  for (const note of notes) console.log(`\n${note}`);
}

function tableOf({ rows }: Section): string {
  const columns = Object.keys(rows[0] ?? {});
  const text = (cell: Cell) => (cell === undefined ? '' : typeof cell === 'number' ? cell.toLocaleString('en') : cell);
  const lines = [columns, ...rows.map((row) => columns.map((column) => text(row[column])))];
  const widths = columns.map((_, at) => Math.max(...lines.map((line) => (line[at] ?? '').length)));
  const isNumber = columns.map((column) => rows.some((row) => typeof row[column] === 'number'));
  return lines.map((line) => line.map((cell, at) => (isNumber[at] ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0))).join('  ').trimEnd()).join('\n');
}
