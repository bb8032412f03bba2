/** Signing in step by step, one's own account, and what an idle screen shows, in a browser over the API in memory. */
import axe from 'axe-core';
import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { to } from '../../../client/places.ts';
import { applyPreferences } from '../../../client/preferences.ts';
import { aMe, anAccount, problem } from '../support/fake-api.ts';
import type { FakeState } from '../support/fake-api.ts';
import { anApp, find, search, settle, textOf, type } from '../support/an-app.ts';

const siteId = aMe().sites[0]?.id ?? '';
const other = '0198a000-0000-7000-8000-00000000000b';
const accounts: FakeState['accounts'] = [{ id: other, username: 'liu', displayName: '刘护士', status: 'active', signsIn: true, memberships: [{ siteId, role: 'nurse' }] }];
const opening = { id: other, siteId, level: 'identifiers', until: '2099-05-14T02:42:00Z' } as const;
const pending: Partial<FakeState> = { me: aMe({ pending: 'second-factor' }), account: { ...anAccount(), needsSecondFactor: true, passkeys: [] } };
/** `inside` names the element in whose shadow it is. */
const press = async (selector: string, inside?: string) => {
  await userEvent.click(inside ? find(selector, find(inside).shadowRoot ?? document) : find(selector));
  await settle();
};

const pages: readonly { name: string; path: string; changes?: Partial<FakeState> }[] = [
  { name: 'my account', path: to('account') },
  { name: 'my account that cannot be read', path: to('account'), changes: { failing: { path: '/api/account', problem: 'database-unavailable' } } },
  { name: 'account without a second factor', path: to('account'), changes: pending },
  { name: 'emergency access', path: to('patients', { siteId }), changes: { me: aMe({ openings: [opening] }) } },
  { name: 'security of another', path: to('security', { accountId: other }), changes: { accounts } },
  { name: 'new password by a link', path: '/reset#a-token-of-a-link', changes: { me: undefined } },
  { name: 'sign-in with everything', path: '/?refused=provider', changes: { me: undefined, ways: { passwords: { least: 12, isMixed: true }, passkeysAt: location.origin, provider: '湖南省卫生健康统一身份认证平台' } } },
];

test.for(pages)('the page "$name" has nothing that axe-core objects to in either language and scheme, and fits a phone', async ({ path, changes }) => {
  await anApp(path, changes);
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

async function signIn(changes: Partial<FakeState>) {
  const app = await anApp(to('standards'), { me: undefined, ...changes });
  type(find<HTMLInputElement>('#username'), 'zhang.min');
  type(find<HTMLInputElement>('#password'), 'correct horse');
  await press('button.primary');
  return app;
}

test('a code is asked for after the password, and sent with it', async () => {
  const { fake } = await signIn({ signInMeets: [problem('second-factor-needed', { ways: ['code'] }), problem('second-factor-refused')] });
  expect(find('#code').matches(':focus')).toBe(true);
  type(find<HTMLInputElement>('#code'), '000000');
  await press('button.primary');
  expect(textOf(find('[role=alert]'))).toContain('验证码不正确');
  type(find<HTMLInputElement>('#code'), '123456');
  await press('button.primary');
  expect(fake.state.requests.filter(({ method }) => method === 'POST').at(-1)?.body).toEqual({ username: 'zhang.min', password: 'correct horse', code: '123456' });
  expect(location.pathname).toBe('/standards');
});

test('a password that has had its time is replaced while signing in', async () => {
  const { fake } = await signIn({ signInMeets: [problem('password-expired'), problem('password-refused', { rules: ['too-plain'] })] });
  expect(textOf(find('#newPassword-help'))).toContain('至少 12 个字符');
  type(find<HTMLInputElement>('#newPassword'), 'gravel teapot');
  type(find<HTMLInputElement>('#again'), 'gravel');
  await press('button.primary');
  expect(textOf(find('[role=alert]'))).toContain('两次输入不同');
  type(find<HTMLInputElement>('#again'), 'gravel teapot');
  await press('button.primary');
  expect(textOf(find('[role=alert]'))).toContain('至少要有三种');
  await press('button.primary');
  expect(fake.state.requests.filter(({ method }) => method === 'POST').at(-1)?.body).toMatchObject({ newPassword: 'gravel teapot' });
  expect(location.pathname).toBe('/standards');
});

test('who must first set up a second factor is led there, and shown the recovery codes once', async () => {
  await anApp(to('standards'), { ...pending, isProven: true });
  expect(location.pathname).toBe('/account');
  expect(search('crf-account-password')).toBeUndefined();
  await press('.between .button', 'crf-account-totp');
  type(find<HTMLInputElement>('#code'), '123456');
  await press('form .primary', 'crf-account-totp');
  await expect.poll(() => find('crf-account-totp').shadowRoot?.querySelectorAll('ol code').length).toBe(10);
  history.pushState(null, '', '/standards');
  dispatchEvent(new PopStateEvent('popstate'));
  await settle();
  expect(location.pathname).toBe('/standards');
});

test('a change of one’s factors asks to show who one is, and then happens', async () => {
  const { fake } = await anApp(to('account'));
  await press('.between .button', 'crf-account-totp');
  await expect.poll(() => search('dialog[open]')).toBeDefined();
  type(find<HTMLInputElement>('#password'), 'wrong');
  await press('form .primary', 'crf-account-totp');
  expect(textOf(find('[role=alert]'))).toContain('用户名或密码不正确');
  type(find<HTMLInputElement>('#password'), 'correct horse');
  await press('form .primary', 'crf-account-totp');
  await expect.poll(() => find('crf-account-totp').shadowRoot?.querySelector('img')).toBeDefined();
  expect(fake.state.requests.filter(({ path }) => path === '/api/account/totp')).toHaveLength(2);
});

test('a screen that nobody touches is locked, shows nothing, and comes back as it was', async () => {
  const { fake } = await anApp(to('patients', { siteId }), { me: aMe({ idleSeconds: 1 }) });
  type(find<HTMLInputElement>('input[type=search]'), 'XY01-00002');
  await expect.poll(() => search('dialog[open]'), { timeout: 9000 }).toBeDefined();
  expect(textOf(find('dialog[open]'))).toContain('屏幕已锁定');
  expect(find('crf-frame').checkVisibility()).toBe(false);
  expect(search('[slot=later]')).toBeUndefined();
  expect(fake.state.requests.some(({ method, path }) => method === 'DELETE' && path === '/api/session')).toBe(true);
  type(find<HTMLInputElement>('#password'), 'correct horse');
  await userEvent.click(find('crf-sign-in').shadowRoot?.querySelector('button.primary') ?? document.body);
  await settle();
  expect(find('crf-frame').checkVisibility()).toBe(true);
  expect(find<HTMLInputElement>('input[type=search]').value).toBe('XY01-00002');
});
