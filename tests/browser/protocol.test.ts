/**
 * A whole run of the melanoma sample protocol through a real browser against the real server: pictures with the camera, moments stamped, a limit
 * that passes and its reason, aliquots named, papers printed, four steps completed. The long forms are filled in by the same API that the page uses.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compileForm } from '../../schemas/compile.ts';
import type { Form } from '../../schemas/form.ts';
import type { Subject } from '../../schemas/http/api.ts';
import type { Run } from '../../schemas/http/protocol-api.ts';
import { loadStandards } from '../../server/standards.ts';
import { readPdf } from '../support/pdf.ts';
import { start } from '../support/processes.ts';
import { drawFilm } from './support/drawing.ts';
import { Person } from './support/person.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const password = 'correct-horse-battery-staple';
const pictures = [
  { title: '术前全景', answers: {} }, { title: '含标尺近景', answers: { scalePresent: true, mmPerPixel: 0.05 } }, { title: '皮肤镜', answers: {} }, { title: '离体标本', answers: { imageType: 'clinical-close-up', scalePresent: true, mmPerPixel: 0.05 } },
];

let folder: string;
let browser: Browser;
let imageForm: Form;
const mistakes: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xf-run-'));
  await writeFile(join(folder, 'camera.mjpeg'), await drawFilm());
  const registry = await loadStandards();
  imageForm = compileForm(registry.getStandard('clinical-image'), registry);
  browser = await chromium.launch({
    executablePath: process.env['CHROMIUM_PATH'] ?? '',
    args: [...(process.env['CHROMIUM_ARGS'] ?? '').split(' ').filter(Boolean), '--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${join(folder, 'camera.mjpeg')}`],
  });
});

afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true, force: true });
});

/** What the page asks of the server, asked from inside it: same origin, same session. */
class Ward {
  readonly page: Page;
  readonly ids: { siteId: string; subjectId: string; runId: string; visitId: string; lesionId: string };

  constructor(page: Page, ids: Ward['ids']) {
    this.page = page;
    this.ids = ids;
  }

  ask<T>(method: string, path: string, body?: unknown, headers: { [name: string]: string } = {}): Promise<{ status: number; body: T }> {
    return this.page.evaluate(async ([method, path, body, headers]) => {
      const reply = await fetch(path, { method, headers: { 'X-Requested-With': 'xiangya-forms', ...(body ? { 'Content-Type': 'application/json' } : {}), ...headers }, ...(body ? { body: JSON.stringify(body) } : {}) });
      return { status: reply.status, body: await reply.json() };
    }, [method, path, body, headers] as const) as Promise<{ status: number; body: T }>;
  }

  get at(): string {
    return `/api/sites/${this.ids.siteId}`;
  }

  async run(): Promise<Run> {
    return (await this.ask<Run>('GET', `${this.at}/protocol-runs/${this.ids.runId}`)).body;
  }

  async pdf(name: string): Promise<Buffer> {
    const bytes = await this.page.evaluate(async (path) => [...new Uint8Array(await (await fetch(path)).arrayBuffer())], `${this.at}/protocol-runs/${this.ids.runId}/${name}`);
    return Buffer.from(bytes);
  }

  /** Completes a record: what is given is answered, everything else that is required gets a reason. */
  async complete(recordId: string, values: { [key: string]: unknown }): Promise<void> {
    let changes: object[] = Object.entries(values).map(([key, value]) => ({ pointer: `/${key}`, value }));
    for (let tries = 0; tries < 6; tries += 1) {
      const { body: record } = await this.ask<{ version: number; subDataset: string; standardVersion: string; visitId?: string; lesionId?: string }>('GET', `${this.at}/records/${recordId}`);
      const { version, subDataset, standardVersion, visitId, lesionId } = record;
      const request = { contribution: crypto.randomUUID(), subjectId: this.ids.subjectId, ...(visitId ? { visitId } : {}), ...(lesionId ? { lesionId } : {}), subDataset, standardVersion, changes, status: 'complete' };
      const saved = await this.ask<{ findings?: { pointer: string; rule: string; severity: string }[] }>('PUT', `${this.at}/records/${recordId}`, request, { 'If-Match': `"${version}"` });
      if (saved.status === 200) return;
      const lacking = (saved.body.findings ?? []).filter(({ rule }) => rule === 'required');
      if (lacking.length === 0) throw new Error(`The record cannot be completed: ${JSON.stringify(saved.body)}`);
      changes = [...changes, ...lacking.map(({ pointer }) => ({ pointer, missing: 'not-done' }))];
    }
    throw new Error('The record asks for ever more');
  }
}

