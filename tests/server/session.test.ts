/** Set-up, sign-in, lock-out and the guards of every request, on every engine. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Account, Me } from '../../schemas/http/api.ts';
import { transact } from '../../server/database.ts';
import { openSetup } from '../../server/services/set-up.ts';
import { engines } from '../support/engines.ts';
import { aSave, header, id, problemOf, useServer } from './support/app.ts';

const site = { code: 'ZZ01', name: '湘雅医院' };
const password = 'correct horse battery';

describe.each(engines())('sign-in, on $name', ({ fresh }) => {
  const store = fresh();
  const server = useServer(() => store.open, { trustedProxies: '127.0.0.1' });
  const post = (url: string, payload: object, headers: object = {}) => server.app.inject({ method: 'POST', url, payload, headers: { ...header, ...headers }, remoteAddress: address });
  const viaProxy = (headers: object) => server.app.inject({ method: 'POST', url: '/api/session', payload: { username: 'lin', password }, headers: { ...header, ...headers } });
  // Each test is another client to the limit of attempts.
  let address = '10.0.0.1';
  let clients = 1;
  const another = () => void (address = `10.0.0.${(clients += 1)}`);
  const signIn = (username: string, given = password) => post('/api/session', { username, password: given });

  beforeAll(async () => {
    const token = (await openSetup(server.context)) ?? '';
    expect((await server.app.inject('/api/setup')).json()).toEqual({ open: true });
    const wrong = await post('/api/setup', { token: `${token.slice(1)}x`, username: 'lin', displayName: '林', password, site });
    expect(problemOf(wrong)).toBe('setup-closed');
    const reply = await post('/api/setup', { token, username: 'lin', displayName: '林', password, site });
    expect(reply.statusCode, reply.body).toBe(200);
    expect(reply.json<Me>()).toMatchObject({ username: 'lin', sites: [{ code: 'ZZ01', roles: ['system-administrator', 'investigator', 'data-manager'] }] });
    expect(reply.cookies[0]).toMatchObject({ name: 'xf_session', httpOnly: true, sameSite: 'Strict', path: '/api' });
    expect((await post('/api/setup', { token, username: 'eve', displayName: 'Eve', password, site })).statusCode).toBe(403);
    expect(await openSetup(server.context)).toBeUndefined();
  });

  test('signs in, says who it is, signs out', async () => {
    another();
    const reply = await signIn(' LIN ');
    const cookie = `xf_session=${reply.cookies[0]?.value}`;
    const who = await server.app.inject({ url: '/api/session', headers: { cookie } });
    expect(who.json<Me>().displayName).toBe('林');
    expect((await server.app.inject({ method: 'DELETE', url: '/api/session', headers: { cookie, ...header } })).statusCode).toBe(204);
    expect((await server.app.inject({ url: '/api/session', headers: { cookie } })).statusCode).toBe(401);
  });

  test.for(['lin', 'nobody'])('locks the name %s after five failures, longer each time, and opens again', async (name) => {
    another();
    for (let tries = 0; tries < 5; tries += 1) expect(problemOf(await signIn(name, 'wrong'))).toBe('sign-in-refused');
    const locked = await signIn(name);
    expect([locked.statusCode, problemOf(locked), locked.headers['retry-after']]).toEqual([429, 'account-locked', '30']);
    server.wait(31_000);
    expect(problemOf(await signIn(name, 'wrong'))).toBe('sign-in-refused');
    expect(Number((await signIn(name)).headers['retry-after'])).toBe(60);
    server.wait(61_000);
    expect((await signIn(name)).statusCode).toBe(name === 'lin' ? 200 : 401);
  });

  test('counts guesses that come at once', async () => {
    another();
    const replies = await Promise.all(Array.from({ length: 12 }, () => signIn('lin', 'wrong')));
    expect(replies.filter((reply) => problemOf(reply) === 'sign-in-refused')).toHaveLength(5);
    server.wait(3600_000);
    expect((await signIn('lin')).statusCode).toBe(200);
  });

  test('limits how often one address may try', async () => {
    another();
    const replies = [];
    for (let tries = 0; tries < 31; tries += 1) replies.push(await signIn(`name${tries}`, 'wrong'));
    expect(problemOf(replies[30] ?? expect.fail())).toBe('too-many-requests');
  });

  test('ends a session after two idle hours, and after twelve whatever happens', async () => {
    another();
    const cookie = `xf_session=${(await signIn('lin')).cookies[0]?.value}`;
    const status = async () => (await server.app.inject({ url: '/api/session', headers: { cookie } })).statusCode;
    const hour = 3600_000;
    for (let hours = 0; hours < 11; hours += 1) {
      server.wait(hour);
      expect(await status()).toBe(200);
    }
    server.wait(1.1 * hour);
    expect(await status()).toBe(401);
    const idle = `xf_session=${(await signIn('lin')).cookies[0]?.value}`;
    server.wait(2.1 * hour);
    expect((await server.app.inject({ url: '/api/session', headers: { cookie: idle } })).statusCode).toBe(401);
  });

  test.for<[string, { [name: string]: string }]>([
    ['without our header', {}],
    ['from another origin', { ...header, origin: 'https://evil.example' }],
    ['from an opaque origin', { ...header, origin: 'null' }],
  ])('refuses a write %s', async ([, headers]) => {
    const reply = await server.app.inject({ method: 'POST', url: '/api/session', payload: { username: 'lin', password }, headers });
    expect([reply.statusCode, problemOf(reply)]).toEqual([403, 'foreign-origin']);
  });

  test('takes a write from its own origin', async () => {
    another();
    expect((await post('/api/session', { username: 'lin', password }, { origin: 'http://localhost:80', host: 'localhost:80' })).statusCode).toBe(200);
  });

  test.for(['GET /api/sites', 'GET /api/standards', 'PUT /api/sites/x/records/y'])('asks %s to sign in first', async (route) => {
    const [method, url] = route.split(' ') as ['GET', string];
    expect(problemOf(await server.app.inject({ method, url, headers: header }))).toBe('not-signed-in');
  });

  test('writes sign-ins, refusals and sign-outs to the security log, without names that were typed', async () => {
    const rows = await transact(server.context.db, { sites: [] }, (trx) => trx.selectFrom('security_event').selectAll().execute());
    expect(new Set(rows.map(({ action }) => action))).toEqual(new Set(['set-up', 'session.open', 'session.refuse', 'session.locked', 'session.close']));
    expect(JSON.stringify(rows)).not.toContain('nobody');
  });

  test('marks the cookie as secure behind a proxy that it trusts, and believes nobody else', async () => {
    const forwarded = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '10.9.9.9', 'x-forwarded-host': 'forms.example', origin: 'https://forms.example' };
    expect((await viaProxy(forwarded)).cookies[0]).toMatchObject({ secure: true });
    another();
    expect((await post('/api/session', { username: 'lin', password }, { 'x-forwarded-proto': 'https' })).cookies[0]).not.toHaveProperty('secure');
    expect(problemOf(await post('/api/session', { username: 'lin', password }, forwarded))).toBe('foreign-origin');
  });

  test('adds people and gives roles, but only where one administers', async () => {
    const [mine, other] = [await server.site(), await server.site()];
    const local = await server.person({ siteId: mine, role: 'site-administrator' });
    const request = (memberships: object[]) => ({ id: id(), username: `u${id().slice(0, 8)}${Math.floor(Math.random() * 1e6)}`, displayName: '新', password, memberships });
    const added = await local.post('/api/accounts', request([{ siteId: mine, role: 'nurse' }]));
    expect(added.json<Account>()).toMatchObject({ status: 'active', memberships: [{ siteId: mine, role: 'nurse' }] });
    expect(problemOf(await local.post('/api/accounts', request([{ siteId: other, role: 'nurse' }])))).toBe('site-not-found');
    expect(problemOf(await local.post('/api/accounts', request([{ role: 'analyst' }])))).toBe('not-permitted');
    expect(problemOf(await local.post('/api/accounts', request([{ siteId: mine, role: 'system-administrator' }])))).toBe('not-permitted');
    expect(problemOf(await local.post('/api/accounts', request([])))).toBe('not-permitted');
    const accountId = added.json<Account>().id;
    expect((await local.put(`/api/accounts/${accountId}/memberships`, { memberships: [{ siteId: mine, role: 'monitor' }] })).json()).toMatchObject({ memberships: [{ siteId: mine, role: 'monitor' }] });
    const stranger = await server.person({ siteId: other, role: 'site-administrator' });
    expect((await stranger.put(`/api/accounts/${accountId}/memberships`, { memberships: [] })).statusCode).toBe(404);
    const nurse = await server.person({ siteId: mine, role: 'nurse' });
    expect((await nurse.get('/api/accounts')).statusCode).toBe(403);
  });

  test('adds a hospital for who administers the network, and refuses its code a second time', async () => {
    const admin = await server.person({ role: 'system-administrator' });
    const reply = await admin.post('/api/sites', { id: id(), code: 'QQ77', name: '新医院' });
    expect(reply.statusCode).toBe(201);
    const again = await admin.post('/api/sites', { id: id(), code: 'QQ77', name: '新医院' });
    expect([again.statusCode, problemOf(again)]).toEqual([409, 'name-taken']);
    const nurse = await server.person({ siteId: await server.site(), role: 'nurse' });
    expect((await nurse.post('/api/sites', { id: id(), code: 'QQ78', name: '新医院' })).statusCode).toBe(403);
    expect((await admin.put(`/api/sites/${id()}/records/${id()}`, aSave(id()), { 'if-match': '"0"' })).statusCode).toBe(403);
  });
});
