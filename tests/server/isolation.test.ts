/**
 * No route tells one hospital anything of another: every route that the OpenAPI document lists is asked for another
 * hospital's things, under that hospital's address and under one's own, and must say that there is nothing.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { sql } from 'kysely';
import { transact } from '../../server/database.ts';
import { engines } from '../support/engines.ts';
import { aSave, aSubject, header, id, useServer, type Person } from './support/app.ts';

interface Case {
  body?: object;
  query?: string;
  headers?: { [name: string]: string };
  /** What the `{id}` of the address is. */
  names?: 'subject' | 'record' | 'image' | 'visit' | 'run';
}

/** What each route needs to get past the check of its shape. A new route under a site needs a line here. */
const cases: { [route: string]: Case } = {
  'get /api/sites/{siteId}/subjects/': {},
  'post /api/sites/{siteId}/subjects/': { body: { id: id(), contribution: id(), identity: { sex: '1' } } },
  'post /api/sites/{siteId}/subjects/search': { body: { q: 'AA' } },
  'get /api/sites/{siteId}/subjects/{id}': { names: 'subject' },
  'put /api/sites/{siteId}/subjects/{id}': { names: 'subject', body: { contribution: id(), identity: { sex: '1' } } },
  'get /api/sites/{siteId}/subjects/{id}/identifiers': { names: 'subject' },
  'get /api/sites/{siteId}/subjects/{id}/identifiers/history': { names: 'subject' },
  'get /api/sites/{siteId}/subjects/{subjectId}/visits/{id}/details': { names: 'visit' },
  'put /api/sites/{siteId}/subjects/{subjectId}/visits/{id}/details': { names: 'visit', body: { contribution: id(), details: { bed: '12' } } },
  'get /api/sites/{siteId}/subjects/{id}/accesses': { names: 'subject' },
  'post /api/sites/{siteId}/subjects/{id}/erasure': { names: 'subject', body: { contribution: id(), reason: 'asked in writing' } },
  'get /api/sites/{siteId}/subjects/{id}/context': { names: 'subject', query: '?subDataset=example&version=1.0.0' },
  'post /api/sites/{siteId}/subjects/{subjectId}/visits': { names: 'subject', body: { id: id(), contribution: id(), kind: 'baseline', visitDate: '2026-01-01' } },
  'post /api/sites/{siteId}/subjects/{subjectId}/lesions': { names: 'subject', body: { id: id(), contribution: id(), label: 'x' } },
  'post /api/sites/{siteId}/subjects/{subjectId}/specimens': { names: 'subject', body: { id: id(), contribution: id(), code: 'x' } },
  'post /api/sites/{siteId}/subjects/{subjectId}/images': { names: 'subject', headers: { 'content-type': 'multipart/form-data; boundary=x' } },
  'get /api/sites/{siteId}/openings': {},
  'post /api/sites/{siteId}/people/search': { body: { q: '张' } },
  'post /api/sites/{siteId}/people/names': { body: { ids: [] } },
  'get /api/sites/{siteId}/images/{id}': { names: 'image' },
  'get /api/sites/{siteId}/images/{id}/thumbnail': { names: 'image' },
  'get /api/sites/{siteId}/records/{id}': { names: 'record' },
  'put /api/sites/{siteId}/records/{id}': { names: 'record', headers: { 'if-match': '"1"' } },
  'get /api/sites/{siteId}/records/{id}/history': { names: 'record' },
  'get /api/sites/{siteId}/records/{id}/xml': { names: 'record' },
  'get /api/sites/{siteId}/protocol-runs/': {},
  'post /api/sites/{siteId}/protocol-runs/': { body: { id: id(), contribution: id(), protocol: 'melanoma-sample', subjectId: id(), visitId: id(), lesionId: id() } },
  'get /api/sites/{siteId}/protocol-runs/{id}': { names: 'run' },
  'post /api/sites/{siteId}/protocol-runs/{id}/records': { names: 'run', body: { contribution: id(), recordId: id(), step: 'resection' } },
  'post /api/sites/{siteId}/protocol-runs/{id}/steps/{step}/complete': { names: 'run', body: { contribution: id() } },
  'post /api/sites/{siteId}/protocol-runs/{id}/steps/{step}/skip': { names: 'run', body: { contribution: id(), reason: 'x' } },
  'post /api/sites/{siteId}/protocol-runs/{id}/deviations': { names: 'run', body: { contribution: id(), key: 'cold-ischaemia/', reason: 'x' } },
  'post /api/sites/{siteId}/protocol-runs/{id}/aliquots': { names: 'run', body: { contribution: id(), recordId: id(), counts: { tissue: 1 } } },
  'post /api/sites/{siteId}/protocol-runs/{id}/close': { names: 'run', body: { contribution: id(), outcome: 'abandoned', reason: 'x' } },
  'get /api/sites/{siteId}/protocol-runs/{id}/labels.pdf': { names: 'run' },
  'get /api/sites/{siteId}/protocol-runs/{id}/run-sheet.pdf': { names: 'run' },
  'post /api/sites/{siteId}/records/xml': { query: `?recordId=${id()}&subjectId=${id()}&contribution=${id()}`, headers: { 'content-type': 'application/xml' } },
};

