/**
 * A whole day through a real browser against the real server: the first account, a nurse who enrols a patient, stages a
 * melanoma and takes a picture, an analyst who exports; and the file holds what the nurse entered.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { strFromU8, unzipSync } from 'fflate';
import papaparse from 'papaparse';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compileForm } from '../../schemas/compile.ts';
import type { Form } from '../../schemas/form.ts';
import { loadStandards } from '../../server/standards.ts';
import { start } from '../support/processes.ts';
import { drawFilm } from './support/drawing.ts';
import { Person } from './support/person.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const password = 'correct-horse-battery-staple';

const staging = {
  diagnosisDate: '2025-11', diagnosisBasis: 'excisional-biopsy', knownPrimary: 'yes', icd10: 'C43.7', morphology: '8744/3', clinicalSubtype: 'acral',
  ageAtDiagnosis: 64, stagingEdition: 'ajcc8', postNeoadjuvant: false, primaryTumorStatus: 'measurable', breslow: 2.05, ulceration: 'absent',
  cNodeStatus: 'assessed', cNodesDetected: 0, pNodeStatus: 'assessed', pNodesExamined: 2, pNodesPositive: 1, nodesClinicallyDetected: false,
  nonNodalRegional: 'no', distantMetastasis: 'no',
};
const picture = {
  imageType: 'clinical-close-up', photoRole: 'closeup-with-scale', anatomicSite: 'sole', laterality: 'left', scalePresent: true, mmPerPixel: 0.05,
  identifiability: 'none', imageManipulation: 'none',
};

let folder: string;
let browser: Browser;
let forms: { [subDataset: string]: Form };
const mistakes: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xf-day-'));
  await writeFile(join(folder, 'camera.mjpeg'), await drawFilm());
  const registry = await loadStandards();
  forms = Object.fromEntries(['melanoma-staging', 'clinical-image'].map((name) => [name, compileForm(registry.getStandard(name), registry)]));
  browser = await chromium.launch({
    executablePath: process.env['CHROMIUM_PATH'] ?? '',
    args: [...(process.env['CHROMIUM_ARGS'] ?? '').split(' ').filter(Boolean), '--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${join(folder, 'camera.mjpeg')}`],
  });
});

afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true, force: true });
});

/** A person with a browser of her own; what her page complains of is collected. */
async function somebody(address: string): Promise<{ person: Person; page: Page; context: BrowserContext }> {
  const context = await browser.newContext({ locale: 'zh-CN', viewport: { width: 1180, height: 820 }, baseURL: address, acceptDownloads: true });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.on('pageerror', (error) => mistakes.push(error.message));
  page.on('request', (request) => { if (!request.url().startsWith(address) && !/^(blob|data):/.test(request.url())) mistakes.push(`foreign request ${request.url()}`); });
  page.on('console', (message) => { if (/Content Security Policy/.test(message.text())) mistakes.push(message.text()); });
  return { person: new Person(page), page, context };
}

async function signIn(address: string, username: string): ReturnType<typeof somebody> {
  const made = await somebody(address);
  await made.person.opens('/');
  await made.person.types('用户名', username);
  await made.page.getByLabel('密码').fill(password);
  await made.person.presses('登录');
  await made.page.getByRole('navigation').first().waitFor();
  return made;
}

async function addPerson(person: Person, username: string, name: string, role: string): Promise<void> {
  await person.presses('添加人员');
  await person.types('姓名', name);
  await person.types('用户名', username);
  await person.page.getByLabel('密码').fill(password);
  await person.page.getByLabel('角色', { exact: true }).selectOption({ label: role });
  await person.presses('添加人员');
  await person.page.getByRole('cell', { name: username, exact: true }).waitFor();
}

async function makeTheFirstAccount(link: string, address: string): Promise<void> {
  const { person, page, context } = await somebody(address);
  await person.opens(link);
  await person.types('中心编码', 'XY01');
  await person.types('中心名称', '湘雅医院');
  await person.types('姓名', '管理员');
  await person.types('用户名', 'admin');
  await page.getByLabel('密码').fill(password);
  await page.keyboard.press('Enter');
  await person.follows('人员');
  await addPerson(person, 'nurse.liu', '刘护士', '研究护士');
  await addPerson(person, 'analyst.wu', '吴分析师', '分析员');
  await context.close();
}

async function enrol(person: Person): Promise<void> {
  await person.page.getByRole('link', { name: '登记患者' }).or(person.page.getByRole('button', { name: '登记患者' })).first().click();
  await person.types('患者姓名', '欧阳测试');
  await person.chooses(person.page.getByRole('radiogroup', { name: /性别/ }), '女性');
  await person.types('出生日期', '1961年3月');
  await person.presses('登记患者');
  await person.page.getByText('XY01-000001').first().waitFor();
  await person.presses('添加皮损');
  await person.types('部位', '左足底');
  await person.presses('添加皮损');
  await person.page.getByText(/L1.*左足底/).first().waitFor();
}

async function correctTheName(person: Person): Promise<void> {
  await person.follows('患者档案');
  await person.page.getByRole('heading', { level: 1, name: '患者档案' }).waitFor();
  await person.types('患者姓名', '欧阳测试二');
  await person.presses('保存改动');
  await person.presses('显示姓名');
  await person.page.getByText('欧阳测试二').waitFor();
}

