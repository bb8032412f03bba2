/**
 * One's own account through a real browser against the real server: a passkey of Chromium's virtual authenticator, an app's codes, sessions,
 * emergency access, and the link of an administrator; and that passkeys cost nothing until their button is pressed.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import axe from 'axe-core';
import { chromium, type Browser, type Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { codeAt, stepAt } from '../../server/services/totp.ts';
import { start } from '../support/processes.ts';
import { Person } from './support/person.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const password = 'gravel teapot orbit';
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const bytesOf = (base32: string) => new Uint8Array((([...base32].map((letter) => letters.indexOf(letter).toString(2).padStart(5, '0')).join('').match(/.{8}/g)) ?? []).map((bits) => parseInt(bits, 2)));

let folder: string;
let browser: Browser;
let address: string;
let link: string;
const mistakes: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xf-sign-in-'));
  browser = await chromium.launch({ executablePath: process.env['CHROMIUM_PATH'] ?? '', args: (process.env['CHROMIUM_ARGS'] ?? '').split(' ').filter(Boolean) });
});

afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true, force: true });
});

async function serve(): Promise<void> {
  // Passkeys are bound to the address of the page, so the port is chosen first.
  const port = await new Promise<number>((resolve) => {
    const probe = createServer();
    probe.listen(0, '127.0.0.1', () => { const { port: free } = probe.address() as AddressInfo; probe.close(() => resolve(free)); });
  });
  const { DATABASE_URL: _, XF_KEYS_FILE: __, ...environment } = process.env;
  const server = start(process.execPath, ['server/main.ts'], { cwd: root, env: { ...environment, HOST: 'localhost', PORT: String(port), XF_DATA: join(folder, 'data') } });
  const token = /setup(#\S+)/.exec(await server.line(/setup#/))?.[1] ?? '';
  address = `http://localhost:${port}/`;
  link = `${address}setup${token}`;
}

async function somebody(): Promise<{ person: Person; page: Page; scripts: Set<string> }> {
  const context = await browser.newContext({ locale: 'zh-CN', viewport: { width: 1180, height: 820 }, baseURL: address });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const scripts = new Set<string>();
  page.on('pageerror', (error) => mistakes.push(error.message));
  page.on('request', (request) => {
    if (request.resourceType() === 'script') scripts.add(request.url());
    if (!request.url().startsWith(address) && !/^(blob|data):/.test(request.url())) mistakes.push(`foreign request ${request.url()}`);
  });
  page.on('console', (message) => { if (/Content Security Policy/.test(message.text())) mistakes.push(message.text()); });
  return { person: new Person(page), page, scripts };
}

async function giveAuthenticator(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });
}

/** Nothing that axe-core objects to, in either language, and no wider than a telephone. */
async function expectGood(page: Page): Promise<void> {
  const check = async () => {
    await page.evaluate(axe.source);
    const found = await page.evaluate(async () => {
      const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run(document.body, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] });
      return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
    });
    expect(found).toEqual([]);
  };
  await check();
  const { width, height } = page.viewportSize() ?? { width: 1180, height: 820 };
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  await check();
  await page.setViewportSize({ width, height });
}

const signOut = async (person: Person) => {
  await person.page.locator('crf-me-menu summary').click();
  await person.presses('退出登录');
  await person.page.getByLabel('用户名').waitFor();
};
const typePassword = async (person: Person, username: string, given = password) => {
  await person.types('用户名', username);
  await person.page.getByLabel('密码').fill(given);
  await person.presses('登录');
};

