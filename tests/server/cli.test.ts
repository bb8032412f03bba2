/** The command line as people use it: a process of its own, its two outputs and its exit status. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import type { CatalogueDocument } from '../../schemas/documents.ts';
import type { Listed } from '../../server/bin/commands/standards-list.ts';
import type { ImportReport } from '../../server/exchange/import/report.ts';
import { aFolder } from '../support/folders.ts';

const program = fileURLToPath(new URL('../../server/bin/xf.ts', import.meta.url));
const root = fileURLToPath(new URL('../..', import.meta.url));

interface Ran {
  status: number | null;
  out: string;
  err: string;
}

function xf(args: readonly string[], { input = '', environment = {} }: { input?: string; environment?: { [name: string]: string } } = {}): Promise<Ran> {
  const { DATABASE_URL: _, INIT_CWD: __, ...inherited } = process.env;
  const child = spawn(process.execPath, [program, ...args], { cwd: root, env: { ...inherited, XF_DATA: join(root, 'never-used'), ...environment } });
  child.stdin.end(input);
  return new Promise((resolve) => {
    const [out, err]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('close', (status) => resolve({ status, out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString() }));
  });
}

const table = 'id;sex;thickness;ulcer;extra\nP1;M;1.2;N;a\nP2;F;unknown;;b\nP3;F;thick;Y;c\n';
const mapping = {
  name: 'cli', version: '1.0.0', title: '测试', source: 'test', key: ['id'], missing: { '': 'not-recorded', unknown: 'unknown' }, subject: { enrol: true },
  columns: [
    { column: 'id', to: [{ place: 'subject/studyNumber' }] }, { column: 'sex', to: [{ place: 'subject/sex', recode: { M: '1', F: '2' } }] },
    { column: 'thickness', to: [{ place: 'melanoma-staging/breslow' }] }, { column: 'ulcer', to: [{ place: 'melanoma-staging/ulceration', recode: { Y: 'present', N: 'absent' } }] }, { column: 'extra', to: 'source' },
  ],
  constants: [{ to: 'melanoma-staging/primaryTumorStatus', value: 'measurable', source: 'test' }],
};

describe('standards', () => {
  test('list --json is an array with titles, counts and digests', async () => {
    const { status, out, err } = await xf(['standards', 'list', '--json']);
    expect([status, err]).toEqual([0, '']);
    const list = JSON.parse(out) as { dataset: string; subDataset: string; version: string; title: { zh: string; en: string }; elements: number; sha256: string }[];
    expect(list.length).toBeGreaterThanOrEqual(7);
    const staging = list.find(({ subDataset }) => subDataset === 'melanoma-staging');
    expect(Object.keys(staging ?? {})).toEqual(['dataset', 'subDataset', 'version', 'title', 'elements', 'sha256']);
    expect(staging).toMatchObject({ dataset: 'skin-cancer', version: '1.0.0', title: { zh: '黑色素瘤诊断与分期', en: 'Melanoma diagnosis and staging' }, elements: 43, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
  });

  test('list has the datasets of the catalogue in its order, and the annex apart, last', async () => {
    const catalogue = JSON.parse(readFileSync(join(root, 'standards/catalogue.json'), 'utf8')) as CatalogueDocument;
    const named = (part: 'core' | 'annex') => catalogue.datasets.flatMap((dataset) => dataset.subDatasets.filter((each) => each.part === part).map(({ key }) => `${dataset.key}/${key}`));
    const list = JSON.parse((await xf(['standards', 'list', '--json'])).out) as Listed[];
    const listed = list.map(({ dataset, subDataset }) => `${dataset}/${subDataset}`);
    expect(listed).toEqual([...named('core'), ...named('annex')].filter((name) => listed.includes(name)));
    expect(list.filter(({ part }) => part === 'annex').map(({ subDataset }) => subDataset)).toEqual(list.filter(({ dataset }) => ['biobank-operations', 'care-network'].includes(dataset)).map(({ subDataset }) => subDataset));
    const { status, out } = await xf(['standards', 'list']);
    expect(status).toBe(0);
    expect(out).toContain('\n10 datasets, 92 sub-datasets\n');
    expect(out).toContain('\nAnnex: 2 datasets, 8 sub-datasets\n');
  });

  test('evaluate calculates, switches off and finds', async () => {
    const input = JSON.stringify({ data: { primaryTumorStatus: 'measurable', breslow: 4.05, ulceration: 'absent', mitoticRate: -1 }, missing: { '/ecog': 'unknown' } });
    for (const args of [['melanoma-staging@1.0.0', '--json'], ['melanoma-staging', '-', '--json']]) {
      const { status, out } = await xf(['standards', 'evaluate', ...args], { input });
      expect(status).toBe(0);
      const result = JSON.parse(out) as { data: object; disabled: string[]; findings: { pointer: string; rule: string }[]; missing: object };
      expect(result.data).toMatchObject({ breslowRounded: 4.1, tCategory: 'T4a' });
      expect(result.disabled).toContain('/mucosalStageNote');
      expect(result.findings.map(({ pointer, rule }) => `${pointer} ${rule}`)).toContain('/mitoticRate range');
      expect(result.missing).toEqual({ '/ecog': 'unknown' });
    }
  });

  test.for<{ name: string; args: string[]; input?: string; status: number; says: RegExp }>([
    { name: 'an unknown sub-dataset, with the names that come near', args: ['standards', 'evaluate', 'melanoma-stagin'], input: '{"data":{}}', status: 1, says: /no sub-dataset melanoma-stagin\. Did you mean melanoma-staging or melanoma-surgery\?/ },
    { name: 'an unknown version, with those there are', args: ['standards', 'evaluate', 'melanoma-staging@9.0.0'], input: '{"data":{}}', status: 1, says: /no version 9\.0\.0\. There are: 1\.0\.0/ },
    { name: 'what is no JSON', args: ['standards', 'evaluate', 'melanoma-staging'], input: '{"data":', status: 1, says: /Standard input is not JSON/ },
    { name: 'JSON without data', args: ['standards', 'evaluate', 'melanoma-staging'], input: '[]', status: 1, says: /must be an object with "data"/ },
    { name: 'an unknown command, with those there are', args: ['imprt'], status: 2, says: /no command imprt\. Commands: standards list/ },
    { name: 'half a command', args: ['standards'], status: 2, says: /standards list, standards check, standards evaluate/ },
    { name: 'an unknown option', args: ['standards', 'list', '--yaml'], status: 2, says: /--yaml[\s\S]*--help/ },
    { name: 'an import without a mapping', args: ['import', 'csv', 'x.csv'], status: 2, says: /--map is missing/ },
    { name: 'a mapping that is not there', args: ['import', 'csv', 'x.csv', '--map', 'nowhere.json'], status: 1, says: /nowhere\.json cannot be read \(ENOENT\)/ },
    { name: 'an unknown role', args: ['user', 'add', 'wang', '--role', 'doctor'], status: 2, says: /no role doctor\. Roles: nurse/ },
  ])('refuses $name', async ({ args, input = '', status, says }) => {
    const ran = await xf(args, { input });
    expect([ran.status, ran.out]).toEqual([status, '']);
    expect(ran.err).toMatch(says);
  });

  test('explains itself', async () => {
    const { status, out } = await xf(['--help']);
    expect(status).toBe(0);
    const names = ['standards list', 'standards check', 'standards evaluate', 'import csv', 'export', 'user add', 'migrate'];
    for (const name of names) expect(out).toContain(name);
    for (const name of ['import csv', 'export']) expect((await xf([...name.split(' '), '--help'])).out).toContain(`npm run -s xf -- ${name}`);
  }, 60_000);
});

describe('data in and out', () => {
  test('a dry run needs no database and stores nothing', async () => {
    const folder = aFolder();
    const [file, map, report, data] = ['t.csv', 'map.json', 'report.json', 'data'].map((name) => join(folder, name)) as [string, string, string, string];
    writeFileSync(file, table);
    writeFileSync(map, JSON.stringify(mapping));
    const ran = await xf(['import', 'csv', file, '--map', map, '--dry-run', '--report', report], { environment: { XF_DATA: data } });
    expect([ran.status, ran.out]).toEqual([0, '']);
    expect(existsSync(data)).toBe(false);
    const { cells, refused, dryRun } = JSON.parse(readFileSync(report, 'utf8')) as ImportReport;
    expect(cells).toEqual({ total: 15, stored: 12, missing: 2, refused: 1 });
    expect(refused).toEqual([{ row: 4, column: 'thickness', reason: 'is not a number (melanoma-staging/breslow)' }]);
    expect(dryRun).toBe(true);
  });

  test('from an empty folder: a person with a hospital, a table in, a ZIP out', async () => {
    const folder = aFolder();
    const environment = { XF_DATA: join(folder, 'data') };
    const [file, map, out] = ['t.csv', 'map.json', 'out.zip'].map((name) => join(folder, name)) as [string, string, string];
    writeFileSync(file, table);
    writeFileSync(map, JSON.stringify(mapping));
    expect(await xf(['import', 'csv', file, '--map', map], { environment })).toMatchObject({ status: 1, err: expect.stringContaining('user add') as string });
    expect(await xf(['user', 'add', 'Wang', '--role', 'investigator', '--role', 'data-manager', '--new-site', 'XY01:湘雅医院', '--password-stdin'], { environment, input: 'short\n' })).toMatchObject({ status: 1, err: expect.stringContaining('fewer than 12 characters') as string });
    expect(await xf(['user', 'add', 'Wang', '--role', 'investigator', '--role', 'data-manager', '--new-site', 'XY01:湘雅医院', '--password-stdin'], { environment, input: 'a long password\n' })).toMatchObject({ status: 0, out: '' });
    expect(await xf(['import', 'csv', file, '--map', map], { environment })).toMatchObject({ status: 0, err: expect.stringContaining('3 rows: 3 new, 0 changed, 0 as they were, 0 refused') as string });
    expect(await xf(['import', 'csv', file, '--map', map, '--as', 'wang'], { environment })).toMatchObject({ status: 0, err: expect.stringContaining('0 new, 0 changed, 3 as they were') as string });
    expect(await xf(['export', '--out', out, '--filter', 'melanoma-staging: breslow > 1.0'], { environment })).toMatchObject({ status: 0, out: '' });
    const csv = Buffer.from(unzipSync(readFileSync(out))['melanoma-staging.csv'] ?? []).toString();
    expect(csv.trimEnd().split('\r\n')).toHaveLength(2);
    expect(csv).toContain('P1');
    expect(await xf(['user', 'reset', 'Wang'], { environment })).toMatchObject({ status: 0, err: expect.stringMatching(/http:\/\/localhost:8080\/reset#[\w-]{43}\n/) as string });
  }, 180_000);
});

describe('value-set', () => {
  const table = '疾病编码,疾病名称,备注\nL40.000x001,寻常型银屑病（国家版）,x\nlower,错,x\n';

  test('import --dry-run says what is wrong by line and column, and needs no database', async () => {
    const folder = aFolder();
    writeFileSync(join(folder, 'codes.csv'), table);
    const { status, err } = await xf(['value-set', 'import', join(folder, 'codes.csv'), '--set', 'icd-10', '--version', '2.0', '--dry-run', '--report', join(folder, 'report.json')]);
    expect(status).toBe(1);
    expect(err).toContain('line 3, 疾病编码: the code does not have the form of this value set');
    expect(JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'))).toMatchObject({ valueSet: 'icd-10', edition: '2.0', dryRun: true, rows: 2, ignored: ['备注'], wrong: [{ row: 3, column: '疾病编码' }] });
  });

  test('import stores, and list shows the edition', async () => {
    const folder = aFolder();
    writeFileSync(join(folder, 'codes.csv'), table);
    const environment = { XF_DATA: join(folder, 'data') };
    const imported = await xf(['value-set', 'import', join(folder, 'codes.csv'), '--set', 'icd-10', '--version', '国家临床版 2.0'], { environment });
    expect(imported.err).toContain('icd-10: 2 rows: 1 new, 0 changed, 0 as they were, 1 wrong; 0 codes retired');
    const { out } = await xf(['value-set', 'list', '--json'], { environment });
    const sets = JSON.parse(out) as { id: string; open: boolean; imported?: object }[];
    expect(sets.find(({ id }) => id === 'icd-10')).toMatchObject({ open: true, imported: { edition: '国家临床版 2.0', codes: 1, active: 1 } });
    expect(sets.find(({ id }) => id === 'sex')).toMatchObject({ open: false });
  });

  test('import into a set that is whole, or is not there, says where codes can go', async () => {
    const closed = await xf(['value-set', 'import', 'x.csv', '--set', 'sex', '--version', '1']);
    expect([closed.status, closed.err]).toEqual([2, expect.stringContaining('The value set sex is whole as it is shipped. Codes can be imported into: ') as string]);
    expect((await xf(['value-set', 'import', 'x.csv', '--set', 'none', '--version', '1'])).err).toContain('There is no value set none');
  });
});
