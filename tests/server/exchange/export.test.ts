/** What leaves is what was stored: every value, in both profiles, on each engine, read back by papaparse. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import fc from 'fast-check';
import { unzipSync } from 'fflate';
import { sql } from 'kysely';
import Papa from 'papaparse';
import { v7 as uuidv7 } from 'uuid';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Change, ExportRequest, SaveReply } from '../../../schemas/http/api.ts';
import { Problem } from '../../../schemas/problem.ts';
import { transact } from '../../../server/database.ts';
import { unguardText } from '../../../server/exchange/csv/write.ts';
import { sha256Of } from '../../../server/exchange/import/identity.ts';
import type { Manifest } from '../../../server/exchange/export/manifest.ts';
import { previewExport } from '../../../server/exchange/export/preview.ts';
import { checkExport, writeExport } from '../../../server/exchange/export/run.ts';
import { enrol } from '../../../server/services/enrol.ts';
import type { Actor } from '../../../server/services/permissions.ts';
import { saveRecord } from '../../../server/services/save-record.ts';
import { engines } from '../../support/engines.ts';
import { releaseName, usePlace } from './everything.ts';

const shared = process.env['XF_SHARED'] ?? fileURLToPath(new URL('../../../../shared', import.meta.url));
const naughtyFile = join(shared, 'corpus', 'text', 'blns.json');
const naughty = existsSync(naughtyFile) ? (JSON.parse(readFileSync(naughtyFile, 'utf8')) as string[]) : [];

const hostile = fc.oneof(
  fc.constantFrom('=1+1', '＝cmd', '@x', '\t=1', "'=1", '"', '""', ',', '\r\n', '\n', '\\.', '\\N', 'NULL', ' ', '-1', '龴𠮷', ...naughty.filter((text) => !text.includes('\u0000'))),
  fc.string({ unit: 'grapheme', minLength: 1 }),
).filter((text) => !text.includes('\u0000') && text !== '').map((text) => text.slice(0, 400));
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const day = fc.date({ min: new Date('1900-01-01'), max: new Date('2099-12-31'), noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10));

/** A picture that identifies the patient. */
const withheldPicture = uuidv7();

const answers = fc.record({
  words: maybe(hostile), story: maybe(hostile), whole: maybe(fc.integer({ min: -1e9, max: 1e9 })), exact: maybe(fc.integer({ min: -1e8, max: 1e8 }).map((n) => n / 100)), flag: maybe(fc.boolean()),
  day: maybe(day), partly: maybe(fc.tuple(day, fc.constantFrom(4, 7, 10)).map(([text, length]) => text.slice(0, length))), hour: maybe(fc.constantFrom('08:30', '23:59:59')),
  moment: maybe(fc.tuple(day, fc.constantFrom('T08:30', 'T08:30:15Z', 'T23:59:59+08:00', 'T00:00-05:30')).map(([date, time]) => date + time)),
  answer: maybe(fc.constantFrom('yes', 'no', 'unknown', '=wrong code')), colours: maybe(fc.uniqueArray(fc.constantFrom('black', 'pink', 'blue-grey', '+unknown'), { maxLength: 3 })),
  picture: maybe(fc.constant(uuidv7())), detail: maybe(hostile), secret: maybe(fc.constant(withheldPicture)),
});
const orders = fc.array(fc.record({ drug: maybe(hostile), dose: maybe(fc.integer({ min: -1000, max: 1000 })), why: maybe(fc.constantFrom('yes', 'no')) }), { maxLength: 3 });

type Files = Map<string, { [column: string]: string }[]>;