async function begin(address: string, link: string): Promise<Ward> {
  const context = await browser.newContext({ locale: 'zh-CN', viewport: { width: 1180, height: 820 }, baseURL: address });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.on('pageerror', (error) => mistakes.push(error.message));
  page.on('request', (request) => { if (!request.url().startsWith(address) && !/^(blob|data):/.test(request.url())) mistakes.push(`foreign request ${request.url()}`); });
  page.on('console', (message) => { if (/Content Security Policy/.test(message.text())) mistakes.push(message.text()); });
  const person = new Person(page);
  await person.opens(link);
  for (const [label, text] of [['中心编码', 'XY01'], ['中心名称', '湘雅医院'], ['姓名', '管理员'], ['用户名', 'admin']] as const) await person.types(label, text);
  await page.getByLabel('密码').fill(password);
  await page.keyboard.press('Enter');
  await page.getByRole('navigation').first().waitFor();

  const ward = new Ward(page, { siteId: '', subjectId: crypto.randomUUID(), runId: '', visitId: crypto.randomUUID(), lesionId: crypto.randomUUID() });
  const me = (await ward.ask<{ accountId: string; sites: { id: string }[] }>('GET', '/api/session')).body;
  ward.ids.siteId = me.sites[0]?.id ?? '';
  await ward.ask('PUT', `/api/accounts/${me.accountId}/memberships`, { memberships: [{ role: 'system-administrator' }, { siteId: ward.ids.siteId, role: 'nurse' }] });
  const subject = await ward.ask<Subject>('POST', `${ward.at}/subjects`, { id: ward.ids.subjectId, contribution: crypto.randomUUID(), identity: { sex: '2', birthDate: '1961-03' } });
  expect(subject.status, JSON.stringify(subject.body)).toBe(201);
  const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
  await ward.ask('POST', `${ward.at}/subjects/${ward.ids.subjectId}/visits`, { id: ward.ids.visitId, contribution: crypto.randomUUID(), kind: 'operation', visitDate: today });
  await ward.ask('POST', `${ward.at}/subjects/${ward.ids.subjectId}/lesions`, { id: ward.ids.lesionId, contribution: crypto.randomUUID(), label: '左足底' });
  return ward;
}

async function startRun({ page, ids }: Ward): Promise<void> {
  const person = new Person(page);
  await person.opens(`/sites/${ids.siteId}/patients/${ids.subjectId}`);
  await person.presses('开始黑色素瘤样本方案');
  await person.presses('开始');
  await page.getByRole('heading', { level: 1, name: '黑色素瘤样本方案' }).waitFor();
  ids.runId = new URL(page.url()).pathname.split('/').at(-1) ?? '';
}

/** By the one big button, as it leads. */
const next = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).first().click();

async function takePicture(page: Page, { title, answers }: (typeof pictures)[number]): Promise<void> {
  const person = new Person(page);
  await next(page, `拍照：${title}`);
  await page.getByRole('heading', { level: 1, name: '临床图像采集' }).waitFor();
  await page.locator('#f-imageFile').click();
  await page.getByText('画面合格，可以拍照').waitFor();
  await person.presses('拍照');
  await page.getByRole('button', { name: /^((仍然)?保留|不作判断，直接完成)$/ }).click();
  await expect.poll(() => person.reads('sha256').catch(() => '').then(async (text) => text || (await person.entry('sha256').inputValue()))).toMatch(/^[0-9a-f]{64}$/);
  await person.answers(imageForm, { anatomicSite: 'sole', laterality: 'left', ...(Object.hasOwn(answers, 'scalePresent') ? {} : { scalePresent: false }), identifiability: 'none', imageManipulation: 'none', ...answers });
  await person.presses('完成');
  await page.getByRole('heading', { level: 1, name: '黑色素瘤样本方案' }).waitFor();
}

/** A step with its parts in sight. */
async function step(page: Page, id: string) {
  const section = page.locator(`#step-${id}`);
  if (!(await section.evaluate((details: HTMLDetailsElement) => details.open))) await section.locator('summary').click();
  return section;
}
const stateOf = (page: Page, id: string, word: string) => page.locator(`#step-${id} > summary`).getByText(word).waitFor();

const recordOf = (run: Run, step: string) => run.state.steps.find(({ id }) => id === step)?.records[0]?.id ?? '';
const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