async function startForm(person: Person, title: string): Promise<void> {
  await person.presses('填写表单');
  await person.page.getByRole('radio', { name: title }).check();
  await person.presses('开始填写');
  await person.page.getByRole('heading', { level: 1, name: title }).waitFor();
}

async function complete(person: Person, title: string): Promise<void> {
  await person.presses('完成');
  await person.page.getByRole('link', { name: new RegExp(`${title}.*已完成|${title}`) }).first().waitFor();
  await person.page.getByText('已完成').first().waitFor();
}

async function stage(person: Person): Promise<void> {
  await startForm(person, '黑色素瘤诊断与分期');
  await person.answers(forms['melanoma-staging']!, staging);
  expect(await person.reads('tCategory')).toContain('T3a');
  expect(await person.reads('pathologicalStage')).toContain('IIIB');
  await complete(person, '黑色素瘤诊断与分期');
}

async function takeThePicture(person: Person): Promise<void> {
  await startForm(person, '临床图像采集');
  await person.page.locator('#f-imageFile').click();
  await person.page.getByText('画面合格，可以拍照').waitFor();
  await person.presses('显示建议');
  await person.page.getByText('仅供研究').first().waitFor();
  await person.presses('拍照');
  await person.page.getByRole('group', { name: '您的判断' }).getByRole('button', { name: '黑色素瘤' }).click();
  const why = person.page.getByRole('textbox', { name: /与建议不同/ });
  if (await why.count()) await why.fill('皮肤镜所见与肢端雀斑样黑色素瘤一致');
  await person.presses('完成');
  await expect.poll(() => person.reads('sha256').catch(() => '') .then(async (text) => text || (await person.entry('sha256').inputValue())), { timeout: 15_000 }).toMatch(/^[0-9a-f]{64}$/);
  await person.answers(forms['clinical-image']!, picture);
  await complete(person, '临床图像采集');
}

async function exportAll(person: Person): Promise<{ [file: string]: string }> {
  await person.follows('导出');
  const download = person.page.waitForEvent('download');
  await person.presses('下载 ZIP');
  const file = join(folder, 'cohort.zip');
  await (await download).saveAs(file);
  return Object.fromEntries(Object.entries(unzipSync(await readFile(file))).map(([name, bytes]) => [name, strFromU8(bytes)]));
}

/** The one row of a table. */
function onlyRow(files: { [file: string]: string }, name: string): { [column: string]: string } {
  const { data } = papaparse.parse<{ [column: string]: string }>(files[name] ?? '', { header: true, skipEmptyLines: true });
  expect(data, name).toHaveLength(1);
  return data[0]!;
}

const cell = (value: unknown) => (typeof value === 'boolean' ? String(Number(value)) : String(value));

test('a nurse enters a case with a picture, and the analyst gets those values', async () => {
  const { DATABASE_URL: _, XF_KEYS_FILE: __, ...environment } = process.env;
  const server = start(process.execPath, ['server/main.ts'], { cwd: root, env: { ...environment, PORT: '0', XF_DATA: join(folder, 'data') } });
  const link = /http\S+\/setup#\S+/.exec(await server.line(/setup#/))?.[0] ?? '';
  const address = new URL('/', link).href;

  await makeTheFirstAccount(link, address);
  const nurse = await signIn(address, 'nurse.liu');
  await enrol(nurse.person);
  await correctTheName(nurse.person);
  await stage(nurse.person);
  await takeThePicture(nurse.person);
  const analyst = await signIn(address, 'analyst.wu');
  const files = await exportAll(analyst.person);

  expect(onlyRow(files, 'melanoma-staging.csv')).toMatchObject(Object.fromEntries(
    Object.entries({ ...staging, tCategory: 'T3a', pNCategory: 'N1a', pathologicalStage: 'IIIB', record_status: 'complete' }).map(([key, value]) => [key, cell(value)])));
  const image = onlyRow(files, 'clinical-image.csv');
  expect(image).toMatchObject(Object.fromEntries(Object.entries(picture).map(([key, value]) => [key, cell(value)])));
  const run = onlyRow(files, 'ai-classification.csv');
  expect(run).toMatchObject({ modelName: 'skin-net', clinicianDiagnosis: 'melanoma', inputSha256: image['sha256'], shownBeforeDecision: '1' });
  expect(Object.values(files).join('')).not.toContain('欧阳测试');
  // Short codes and small numbers stand in any log; all that was typed besides is in no line but that of the one-time link.
  const log = server.lines.filter((line) => !line.includes('/setup#')).join('\n');
  const entered = [
    password, '欧阳', '左足底', 'XY01-000001', '湘雅医院', '管理员', '刘护士', '吴分析师', 'nurse.liu', 'analyst.wu', '皮肤镜所见', '1961-03', '1961年3月', link.split('#')[1] ?? link,
    ...[...Object.values(staging), ...Object.values(picture)].filter((value) => typeof value === 'string' && value.length >= 6),
  ];
  expect(entered.filter((value) => log.includes(String(value)))).toEqual([]);
  expect(mistakes).toEqual([]);
});
