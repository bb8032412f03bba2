/** The application in a browser: every page in its states, what happens to focus and session, and that nothing is lost. */
import axe from 'axe-core';
import { describe, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { to } from '../../../client/places.ts';
import { applyPreferences } from '../../../client/preferences.ts';
import { runId } from '../support/a-run.ts';
import { aMe, aSubject } from '../support/fake-api.ts';
import type { FakeState } from '../support/fake-api.ts';
import { active, anApp, find, search, settle, textOf, type } from '../support/an-app.ts';
import { aStandard, checkOf } from '../support/compiled.ts';

// The check is a module of the server; here it is made where the test runs.
vi.mock('../../../client/api.ts', async (original) => ({
  ...(await original<typeof import('../../../client/api.ts')>()),
  getStructureCheck: (subDataset: string) => Promise.resolve(checkOf(aStandard(subDataset))),
  getIdentityCheck: () => Promise.resolve(() => []),
}));

const siteId = aMe().sites[0]?.id ?? '';
const subjectId = aSubject(1).id;
const recordId = '0198a000-0000-7000-8009-000000000001';
const forms = (subDataset: string) => aStandard(subDataset);
const newRecord = `${to('record', { siteId, subjectId, recordId })}?start=melanoma-staging@1.0.0`;

const pages: readonly { name: string; path: string; changes?: Partial<FakeState> }[] = [
  { name: 'sign-in', path: '/', changes: { me: undefined } },
  { name: 'set-up', path: '/setup#0123456789abcdef0123', changes: { me: undefined, setupOpen: true } },
  { name: 'set-up that is over', path: '/setup#0123456789abcdef0123', changes: { me: undefined } },
  { name: 'patients', path: to('patients', { siteId }) },
  { name: 'no patients', path: to('patients', { siteId }), changes: { subjects: [] } },
  { name: 'patients that cannot be read', path: to('patients', { siteId }), changes: { failing: { path: '/api/sites/', problem: 'database-unavailable' } } },
  { name: 'patients without a network', path: to('patients', { siteId }), changes: { failing: { path: '/api/sites/', problem: 'offline' } } },
  { name: 'enrol', path: to('enrol', { siteId }) },
  { name: 'patient', path: to('patient', { siteId, subjectId }) },
  { name: 'new patient', path: to('patient', { siteId, subjectId: aSubject(2).id }) },
  { name: 'form', path: newRecord },
  { name: 'run of a protocol', path: to('protocolRun', { siteId, subjectId, runId }) },
  { name: 'standards', path: to('standards') },
  { name: 'standard', path: to('standard', { subDataset: 'melanoma-staging', version: '1.0.0' }) },
  { name: 'standards, searched', path: `${to('standards')}?q=breslow` },
  { name: 'data element', path: to('element', { subDataset: 'melanoma-staging', version: '1.0.0', path: 'breslow' }) },
  { name: 'value set', path: to('valueSet', { id: 'ulceration', version: '1.0.0' }) },
  { name: 'export', path: to('export') },
  { name: 'people', path: to('people') },
  { name: 'no such page', path: '/nowhere' },
];

test.for(pages)('the page "$name" has nothing that axe-core objects to in either language and scheme, and fits a phone', async ({ path, changes }) => {
  await anApp(path, { forms, ...changes });
  await settle(400);
  await expectNoViolations();
  applyPreferences({ language: 'en', theme: 'dark', contrast: 'system', density: 'comfortable' });
  await settle();
  await expectNoViolations();
  await page.viewport(360, 740);
  await settle(50);
  expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(360);
  await page.viewport(1280, 800);
});

async function expectNoViolations() {
  const { violations } = await axe.run(document.body, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] });
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`).join('\n')).toBe('');
}

describe('signing in', () => {
  test('leads to the page that was asked for', async () => {
    const { fake } = await anApp(to('standards'), { me: undefined });
    type(find<HTMLInputElement>('#username'), 'Zhang.Min');
    type(find<HTMLInputElement>('#password'), 'correct horse');
    await userEvent.click(find('button.primary'));
    await settle();
    expect(location.pathname).toBe('/standards');
    expect(textOf(find('h1'))).toContain('数据字典');
    expect(fake.state.requests.find(({ method }) => method === 'POST')?.body).toEqual({ username: 'zhang.min', password: 'correct horse' });
  });

  test('that is refused says so, and keeps the name', async () => {
    await anApp('/', { me: undefined });
    type(find<HTMLInputElement>('#username'), 'zhang.min');
    type(find<HTMLInputElement>('#password'), 'wrong');
    await userEvent.click(find('button.primary'));
    await settle();
    expect(textOf(find('[role=alert]'))).toContain('用户名或密码不正确');
    expect(find<HTMLInputElement>('#username').value).toBe('zhang.min');
  });

  test('again, when the session has ended, leaves the page as it is', async () => {
    const { fake } = await anApp(to('patients', { siteId }));
    fake.state.me = undefined;
    find('input[type=search]').focus();
    type(find<HTMLInputElement>('input[type=search]'), 'XY01-00002');
    await expect.poll(() => search('dialog[open]')).toBeDefined();
    expect(textOf(find('dialog[open]'))).toContain('登录已过期');
    type(find<HTMLInputElement>('#password'), 'correct horse');
    await userEvent.click(find('crf-sign-in').shadowRoot?.querySelector('button.primary') ?? document.body);
    await settle();
    expect(search('crf-sign-in')).toBeUndefined();
    expect(active()?.matches('input[type=search]')).toBe(true);
    expect(find<HTMLInputElement>('input[type=search]').value).toBe('XY01-00002');
    expect(textOf(find('tbody')).match(/XY01-\d+/g)).toEqual(['XY01-00002']);
  });

  test('shows each role what it may do', async () => {
    const analyst = aMe({ network: [], sites: aMe().sites.slice(0, 1).map((site) => ({ ...site, roles: ['analyst'], permissions: ['export:run', 'standard:read'] })) });
    await anApp('/', { me: analyst });
    expect(textOf(find('nav.wide')).trim().split(/\s+/)).toEqual(['导出', '标准']);
    expect(location.pathname).toBe('/export');
  });

  test('does not show a page that the role may not see', async () => {
    await anApp('/people', { me: aMe({ network: [] , sites: aMe().sites.slice(1) }) });
    expect(textOf(find('crf-state'))).toContain('您没有查看此页的权限');
  });
});

describe('going from page to page', () => {
  test('gives the focus to the heading, the title to the window, and comes back', async () => {
    await anApp(to('patients', { siteId }));
    await userEvent.click(find('td a'));
    await expect.poll(() => [active()?.tagName, active()?.textContent?.trim()]).toEqual(['H1', 'XY01-00001']);
    expect(document.title).toBe('XY01-00001 · 湘雅表单');
    history.back();
    await settle();
    expect(location.pathname).toBe(to('patients', { siteId }));
    expect(document.title).toBe('患者 · 湘雅表单');
  });

  test('finds anything by Ctrl-K and the arrows', async () => {
    await anApp(to('standards'));
    await userEvent.keyboard('{Control>}k{/Control}');
    await settle();
    await userEvent.keyboard('XY01-00003');
    await settle(500);
    await userEvent.keyboard('{Enter}');
    await settle();
    expect(location.pathname).toBe(to('patient', { siteId, subjectId: aSubject(3).id }));
  });

  test('speaks the other language at once, and the next time', async () => {
    await anApp(to('patients', { siteId }));
    await userEvent.click(find('button[lang=en]'));
    await settle();
    expect(document.documentElement.lang).toBe('en');
    expect(textOf(find('h1'))).toContain('Patients');
    expect(localStorage.getItem(`xf.preferences.${aMe().accountId}`)).toContain('"en"');
  });
});

describe('the list of patients', () => {
  test('shows the first hundred of 3,000 and reads on', async () => {
    const { fake } = await anApp(to('patients', { siteId }), { subjects: Array.from({ length: 3000 }, (_, n) => aSubject(n + 1)) });
    const rows = () => find('tbody').querySelectorAll('tr').length;
    expect(rows()).toBeGreaterThanOrEqual(100);
    find('.foot').scrollIntoView();
    await settle(300);
    expect(rows()).toBeGreaterThanOrEqual(200);
    expect(fake.state.requests.filter(({ path }) => path.includes('/subjects?')).length).toBe(rows() / 100);
  });

  test('is found again as it was left', async () => {
    const { fake } = await anApp(to('patients', { siteId }), { subjects: Array.from({ length: 3000 }, (_, n) => aSubject(n + 1)) });
    find('.foot').scrollIntoView();
    await expect.poll(() => find('tbody').querySelectorAll('tr').length).toBeGreaterThanOrEqual(200);
    const row = find('tbody').querySelectorAll<HTMLElement>('tr')[150];
    row?.scrollIntoView({ block: 'center' });
    await settle();
    const top = window.scrollY;
    row?.querySelector('a')?.click();
    await expect.poll(() => search('crf-patient-page')).toBeDefined();
    expect(window.scrollY).toBe(0);
    history.back();
    await expect.poll(() => search('tbody')).toBeDefined();
    await settle();
    expect(Math.abs(window.scrollY - top)).toBeLessThan(60);
    expect(fake.state.requests.filter(({ path }) => path.includes('/subjects?')).at(-1)?.path).toContain('limit=');
  });

  test('is drawn again when the connection is back', async () => {
    const { fake } = await anApp(to('patients', { siteId }), { failing: { path: '/api/sites/', problem: 'offline' } });
    expect(textOf(find('crf-state'))).toContain('连接不上服务器');
    fake.state.failing = undefined;
    await userEvent.click(find('crf-state button'));
    await settle();
    expect(textOf(find('tbody'))).toContain('XY01-00001');
  });

  test('says who is not found, and how to look', async () => {
    await anApp(to('patients', { siteId }));
    type(find<HTMLInputElement>('input[type=search]'), 'nobody');
    await settle(500);
    expect(textOf(find('crf-state'))).toContain('没有找到患者');
  });
});
