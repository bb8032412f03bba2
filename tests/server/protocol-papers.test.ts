import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { labelSheets } from '../../server/exchange/pdf/labels.ts';
import { drawRunSheet } from '../../server/exchange/pdf/run-sheet.ts';
import { symbolOf } from '../../server/exchange/pdf/symbol.ts';
import { engines } from '../support/engines.ts';
import { readPdf } from '../support/pdf.ts';
import { aSubject, id, useServer, type Person } from './support/app.ts';

const sheet = { symbol: 'datamatrix', fields: ['code', 'content', 'date'], page: { width: 210, height: 297 }, columns: 5, rows: 13, left: 4.75, top: 10.7, width: 38.1, height: 21.2, across: 40.6, down: 21.2 } as const;
const aLabel = (n: number) => ({ code: `MEL-XY01-000123-01A-01X-${String(n).padStart(2, '0')}`, lines: ['MEL-XY01-000123-', `01A-01X-${String(n).padStart(2, '0')}`], content: '组织', date: '2026-11-22' });
const options = { title: '标签', at: new Date('2026-11-22T02:00:00Z'), skip: 0 };
const draw = (count: number, skip = 0) => labelSheets(Array.from({ length: count }, (_, i) => aLabel(i + 1)), { ...sheet, fields: [...sheet.fields] }, { ...options, skip });

/** Puts what was drawn where a person can look at it. */
function keep(name: string, bytes: Buffer): void {
  const folder = process.env['XF_KEEP_PAPERS'];
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), bytes);
}

describe('a sheet of labels', () => {
  test('says the code, what is in it and the date, with the fonts inside', async () => {
    const bytes = await draw(3);
    keep('labels-3.pdf', bytes);
    const { pages, runs, embedded } = readPdf(bytes);
    expect(pages).toBe(1);
    expect(runs).toEqual([1, 2, 3].flatMap((n) => ['MEL-XY01-000123-', `01A-01X-0${n}`, '组织', '2026-11-22']));
    expect(embedded.every((font) => /^[A-Z]{6}\+NotoSansHans/.test(font))).toBe(true);
    expect(embedded).toHaveLength(2);
    expect(bytes.length).toBeLessThan(120_000);
  });

  test.for([
    { count: 65, skip: 0, pages: 1 }, { count: 66, skip: 0, pages: 2 }, { count: 60, skip: 5, pages: 1 }, { count: 61, skip: 5, pages: 2 }, { count: 1, skip: 64, pages: 1 }, { count: 1, skip: 65, pages: 1 }, { count: 0, skip: 0, pages: 1 },
  ])('of $count with $skip used up is $pages long', async ({ count, skip, pages }) => {
    expect(readPdf(await draw(count, skip)).pages).toBe(pages);
  });

  test('is the same bytes for the same moment', async () => {
    expect((await draw(2)).equals(await draw(2))).toBe(true);
  });

  test('has a symbol with the finder of a Data Matrix', () => {
    const symbol = symbolOf('datamatrix', aLabel(1).code);
    const side = Array.from({ length: symbol.size }, (_, i) => i);
    expect(side.every((i) => symbol.isDark(0, i) && symbol.isDark(i, symbol.size - 1))).toBe(true);
    expect(side.map((i) => symbol.isDark(i, 0))).toEqual(side.map((i) => i % 2 === 0));
  });
});

describe('a run sheet', () => {
  const rows = (n: number): [string, string][] => Array.from({ length: n }, (_, i) => [`项目${i}`, `${i} min`]);
  const aSheet = (records: number, aliquots: number) => ({
    title: '方案 · 运行单', head: rows(6), steps: [1, 2, 3, 4].map((n) => ({ title: `${n} 步骤`, state: '未完成', records: Array.from({ length: records }, (_, i) => ({ label: `${i + 1}`, rows: rows(12) })) })),
    clocks: Array.from({ length: 3 * records }, (_, i) => [`冷缺血 ${i}`, '11-22 10:00', '11-22 10:33', '33', '30', '超时']), deviations: Array.from({ length: records }, (_, i) => `11-22 10:31 冷缺血超过30分钟 ${i} — ${'手术延长，等待病理医师。'.repeat(6)}`),
    acceptance: rows(4), aliquots: Array.from({ length: aliquots }, (_, i) => ({ code: `MEL-XY01-000123-01A-01X-${String(i).padStart(2, '0')}`, content: '组织' })), foot: '页脚',
  });

  test.for([{ records: 1, aliquots: 10, pages: 1 }, { records: 3, aliquots: 50, pages: 1 }, { records: 20, aliquots: 300, pages: undefined }])('of $records records a step and $aliquots aliquots leaves nothing out', async ({ records, aliquots, pages }) => {
    const sheet = aSheet(records, aliquots);
    const bytes = await drawRunSheet(sheet, { language: 'zh', at: options.at });
    keep(`run-sheet-${records}.pdf`, bytes);
    const read = readPdf(bytes);
    if (pages) expect(read.pages).toBe(pages);
    const text = read.runs.join(' ');
    for (const { code } of sheet.aliquots) expect(text).toContain(code);
    expect(read.runs.filter((run) => run === '项目11')).toHaveLength(4 * records);
    expect(text).toContain('页脚');
  });
});