describe.each(engines())('exporting, on $name', ({ fresh }) => {
  const store = fresh();
  const place = usePlace(() => store.db);
  const saved: { reply: SaveReply; subjectId: string; reasons: { [pointer: string]: string } }[] = [];
  let subjects: string[];

  const request = (more: Partial<ExportRequest> = {}): ExportRequest => ({ release: releaseName, siteIds: [place.siteId], subDatasets: ['everything'], profile: 'analysis', language: 'zh', ...more });
  const zipOf = async (more: Partial<ExportRequest> = {}, actor: Actor = place.actor): Promise<Buffer> => {
    const chunks: Uint8Array[] = [];
    checkExport(place.context, { request: request(more), actor });
    await writeExport(place.context, { request: request(more), actor, version: '0.0.0', engine: store.open.engine }, async (bytes) => void chunks.push(Buffer.from(bytes)));
    return Buffer.concat(chunks);
  };
  const unzip = (zip: Buffer) => Object.fromEntries(Object.entries(unzipSync(zip)).map(([name, bytes]) => [name, Buffer.from(bytes).toString()]));
  const manifestOf = (zip: Buffer) => JSON.parse(unzip(zip)['manifest.json'] ?? '') as Manifest;
  /** Rows as objects; `strict` because a reader that repairs would hide what is broken. */
  const tablesOf = (zip: Buffer): Files => new Map(Object.entries(unzip(zip)).filter(([name]) => name.endsWith('.csv')).map(([name, text]) => {
    const { data, errors } = Papa.parse<{ [column: string]: string }>(text.replace(/^\ufeff/, ''), { header: true, newline: '\r\n', delimiter: ',', skipEmptyLines: false });
    expect(errors.filter(({ type }) => type !== 'FieldMismatch'), name).toEqual([]);
    return [name, data.slice(0, -1)];
  }));
  const save = (subjectId: string, changes: Change[], version = '1.1.0'): Promise<SaveReply> => saveRecord(place.context, store.db, place.actor, {
    siteId: place.siteId, recordId: uuidv7(), base: 0, request: { contribution: uuidv7(), subjectId, subDataset: 'everything', standardVersion: version, changes, status: 'in-progress' },
  });
  const changesOf = (values: { [key: string]: unknown }, rows: readonly { [key: string]: unknown }[]): Change[] => [
    ...Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [{ pointer: `/${key}`, value: value as string }])),
    ...rows.flatMap((row) => {
      const rowId = uuidv7();
      return [{ pointer: `/orders/${rowId}`, value: { rowId } }, ...Object.entries(row).flatMap(([key, value]) => (value === undefined ? [] : [{ pointer: `/orders/${rowId}/${key}`, value: value as string }]))];
    }),
  ];

  beforeAll(async () => {
    subjects = [uuidv7(), uuidv7(), uuidv7()];
    for (const [at, id] of subjects.entries()) await enrol(place.context, place.actor, place.siteId, { id, contribution: uuidv7(), identity: { sex: String(1 + (at % 2)), birthDate: at === 0 ? '1961-03' : '1980', name: `张三${at}` } });
    const samples = fc.sample(fc.tuple(answers, orders, fc.constantFrom(...subjects), fc.constantFrom('1.0.0', '1.1.0')), 60);
    for (const [values, rows, subjectId, version] of samples) {
      const reasons: { [pointer: string]: string } = values.words === undefined ? { '/words': 'refused' } : {};
      const changes = [...changesOf(values, rows), ...Object.entries(reasons).map(([pointer, missing]): Change => ({ pointer, missing }))];
      saved.push({ reply: await save(subjectId, changes, version), subjectId, reasons });
    }
  }, 120_000);

  describe.each(['analysis', 'excel'] as const)('in the %s profile', (profile) => {
    let tables: Files;
    let bytes: Buffer;
    const text = (value: string | undefined) => (profile === 'excel' ? unguardText(value ?? '') : (value ?? ''));

    beforeAll(async () => {
      bytes = await zipOf({ profile });
      tables = tablesOf(bytes);
    });

    test('gives back every value as it was stored', () => {
      const rows = new Map((tables.get('everything.csv') ?? []).map((row) => [row['record_id'], row]));
      expect(rows.size).toBe(saved.length);
      for (const { reply, subjectId } of saved) {
        const row = rows.get(reply.id) ?? {};
        expect(row['subject_id']).toBe(subjectId);
        for (const key of ['words', 'story', 'day', 'partly', 'hour', 'moment', 'answer', 'picture', 'detail']) expect(text(row[key]), key).toBe(reply.data[key] ?? '');
        for (const key of ['whole', 'exact', 'half']) expect(row[key] === '' ? undefined : Number(row[key]), key).toBe(reply.data[key]);
        expect(row['flag']).toBe(reply.data['flag'] === undefined ? '' : reply.data['flag'] === true ? '1' : '0');
        const colours = reply.data['colours'] as string[] | undefined;
        expect(row['colours'] === '' ? undefined : (JSON.parse(row['colours'] ?? '') as unknown)).toEqual(colours);
        for (const code of ['black', 'pink', 'red']) expect(row[`colours___${code}`]).toBe(colours === undefined ? '' : colours.includes(code) ? '1' : '0');
      }
    });

    test('gives back every row of a repeat, in its order', () => {
      const rows = tables.get('everything__orders.csv') ?? [];
      const expected = saved.flatMap(({ reply }) => ((reply.data['orders'] ?? []) as unknown as { [key: string]: string | number }[]).map((row) => [reply.id, row] as const));
      expect(rows).toHaveLength(expected.length);
      for (const [recordId, order] of expected) {
        const row = rows.find((each) => each['row_id'] === order['rowId']) ?? {};
        expect([row['record_id'], text(row['drug']), row['dose'], text(row['why'])]).toEqual([recordId, order['drug'] ?? '', String(order['dose'] ?? ''), order['why'] ?? '']);
      }
    });

    test('says why there is no value', () => {
      const rows = new Map((tables.get('everything.csv') ?? []).map((row) => [row['record_id'], row]));
      for (const { reply, reasons } of saved) {
        const row = rows.get(reply.id) ?? {};
        expect(row['words__null']).toBe(reply.data['words'] !== undefined ? '' : `missing:${reasons['/words']}`);
        expect(row['detail__null']).toBe(reply.data['detail'] !== undefined ? '' : reply.data['answer'] === 'yes' ? 'not_asked' : 'hidden');
        expect(row['newer__null']).toBe(row['form_version'] === '1.0.0' ? 'not_in_version' : 'not_asked');
        expect(row['older__null']).toBe(row['form_version'] === '1.1.0' ? 'not_in_version' : 'not_asked');
      }
    });

    test('bounds partial dates, shows instants in UTC, labels codes, resolves what is bound', () => {
      for (const row of tables.get('everything.csv') ?? []) {
        const partly = row['partly'] ?? '';
        if (partly.length === 4) expect([row['partly__from'], row['partly__to']]).toEqual([`${partly}-01-01`, `${partly}-12-31`]);
        if (partly.length === 7) expect(row['partly__to']).toBe(new Date(Date.UTC(Number(partly.slice(0, 4)), Number(partly.slice(5)), 0)).toISOString().slice(0, 10));
        const moment = row['moment'] ?? '';
        if (moment !== '') expect(row['moment__utc']).toBe(`${new Date(/(Z|[+-]\d\d:\d\d)$/.test(moment) ? moment : `${moment}+08:00`).toISOString().slice(0, 19)}Z`);
        expect(row['answer__label']).toBe({ yes: '是', no: '否', unknown: '不详' }[row['answer'] ?? ''] ?? '');
        expect(row['patient']).toBe(row['subject_id']);
        expect(['1', '2']).toContain(row['sex']);
        expect(row['born__from']).toMatch(/^(1961-03|1980-01)-01$/);
      }
    });

    test('holds nothing that identifies a patient directly, and lists what it withholds', () => {
      const files = unzip(bytes);
      for (const [name, content] of Object.entries(files)) expect(content.includes('张三') || content.includes(withheldPicture), name).toBe(false);
      expect(manifestOf(bytes).withheld.map(({ column }) => column)).toEqual(['name', 'secret']);
      expect(Object.keys(tables.get('everything.csv')?.[0] ?? {})).not.toContain('secret');
    });

    test('has a manifest with the rows, bytes and digest of each file, and a codebook of each column', () => {
      const files = unzip(bytes);
      const manifest = manifestOf(bytes);
      for (const { name, rows, columns, sha256, bytes: length } of manifest.files) {
        expect([sha256Of(files[name] ?? ''), Buffer.from(files[name] ?? '').length], name).toEqual([sha256, length]);
        expect(tables.get(name), name).toHaveLength(rows);
        if (rows > 0) expect(Object.keys(tables.get(name)?.[0] ?? {}), name).toHaveLength(columns);
      }
      expect(Object.keys(files).sort()).toEqual([...manifest.files.map(({ name }) => name), 'manifest.json'].sort());
      const book = tables.get('codebook.csv') ?? [];
      for (const [name, rows] of tables) {
        const described = book.filter(({ table }) => `${table}.csv` === name);
        if (name !== 'codebook.csv' && rows[0]) expect(described.map(({ column }) => column)).toEqual(Object.keys(rows[0]));
      }
      const words = book.find(({ table, column }) => table === 'everything' && column === 'words');
      expect(words).toMatchObject({ n: String(saved.length), n_answered: String(saved.filter(({ reply }) => reply.data['words'] !== undefined).length), label_en: 'words', introduced_in: '1.0.0' });
      expect(book.find(({ column }) => column === 'older')).toMatchObject({ introduced_in: '1.0.0', removed_in: '1.1.0' });
    });

    test('is the same bytes again', async () => {
      expect((await zipOf({ profile })).equals(bytes)).toBe(true);
    });
  });

  test('writes bytes by the profile: mark, line ends, quotes, guards', async () => {
    const analysis = unzip(await zipOf())['everything.csv'] ?? '';
    const excel = unzip(await zipOf({ profile: 'excel' }))['everything.csv'] ?? '';
    expect([analysis.startsWith('site_code,'), excel.startsWith('\ufeff"site_code",')]).toEqual([true, true]);
    for (const csv of [analysis, excel]) expect(csv.endsWith('\r\n')).toBe(true);
    for (const row of Papa.parse<string[]>(excel.slice(1), { newline: '\r\n', delimiter: ',' }).data) for (const cell of row) if (!/^-?\d+(\.\d+)?$/.test(cell)) expect(cell).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/);
  });

  test('takes the records for which a filter is true, and the patients who have one', async () => {
    const zip = await zipOf({ filter: { subDataset: 'everything', expression: `whole > 0 && subject.sex == '1'` } });
    const tables = tablesOf(zip);
    const rows = tables.get('everything.csv') ?? [];
    const expected = saved.filter(({ reply, subjectId }) => (reply.data['whole'] as number | undefined ?? 0) > 0 && subjectId !== subjects[1]);
    expect(rows.map((row) => row['record_id']).sort()).toEqual(expected.map(({ reply }) => reply.id).sort());
    expect((tables.get('subjects.csv') ?? []).map((row) => row['subject_id']).sort()).toEqual([...new Set(expected.map(({ subjectId }) => subjectId))].sort());
    const orders = expected.flatMap(({ reply }) => (reply.data['orders'] ?? []) as unknown[]);
    expect(tables.get('everything__orders.csv')).toHaveLength(orders.length);
    expect(manifestOf(zip).filter).toEqual({ subDataset: 'everything', expression: `whole > 0 && subject.sex == '1'` });
  });

  test.for([
    { name: 'a mistake', expression: 'whole >', error: 'filter-invalid' }, { name: 'an unknown name', expression: 'nothing == 1', error: 'filter-invalid' },
    { name: 'no yes or no', expression: 'whole + 1', error: 'filter-invalid' }, { name: 'what identifies', expression: `secret == 'x'`, error: 'filter-invalid' },
    { name: 'a name that is bound', expression: `subject.name == 'x'`, error: 'filter-invalid' },
  ])('refuses a filter with $name', ({ expression, error }) => {
    expect(problemOf(() => checkExport(place.context, { request: request({ filter: { subDataset: 'everything', expression } }), actor: place.actor }))).toBe(error);
  });

  test('tells beforehand what it would hold', async () => {
    const filter = { subDataset: 'everything', expression: 'flag' };
    for (const more of [{}, { filter }, { statuses: ['complete' as const] }]) {
      const preview = await previewExport(place.context, place.actor, request(more));
      const { files } = manifestOf(await zipOf(more));
      for (const { table, rows, columns } of preview.tables) expect(files.find(({ name }) => name === table)).toMatchObject({ rows, columns });
      expect(preview.withheldColumns).toBe(2);
    }
  });

  test('is for those who may export at every site named', async () => {
    expect(problemOf(() => checkExport(place.context, { request: request(), actor: place.actorWith('nurse') }))).toBe('not-permitted');
    expect(problemOf(() => checkExport(place.context, { request: request({ siteIds: [place.siteId, place.elsewhere] }), actor: place.actor }))).toBe('site-not-found');
    expect(problemOf(() => checkExport(place.context, { request: request({ release: 'none' }), actor: place.actor }))).toBe('release-not-found');
    expect(problemOf(() => checkExport(place.context, { request: request({ subDatasets: ['none'] }), actor: place.actor }))).toBe('standard-not-found');
  });

  test('stands in the audit trail, with rows and without values', async () => {
    await zipOf();
    const events = await transact(store.db, { sites: [place.siteId] }, async (trx) => (await sql<{ detail: { rows: { [file: string]: number } } }>`select detail from audit_event where action = 'export.run' order by at desc, id desc limit 1`.execute(trx)).rows);
    expect(events[0]?.detail.rows['everything.csv']).toBe(saved.length);
  });

  test('stops between two blocks when nobody wants it any more, and leaves the database usable', async () => {
    const abort = new AbortController();
    await expect(writeExport(place.context, { request: request(), actor: place.actor, version: '0.0.0', engine: store.open.engine, signal: abort.signal }, async () => abort.abort(new Error('gone')))).rejects.toThrow('gone');
    expect(manifestOf(await zipOf()).files.length).toBeGreaterThan(3);
  });
});

function problemOf(work: () => void): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return error instanceof Problem ? error.key : String(error);
  }
}
