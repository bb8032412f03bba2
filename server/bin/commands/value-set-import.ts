/** `value-set import` */
import { readFile as readBytes, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ValueSet } from '../../../schemas/form.ts';
import { createInitials, type PinyinWords } from '../../../schemas/pinyin/initials.ts';
import type { Registry } from '../../../schemas/registry.ts';
import { readCodes } from '../../exchange/codes/read.ts';
import { storeCodes, type StoredCodes } from '../../exchange/codes/store.ts';
import { sha256Of } from '../../exchange/import/identity.ts';
import { loadStandards, standardsFolder } from '../../standards.ts';
import { pathOf, raise, say, type Command } from '../command.ts';
import { withContext } from '../place.ts';

export const valueSetImport: Command = {
  help: `
npm run -s xf -- value-set import <file> --set icd-10 --version "国家临床版 2.0" [--add] [--dry-run] [--report <file>]

  --set      an open value set of standards/value-sets: icd-10, icd-9-cm-3, icd-o-3-topography, drug-code, gb-t-15657 …
             (value-set list shows them)
  --version  how this edition is called; kept with the import
  --add      the file is an addition; without it, a code that the file lacks is retired: still valid in what was recorded, no longer offered
  --dry-run  reads and checks, stores nothing and needs no database
  --report   writes what was found as JSON: {rows, added, changed, retired, unchanged, wrong: [{row, column, reason}], …}

Columns are known by their names in the first line: code (编码, 疾病编码, 手术编码, 药品编码 …) and name (名称, 疾病名称, zh …) are needed; English (en, 英文名称), synonyms
(别名; several with ; between them), status (状态: 有效 or 停用) and pinyin (拼音码) may be there. Missing initials are made. UTF-8, UTF-16 or GB18030.

A row that is wrong is listed with line and column, all others are stored, in one transaction. The same file again stores nothing. A running server offers the new
codes within ten seconds. Exit status 1 when a row was wrong.
`,
  options: { set: { type: 'string' }, version: { type: 'string' }, add: { type: 'boolean' }, 'dry-run': { type: 'boolean' }, report: { type: 'string' } },
  async run(values, [file, ...rest]) {
    if (file === undefined || rest.length > 0) raise('Give one file.');
    const valueSet = openSet(await loadStandards(), values.required('set'));
    const edition = values.required('version');
    const bytes = await readBytes(pathOf(file)).catch((error: NodeJS.ErrnoException) => { throw new Error(`${file} cannot be read (${error.code ?? 'unknown error'})`); });
    const { words } = JSON.parse(await readBytes(join(standardsFolder, 'pinyin-words.json'), 'utf8')) as { words: PinyinWords };
    const read = readCodes(bytes, valueSet.open.pattern, createInitials(words));
    const fileSha256 = sha256Of(bytes);
    const stored = values.is('dry-run') ? undefined : await withContext(({ db }) => storeCodes(db, read, { valueSet: valueSet.id, edition, fileSha256, adds: values.is('add') }));
    const report = { file: basename(file), fileSha256, valueSet: valueSet.id, edition, encoding: read.encoding, dryRun: stored === undefined, rows: read.rows.length + read.wrong.length, ...stored, ignored: read.ignored, wrong: read.wrong };
    const path = values.text('report');
    if (path !== undefined) await writeFile(pathOf(path), `${JSON.stringify(report, undefined, 2)}\n`);
    tell(report, stored, path);
    if (read.wrong.length > 0) process.exitCode = 1;
  },
};

/** By its name, or by what it calls its content (`drug` for drug-code). */
function openSet(registry: Registry, name: string): ValueSet & { open: { pattern: string; content: string } } {
  const sets = registry.valueSetRefs.map((ref) => registry.getValueSet(ref));
  const open = sets.flatMap((set) => (set.open ? [{ ...set, open: set.open }] : []));
  const found = open.findLast(({ id, open: { content } }) => id === name || content === name);
  if (found) return found;
  const isClosed = sets.some(({ id }) => id === name);
  return raise(`${isClosed ? `The value set ${name} is whole as it is shipped` : `There is no value set ${name}`}. Codes can be imported into: ${open.map(({ id }) => id).join(', ')}.`);
}

function tell({ rows, ignored, wrong, valueSet }: { rows: number; ignored: readonly string[]; wrong: readonly { row: number; column: string; reason: string }[]; valueSet: string }, stored: StoredCodes | undefined, path: string | undefined): void {
  if (ignored.length > 0) say(`Columns that mean nothing here and were left out: ${ignored.join(', ')}`);
  say(stored ? `${valueSet}: ${rows} rows: ${stored.added} new, ${stored.changed} changed, ${stored.unchanged} as they were, ${wrong.length} wrong; ${stored.retired} codes retired` : `${rows} rows read, ${wrong.length} wrong; nothing was stored (--dry-run)`);
  for (const { row, column, reason } of wrong.slice(0, 10)) say(`  line ${row}, ${column}: ${reason}`);
  if (wrong.length > 10) say(`  … and ${wrong.length - 10} more${path === undefined ? '; --report <file> lists them' : ` in ${path}`}`);
}
