/** The reference material the standards were written from. It is not part of the repository: tests that read it run only where it lies beside it. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import papaparse from 'papaparse';

export type Row = { readonly [column: string]: string };

const folder = `${process.env['XF_SHARED'] ?? fileURLToPath(new URL('../../../shared', import.meta.url))}/standards`;

/** Whether the material is at hand; says so in one line when it is not. */
export function hasSources(what: string): boolean {
  if (existsSync(`${folder}/catalogue.csv`)) return true;
  console.log(`Not run: ${what} (the reference material is not beside the repository; name its folder in XF_SHARED)`);
  return false;
}

/** The text of a file; nothing where the material is not at hand, because tests are collected before they are skipped. */
export function readSource(file: string): string {
  return existsSync(`${folder}/${file}`) ? readFileSync(`${folder}/${file}`, 'utf8') : '';
}

export function readSourceTable(file: string): Row[] {
  return papaparse.parse<Row>(readSource(file), { header: true, skipEmptyLines: true }).data;
}