test('somebody signs in by passkey and by code, sees and ends sessions, and hands a link to another', async () => {
  await serve();
  const { person, page, scripts } = await somebody();
  await giveAuthenticator(page);
  await person.opens(link);
  await person.types('中心编码', 'XY01');
  await person.types('中心名称', '湘雅医院');
  await person.types('姓名', '林医生');
  await person.types('用户名', 'lin');
  await page.getByLabel('密码').fill(password);
  await page.keyboard.press('Enter');
  await page.getByRole('navigation').first().waitFor();

  // A passkey, by the virtual authenticator; its code comes with the button.
  await page.locator('crf-me-menu summary').click();
  await person.follows('我的账户');
  await page.getByRole('heading', { name: '通行密钥', exact: true }).waitFor();
  await expectGood(page);
  await person.presses('添加通行密钥');
  await person.types('名称', '科室平板');
  const before = new Set(scripts);
  await person.presses('添加通行密钥');
  await page.getByText('科室平板').waitFor();
  expect([...scripts].filter((url) => !before.has(url)).length).toBeGreaterThanOrEqual(1);

  await signOut(person);
  scripts.clear();
  await page.reload();
  await page.getByRole('button', { name: '用通行密钥登录' }).waitFor();
  await expectGood(page);
  const atDoor = new Set(scripts);
  await person.presses('用通行密钥登录');
  await page.getByRole('navigation').first().waitFor();
  const forPasskeys = [...scripts].filter((url) => !atDoor.has(url));
  expect(forPasskeys.some((url) => atDoor.has(url))).toBe(false);
  for (const url of atDoor) expect(await (await fetch(url)).text()).not.toContain('navigator.credentials.get');

  // An app: its first code, the recovery codes, and a code after the password.
  await page.locator('crf-me-menu summary').click();
  await person.follows('我的账户');
  await person.presses('设置验证器应用');
  const secret = (await page.locator('crf-account-totp form code').innerText()).replaceAll(' ', '');
  const codeOf = (ahead: number) => codeAt(bytesOf(secret), stepAt(new Date()) + ahead);
  await expectGood(page);
  await person.types('应用现在显示的 6 位数字', codeOf(0));
  await person.presses('开始使用');
  const recovery = (await page.locator('crf-account-totp ol code').first().innerText()).trim();
  await person.presses('已妥善保存');
  await page.getByText('还有 10 个恢复码').waitFor();
  await signOut(person);
  await typePassword(person, 'lin');
  await page.getByLabel('验证码').fill('000000');
  await person.presses('登录');
  await page.getByRole('alert').filter({ hasText: '验证码不正确' }).waitFor();
  await page.getByLabel('验证码').fill(recovery);
  await person.presses('登录');
  await page.getByRole('navigation').first().waitFor();

  // Another browser, and the end of its session.
  const other = await somebody();
  await other.person.opens('/');
  await typePassword(other.person, 'lin');
  await other.page.getByLabel('验证码').fill(codeOf(1));
  await other.person.presses('登录');
  await other.page.getByRole('navigation').first().waitFor();
  await page.locator('crf-me-menu summary').click();
  await person.follows('我的账户');
  await page.getByRole('heading', { name: '已登录的地方' }).waitFor();
  await expectGood(page);
  await person.presses('退出其他所有地方');
  await expect.poll(() => page.locator('crf-account-sessions tbody tr').count()).toBe(1);
  await other.page.reload();
  await other.page.getByLabel('用户名').waitFor();

  // Emergency access: open, seen above every page, ended.
  await person.presses('打开…');
  await page.getByLabel('内容').selectOption({ label: '病历记录和身份信息' });
  await person.types('原因', '急诊会诊，需查看既往病理');
  await person.presses('打开应急访问');
  await page.getByText(/应急访问：湘雅医院，至/).waitFor();
  await expectGood(page);
  await person.presses('现在结束');
  await page.getByText(/应急访问：湘雅医院，至/).waitFor({ state: 'detached' });

  // A nurse who forgot her password.
  await person.follows('人员');
  await person.presses('添加人员');
  await person.types('姓名', '刘护士');
  await person.types('用户名', 'nurse.liu');
  await page.getByLabel('密码').fill('quarry lantern mosaic');
  await page.getByLabel('角色', { exact: true }).selectOption({ label: '研究护士' });
  await person.presses('添加人员');
  await page.getByRole('cell', { name: 'nurse.liu', exact: true }).waitFor();
  await page.getByRole('row', { name: /刘护士/ }).getByRole('link', { name: '账户安全' }).click();
  await person.presses('生成链接');
  const reset = (await page.locator('crf-security-page code').innerText()).trim();
  await expectGood(page);
  await other.person.opens(reset);
  await expectGood(other.page);
  await other.page.getByLabel('新密码', { exact: true }).fill('password1234');
  await other.page.getByLabel('再输入一次新密码').fill('password1234');
  await other.person.presses('设置新密码');
  await other.page.getByRole('alert').filter({ hasText: '太常见' }).waitFor();
  await other.page.getByLabel('新密码', { exact: true }).fill('river anchor pencil');
  await other.page.getByLabel('再输入一次新密码').fill('river anchor pencil');
  await other.person.presses('设置新密码');
  await other.person.follows('登录');
  await typePassword(other.person, 'nurse.liu', 'river anchor pencil');
  await other.page.getByRole('navigation').first().waitFor();
  await person.presses('停用账户');
  await page.getByText('此账户已停用').waitFor();
  await other.page.reload();
  await other.page.getByLabel('用户名').waitFor();
  expect(mistakes).toEqual([]);
});
