/** Break-the-glass: records or identifiers opened for a while, against a written reason; on every engine. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { OpeningEntry } from '../../../schemas/http/account-api.ts';
import type { Me, Page } from '../../../schemas/http/api.ts';
import { engines } from '../../support/engines.ts';
import { aSave, aSubject, id, problemOf, useServer, type Person } from '../support/app.ts';

const reason = '急诊会诊，需查看既往病理';

describe.each(engines())('openings, on $name', ({ fresh }) => {
  const store = fresh();
  const server = useServer(() => store.open);
  let mine: string;
  let theirs: string;
  let subjectId: string;
  let admin: Person;

  beforeAll(async () => {
    [mine, theirs] = [await server.site(), await server.site()];
    admin = await server.person({ siteId: theirs, role: 'site-administrator' });
    subjectId = await aSubject(await server.person({ siteId: theirs, role: 'nurse' }), theirs, { sex: '2', birthDate: '1961-03-05', name: '张三' });
  });
  const open = (person: Person, more: object = {}) => person.post('/api/openings', { siteId: theirs, level: 'records', minutes: 30, reason, ...more });
  const list = async () => (await admin.get(`/api/sites/${theirs}/openings`)).json<Page<OpeningEntry>>().items;
  const patient = () => `/api/sites/${theirs}/subjects/${subjectId}`;

  test('let one read for their time and not a moment longer', async () => {
    const doctor = await server.person({ siteId: mine, role: 'investigator' });
    expect(problemOf(await doctor.get(patient()))).toBe('site-not-found');
    const opened = await open(doctor);
    expect(opened.statusCode, opened.body).toBe(201);
    expect((await doctor.get(patient())).statusCode).toBe(200);
    const me = (await doctor.get('/api/session')).json<Me>();
    expect(me.openings).toEqual([{ id: opened.json<{ id: string }>().id, siteId: theirs, level: 'records', until: expect.any(String) as string }]);
    expect(me.sites.find((site) => site.id === theirs)).toMatchObject({ roles: [], permissions: ['image:read', 'record:read', 'standard:read', 'subject:read'] });
    const left = Date.parse(me.openings?.[0]?.until ?? '') - server.context.clock.now().getTime();
    server.wait(left - 500);
    expect((await doctor.get(patient())).statusCode).toBe(200);
    server.wait(600);
    expect(problemOf(await doctor.get(patient()))).toBe('site-not-found');
    expect((await doctor.get('/api/session')).json<Me>().openings).toBeUndefined();
  });

  test('never let one write, and show identifiers only when these were opened', async () => {
    const doctor = await server.person({ siteId: mine, role: 'investigator' });
    await open(doctor);
    expect(problemOf(await doctor.get(`${patient()}/identifiers`))).toBe('not-permitted');
    expect(problemOf(await doctor.put(`/api/sites/${theirs}/records/${id()}`, aSave(subjectId, []), { 'if-match': '"0"' }))).toBe('not-permitted');
    expect(problemOf(await doctor.put(patient(), { contribution: id(), identity: { sex: '1' } }))).toBe('not-permitted');
    expect(problemOf(await doctor.post(`${patient()}/lesions`, { id: id(), contribution: id(), label: 'x' }))).toBe('not-permitted');
    await open(doctor, { level: 'identifiers' });
    expect((await doctor.get(`${patient()}/identifiers`)).json()).toMatchObject({ name: '张三' });
    expect(problemOf(await doctor.put(patient(), { contribution: id(), identity: { sex: '1' } }))).toBe('not-permitted');
  });

  test('give a data manager identifiers at her own site', async () => {
    const manager = await server.person({ siteId: theirs, role: 'data-manager' });
    expect(problemOf(await manager.get(`${patient()}/identifiers`))).toBe('not-permitted');
    await open(manager, { level: 'identifiers' });
    expect((await manager.get(`${patient()}/identifiers`)).statusCode).toBe(200);
  });

  test('stand in the list of the site with their reason and with what was done meanwhile', async () => {
    const doctor = await server.person({ siteId: mine, role: 'investigator' });
    const { id: openingId } = (await open(doctor, { level: 'identifiers' })).json<{ id: string }>();
    await doctor.get(`${patient()}/identifiers`);
    expect((await doctor.send('DELETE', `/api/openings/${openingId}`)).statusCode).toBe(204);
    expect(problemOf(await doctor.get(patient()))).toBe('site-not-found');
    expect(problemOf(await doctor.send('DELETE', `/api/openings/${openingId}`))).toBe('not-found');
    const entry = (await list()).find((each) => each.id === openingId);
    expect(entry).toMatchObject({ accountId: doctor.accountId, level: 'identifiers', reason, isClosed: true });
    const done = entry?.done.map(({ action, entity }) => `${action} ${entity}`) ?? [];
    expect([done[0], done.at(-1)]).toEqual(['access.open access', 'access.close access']);
    expect(done.slice(1, -1)).toContainEqual(expect.stringMatching(/identifiers/));
    expect(await list()).toEqual(expect.arrayContaining([expect.objectContaining({ isClosed: false })]));
  });

  test('are closed by nobody else, and listed for nobody else', async () => {
    const [doctor, other] = [await server.person({ siteId: mine, role: 'investigator' }), await server.person({ siteId: mine, role: 'investigator' })];
    const opening = (await open(doctor)).json<{ id: string }>();
    expect(problemOf(await other.send('DELETE', `/api/openings/${opening.id}`))).toBe('not-found');
    expect(problemOf(await other.get(patient()))).toBe('site-not-found');
    expect(problemOf(await other.get(`/api/sites/${theirs}/openings`))).toBe('site-not-found');
  });

  test.for(['nurse', 'monitor', 'analyst', 'standards-editor', 'site-administrator'] as const)('are not for a %s', async (role) => {
    const person = await server.person({ siteId: mine, role });
    expect(problemOf(await open(person))).toBe('not-permitted');
    expect(problemOf(await person.get('/api/openings/sites'))).toBe('not-permitted');
  });

  test.for([{ reason: 'short' }, { minutes: 241 }, { minutes: 4 }, { level: 'all' }, { siteId: 'x' }])('need a reason, a site and a short time: %j', async (wrong) => {
    expect(problemOf(await open(await server.person({ siteId: mine, role: 'investigator' }), wrong))).toBe('request-invalid');
  });

  test('of a hospital that is none are refused, and the hospitals can be named', async () => {
    const doctor = await server.person({ siteId: mine, role: 'investigator' });
    expect(problemOf(await open(doctor, { siteId: id() }))).toBe('site-not-found');
    expect((await doctor.get('/api/openings/sites')).json<{ items: object[] }>().items.length).toBeGreaterThanOrEqual(2);
  });
});
