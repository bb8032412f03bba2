/** Signing in through a real provider of OpenID Connect, run here on loopback; on every engine. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { AccountSecurity } from '../../../schemas/http/account-api.ts';
import { transact } from '../../../server/database.ts';
import { engines } from '../../support/engines.ts';
import { header, problemOf, useServer } from '../support/app.ts';
import { aMember, through } from '../support/signing-in.ts';

const origin = 'http://localhost:8080';
const client = { client_id: 'xiangya-forms', client_secret: 'a-secret-between-the-two' };
const settings = { issuer: '', clientId: client.client_id, clientSecret: client.client_secret, name: '医院统一认证', makesAccounts: false };
const callback = `${origin}/api/session/provider/callback`;
let http: Server;

beforeAll(async () => {
  // It says of itself that it is set up for a test.
  for (const level of ['info', 'warn'] as const) vi.spyOn(console, level).mockImplementation(() => {});
  http = createServer();
  await new Promise<void>((resolve) => void http.listen(0, '127.0.0.1', resolve));
  settings.issuer = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const provider = new Provider(settings.issuer, {
    clients: [{ ...client, redirect_uris: [callback], response_types: ['code'], grant_types: ['authorization_code'] }],
    pkce: { required: () => true },
    claims: { openid: ['sub'], profile: ['name', 'preferred_username'] },
    conformIdTokenClaims: false,
    findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub, name: '李医生', preferred_username: sub }) }),
    features: { devInteractions: { enabled: true } },
    cookies: { keys: ['only for this test'] },
  });
  provider.proxy = false;
  const answer = provider.callback();
  http.on('request', (request, response) => void answer(request, response));
});
afterAll(() => new Promise<void>((resolve) => void http.close(() => resolve())));

/** What a browser does at the provider: follows, fills in the two forms, and stops at the way back. */
async function signInThere(start: string, login: string): Promise<URL> {
  const jar = new Map<string, string>();
  let url = start;
  let body: URLSearchParams | undefined;
  for (let steps = 0; steps < 12; steps += 1) {
    const reply = await fetch(url, { redirect: 'manual', headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') }, ...(body ? { method: 'POST', body } : {}) });
    body = undefined;
    for (const line of reply.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      jar.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
    }
    const location = reply.headers.get('location');
    if (location) {
      url = new URL(location, url).href;
      if (url.startsWith(callback)) return new URL(url);
      continue;
    }
    const page = await reply.text();
    const action = /<form[^>]*action="([^"]+)"/.exec(page)?.[1] ?? expect.fail(`No form at ${url}: ${page.slice(0, 300)}`);
    const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1] ?? 'login';
    url = new URL(action, url).href;
    body = new URLSearchParams(prompt === 'login' ? { prompt, login, password: 'any' } : { prompt });
  }
  return expect.fail('The provider leads nowhere');
}