describe.each(engines())('the papers of a run, on $name', ({ fresh }) => {
  const store = fresh();
  const server = useServer(() => store.open);
  let nurse: Person;
  let url: string;
  let siteId: string;
  let tissue: string;

  beforeAll(async () => {
    siteId = await server.site();
    nurse = await server.person({ siteId, role: 'nurse' });
    const subjectId = await aSubject(nurse, siteId, { name: '欧阳建国', sex: '2', birthDate: '1961-03-05' });
    const [visitId, lesionId, runId, resection] = [id(), id(), id(), id()];
    tissue = id();
    const blood = id();
    await nurse.post(`/api/sites/${siteId}/subjects/${subjectId}/visits`, { id: visitId, contribution: id(), kind: 'operation', visitDate: '2026-11-22' });
    await nurse.post(`/api/sites/${siteId}/subjects/${subjectId}/lesions`, { id: lesionId, contribution: id(), label: '左足底' });
    await nurse.post(`/api/sites/${siteId}/protocol-runs`, { id: runId, contribution: id(), protocol: 'melanoma-sample', subjectId, visitId, lesionId });
    url = `/api/sites/${siteId}/protocol-runs/${runId}`;
    const stamp = async (recordId: string, step: string, ...keys: string[]) => {
      for (const key of keys) {
        const reply = await nurse.post(`${url}/records`, { contribution: id(), recordId, step, moment: { key, at: server.context.clock.now().toISOString() } });
        expect(reply.statusCode, reply.body).toBe(200);
        server.wait(9 * 60_000);
      }
    };
    const answer = async (recordId: string, subDataset: string, lesion: string | undefined, values: { [key: string]: unknown }) => {
      const { version } = (await nurse.get(`/api/sites/${siteId}/records/${recordId}`)).json<{ version: number }>();
      const reply = await nurse.put(`/api/sites/${siteId}/records/${recordId}`, {
        contribution: id(), subjectId, visitId, ...(lesion ? { lesionId: lesion } : {}), subDataset, standardVersion: '1.0.0', status: 'in-progress', changes: Object.entries(values).map(([key, value]) => ({ pointer: `/${key}`, value })),
      }, { 'if-match': `"${version}"` });
      expect(reply.statusCode, reply.body).toBe(200);
    };
    await stamp(blood, 'blood', 'drawDateTime');
    await stamp(resection, 'resection', 'incisionDateTime', 'removalDateTime', 'handoverDateTime');
    await answer(resection, 'melanoma-resection-imaging', lesionId, { tissueType: 'tumor', tumorDescriptor: 'primary', specimenId: 'S-1', diagnosticFirst: true });
    await stamp(tissue, 'tissue', 'receivedDateTime', 'dissectionStartDateTime', 'stabilisationDateTime');
    await answer(tissue, 'melanoma-tissue-pretreatment', lesionId, { pieceType: 'tumor-core', pieceId: 'P1', pieceWeight: 126, aliquotCount: 2 });
    await answer(blood, 'melanoma-blood-pretreatment', undefined, { tubeType: 'PED', drawId: 'D1' });
    await stamp(blood, 'blood', 'spin1DateTime');
    for (const [recordId, counts] of [[tissue, { tissue: 2 }], [blood, { plasma: 4, 'buffy-coat': 1 }]] as const) {
      const named = await nurse.post(`${url}/aliquots`, { contribution: id(), recordId, counts });
      expect(named.statusCode, named.body).toBe(200);
    }
    await nurse.get(url);
    await nurse.post(`${url}/deviations`, { contribution: id(), key: 'cold-ischaemia/', reason: '手术延长，等待病理医师' });
  });

  test('label every aliquot, or those of one record', async () => {
    const reply = await nurse.get(`${url}/labels.pdf`);
    expect([reply.statusCode, reply.headers['content-type']]).toEqual([200, 'application/pdf']);
    keep('labels.pdf', reply.rawPayload);
    const { runs } = readPdf(reply.rawPayload);
    expect(runs.filter((text) => text === '血浆')).toHaveLength(4);
    expect(runs).toContain('01A-01X-02');
    expect(runs.join('')).not.toContain('欧阳');
    const some = readPdf((await nurse.get(`${url}/labels.pdf?recordId=${tissue}&skip=3&language=en`)).rawPayload);
    expect(some.runs.filter((text) => text === 'Tissue')).toHaveLength(2);
  });

  test('tell the run on one page, in both languages, without a name', async () => {
    for (const language of ['zh', 'en'] as const) {
      const reply = await nurse.get(`${url}/run-sheet.pdf?language=${language}`);
      expect([reply.statusCode, reply.headers['content-disposition']]).toEqual([200, expect.stringMatching(/^inline; filename="run-sheet-[0-9a-f]{8}\.pdf"$/)]);
      keep(`run-sheet-${language}.pdf`, reply.rawPayload);
      const { pages, runs, embedded } = readPdf(reply.rawPayload);
      const text = runs.join(' ');
      expect(pages).toBe(1);
      expect(embedded).toHaveLength(2);
      expect(text).not.toContain('欧阳');
      expect(text).not.toContain('�');
      for (const part of language === 'zh' ? ['黑色素瘤样本方案', '冷缺血超过30分钟', '手术延长，等待病理医师', '肿瘤中心', '左足底'] : ['Melanoma sample protocol', 'Cold ischaemia longer than 30 minutes', 'Tumour core', 'late']) expect(text).toContain(part);
      expect(text).toMatch(/MEL-AA\d\d-000001-10A-02X-01/);
      expect(reply.rawPayload.length).toBeLessThan(250_000);
    }
  });

  test('are for nobody of another hospital', async () => {
    const stranger = await server.person({ siteId: await server.site(), role: 'nurse' });
    expect((await stranger.get(`${url}/labels.pdf`)).statusCode).toBe(404);
    expect((await stranger.get(`${url}/run-sheet.pdf`)).statusCode).toBe(404);
  });
});
