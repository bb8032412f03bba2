/** AUTH-1: a thousand wrong passwords from fifty addresses, a session that somebody else chose, names that nobody bears. On every engine. */
import { beforeAll, describe, expect, test } from 'vitest';
import { transact } from '../../../server/database.ts';
import { endSessions } from '../../../server/repositories/sessions.ts';
import { createSessions } from '../../../server/services/sessions.ts';
import { engines } from '../../support/engines.ts';
import { header, problemOf, useServer } from '../support/app.ts';
import { aMember, goodPassword } from '../support/signing-in.ts';

describe.each(engines())('guessing, on $name', ({ fresh }) => {
  const store = fresh();
  const server = useServer(() => store.open);
  let siteId: string;

  beforeAll(async () => void (siteId = await server.site()));
  const post = (payload: object, remoteAddress: string, cookie = '') => server.app.inject({ method: 'POST', url: '/api/session', headers: { ...header, cookie }, payload, remoteAddress });

  test('a thousand times in a quarter of an hour, from fifty addresses, gets ten answers at most and in never', async () => {
    const nurse = await aMember(server, { siteId, role: 'nurse' });
    const problems: { [problem: string]: number } = {};
    for (let tries = 0; tries < 1000; tries += 1) {
      server.wait(900);
      const problem = problemOf(await post({ username: nurse.username, password: `guess ${tries}` }, `10.4.0.${tries % 50}`));
      problems[problem] = (problems[problem] ?? 0) + 1;
    }
    expect(Object.keys(problems).sort()).toEqual(['account-locked', 'sign-in-refused']);
    expect(problems['sign-in-refused']).toBeLessThanOrEqual(10);
    server.wait(3600_000);
    expect((await nurse.signIn()).statusCode).toBe(200);
  });

  test('tells nothing of which names there are, neither by what is said nor by how long it takes', async () => {
    const nurse = await aMember(server, { siteId, role: 'nurse' });
    const times: { [who: string]: number[] } = { there: [], nobody: [] };
    const said = new Set<string>();
    for (let round = 0; round < 9; round += 1) {
      for (const [who, username] of [['there', nurse.username], ['nobody', `x${nurse.username}`]] as const) {
        server.wait(3600_000);
        const began = performance.now();
        const reply = await post({ username, password: 'wrong guess' }, `10.3.${round}.${who.length}`);
        times[who]?.push(performance.now() - began);
        const { instance: _, ...body } = reply.json<{ instance: string }>();
        said.add(JSON.stringify([reply.statusCode, body]));
      }
    }
    expect([...said]).toHaveLength(1);
    // The quickest of nine: what another program takes of the machine only ever adds. Without a decoy to compare with it would be a twentieth.
    const ratio = Math.min(...(times['there'] ?? [])) / Math.min(...(times['nobody'] ?? []));
    expect(ratio).toBeGreaterThan(0.4);
    expect(ratio).toBeLessThan(2.5);
  });

  test('a token that somebody brings along is never the token of the session', async () => {
    const nurse = await aMember(server, { siteId, role: 'nurse' });
    const chosen = 'a'.repeat(43);
    const reply = await post({ username: nurse.username, password: goodPassword }, '10.2.0.1', `xf_session=${chosen}`);
    expect(reply.statusCode).toBe(200);
    expect(reply.cookies[0]?.value).not.toBe(chosen);
    expect((await server.app.inject({ url: '/api/session', headers: { cookie: `xf_session=${chosen}` } })).statusCode).toBe(401);
    const again = await nurse.session();
    expect(again.cookie).not.toContain(reply.cookies[0]?.value);
  });

  test('another process learns within four seconds that a session has ended', async () => {
    const nurse = await aMember(server, { siteId, role: 'nurse' });
    const token = (await nurse.session()).cookie.split('=')[1] ?? '';
    const elsewhere = createSessions(server.context.db, server.context.clock);
    expect((await elsewhere.find(token))?.accountId).toBe(nurse.accountId);
    await transact(server.context.db, { sites: [] }, (trx) => endSessions(trx, nurse.accountId));
    server.wait(4001);
    expect(await elsewhere.find(token)).toBeUndefined();
  });
});
