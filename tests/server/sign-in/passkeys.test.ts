/** Passkeys from an authenticator in software, on every engine; `tests/browser/sign-in.test.ts` has a browser's. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { AccountSecurity, Passkey } from '../../../schemas/http/account-api.ts';
import type { Me } from '../../../schemas/http/api.ts';
import { engines } from '../../support/engines.ts';
import { header, problemOf, useServer } from '../support/app.ts';
import { anAuthenticator, type Authenticator } from '../support/authenticator.ts';
import { aMember, through, type Session } from '../support/signing-in.ts';

const origin = 'https://forms.example';

describe.each(engines())('passkeys, on $name', ({ fresh }) => {
  const store = fresh();
  const server = useServer(() => store.open, { policy: { origin, secondFactor: ['analyst'] } });
  let siteId: string;
  let clients = 0;

  beforeAll(async () => void (siteId = await server.site()));
  const post = (url: string, payload?: object) => server.app.inject({ method: 'POST', url, headers: header, remoteAddress: `10.7.0.${(clients += 1)}`, ...(payload ? { payload } : {}) });
  const begin = async () => (await post('/api/session/passkey/options')).json<object>();
  const signIn = (response: object) => post('/api/session/passkey', { response });

  async function keep(session: Session, device: Authenticator, name = '科室平板'): Promise<Passkey> {
    const options = (await session.send('POST', '/api/account/passkeys/options')).json<object>();
    const reply = await session.send('POST', '/api/account/passkeys', { name, response: device.create(options) });
    expect(reply.statusCode, reply.body).toBe(201);
    return reply.json<Passkey>();
  }

  test('are made in a session, and sign in without a name', async () => {
    const nurse = await aMember(server, { siteId, role: 'nurse' });
    const device = anAuthenticator(origin);
    const passkey = await keep(await nurse.session(), device);
    const reply = await signIn(device.get(await begin()));
    expect(reply.statusCode, reply.body).toBe(200);
    expect(reply.json<Me>().username).toBe(nurse.username);
    const session = through(server, `xf_session=${reply.cookies[0]?.value}`);
    const security = (await session.send('GET', '/api/account')).json<AccountSecurity>();
    expect(security.passkeys).toMatchObject([{ id: passkey.id, name: '科室平板', usedAt: expect.any(String) as string }]);
    expect(security.sessions.find(({ isThis }) => isThis)?.method).toBe('passkey');
  });

  test('answer one challenge once', async () => {
    const nurse = await aMember(server, { siteId, role: 'nurse' });
    const device = anAuthenticator(origin);
    await keep(await nurse.session(), device);
    const answer = device.get(await begin());
    expect((await signIn(answer)).statusCode).toBe(200);
    expect(problemOf(await signIn(answer))).toBe('passkey-refused');
    const late = await begin();
    server.wait(5 * 60_000 + 1000);
    expect(problemOf(await signIn(device.get(late)))).toBe('passkey-refused');
  });

  test('are refused from another origin, without the person, from a clone, unknown, and for nonsense', async () => {
    const nurse = await aMember(server, { siteId, role: 'nurse' });
    const device = anAuthenticator(origin);
    await keep(await nurse.session(), device);
    expect(problemOf(await signIn(device.get(await begin(), { origin: 'https://f0rms.example' })))).toBe('passkey-refused');
    expect(problemOf(await signIn(device.get(await begin(), { flags: 0x01 })))).toBe('passkey-refused');
    expect((await signIn(device.get(await begin(), { counter: 10 }))).statusCode).toBe(200);
    expect(problemOf(await signIn(device.get(await begin(), { counter: 9 })))).toBe('passkey-refused');
    const stranger = anAuthenticator(origin);
    stranger.create(await begin());
    expect(problemOf(await signIn(stranger.get(await begin())))).toBe('passkey-refused');
    for (const nonsense of [{}, { id: 7 }, { id: 'x', response: null }, { id: '__proto__' }]) expect(problemOf(await signIn(nonsense))).toBe('passkey-refused');
  });

  test('of a disabled account sign nobody in', async () => {
    const nurse = await aMember(server, { siteId, role: 'nurse' });
    const device = anAuthenticator(origin);
    await keep(await nurse.session(), device);
    const admin = await server.person({ siteId, role: 'site-administrator' });
    await admin.put(`/api/accounts/${nurse.accountId}/status`, { status: 'disabled' });
    expect(problemOf(await signIn(device.get(await begin())))).toBe('passkey-refused');
  });

  test('are named anew and removed by their owner alone', async () => {
    const [nurse, other] = [await aMember(server, { siteId, role: 'nurse' }), await aMember(server, { siteId, role: 'nurse' })];
    const [mine, theirs] = [await nurse.session(), await other.session()];
    const device = anAuthenticator(origin);
    const { id } = await keep(mine, device);
    expect(problemOf(await theirs.send('PUT', `/api/account/passkeys/${id}`, { name: 'x' }))).toBe('not-found');
    expect(problemOf(await theirs.send('DELETE', `/api/account/passkeys/${id}`))).toBe('not-found');
    expect((await mine.send('PUT', `/api/account/passkeys/${id}`, { name: '我的手机' })).statusCode).toBe(204);
    expect((await mine.send('GET', '/api/account')).json<AccountSecurity>().passkeys[0]?.name).toBe('我的手机');
    expect((await mine.send('DELETE', `/api/account/passkeys/${id}`)).statusCode).toBe(204);
    expect(problemOf(await signIn(device.get(await begin())))).toBe('passkey-refused');
  });

  test('made for one session do not answer another’s challenge', async () => {
    const [nurse, other] = [await aMember(server, { siteId, role: 'nurse' }), await aMember(server, { siteId, role: 'nurse' })];
    const [mine, theirs] = [await nurse.session(), await other.session()];
    const response = anAuthenticator(origin).create((await mine.send('POST', '/api/account/passkeys/options')).json());
    expect(problemOf(await theirs.send('POST', '/api/account/passkeys', { name: 'x', response }))).toBe('passkey-refused');
  });

  test('are two factors: whoever must have two signs in with one, and not by password alone', async () => {
    const analyst = await aMember(server, { siteId, role: 'analyst' });
    const device = anAuthenticator(origin);
    const session = await analyst.session();
    expect(problemOf(await session.send('GET', '/api/standards'))).toBe('second-factor-required');
    const { id } = await keep(session, device);
    expect((await session.send('GET', '/api/standards')).statusCode).toBe(200);
    expect((await analyst.signIn()).json()).toMatchObject({ type: '/problems/second-factor-needed', ways: ['passkey'] });
    expect((await signIn(device.get(await begin()))).json<Me>().pending).toBeUndefined();
    expect(problemOf(await session.send('DELETE', `/api/account/passkeys/${id}`))).toBe('second-factor-required');
    expect((await session.send('GET', '/api/account')).json<AccountSecurity>().passkeys).toHaveLength(1);
  });

  test('prove again who one is', async () => {
    const nurse = await aMember(server, { siteId, role: 'nurse' });
    const device = anAuthenticator(origin);
    const session = await nurse.session();
    await keep(session, device);
    const options = (await session.send('POST', '/api/session/proof/options')).json<object>();
    const proven = await session.send('POST', '/api/session/proof', { act: 'account', passkey: device.get(options) });
    expect(proven.statusCode, proven.body).toBe(200);
    expect(problemOf(await session.send('POST', '/api/session/proof', { act: 'account', passkey: device.get(await begin()) }))).toBe('passkey-refused');
  });
});

describe.each(engines())('without an origin, on $name', ({ fresh }) => {
  const store = fresh();
  const server = useServer(() => store.open);

  test('there are no passkeys and no provider', async () => {
    expect((await server.app.inject('/api/session/ways')).json()).toEqual({ passwords: { least: 12, isMixed: false } });
    expect((await server.app.inject({ method: 'POST', url: '/api/session/passkey/options', headers: header })).statusCode).toBe(404);
    expect((await server.app.inject('/api/session/provider')).statusCode).toBe(404);
  });
});