describe.each(engines())('a provider, on $name', ({ fresh }) => {
  const store = fresh();
  const server = useServer(() => store.open, { policy: { origin, provider: settings } });
  let siteId: string;

  beforeAll(async () => void (siteId = await server.site()));
  const begin = async () => {
    const reply = await server.app.inject('/api/session/provider');
    expect(reply.statusCode, reply.body).toBe(302);
    const cookie = reply.cookies.find(({ name }) => name === 'xf_provider');
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/api/session/provider' });
    return { url: reply.headers.location ?? '', cookie: `xf_provider=${cookie?.value}` };
  };
  const finish = (back: URL, cookie: string) => server.app.inject({ url: back.pathname + back.search, headers: { cookie } });
  const link = async (accountId: string, subject: string | null) => (await server.person({ role: 'system-administrator' })).put(`/api/accounts/${accountId}/provider`, { subject });

  test('is named on the page', async () => {
    expect((await server.app.inject('/api/session/ways')).json()).toMatchObject({ provider: '医院统一认证', passkeysAt: origin });
  });

  test('signs in whom an administrator linked, with PKCE, state and nonce', async () => {
    const nurse = await aMember(server, { siteId, role: 'nurse' });
    expect((await link(nurse.accountId, 'li.wei')).statusCode).toBe(204);
    const { url, cookie } = await begin();
    const asked = new URL(url).searchParams;
    expect([asked.get('response_type'), asked.get('code_challenge_method'), asked.get('redirect_uri')]).toEqual(['code', 'S256', callback]);
    expect(Math.min(...['state', 'nonce', 'code_challenge'].map((name) => asked.get(name)?.length ?? 0))).toBeGreaterThanOrEqual(43);
    const back = await signInThere(url, 'li.wei');
    const reply = await finish(back, cookie);
    expect([reply.statusCode, reply.headers.location]).toEqual([302, '/']);
    const session = through(server, `xf_session=${reply.cookies.find(({ name }) => name === 'xf_session')?.value}`);
    const account = (await session.send('GET', '/api/account')).json<AccountSecurity>();
    expect(account).toMatchObject({ links: [{ issuer: settings.issuer, subject: 'li.wei' }], sessions: [{ method: 'provider', isThis: true }] });
    const again = await finish(back, cookie);
    expect(again.headers.location).toBe('/?refused=provider');
    await link(nurse.accountId, null);
  });

  test('signs in nobody else, and tells the log', async () => {
    const { url, cookie } = await begin();
    const reply = await finish(await signInThere(url, 'nobody.known'), cookie);
    expect([reply.headers.location, reply.cookies.some(({ name }) => name === 'xf_session')]).toEqual(['/?refused=provider', false]);
    const people = await transact(server.context.db, { sites: [] }, (trx) => trx.selectFrom('account').select('username').execute());
    expect(people.map(({ username }) => username)).not.toContain('nobody.known');
  });

  test('brings nobody in whose browser did not begin it, whose state or code is another’s, or who is disabled', async () => {
    const nurse = await aMember(server, { siteId, role: 'nurse' });
    await link(nurse.accountId, 'wang.min');
    const [first, second] = [await begin(), await begin()];
    const back = await signInThere(first.url, 'wang.min');
    for (const cookie of ['', second.cookie]) expect((await finish(back, cookie)).headers.location).toBe('/?refused=provider');
    const forged = new URL(back);
    forged.searchParams.set('state', new URL(second.url).searchParams.get('state') ?? '');
    expect((await finish(forged, second.cookie)).headers.location).toBe('/?refused=provider');
    const error = new URL(back);
    error.search = `?error=access_denied&state=${back.searchParams.get('state')}`;
    expect((await finish(error, first.cookie)).headers.location).toBe('/?refused=provider');
    await transact(server.context.db, { sites: [] }, (trx) => trx.updateTable('account').set({ status: 'disabled' }).where('id', '=', nurse.accountId).execute());
    const third = await begin();
    expect((await finish(await signInThere(third.url, 'wang.min'), third.cookie)).headers.location).toBe('/?refused=provider');
  });

  test('is linked by an administrator of the network alone, one subject to one account', async () => {
    const [a, b] = [await aMember(server, { siteId, role: 'nurse' }), await aMember(server, { siteId, role: 'nurse' })];
    const admin = await server.person({ siteId, role: 'site-administrator' });
    expect(problemOf(await admin.put(`/api/accounts/${a.accountId}/provider`, { subject: 'x' }))).toBe('not-permitted');
    expect((await link(a.accountId, 'only.one')).statusCode).toBe(204);
    expect(problemOf(await link(b.accountId, 'only.one'))).toBe('name-taken');
  });
});

describe.each(engines().slice(0, 1))('a provider that may bring new people, on $name', ({ fresh }) => {
  const store = fresh();
  const server = useServer(() => store.open, { policy: { origin, provider: { ...settings, get issuer() { return settings.issuer; }, makesAccounts: true } } });

  test('gives them an account without any role', async () => {
    const reply = await server.app.inject('/api/session/provider');
    const back = await signInThere(reply.headers.location ?? '', 'chen.new');
    const done = await server.app.inject({ url: back.pathname + back.search, headers: { cookie: `xf_provider=${reply.cookies[0]?.value}` } });
    expect(done.headers.location).toBe('/');
    const cookie = `xf_session=${done.cookies.find(({ name }) => name === 'xf_session')?.value}`;
    const me = (await server.app.inject({ url: '/api/session', headers: { ...header, cookie } })).json<object>();
    expect(me).toMatchObject({ username: 'chen.new', sites: [], network: [] });
  });
});

describe.each(engines().slice(0, 1))('a provider that is down, on $name', ({ fresh }) => {
  const store = fresh();
  const server = useServer(() => store.open, { policy: { origin, provider: { ...settings, issuer: 'http://127.0.0.1:9' } } });

  test('stops nobody who has a password', async () => {
    expect(problemOf(await server.app.inject('/api/session/provider'))).toBe('provider-refused');
    const nurse = await aMember(server, { role: 'analyst' });
    expect((await nurse.signIn()).statusCode).toBe(200);
  });
});
