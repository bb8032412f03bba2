/** The real melanoma cases: 329 patients and their follow-ups, brought in on each engine. Only where the shared material is. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import { transact } from '../../../server/database.ts';
import { compareRow, summarize } from '../../../server/exchange/import/compare.ts';
import { sha256Of } from '../../../server/exchange/import/identity.ts';
import { loadMapping, type LoadedMapping } from '../../../server/exchange/import/load.ts';
import { readFile, type ReadFile } from '../../../server/exchange/import/read-file.ts';
import { countCells } from '../../../server/exchange/import/report.ts';
import { storePlans, type Stored } from '../../../server/exchange/import/store.ts';
import { createForms } from '../../../server/services/forms.ts';
import { standardsFolder, loadStandards } from '../../../server/standards.ts';
import { engines } from '../../support/engines.ts';
import { usePlace } from './everything.ts';

const shared = process.env['XF_SHARED'] ?? fileURLToPath(new URL('../../../../shared', import.meta.url));
const folder = join(shared, 'corpus', 'tcga-skcm');
const isThere = existsSync(folder);
if (!isThere) console.log(`The real melanoma cases are not tested: ${folder} is not there (XF_SHARED names the folder above it)`);

interface Source {
  bytes: Buffer;
  loaded: LoadedMapping;
  read: ReadFile;
}

const registry = isThere ? await loadStandards() : undefined;

async function sourceOf(name: 'patient' | 'follow-up'): Promise<Source> {
  if (!registry) throw new Error('The shared material is not there');
  const forms = createForms(registry);
  const loaded = await loadMapping(join(standardsFolder, 'mappings', `tcga-skcm-${name}.json`));
  const bytes = readFileSync(join(folder, `clinical_${name.replace('-', '_')}_skcm.tsv`));
  return { bytes, loaded, read: readFile(bytes, loaded, { formOf: (subDataset) => forms.get(subDataset), patientForm: 'patient-basic-info', today: '2026-11-22' }) };
}

describe.runIf(isThere)('the melanoma cases, read', () => {
  /** Counted by hand of the file: cells that are one of the spellings, or several of them parted by a bar. */
  const isMissing = (text: string) => text.split('|').every((part) => ['[Not Available]', '[Not Applicable]', '[Unknown]', '[Not Evaluated]', '[Completed]'].includes(part));
  const cellsOf = (bytes: Buffer) => bytes.toString().trimEnd().split('\n').slice(3).flatMap((line) => line.split('\t'));

  test.for([['patient', 329, 62], ['follow-up', 268, 28]] as const)('every cell of the %s table is accounted for', async ([name, rows, columns]) => {
    const { bytes, read: { plans, refused, ready } } = await sourceOf(name);
    expect(plans).toHaveLength(rows);
    expect(refused).toEqual([]);
    const { cells, refused: listed } = countCells(plans, refused);
    expect(cells.total).toBe(rows * columns);
    expect(cells.stored + cells.missing + cells.refused).toBe(cells.total);
    expect(cells.missing).toBe(cellsOf(bytes).filter(isMissing).length);
    expect(cells.refused).toBe(listed.length);
    // What is refused is still kept with its row.
    for (const plan of plans) expect(Object.keys(plan.cells)).toEqual(ready.columns);
  });

  test('only fractions of a mitosis are refused, by line and column', async () => {
    const { bytes, read: { plans, ready } } = await sourceOf('patient');
    const { refused } = countCells(plans, []);
    const lines = bytes.toString().split('\n');
    expect(refused).toHaveLength(9);
    for (const { row, column, reason } of refused) {
      expect(column).toBe('primary_melanoma_mitotic_rate');
      expect(reason).toContain('whole number');
      expect(lines[row - 1]?.split('\t')[ready.columns.indexOf(column)]).toMatch(/^\d+\.\d+$/);
    }
  });

  test('values and reasons stand where the standards expect them', async () => {
    const { read: { plans } } = await sourceOf('patient');
    const [staging, pathology] = plans[0]?.records ?? [];
    expect(plans[0]).toMatchObject({ line: 4, studyNumber: 'TCGA-3N-A9WB', identity: { sex: '1' } });
    expect(staging?.data).toMatchObject({ diagnosisDate: '2012', ageAtDiagnosis: 71, breslow: 0.7, ulceration: 'absent', primaryTumorStatus: 'measurable', stagingEdition: 'ajcc8', pNodeStatus: 'not-assessed' });
    expect(staging?.evaluation.data).toMatchObject({ tCategory: 'T1a', pNCategory: 'NX', mCategory: 'M0', pathologicalStage: 'unassignable' });
    expect(pathology?.evaluation.data).toMatchObject({ invasive: 'invasive', histologicType: '8720/3', clarkLevel: 'III', pT: 'T1a' });
    const reasons = new Set(plans.flatMap(({ missing }) => Object.values(missing)));
    expect([...reasons].sort()).toEqual(['not-applicable', 'not-available', 'not-done', 'not-recorded', 'unknown']);
  });

  test('the recorded stage is told from the calculated one, and every difference has a reason', async () => {
    const { read: { plans, ready }, loaded: { mapping: { compare } } } = await sourceOf('patient');
    if (!compare) throw new Error('The mapping compares nothing');
    const report = summarize(plans.map((plan) => compareRow(compare, ready.mapping, plan)));
    expect(report.rows).toHaveLength(329);
    expect(report.equal + report.differ + report.notComparable).toBe(329);
    expect(report.compared).toBe(report.equal + report.differ);
    expect(Object.values(report.byReason).reduce((sum, count) => sum + count, 0)).toBe(report.differ + report.notComparable);
    expect(report.byReason).not.toHaveProperty('unexplained');
    expect(report.byReason).toMatchObject({ 'nodes-not-counted': 61, 'ulceration-missing': 17, 'thickness-missing': 7, 'recorded-without-subgroup': 29 });
    expect(report).toMatchObject({ equal: 131, differ: 60, notComparable: 138 });
  });
});

