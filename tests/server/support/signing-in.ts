/** Somebody with a password that works, beside the people of `app.ts` who have only a session. */
import type { LightMyRequestResponse } from 'fastify';
import type { Role } from '../../../schemas/http/api.ts';
import { transact } from '../../../server/database.ts';
import { insertAccount, insertMemberships } from '../../../server/repositories/accounts.ts';
import { hashPassword } from '../../../server/services/passwords.ts';
import { header, id, type TestServer } from './app.ts';

export const goodPassword = 'gravel teapot orbit';
let hashed: Promise<string> | undefined;

export interface Member {
  accountId: string;
  username: string;
  signIn(more?: object): Promise<LightMyRequestResponse>;
  /** Signs in, and speaks through that session. */
  session(more?: object): Promise<Session>;
}

export interface Session {
  cookie: string;
  send(method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, body?: object): Promise<LightMyRequestResponse>;
}

let addresses = 0;

export async function aMember(server: TestServer, ...memberships: { siteId?: string; role: Role }[]): Promise<Member> {
  const accountId = id();
  const username = `m${accountId.replaceAll('-', '')}`;
  const password_hash = await (hashed ??= hashPassword(goodPassword));
  await transact(server.context.db, { sites: [] }, async (trx) => {
    await insertAccount(trx, { id: accountId, username, display_name: '王小明', password_hash });
    await insertMemberships(trx, accountId, memberships.map((each) => ({ ...each, id: id() })));
  });
  // Each try is another client to the limit of attempts.
  const remoteAddress = () => `10.9.${Math.floor((addresses += 1) / 250)}.${addresses % 250}`;
  const signIn: Member['signIn'] = (more = {}) => server.app.inject({ method: 'POST', url: '/api/session', headers: { ...header, 'user-agent': 'Mozilla/5.0 (Windows NT 10.0) Chrome/120.0' }, payload: { username, password: goodPassword, ...more }, remoteAddress: remoteAddress() });
  return {
    accountId, username, signIn,
    async session(more) {
      const reply = await signIn(more);
      if (reply.statusCode !== 200) throw new Error(`Not signed in: ${reply.body}`);
      return through(server, `xf_session=${reply.cookies[0]?.value}`);
    },
  };
}

export function through(server: TestServer, cookie: string): Session {
  return {
    cookie,
    send: (method, url, body) => server.app.inject({ method, url, headers: { ...header, cookie }, ...(body === undefined ? {} : { payload: body }), remoteAddress: '10.8.0.1' }),
  };
}
