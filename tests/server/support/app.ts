/** The server as tests use it: the real app on a real database, spoken to through `inject`. Only the clock is ours. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll } from 'vitest';
import type { Role, SaveRequest } from '../../../schemas/http/api.ts';
import { buildApp } from '../../../server/app.ts';
import { transact, type OpenDatabase } from '../../../server/database.ts';
import { openFileStore, type FileStore } from '../../../server/files/store.ts';
import { loadMatching } from '../../../server/matching.ts';
import { loadProtocols } from '../../../server/protocols.ts';
import { insertAccount, insertMemberships } from '../../../server/repositories/accounts.ts';
import { insertSite } from '../../../server/repositories/sites.ts';
import type { Context } from '../../../server/services/context.ts';
import { usualPolicy, type Policy } from '../../../server/services/policy.ts';
import { createForms } from '../../../server/services/forms.ts';
import { createSessions } from '../../../server/services/sessions.ts';
import { standardsWithExample } from './example.ts';

export const id = (): string => uuidv7();
export const header = { 'x-requested-with': 'xiangya-forms' };

/** Somebody signed in. */
export interface Person {
  accountId: string;
  username: string;
  /** The `Cookie` header of the session. */
  cookie: string;
  send(method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, body?: unknown, headers?: { [name: string]: string }): Promise<LightMyRequestResponse>;
  get(url: string): Promise<LightMyRequestResponse>;
  post(url: string, body: unknown): Promise<LightMyRequestResponse>;
  put(url: string, body: unknown, headers?: { [name: string]: string }): Promise<LightMyRequestResponse>;
}

export interface TestServer {
  readonly app: FastifyInstance;
  readonly context: Context;
  /** Moves the server's clock. */
  wait(milliseconds: number): void;
  site(code?: string): Promise<string>;
  person(...memberships: { siteId?: string; role: Role }[]): Promise<Person>;
}

export interface Changed {
  rateLimits?: boolean;
  files?: (folder: string) => Promise<FileStore>;
  store?: Partial<Pick<OpenDatabase, 'engine' | 'ping'>>;
  /** The folder of a built page. */
  page?: string;
  /** The folder of the protocols. */
  protocols?: string;
  trustedProxies?: string;
  /** How one signs in. */
  policy?: Partial<Policy>;
}

/** A server on the store of the surrounding describe; its members can be used inside hooks and tests. */
export function useServer(open: () => OpenDatabase, changed: Changed = {}): TestServer {
  const folder = mkdtempSync(join(tmpdir(), 'xf-server-'));
  let made: { app: FastifyInstance; context: Context } | undefined;
  let now = Date.now();
  const get = () => made ?? notYet();
  beforeAll(async () => {
    const standards = standardsWithExample();
    const forms = createForms(standards);
    const keys = { active: 'k1', keys: new Map([['k1', new Uint8Array(randomBytes(32))]]), index: new Uint8Array(randomBytes(32)) };
    const context: Context = {
      db: open().db, standards, forms, protocols: await loadProtocols(standards, forms, changed.protocols), matching: await loadMatching(forms), keys, clock: { now: () => new Date((now += 1)) }, policy: { ...usualPolicy, ...changed.policy },
      files: await (changed.files ?? openFileStore)(join(folder, 'files')),
    };
    const app = await buildApp({ ...context, store: { engine: open().engine, ping: open().ping, ...changed.store }, version: '0.0.0', config: { pageFolder: changed.page ?? join(folder, 'page'), models: { roots: [] }, ...(changed.rateLimits ? { rateLimits: true } : {}), ...(changed.trustedProxies ? { trustedProxies: changed.trustedProxies } : {}), log: false } });
    made = { app, context };
  });
  afterAll(async () => {
    await made?.app.close();
    rmSync(folder, { recursive: true, force: true });
  });
  let sites = 0;
  return {
    get app() { return get().app; },
    get context() { return get().context; },
    wait: (milliseconds) => void (now += milliseconds),
    async site(code = `AA${String((sites += 1)).padStart(2, '0')}`) {
      const siteId = id();
      await transact(get().context.db, { sites: [] }, (trx) => insertSite(trx, { id: siteId, code, name: `医院 ${code}`, name_en: null }));
      return siteId;
    },
    person: (...memberships) => signedIn(get().app, get().context, memberships),
  };
}

function notYet(): never {
  throw new Error('The server is open inside tests and hooks only');
}

/** Signing in takes argon2 its time, so the session is opened without it; sign-in has tests of its own. */
async function signedIn(app: FastifyInstance, { db, clock }: Context, memberships: readonly { siteId?: string; role: Role }[]): Promise<Person> {
  const accountId = id();
  const username = `p${accountId.replaceAll('-', '')}`;
  const token = await transact(db, { sites: [] }, async (trx) => {
    await insertAccount(trx, { id: accountId, username, display_name: `Person ${accountId.slice(-4)}`, password_hash: 'none' });
    await insertMemberships(trx, accountId, memberships.map((each) => ({ ...each, id: id() })));
    return createSessions(db, clock).open(trx, accountId);
  });
  const cookie = `xf_session=${token}`;
  const send: Person['send'] = (method, url, body, headers = {}) => app.inject({
    method, url, headers: { ...header, cookie, ...headers }, ...(body === undefined ? {} : { payload: body as NonNullable<InjectOptions['payload']> }),
  });
  return { accountId, username, cookie, send, get: (url) => send('GET', url), post: (url, body) => send('POST', url, body), put: (url, body, headers) => send('PUT', url, body, headers) };
}

/** Enrols somebody of whom little is known. */
export async function aSubject(person: Person, siteId: string, identity: { [key: string]: unknown } = { sex: '2', birthDate: '1961-03-05' }): Promise<string> {
  const subjectId = id();
  const reply = await person.post(`/api/sites/${siteId}/subjects`, { id: subjectId, contribution: id(), identity });
  if (reply.statusCode !== 201) throw new Error(`The subject was not enrolled: ${reply.body}`);
  return subjectId;
}

/** A save of the example standard. */
export function aSave(subjectId: string, changes: SaveRequest['changes'] = [], more: Partial<SaveRequest> = {}): SaveRequest {
  return { contribution: id(), subjectId, subDataset: 'example', standardVersion: '1.0.0', changes, status: 'in-progress', ...more };
}

/** The problem's public name. */
export const problemOf = (reply: LightMyRequestResponse): string => reply.json<{ type: string }>().type.replace('/problems/', '');