describe.runIf(isThere).each(engines())('the melanoma cases, stored on $name', ({ fresh }) => {
  const store = fresh();
  const place = usePlace(() => store.db, () => registry ?? neverThere());
  let first: Stored[];

  const importTable = async (name: 'patient' | 'follow-up'): Promise<Stored> => {
    const { bytes, loaded, read: { ready, plans } } = await sourceOf(name);
    return storePlans(place.context, plans, { siteId: place.siteId, actor: place.actor, loaded, ready, fileSha256: sha256Of(bytes), today: '2026-11-22' });
  };
  const one = (query: string) => transact(store.db, { sites: [place.siteId] }, async (trx) => (await sql.raw<{ [name: string]: unknown }>(query).execute(trx)).rows[0]);
  const counts = () => one(`select (select count(*) from subject)::int subjects, (select count(*) from visit)::int visits, (select count(*) from record)::int records, (select count(*) from record_version)::int versions,
    (select count(*) from import_row)::int rows, (select count(*) from contribution)::int contributions, (select count(*) from audit_event)::int events`);

  beforeAll(async () => {
    first = [await importTable('patient'), await importTable('follow-up')];
  }, 300_000);

  test('makes 329 patients, their records and follow-ups', async () => {
    expect(first).toEqual([{ added: 329, changed: 0, unchanged: 0, refused: [] }, { added: 268, changed: 0, unchanged: 0, refused: [] }]);
    expect(await counts()).toMatchObject({ subjects: 329, visits: 268, records: 658, versions: 658, rows: 597 });
    expect(await one(`select count(distinct subject_id)::int as n from visit`)).toEqual({ n: 228 });
  });

  test('keeps every cell as it stood in the file', async () => {
    for (const name of ['patient', 'follow-up'] as const) {
      const { bytes, read: { ready } } = await sourceOf(name);
      const rows = await transact(store.db, { sites: [place.siteId] }, async (trx) => (await sql<{ line: number; cells: { [column: string]: string } }>`
        select b.line, b.cells from import_row b join import_file f on f.id = b.import_file_id where f.mapping = ${`tcga-skcm-${name}/1.0.0`} order by b.line`.execute(trx)).rows);
      const lines = bytes.toString().split('\n');
      for (const { line, cells } of rows) expect(ready.columns.map((column) => cells[column]).join('\t')).toBe(lines[line - 1]);
    }
  });

  test('adds nothing the second time', async () => {
    const before = await counts();
    expect([await importTable('patient'), await importTable('follow-up')].map(({ added, changed, unchanged }) => [added, changed, unchanged])).toEqual([[0, 0, 329], [0, 0, 268]]);
    expect(await counts()).toEqual(before);
  });
});

function neverThere(): never {
  throw new Error('The shared material is not there');
}
