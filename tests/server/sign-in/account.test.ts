/** One's own account and the acts of administrators, through HTTP on every engine. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { AccountSecurity, ResetLink } from '../../../schemas/http/account-api.ts';
import type { Me } from '../../../schemas/http/api.ts';
import { transact } from '../../../server/database.ts';
import { engines } from '../../support/engines.ts';
import { header, id, problemOf, useServer } from '../support/app.ts';
import { aMember, goodPassword } from '../support/signing-in.ts';

const another = 'quarry lantern mosaic';

describe.each(engines())('accounts, on $name', ({ fresh }) => {
  const store = fresh();
  const server = useServer(() => store.open);
  let siteId: string;
  let elsewhere: string;

  beforeAll(async () => void ([siteId, elsewhere] = [await server.site(), await server.site()]));
  const events = async (action: string) => (await transact(server.context.db, { sites: [] }, (trx) => trx.selectFrom('security_event').selectAll().where('action', '=', action).execute()));
  const reset = (body: object) => server.app.inject({ method: 'POST', url: '/api/password-reset', headers: header, payload: body });

  test('a person changes their password, and the other sessions end', async () => {
    const nurse = await aMember(server, { siteId, role: 'nurse' });
    const [here, there] = [await nurse.session(), await nurse.session()];
    expect(problemOf(await here.send('PUT', '/api/account/password', { password: 'wrong', newPassword: another }))).toBe('sign-in-refused');
    const refused = await here.send('PUT', '/api/account/password', { password: goodPassword, newPassword: 'password1234' });
    expect([refused.statusCode, refused.json()]).toEqual([422, expect.objectContaining({ type: '/problems/password-refused', rules: ['too-common'] })]);
    expect((await here.send('PUT', '/api/account/password', { password: goodPassword, newPassword: another })).statusCode).toBe(204);
    expect([(await here.send('GET', '/api/account')).statusCode, (await there.send('GET', '/api/account')).statusCode]).toEqual([200, 401]);
    expect(problemOf(await nurse.signIn())).toBe('sign-in-refused');
    expect((await nurse.signIn({ password: another })).statusCode).toBe(200);
    expect((await events('password.change')).map(({ account_id }) => account_id)).toContain(nurse.accountId);
  });

  test('a person sees where they are signed in, and ends one session or all others', async () => {
    const nurse = await aMember(server, { siteId, role: 'nurse' });
    const [a, b, c] = [await nurse.session(), await nurse.session(), await nurse.session()];
    const listed = (await a.send('GET', '/api/account')).json<AccountSecurity>().sessions;
    expect(listed).toHaveLength(3);
    expect(listed.filter(({ isThis }) => isThis)).toHaveLength(1);
    expect(listed[0]).toMatchObject({ method: 'password', device: 'chrome/windows/desktop', address: expect.stringMatching(/^10\.9\./) as string });
    const newest = listed[0]?.id ?? '';
    expect((await a.send('DELETE', `/api/account/sessions/${newest}`)).statusCode).toBe(204);
    expect((await c.send('GET', '/api/session')).statusCode).toBe(401);
    expect((await b.send('GET', '/api/session')).statusCode).toBe(200);
    expect(problemOf(await a.send('DELETE', `/api/account/sessions/${newest}`))).toBe('not-found');
    expect((await a.send('DELETE', '/api/account/sessions')).statusCode).toBe(204);
    expect([(await a.send('GET', '/api/session')).statusCode, (await b.send('GET', '/api/session')).statusCode]).toEqual([200, 401]);
  });

  test('a session of somebody else is not one’s own to end', async () => {
    const [nurse, other] = [await aMember(server, { siteId, role: 'nurse' }), await aMember(server, { siteId, role: 'nurse' })];
    const [mine, theirs] = [await nurse.session(), await other.session()];
    const [session] = (await theirs.send('GET', '/api/account')).json<AccountSecurity>().sessions;
    expect(problemOf(await mine.send('DELETE', `/api/account/sessions/${session?.id}`))).toBe('not-found');
    expect((await theirs.send('GET', '/api/session')).statusCode).toBe(200);
  });

  test('an administrator disables an account, whose sessions end at once, and enables it again', async () => {
    const nurse = await aMember(server, { siteId, role: 'nurse' });
    const admin = await server.person({ siteId, role: 'site-administrator' });
    const session = await nurse.session();
    expect((await session.send('GET', '/api/session')).statusCode).toBe(200);
    expect((await admin.send('PUT', `/api/accounts/${nurse.accountId}/status`, { status: 'disabled' })).statusCode).toBe(204);
    expect((await session.send('GET', '/api/session')).statusCode).toBe(401);
    expect(problemOf(await nurse.signIn())).toBe('sign-in-refused');
    expect((await admin.send('PUT', `/api/accounts/${nurse.accountId}/status`, { status: 'active' })).statusCode).toBe(204);
    expect((await session.send('GET', '/api/session')).statusCode).toBe(401);
    expect((await nurse.signIn()).statusCode).toBe(200);
  });

  test('an administrator’s link sets a new password once, and ends the sessions', async () => {
    const nurse = await aMember(server, { siteId, role: 'nurse' });
    const admin = await server.person({ siteId, role: 'site-administrator' });
    const session = await nurse.session();
    const [first, second] = [await admin.post(`/api/accounts/${nurse.accountId}/reset`, {}), await admin.post(`/api/accounts/${nurse.accountId}/reset`, {})].map((reply) => reply.json<ResetLink>());
    expect((await session.send('GET', '/api/session')).statusCode).toBe(401);
    expect(problemOf(await reset({ token: first?.token, newPassword: another }))).toBe('link-used');
    expect(problemOf(await reset({ token: second?.token, newPassword: 'qwerty123456' }))).toBe('password-refused');
    expect((await reset({ token: second?.token, newPassword: another })).statusCode).toBe(204);
    expect(problemOf(await reset({ token: second?.token, newPassword: 'river anchor pencil' }))).toBe('link-used');
    expect((await nurse.signIn({ password: another })).statusCode).toBe(200);
    const late = (await admin.post(`/api/accounts/${nurse.accountId}/reset`, {})).json<ResetLink>();
    server.wait(25 * 3600_000);
    expect(problemOf(await reset({ token: late.token, newPassword: 'river anchor pencil' }))).toBe('link-used');
  });

  test('an administrator of one site does not touch an account that has roles elsewhere', async () => {
    const admin = await server.person({ siteId, role: 'site-administrator' });
    const both = await aMember(server, { siteId, role: 'nurse' }, { siteId: elsewhere, role: 'nurse' });
    const over = await aMember(server, { siteId, role: 'investigator' }, { role: 'system-administrator' });
    const theirs = await aMember(server, { siteId: elsewhere, role: 'nurse' });
    for (const { accountId } of [both, over]) {
      expect(problemOf(await admin.post(`/api/accounts/${accountId}/reset`, {}))).toBe('not-permitted');
      expect(problemOf(await admin.put(`/api/accounts/${accountId}/status`, { status: 'disabled' }))).toBe('not-permitted');
      expect(problemOf(await admin.send('DELETE', `/api/accounts/${accountId}/sessions`))).toBe('not-permitted');
    }
    expect(problemOf(await admin.post(`/api/accounts/${theirs.accountId}/reset`, {}))).toBe('not-found');
    expect(problemOf(await admin.put(`/api/accounts/${admin.accountId}/status`, { status: 'disabled' }))).toBe('not-permitted');
    expect(problemOf(await (await server.person({ siteId, role: 'nurse' })).post(`/api/accounts/${both.accountId}/reset`, {}))).toBe('not-permitted');
  });

  test('an administrator sees and ends the sessions of another', async () => {
    const nurse = await aMember(server, { siteId, role: 'nurse' });
    const admin = await server.person({ siteId, role: 'site-administrator' });
    const session = await nurse.session();
    expect((await admin.get(`/api/accounts/${nurse.accountId}/sessions`)).json<{ items: object[] }>().items).toHaveLength(1);
    expect((await admin.send('DELETE', `/api/accounts/${nurse.accountId}/sessions`)).statusCode).toBe(204);
    expect((await session.send('GET', '/api/session')).statusCode).toBe(401);
  });

  test('a password that is refused is so for a new account too', async () => {
    const admin = await server.person({ siteId, role: 'site-administrator' });
    const request = { id: id(), username: 'newcomer', displayName: '新', password: 'qwerty123456', memberships: [{ siteId, role: 'nurse' }] };
    expect(problemOf(await admin.post('/api/accounts', request))).toBe('password-refused');
  });

  test('no password and no token stands in the security log', async () => {
    const text = JSON.stringify(await transact(server.context.db, { sites: [] }, (trx) => trx.selectFrom('security_event').select('detail').execute()));
    for (const secret of [goodPassword, another, 'password1234']) expect(text).not.toContain(secret);
  });
});

describe.each(engines())('the policy of MLPS, on $name', ({ fresh }) => {
  const store = fresh();
  const server = useServer(() => store.open, { policy: { passwords: { least: 10, isMixed: true, lastsDays: 90, remembered: 5 }, idleMs: 600_000 } });
  const day = 24 * 3600_000;

  test('ends a session after ten idle minutes, and says so to the page', async () => {
    const siteId = await server.site();
    const session = await (await aMember(server, { siteId, role: 'nurse' })).session();
    expect((await session.send('GET', '/api/session')).json<Me>().idleSeconds).toBe(600);
    server.wait(9 * 60_000);
    expect((await session.send('GET', '/api/session')).statusCode).toBe(200);
    server.wait(9.5 * 60_000);
    expect((await session.send('GET', '/api/session')).statusCode).toBe(200);
    server.wait(10.1 * 60_000);
    expect((await session.send('GET', '/api/session')).statusCode).toBe(401);
  });

  test('asks for a new password after ninety days, and not for a former one', async () => {
    const siteId = await server.site();
    const nurse = await aMember(server, { siteId, role: 'nurse' });
    expect((await nurse.signIn()).statusCode).toBe(200);
    server.wait(91 * day);
    expect(problemOf(await nurse.signIn())).toBe('password-expired');
    expect(problemOf(await nurse.signIn({ newPassword: 'quarry lantern mosaic' }))).toBe('password-refused');
    expect((await nurse.signIn({ newPassword: 'Quarry lantern 1' })).statusCode).toBe(200);
    let present = 'Quarry lantern 1';
    const session = async () => nurse.session({ password: present });
    for (const next of ['Quarry lantern 2', 'Quarry lantern 3', 'Quarry lantern 4']) {
      expect((await (await session()).send('PUT', '/api/account/password', { password: present, newPassword: next })).statusCode).toBe(204);
      present = next;
    }
    const again = await (await session()).send('PUT', '/api/account/password', { password: present, newPassword: 'Quarry lantern 1' });
    expect(again.json()).toMatchObject({ type: '/problems/password-refused', rules: ['used-before'] });
  });
});
