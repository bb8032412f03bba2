/** Codes of an app, recovery codes, who must have them, and proofs for one act; on every engine. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { AccountSecurity, Proof, RecoveryCodes, TotpOffer } from '../../../schemas/http/account-api.ts';
import type { Me } from '../../../schemas/http/api.ts';
import { transact } from '../../../server/database.ts';
import { requireRecent } from '../../../server/services/proof.ts';
import { codeAt, stepAt } from '../../../server/services/totp.ts';
import { select } from '../../support/select.ts';
import { engines } from '../../support/engines.ts';
import { problemOf, useServer } from '../support/app.ts';
import { aMember, goodPassword, type Session } from '../support/signing-in.ts';

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const bytesOf = (base32: string) => new Uint8Array((([...base32].map((letter) => letters.indexOf(letter).toString(2).padStart(5, '0')).join('').match(/.{8}/g)) ?? []).map((bits) => parseInt(bits, 2)));

describe.each(engines())('the second factor, on $name', ({ fresh }) => {
  const store = fresh();
  const server = useServer(() => store.open, { policy: { secondFactor: ['analyst'] } });
  let siteId: string;

  beforeAll(async () => void (siteId = await server.site()));
  /** As the person's telephone shows it, `ahead` steps from now. */
  const codeNow = (secret: string, ahead = 0) => codeAt(bytesOf(secret), stepAt(server.context.clock.now()) + ahead);
  const step = () => server.wait(30_000);

  async function withApp(session: Session): Promise<{ secret: string; codes: string[] }> {
    const offer = (await session.send('POST', '/api/account/totp')).json<TotpOffer>();
    expect(offer.picture).toMatch(/^<svg/);
    expect(problemOf(await session.send('PUT', '/api/account/totp', { code: codeNow(offer.secret, 5) }))).toBe('second-factor-refused');
    const confirmed = await session.send('PUT', '/api/account/totp', { code: codeNow(offer.secret) });
    expect(confirmed.statusCode, confirmed.body).toBe(200);
    step();
    return { secret: offer.secret, codes: confirmed.json<RecoveryCodes>().recoveryCodes };
  }

  test('is asked for after the password, and a code is never good twice', async () => {
    const nurse = await aMember(server, { siteId, role: 'nurse' });
    const { secret } = await withApp(await nurse.session());
    expect(problemOf(await nurse.signIn({ password: 'wrong' }))).toBe('sign-in-refused');
    expect(problemOf(await nurse.signIn())).toBe('second-factor-needed');
    const code = codeNow(secret);
    const session = await nurse.session({ code });
    expect((await session.send('GET', '/api/account')).json<AccountSecurity>().sessions[0]).toMatchObject({ method: 'password+code', isThis: true });
    expect(problemOf(await nurse.signIn({ code }))).toBe('second-factor-refused');
    // One step later the code of the step before would still fit, were it not used.
    step();
    expect(problemOf(await nurse.signIn({ code }))).toBe('second-factor-refused');
    expect((await nurse.signIn({ code: codeNow(secret) })).statusCode).toBe(200);
  });

  test('of two who send one code at once one gets in', async () => {
    const nurse = await aMember(server, { siteId, role: 'nurse' });
    const { secret } = await withApp(await nurse.session());
    const code = codeNow(secret);
    const replies = await Promise.all([1, 2, 3, 4].map(() => nurse.signIn({ code })));
    expect(replies.map(({ statusCode }) => statusCode).sort()).toEqual([200, 401, 401, 401]);
  });

  test('guesses of codes lock the name like guesses of passwords', async () => {
    const nurse = await aMember(server, { siteId, role: 'nurse' });
    const { secret } = await withApp(await nurse.session());
    for (let tries = 0; tries < 5; tries += 1) expect(problemOf(await nurse.signIn({ code: codeNow(secret, 10 + tries) }))).toBe('second-factor-refused');
    expect(problemOf(await nurse.signIn({ code: codeNow(secret) }))).toBe('account-locked');
  });

  test('has ten recovery codes, each good once, and new ones end the old', async () => {
    const nurse = await aMember(server, { siteId, role: 'nurse' });
    const { codes } = await withApp(await nurse.session());
    expect(new Set(codes).size).toBe(10);
    const [first = '', second = '', third = ''] = codes;
    const session = await nurse.session({ code: first.toLowerCase() });
    expect(problemOf(await nurse.signIn({ code: first }))).toBe('second-factor-refused');
    expect((await nurse.signIn({ code: second.replaceAll('-', '') })).statusCode).toBe(200);
    expect((await session.send('GET', '/api/account')).json<AccountSecurity>().recoveryCodes).toBe(8);
    const renewed = (await session.send('POST', '/api/account/recovery-codes')).json<RecoveryCodes>().recoveryCodes;
    expect(problemOf(await nurse.signIn({ code: third }))).toBe('second-factor-refused');
    expect((await nurse.signIn({ code: renewed[0] })).statusCode).toBe(200);
  });

  test('is stored sealed, and its codes as digests', async () => {
    const nurse = await aMember(server, { siteId, role: 'nurse' });
    const { secret, codes } = await withApp(await nurse.session());
    const rows = JSON.stringify(await transact(server.context.db, { sites: [] }, async (trx) => [
      await select(trx, "select encode(ciphertext, 'escape') as t from totp"), await select(trx, "select encode(code_hash, 'escape') as t from recovery_code"),
    ]));
    for (const text of [secret, Buffer.from(bytesOf(secret)).toString('base64'), ...codes]) expect(rows).not.toContain(text);
  });

  test('must be set up first by those whose role asks for it, before anything else answers', async () => {
    const analyst = await aMember(server, { siteId, role: 'analyst' });
    const reply = await analyst.signIn();
    expect(reply.json<Me>().pending).toBe('second-factor');
    const session = await analyst.session();
    for (const url of ['/api/standards', '/api/sites', `/api/sites/${siteId}/subjects/`]) expect(problemOf(await session.send('GET', url))).toBe('second-factor-required');
    const { secret } = await withApp(session);
    expect((await session.send('GET', '/api/standards')).statusCode).toBe(200);
    expect((await session.send('GET', '/api/session')).json<Me>().pending).toBeUndefined();
    expect(problemOf(await session.send('DELETE', '/api/account/totp'))).toBe('second-factor-required');
    expect((await analyst.signIn({ code: codeNow(secret) })).json<Me>().pending).toBeUndefined();
  });

  test('is changed only by somebody who showed lately who they are', async () => {
    const nurse = await aMember(server, { siteId, role: 'nurse' });
    const session = await nurse.session();
    server.wait(11 * 60_000);
    expect(problemOf(await session.send('POST', '/api/account/totp'))).toBe('proof-required');
    expect(problemOf(await session.send('POST', '/api/session/proof', { act: 'account', password: 'wrong' }))).toBe('sign-in-refused');
    expect((await session.send('POST', '/api/session/proof', { act: 'account', password: goodPassword })).statusCode).toBe(200);
    await withApp(session);
    expect((await session.send('DELETE', '/api/account/totp')).statusCode).toBe(204);
    expect((await nurse.signIn()).statusCode).toBe(200);
  });

  test('goes with what an administrator takes away when the telephone is lost', async () => {
    const nurse = await aMember(server, { siteId, role: 'nurse' });
    await withApp(await nurse.session());
    const admin = await server.person({ siteId, role: 'site-administrator' });
    expect((await admin.post(`/api/accounts/${nurse.accountId}/reset`, { factors: true })).statusCode).toBe(200);
    expect((await nurse.signIn()).statusCode).toBe(200);
  });

  describe('a proof', () => {
    const act = 'record.sign:0198a000-0000-7000-8000-000000000001';
    const use = async (session: Session, proof: string | undefined, of = act) => {
      const token = session.cookie.split('=')[1] ?? '';
      const { createSessions } = await import('../../../server/services/sessions.ts');
      const actor = (await createSessions(server.context.db, server.context.clock).find(token)) ?? expect.fail();
      return transact(server.context.db, { sites: [] }, (trx) => requireRecent(trx, server.context, actor, of, proof)).catch((error: { key: string }) => error.key);
    };
    const make = async (session: Session, body: object = { password: goodPassword }) => (await session.send('POST', '/api/session/proof', { act, ...body })).json<Proof>().proof;

    test('is good once, for its act, in its session, for two minutes', async () => {
      const nurse = await aMember(server, { siteId, role: 'nurse' });
      const [session, other] = [await nurse.session(), await nurse.session()];
      expect(await use(session, undefined)).toBe('proof-required');
      const proof = await make(session);
      expect(await use(session, proof)).toBe('password');
      expect(await use(session, proof)).toBe('proof-required');
      expect(await use(session, await make(session), 'record.sign:another')).toBe('proof-required');
      expect(await use(other, await make(session))).toBe('proof-required');
      const late = await make(session);
      server.wait(121_000);
      expect(await use(session, late)).toBe('proof-required');
    });

    test('is made of a code too, alone or with the password', async () => {
      const nurse = await aMember(server, { siteId, role: 'nurse' });
      const session = await nurse.session();
      const { secret } = await withApp(session);
      expect(await use(session, await make(session, { code: codeNow(secret) }))).toBe('code');
      step();
      expect(await use(session, await make(session, { password: goodPassword, code: codeNow(secret) }))).toBe('password+code');
      expect(problemOf(await session.send('POST', '/api/session/proof', { act, code: codeNow(secret) }))).toBe('second-factor-refused');
      expect(problemOf(await session.send('POST', '/api/session/proof', { act }))).toBe('request-invalid');
    });
  });
});
