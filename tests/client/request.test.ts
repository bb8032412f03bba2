import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import * as api from '../../client/api.ts';
import { ConnectionError, onSessionExpired, send } from '../../client/request.ts';
import { Problem } from '../../schemas/problem.ts';
import { aFakeApi, aMe } from './support/fake-api.ts';

const siteId = aMe().sites[0]?.id ?? '';
let fake: ReturnType<typeof aFakeApi>;

beforeEach(() => {
  fake = aFakeApi();
  vi.stubGlobal('fetch', (path: string, init: RequestInit) => fake.answer(path, init));
});
afterEach(() => {
  onSessionExpired(undefined);
  vi.unstubAllGlobals();
});

describe('a request', () => {
  test('that is refused is a Problem with its public name and what came with it', async () => {
    const request = { id: '1', contribution: '2', identity: { identityNumber: '430102196103070011' } };
    const error = await api.enrol(siteId, request).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Problem);
    expect(error).toMatchObject({ key: 'possible-duplicate', extra: { duplicates: [{ studyNumber: 'XY01-00001' }, { studyNumber: 'XY01-00002' }] } });
  });

  test.for([[502, 'database-unavailable'], [404, 'not-found'], [500, 'internal'], [418, 'internal']] as const)('that something in between answers with %i is a Problem all the same', async ([status, key]) => {
    vi.stubGlobal('fetch', () => Promise.resolve(new Response('<html>', { status })));
    await expect(api.listStandards()).rejects.toMatchObject({ key });
  });

  test('without an answer is a ConnectionError', async () => {
    fake.state.failing = { path: '/api/', problem: 'offline' };
    await expect(api.listStandards()).rejects.toBeInstanceOf(ConnectionError);
  });

  test('that is given up stays given up', async () => {
    const giveUp = new AbortController();
    fake.state.delay = 5;
    const asked = api.listStandards(giveUp.signal);
    giveUp.abort();
    await expect(asked).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('that writes says that it is from our page, one that reads does not', async () => {
    const seen: (string | null)[] = [];
    vi.stubGlobal('fetch', (_path: string, init: RequestInit) => {
      seen.push(new Headers(init.headers).get('X-Requested-With'));
      return Promise.resolve(Response.json({ items: [] }));
    });
    await api.listSubjects(siteId);
    await api.searchSubjects(siteId, 'XY');
    expect(seen).toEqual([null, 'xiangya-forms']);
  });

  test('names the version that a save started from', async () => {
    let match: string | null = null;
    vi.stubGlobal('fetch', (_path: string, init: RequestInit) => {
      match = new Headers(init.headers).get('If-Match');
      return Promise.resolve(Response.json({}));
    });
    await api.saveRecord(siteId, 'r1', 7, { contribution: 'c', subjectId: 's', subDataset: 'd', standardVersion: '1.0.0', changes: [], status: 'in-progress' });
    expect(match).toBe('"7"');
  });
});

describe('no address', () => {
  test('holds what was searched for or typed', async () => {
    const secret = '430102196103070011';
    await api.searchSubjects(siteId, secret);
    await api.enrol(siteId, { id: '1', contribution: '2', identity: { identityNumber: secret }, confirmedNotDuplicate: true });
    await api.previewExport({ release: '2026.1', siteIds: [siteId], subDatasets: ['d'], profile: 'excel', language: 'zh', filter: { subDataset: 'd', expression: `idNumber == '${secret}'` } });
    expect(fake.state.requests).toHaveLength(3);
    expect(fake.state.requests.some(({ path }) => path.includes(secret))).toBe(false);
  });
});

describe('a session that has ended', () => {
  beforeEach(() => { fake.state.me = undefined; });

  test('is renewed, and the request sent again', async () => {
    onSessionExpired(() => {
      fake.state.me = aMe();
      return Promise.resolve(true);
    });
    expect((await api.listSubjects(siteId)).items).toHaveLength(3);
    expect(fake.state.requests).toHaveLength(2);
  });

  test('is asked about once: a second refusal is told', async () => {
    let asked = 0;
    onSessionExpired(() => Promise.resolve(++asked > 0));
    await expect(send('/api/standards')).rejects.toMatchObject({ key: 'not-signed-in' });
    expect(asked).toBe(1);
  });

  test('that nobody renews is told', async () => {
    onSessionExpired(() => Promise.resolve(false));
    await expect(api.listSubjects(siteId)).rejects.toMatchObject({ key: 'not-signed-in' });
  });

  test('is not asked about on signing in', async () => {
    onSessionExpired(() => Promise.reject(new Error('asked')));
    await expect(api.getSession()).rejects.toMatchObject({ key: 'not-signed-in' });
    await expect(api.signIn({ username: 'a', password: 'wrong' })).rejects.toMatchObject({ key: 'sign-in-refused' });
  });
});
