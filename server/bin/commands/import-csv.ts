/** `import csv` */
import { readFile as readBytes, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { PreparedForm } from '../../../schemas/prepare.ts';
import { compareRow, summarize } from '../../exchange/import/compare.ts';
import { sha256Of } from '../../exchange/import/identity.ts';
import { loadMapping, type LoadedMapping } from '../../exchange/import/load.ts';
import { readFile, type ReadFile } from '../../exchange/import/read-file.ts';
import { countCells, type ImportReport } from '../../exchange/import/report.ts';
import { storePlans, type Stored } from '../../exchange/import/store.ts';
import { loadMatching } from '../../matching.ts';
import { systemClock, todayAtSite } from '../../services/clock.ts';
import { createForms, type Forms } from '../../services/forms.ts';
import { loadStandards } from '../../standards.ts';
import { pathOf, raise, say, type Command, type Values } from '../command.ts';
import { personNamed, siteNamed, withContext } from '../place.ts';

export const importCsv: Command = {
  help: `
npm run -s xf -- import csv <file> --map <map.json> [--dry-run] [--report <file>] [--site XY01] [--as <user name>]

  --map      how the columns become data; see standards/mappings/ and its README. Mappings are data: copy one for a table of your own
  --dry-run  reads and checks everything and stores nothing; needs no database, so the server may go on running.
             Whether a patient is enrolled is only seen in a real run
  --report   writes what became of every cell, as JSON: {cells: {total, stored, missing, refused}, refused: [{row, column, reason}], …}.
             row is the line of the file, counted from 1 as an editor does; column is its name in the header line,
             name#2 for the second of the same name. The three counts add up to all cells of the data rows
  --site     code of the hospital; not needed where there is only one
  --as       in whose name; not needed where only one person may

Each row is stored whole or not at all, and a bad row does not stop the others. The same file again stores nothing; a later file with changed cells
makes new versions. Exit status 1 when a row was refused. The file may be UTF-8, UTF-16 or GB18030, with comma, semicolon, tab or bar, quoted or not, LF or CRLF.

  npm run -s xf -- import csv clinical_patient_skcm.tsv --map standards/mappings/tcga-skcm-patient.json --dry-run --report report.json
`,
  options: { map: { type: 'string' }, 'dry-run': { type: 'boolean' }, report: { type: 'string' }, site: { type: 'string' }, as: { type: 'string' } },
  async run(values, [file, ...rest]) {
    if (file === undefined || rest.length > 0) raise('Give one file.');
    const loaded = await loadMapping(pathOf(values.required('map')));
    const bytes = await readBytes(pathOf(file)).catch((error: NodeJS.ErrnoException) => { throw new Error(`${file} cannot be read (${error.code ?? 'unknown error'})`); });
    const today = todayAtSite(systemClock);
    const source = { file: basename(file), fileSha256: sha256Of(bytes) };
    const forms = createForms(await loadStandards());
    const read = readFile(bytes, loaded, { formOf: finderOf(forms), patientForm: (await loadMatching(forms)).standard, today });
    const stored = values.is('dry-run') ? undefined : await store(read, loaded, source.fileSha256, today, values);
    const report = reportOf(read, loaded, source, stored);
    const path = values.text('report');
    if (path !== undefined) await writeFile(pathOf(path), `${JSON.stringify(report, undefined, 2)}\n`);
    tell(report, path);
    if (report.rows.refused > 0) process.exitCode = 1;
  },
};

function finderOf(forms: Forms): (subDataset: string) => PreparedForm | undefined {
  return (subDataset) => {
    try {
      return forms.get(subDataset);
    } catch {
      return undefined;
    }
  };
}

function store({ ready, plans }: ReadFile, loaded: LoadedMapping, fileSha256: string, today: string, values: Values): Promise<Stored> {
  return withContext(async (context) => {
    const site = await siteNamed(context, values.text('site'));
    const actor = await personNamed(context, values.text('as'), ['record:write', ...(loaded.mapping.subject.enrol ? ['subject:write' as const] : [])], site);
    say(`Importing ${plans.length} rows to ${site.code} ${site.name} in the name of ${actor.username}`);
    const onRow = (done: number) => { if (done % 500 === 0) say(`${done} of ${plans.length} rows`); };
    return storePlans(context, plans, { siteId: site.id, actor, loaded, ready, fileSha256, today, onRow });
  });
}

function reportOf({ ready, encoding, plans, refused }: ReadFile, { mapping, sha256 }: LoadedMapping, source: { file: string; fileSha256: string }, stored: Stored | undefined): ImportReport {
  const lost = new Set(stored?.refused.map(({ line }) => line));
  const kept = plans.filter(({ line }) => !lost.has(line));
  const refusedRows = [...refused, ...(stored?.refused ?? [])];
  const { compare } = mapping;
  return {
    ...source, encoding, mapping: `${mapping.name}/${mapping.version}`, mappingSha256: sha256, dryRun: stored === undefined,
    ...countCells(kept, refusedRows),
    rows: { total: plans.length + refused.length, added: stored?.added ?? 0, changed: stored?.changed ?? 0, unchanged: stored?.unchanged ?? 0, refused: refusedRows.length },
    ...(compare ? { stages: summarize(kept.map((plan) => compareRow(compare, ready.mapping, plan))) } : {}),
  };
}

/** The figures of the report, for people. */
function tell({ cells, storedAs, rows, stages, refused, dryRun }: ImportReport, path: string | undefined): void {
  const { element, parked, subject, visit, source } = storedAs;
  say(`${cells.total} cells: ${cells.stored} stored, ${cells.missing} missing with a reason, ${cells.refused} refused`);
  say(`Stored as: ${element} data elements, ${parked} parked behind a switched-off element, ${subject} patient fields, ${visit} visit dates, ${source} with their row, for which no data element fits`);
  say(dryRun ? `${rows.total} rows read; nothing was stored (--dry-run)` : `${rows.total} rows: ${rows.added} new, ${rows.changed} changed, ${rows.unchanged} as they were, ${rows.refused} refused`);
  if (stages) say(`Recorded and calculated stage: ${stages.equal} equal, ${stages.differ} differ, ${stages.notComparable} cannot be compared`);
  for (const { row, column, reason } of refused.slice(0, 10)) say(`  line ${row}, ${column}: ${reason}`);
  if (refused.length > 10) say(`  … and ${refused.length - 10} more${path === undefined ? '; --report <file> lists them' : ` in ${path}`}`);
}