describe.each(engines())('isolation, on $name', ({ fresh }) => {
  const store = fresh();
  const server = useServer(() => store.open);
  const theirs = { siteId: '', subject: '', record: id(), image: id(), visit: id(), run: id() };
  let mine: string;
  let nurse: Person;

  beforeAll(async () => {
    [theirs.siteId, mine] = [await server.site(), await server.site()];
    const there = await server.person({ siteId: theirs.siteId, role: 'investigator' });
    nurse = await server.person({ siteId: mine, role: 'investigator' }, { siteId: mine, role: 'data-manager' }, { siteId: mine, role: 'site-administrator' });
    theirs.subject = await aSubject(there, theirs.siteId, { sex: '2', birthDate: '1961-03-05', name: '张三', idNumber: '430102196103050021' });
    const visit = { id: theirs.visit, contribution: id(), kind: 'inpatient', visitDate: '2026-01-01', details: { inpatientNumber: 'ZY-1' } };
    expect((await there.post(`/api/sites/${theirs.siteId}/subjects/${theirs.subject}/visits`, visit)).statusCode).toBe(201);
    const saved = await there.put(`/api/sites/${theirs.siteId}/records/${theirs.record}`, aSave(theirs.subject, [{ pointer: '/note', value: 'canary' }]), { 'if-match': '"0"' });
    expect(saved.statusCode, saved.body).toBe(200);
    const [visitId, lesionId] = [id(), id()];
    await there.post(`/api/sites/${theirs.siteId}/subjects/${theirs.subject}/visits`, { id: visitId, contribution: id(), kind: 'operation', visitDate: '2026-01-02' });
    await there.post(`/api/sites/${theirs.siteId}/subjects/${theirs.subject}/lesions`, { id: lesionId, contribution: id(), label: '足底' });
    const run = await there.post(`/api/sites/${theirs.siteId}/protocol-runs`, { id: theirs.run, contribution: id(), protocol: 'melanoma-sample', subjectId: theirs.subject, visitId, lesionId });
    expect(run.statusCode, run.body).toBe(201);
    await transact(server.context.db, { sites: [theirs.siteId] }, async (trx) => void (await trx.insertInto('image').values({
      site_id: theirs.siteId, id: theirs.image, subject_id: theirs.subject, created_by: there.accountId, lesion_id: null, sha256: '0'.repeat(64), thumbnail_sha256: '0'.repeat(64),
      media_type: 'image/png', width: 1, height: 1, bytes: 1,
    }).execute()));
  });

  const routes = () => Object.entries(server.app.swagger().paths ?? {}).flatMap(([path, methods]) => Object.keys(methods ?? {}).map((method) => `${method} ${path}`));
  const bodyOf = (route: string, { body }: Case) => (route.startsWith('put') && route.includes('records') ? aSave(theirs.subject, [{ pointer: '/note', value: 'x' }]) : body);

  async function ask(route: string, siteId: string) {
    const [method = '', path = ''] = route.split(' ');
    const asked = cases[route] ?? {};
    const url = path.replace('{siteId}', siteId).replace('{subjectId}', theirs.subject).replace('{step}', 'resection').replace('{id}', theirs[asked.names ?? 'subject']) + (asked.query ?? '');
    return nurse.send(method.toUpperCase() as 'GET', url, bodyOf(route, asked), asked.headers);
  }

  test('the table of cases has every route under a site', () => {
    expect(routes().filter((route) => route.includes('{siteId}')).sort()).toEqual(Object.keys(cases).sort());
  });

  test.for(Object.keys(cases))('%s says that there is no such hospital', async (route) => {
    const reply = await ask(route, theirs.siteId);
    expect([reply.statusCode, reply.json()], reply.body).toEqual([404, { type: '/problems/site-not-found', title: 'No such site', status: 404, instance: expect.any(String) as string }]);
  });

  test.for(Object.keys(cases).filter((route) => cases[route]?.names))('%s finds nothing of theirs under one’s own hospital', async (route) => {
    const reply = await ask(route, mine);
    expect(reply.statusCode, reply.body).toBe(404);
    expect(reply.json()).toEqual({ type: expect.stringMatching(/-not-found$/) as string, title: expect.any(String) as string, status: 404, instance: expect.any(String) as string });
  });

  test('a study number, a code and a contribution of theirs do not stand in one’s way', async () => {
    const [row] = (await transact(server.context.db, { sites: [theirs.siteId] }, (trx) => sql<{ id: string }>`select id from contribution`.execute(trx))).rows;
    const reply = await nurse.post(`/api/sites/${mine}/subjects`, { id: theirs.subject, contribution: row?.id, identity: { sex: '1', idNumber: '430102196103050021' } });
    expect(reply.statusCode, reply.body).toBe(201);
  });

  test('a transaction of no site sees no row of any clinical table', async () => {
    for (const table of ['subject', 'subject_fact', 'subject_blind_index', 'visit_state', 'record', 'record_version', 'contribution', 'audit_event', 'image'] as const) {
      expect(await transact(server.context.db, { sites: [] }, (trx) => trx.selectFrom(table).selectAll().execute())).toEqual([]);
    }
  });

  test('every other route asks to sign in, but for health, set-up and the session itself', async () => {
    const open = new Set(['get /api/health', 'get /api/setup', 'post /api/setup', 'post /api/session', 'delete /api/session',
      'get /api/session/ways', 'post /api/session/passkey/options', 'post /api/session/passkey', 'get /api/session/provider', 'get /api/session/provider/callback', 'post /api/password-reset']);
    for (const route of routes().filter((each) => !open.has(each))) {
      const [method = '', path = ''] = route.split(' ');
      const reply = await server.app.inject({ method: method.toUpperCase() as 'GET', url: path.replaceAll(/\{[^}]+\}/g, id()), headers: header });
      expect([route, reply.statusCode]).toEqual([route, 401]);
    }
  });
});