test('a whole run is led, timed, named, printed and finished', async () => {
  const { DATABASE_URL: _, XF_KEYS_FILE: __, ...environment } = process.env;
  const server = start(process.execPath, ['server/main.ts'], { cwd: root, env: { ...environment, PORT: '0', XF_DATA: join(folder, 'data') } });
  const link = /http\S+\/setup#\S+/.exec(await server.line(/setup#/))?.[0] ?? '';
  const ward = await begin(new URL('/', link).href, link);
  const { page } = ward;
  const person = new Person(page);
  await startRun(ward);

  // A step is not complete without its pictures, whatever else is there.
  await person.presses('完成这一步');
  await page.getByRole('alert').getByText('还不能完成，请看缺什么。').waitFor();
  for (const picture of pictures.slice(0, 3)) await takePicture(page, picture);
  await next(page, '记录现在：切皮');
  await page.getByText(/^已记录切皮/).waitFor();
  await next(page, '记录现在：标本离体');
  await page.locator('[data-clock="cold-ischaemia"]').getByText('还剩 30 分钟').waitFor();
  await takePicture(page, pictures[3] as (typeof pictures)[number]);
  await next(page, '记录现在：交接给样本组');
  await page.locator('[data-clock="hand-over"]').getByText('在时限内').waitFor();

  // The times as they were: the limit of cold ischaemia has passed.
  const resection = recordOf(await ward.run(), 'resection');
  await ward.complete(resection, { diagnosticFirst: true, tissueType: 'tumor', tumorDescriptor: 'primary', incisionDateTime: ago(60), removalDateTime: ago(33), handoverDateTime: ago(28) });
  await page.reload();
  await page.locator('[data-clock="cold-ischaemia"]').getByText(/已超时 \d+ 分钟/).waitFor();
  await page.getByText('尚未说明原因的偏离：1').waitFor();
  await page.locator('[data-deviation="cold-ischaemia/"] input').fill('等待病理医师');
  await person.presses('记录原因');
  await page.getByText('等待病理医师').waitFor();
  await (await step(page, 'resection')).getByRole('button', { name: '完成这一步' }).click();
  await stateOf(page, 'resection', '已完成');

  // Tissue: the clock that has run out leads through the moments; names come from the rule.
  for (const what of ['收到标本', '开始分割', '冷冻或固定']) await next(page, `记录现在：${what}`);
  await page.locator('[data-clock="cold-ischaemia"]').getByText(/^▲? ?超时 \d+ 分钟/).waitFor();
  const tissue = recordOf(await ward.run(), 'tissue');
  await ward.complete(tissue, { pieceType: 'tumor-core', pieceWeight: 126, aliquotCount: 2, stabilisation: 'SNP', fixationTimeCode: 'N' });
  await page.reload();
  await (await step(page, 'tissue')).getByRole('button', { name: '命名 2 管' }).click();
  await page.getByText('MEL-XY01-000001-01A-01X-02').first().waitFor();
  await (await step(page, 'tissue')).getByRole('button', { name: '完成这一步' }).click();
  await stateOf(page, 'tissue', '已完成');

  // Blood was not drawn; storage is the last.
  await (await step(page, 'blood')).getByRole('button', { name: '这一步不做' }).click();
  await page.locator('crf-dialog').getByRole('textbox', { name: '原因' }).fill('术前已采血');
  await page.locator('crf-dialog').getByRole('button', { name: '记录', exact: true }).click();
  await stateOf(page, 'blood', '未做');
  for (const what of ['质控', '入库']) await next(page, `记录现在：${what}`);
  const storage = recordOf(await ward.run(), 'storage');
  await ward.complete(storage, { specimenClass: 'tissue', identityChecked: true, labelIntact: true, consentVerified: true, quarantine: true, rnaTested: false, tumorExpected: false });
  await page.reload();
  await (await step(page, 'storage')).getByRole('button', { name: '完成这一步' }).click();
  await page.getByText('四步都已完成。请核对后结束本次方案。').waitFor();

  const labels = readPdf(await ward.pdf('labels.pdf'));
  expect(labels.runs.filter((text) => text.startsWith('01A-01X-'))).toEqual(['01A-01X-01', '01A-01X-02']);
  const sheet = readPdf(await ward.pdf('run-sheet.pdf')).runs.join(' ');
  for (const part of ['XY01-000001', '冷缺血超过30分钟', '等待病理医师', 'MEL-XY01-000001-01A-01X-02', '未做']) expect(sheet).toContain(part);

  await person.presses('结束本次方案');
  await page.locator('.about').getByText('已完成').waitFor();
  const run = await ward.run();
  expect(run).toMatchObject({ status: 'finished', deviations: [{ code: 'cold-ischaemia-late', reasons: [{ reason: '等待病理医师' }] }] });
  expect(run.state.steps.map(({ state }) => state)).toEqual(['complete', 'complete', 'skipped', 'complete']);
  expect(mistakes).toEqual([]);
});
