/** What is known of patients, visits, sites and people: with its history, told as of the record's day, on every engine. */
import { sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import type { FormContext, FormRecord, KnownFact, KnownVisit, Page, SitePerson, Subject, SubjectSummary } from '../../schemas/http/api.ts';
import { transact } from '../../server/database.ts';
import { engines } from '../support/engines.ts';
import { aSave, aSubject, id, problemOf, useServer, type Person } from './support/app.ts';

describe.each(engines())('what is known, on $name', ({ fresh }) => {
  const store = fresh();
  const server = useServer(() => store.open);
  let siteId: string;
  let nurse: Person;
  let monitor: Person;

  beforeAll(async () => {
    siteId = await server.site('XY01');
    nurse = await server.person({ siteId, role: 'investigator' });
    monitor = await server.person({ siteId, role: 'monitor' });
  });

  const at = (rest = '') => `/api/sites/${siteId}${rest}`;
  const see = <T>(work: Parameters<typeof transact<T>>[2]) => transact(server.context.db, { sites: [siteId] }, work);
  const edit = (subjectId: string, identity: object, more: object = {}) => nurse.put(at(`/subjects/${subjectId}`), { contribution: id(), identity, ...more });
  const aVisit = async (subjectId: string, visitDate: string, more: object = {}): Promise<string> => {
    const visit = { id: id(), contribution: id(), kind: 'inpatient', visitDate, ...more };
    const reply = await nurse.post(at(`/subjects/${subjectId}/visits`), visit);
    expect(reply.statusCode, reply.body).toBe(201);
    return visit.id;
  };
  const bound = async (subjectId: string, visitId?: string, person = nurse) => {
    const reply = await person.get(at(`/subjects/${subjectId}/context?subDataset=knowing&version=1.0.0${visitId ? `&visitId=${visitId}` : ''}`));
    return reply.json<FormContext>();
  };
  const aRecord = async (subjectId: string, visitId?: string, changes: Parameters<typeof aSave>[1] = []): Promise<string> => {
    const recordId = id();
    const reply = await nurse.put(at(`/records/${recordId}`), aSave(subjectId, changes, { subDataset: 'knowing', ...(visitId ? { visitId } : {}) }), { 'if-match': '"0"' });
    expect(reply.statusCode, reply.body).toBe(200);
    return recordId;
  };
  const read = async (recordId: string, person = nurse) => (await person.get(at(`/records/${recordId}`))).json<FormRecord>();
  const details = (subjectId: string, visitId: string, change: object, more: object = {}) =>
    nurse.put(at(`/subjects/${subjectId}/visits/${visitId}/details`), { contribution: id(), details: change, ...more });

  describe('a patient', () => {
    test('is called by the name of the record’s day, and found by every name that there was', async () => {
      const subjectId = await aSubject(nurse, siteId, { name: '旧名', birthDate: '1961-03-05', sex: '2' });
      const [before, after] = [await aVisit(subjectId, '2026-02-01'), await aVisit(subjectId, '2026-04-01')];
      const recordId = await aRecord(subjectId, before);
      expect((await edit(subjectId, { name: '新名' }, { from: '2026-03-01' })).statusCode).toBe(200);
      expect([(await bound(subjectId, before)).context.bound?.['subject.name'], (await bound(subjectId, after)).context.bound?.['subject.name']]).toEqual(['旧名', '新名']);
      expect((await read(recordId)).context.bound?.['subject.name']).toBe('旧名');
      expect((await nurse.get(at(`/subjects/${subjectId}/identifiers`))).json()).toEqual({ name: '新名' });
      const again = await nurse.post(at('/subjects'), { id: id(), contribution: id(), identity: { name: '旧名', birthDate: '1961-03-05' } });
      expect(problemOf(again)).toBe('possible-duplicate');
    });

    test('is corrected for all days, and what stood there before stays, sealed and unchangeable', async () => {
      const subjectId = await aSubject(nurse, siteId, { name: '误名' });
      await edit(subjectId, { name: '嫁后名' }, { from: '2026-03-01' });
      await edit(subjectId, { name: '正名' });
      expect((await bound(subjectId, await aVisit(subjectId, '2020-01-01'))).context.bound?.['subject.name']).toBe('正名');
      const history = (await nurse.get(at(`/subjects/${subjectId}/identifiers/history?limit=2`))).json<Page<KnownFact>>();
      const rest = (await nurse.get(at(`/subjects/${subjectId}/identifiers/history?limit=2&after=${history.next}`))).json<Page<KnownFact>>();
      expect([...history.items, ...rest.items].map(({ key, from, value }) => [key, from, value])).toEqual([['name', undefined, '误名'], ['name', '2026-03-01', '嫁后名'], ['name', undefined, '正名']]);
      expect((await monitor.get(at(`/subjects/${subjectId}/identifiers/history`))).statusCode).toBe(403);
      const rows = await see((trx) => sql<{ text: string }>`select encode(ciphertext, 'escape') as text from subject_fact where subject_id = ${subjectId}`.execute(trx));
      expect(rows.rows).toHaveLength(3);
      expect(JSON.stringify(rows.rows)).not.toContain('名');
      await expect(see((trx) => sql`delete from subject_fact where subject_id = ${subjectId}`.execute(trx))).rejects.toThrow();
    });

    test('has a sex by day where it changed, and its first one in the history', async () => {
      const subjectId = await aSubject(nurse, siteId, { sex: '1', birthDate: '1961-03-05' });
      const [before, after] = [await aVisit(subjectId, '2025-01-01'), await aVisit(subjectId, '2026-06-01')];
      await edit(subjectId, { sex: '2' }, { from: '2026-01-01' });
      const sexes = async () => [(await bound(subjectId, before)).context.bound?.['subject.sex'], (await bound(subjectId, after)).context.bound?.['subject.sex']];
      expect(await sexes()).toEqual(['1', '2']);
      expect((await nurse.get(at(`/subjects/${subjectId}`))).json<Subject>()).toMatchObject({ sex: '2', identifierKeys: [] });
      await edit(subjectId, { sex: '9', birthDate: '1961-03' }, { from: undefined });
      expect(await sexes()).toEqual(['9', '9']);
      const { items } = (await nurse.get(at(`/subjects/${subjectId}/identifiers/history`))).json<Page<KnownFact>>();
      expect(items.map(({ key, value }) => [key, value])).toEqual([['birthDate', '1961-03-05'], ['birthDate', '1961-03'], ['sex', '1'], ['sex', '2'], ['sex', '9']]);
    });

    test('has the age of the record’s day', async () => {
      const subjectId = await aSubject(nurse, siteId, { birthDate: '1961-03-05' });
      const ages = [];
      for (const day of ['2026-03-04', '2026-03-05', '1960-01-01']) ages.push((await bound(subjectId, await aVisit(subjectId, day))).context.bound?.['subject.ageYears']);
      expect(ages).toEqual([64, 65, undefined]);
    });

    test('is told without what identifies to those who may not read it; marital status does not', async () => {
      const subjectId = await aSubject(nurse, siteId, { name: '张三', maritalStatus: '20' });
      const visitId = await aVisit(subjectId, '2026-01-01', { details: { inpatientNumber: `ZY${id()}`.slice(0, 18), bed: '7' } });
      const { context, withheld } = await bound(subjectId, visitId, monitor);
      expect(context.bound).toMatchObject({ 'subject.maritalStatus': '20', 'visit.bed': '7' });
      expect(Object.keys(context.bound ?? {})).not.toContain('subject.name');
      expect(withheld.sort()).toEqual(['subject.name', 'visit.inpatientNumber']);
    });

    test.for([{ more: { from: '2999-01-01' }, pointer: '/from', status: 422 }, { more: { from: '2026-02-30' }, pointer: undefined, status: 400 }])('refuses $more', async ({ more, status, pointer }) => {
      const reply = await edit(await aSubject(nurse, siteId), { name: '甲' }, more);
      expect(reply.statusCode, reply.body).toBe(status);
      if (pointer) expect(reply.json<{ errors: { pointer: string }[] }>().errors[0]?.pointer).toBe(pointer);
    });
  });

  describe('a visit', () => {
    test('knows its numbers and bed, sealed; the patient is found by the numbers, and by former ones', async () => {
      const subjectId = await aSubject(nurse, siteId);
      const visitId = await aVisit(subjectId, '2026-05-01', { details: { inpatientNumber: 'ZY-100001', department: '皮肤科' } });
      expect((await details(subjectId, visitId, { inpatientNumber: 'ZY-100002', bed: '12', admissionCount: 2 })).json<KnownVisit>().now).toEqual({ inpatientNumber: 'ZY-100002', department: '皮肤科', bed: '12', admissionCount: 2 });
      for (const q of ['zy100001', 'ZY-100002']) expect((await nurse.post(at('/subjects/search'), { q })).json<Page<SubjectSummary>>().items.map((each) => each.id)).toEqual([subjectId]);
      expect((await monitor.post(at('/subjects/search'), { q: 'ZY-100002' })).json<Page<SubjectSummary>>().items).toEqual([]);
      expect((await bound(subjectId, visitId)).context.bound).toMatchObject({ 'visit.inpatientNumber': 'ZY-100002', 'visit.bed': '12', 'visit.admissionCount': 2 });
      const rows = await see((trx) => sql<{ row: string }>`select t::text || encode(t.ciphertext, 'escape') as row from visit_state t where visit_id = ${visitId}`.execute(trx));
      expect(rows.rows).toHaveLength(2);
      expect(JSON.stringify(rows.rows)).not.toMatch(/ZY-1|皮肤科/);
      const audit = await see((trx) => sql<{ text: string }>`select t::text as text from audit_event t`.execute(trx));
      expect(JSON.stringify(audit.rows)).not.toContain('ZY-1');
    });

    test('tells a record the bed of its time, and a check what it needs', async () => {
      const subjectId = await aSubject(nurse, siteId);
      const visitId = await aVisit(subjectId, '2026-05-01', { details: { bed: '12' } });
      const first = await aRecord(subjectId, visitId, [{ pointer: '/note', value: 'x' }]);
      // The record's moment is the database's, which may be well ahead of the clock of the test.
      server.wait(600_000);
      const now = new Date(server.context.clock.now().getTime() - 300_000).toISOString();
      expect((await details(subjectId, visitId, { bed: '13' }, { from: now })).json<KnownVisit>().states).toEqual([{ details: { bed: '12' } }, { from: now, details: { bed: '13' } }]);
      expect((await bound(subjectId, visitId)).context.bound?.['visit.bed']).toBe('13');
      expect(await read(first)).toMatchObject({ context: { bound: { 'visit.bed': '12' } }, findings: [] });
    });

    test('is changed once when it is sent twice, and refused what cannot be', async () => {
      const subjectId = await aSubject(nurse, siteId);
      const visitId = await aVisit(subjectId, '2026-05-01');
      const request = { contribution: id(), details: { ward: '三病区' } };
      const url = at(`/subjects/${subjectId}/visits/${visitId}/details`);
      expect([(await nurse.put(url, request)).statusCode, (await nurse.put(url, request)).statusCode]).toEqual([200, 200]);
      expect(problemOf(await nurse.put(url, { ...request, details: { ward: '四病区' } }))).toBe('contribution-reused');
      expect((await see((trx) => trx.selectFrom('visit_state').select('version').where('visit_id', '=', visitId).execute()))).toHaveLength(1);
      await details(subjectId, visitId, { admittedAt: '2026-05-02T08:00:00+08:00' });
      expect(problemOf(await details(subjectId, visitId, { dischargedAt: '2026-05-01T08:00:00+08:00' }))).toBe('data-invalid');
      expect((await details(subjectId, visitId, { bed: 12 })).statusCode).toBe(400);
      expect((await details(subjectId, visitId, { colour: 'red' })).statusCode).toBe(400);
      expect((await details(await aSubject(nurse, siteId), visitId, { bed: '1' })).statusCode).toBe(404);
      expect((await monitor.put(url, request)).statusCode).toBe(403);
      const told = (await monitor.get(url)).json<KnownVisit>();
      expect(told.now).toEqual({ ward: '三病区', admittedAt: '2026-05-02T08:00:00+08:00' });
    });
  });

  describe('the site', () => {
    test('is named and registered by its administrators', async () => {
      const other = await server.site();
      const administrator = await server.person({ siteId, role: 'site-administrator' });
      const names = { name: '湘雅医院', organisationCode: '12430000444877592F' };
      expect((await administrator.put(`/api/sites/${siteId}`, names)).json()).toMatchObject(names);
      expect((await administrator.put(`/api/sites/${other}`, names)).statusCode).toBe(404);
      expect((await nurse.put(`/api/sites/${siteId}`, names)).statusCode).toBe(403);
      expect((await bound(await aSubject(nurse, siteId))).context.bound?.['site.organisationCode']).toBe(names.organisationCode);
    });
  });

  describe('people', () => {
    const staff = async (displayName: string) => {
      const administrator = await server.person({ siteId, role: 'site-administrator' });
      const accountId = id();
      const reply = await administrator.post('/api/accounts', { id: accountId, displayName, memberships: [{ siteId, role: 'staff' }] });
      expect([reply.statusCode, reply.json<{ signsIn: boolean }>().signsIn], reply.body).toEqual([201, false]);
      return { accountId, administrator };
    };
    const search = async (q: string, more: object = {}, person = nurse) => (await person.post(at('/people/search'), { q, ...more })).json<Page<SitePerson>>();

    test('may be named without ever signing in', async () => {
      const { accountId, administrator } = await staff('欧阳大夫');
      expect((await search('欧阳')).items).toEqual([{ id: accountId, name: '欧阳大夫' }]);
      const username = `staff-${accountId}`;
      const signIn = await server.app.inject({ method: 'POST', url: '/api/session', headers: { 'x-requested-with': 'xiangya-forms' }, payload: { username, password: 'null' } });
      expect(problemOf(signIn)).toBe('sign-in-refused');
      const roles = [{ memberships: [{ siteId, role: 'nurse' }] }, { memberships: [{ role: 'staff' }] }];
      for (const body of roles) expect((await administrator.put(`/api/accounts/${accountId}/memberships`, body)).statusCode).not.toBe(200);
      const wrong = { id: id(), username: `u${accountId.slice(-8)}`, displayName: '乙', password: 'long enough', memberships: [{ siteId, role: 'staff' }] };
      expect(problemOf(await administrator.post('/api/accounts', wrong))).toBe('data-invalid');
    });

    test('are found by those who write records, page by page, at their own site', async () => {
      const other = await server.site();
      const there = await server.person({ siteId: other, role: 'nurse' });
      for (const name of ['分页甲', '分页乙', '分页丙']) await staff(name);
      const first = await search('分页', { limit: 2 });
      const second = await search('分页', { limit: 2, after: first.next });
      expect([...first.items, ...second.items].map(({ name }) => name).sort()).toEqual(['分页丙', '分页乙', '分页甲']);
      expect(second.next).toBeUndefined();
      expect((await search('%')).items).toEqual([]);
      expect((await there.post(`/api/sites/${other}/people/search`, { q: '分页' })).json<Page<SitePerson>>().items).toEqual([]);
      expect((await monitor.post(at('/people/search'), { q: '分页' })).statusCode).toBe(403);
    });

    test('are told by the name of the record’s day, in items and rows', async () => {
      const { accountId, administrator } = await staff('未婚名');
      const subjectId = await aSubject(nurse, siteId);
      const [before, after] = [await aVisit(subjectId, '2026-02-01'), await aVisit(subjectId, '2026-04-01')];
      const rowId = id();
      const changes = [{ pointer: '/doctor', value: accountId }, { pointer: `/orders/${rowId}`, value: { rowId } }, { pointer: `/orders/${rowId}/nurse`, value: nurse.accountId }];
      const [old, next] = [await aRecord(subjectId, before, changes), await aRecord(subjectId, after, changes)];
      expect((await administrator.put(`/api/accounts/${accountId}`, { displayName: '婚后名', from: '2026-03-01' })).statusCode).toBe(200);
      const own = `Person ${nurse.accountId.slice(-4)}`;
      expect((await read(old)).people).toEqual({ [accountId]: '未婚名', [nurse.accountId]: own });
      expect(await read(next)).toMatchObject({ people: { [accountId]: '婚后名' }, data: { doctor: accountId }, context: { bound: { 'person.name': own } } });
      expect((await administrator.put(`/api/accounts/${accountId}`, { displayName: '婚後名' })).statusCode).toBe(200);
      expect([(await read(old)).people[accountId], (await read(next)).people[accountId]]).toEqual(['未婚名', '婚後名']);
      expect((await nurse.post(at('/people/names'), { ids: [accountId, id()], day: '2026-01-01' })).json()).toEqual({ [accountId]: '未婚名' });
      expect((await monitor.post(at('/people/names'), { ids: [accountId] })).json()).toEqual({ [accountId]: '婚後名' });
      const elsewhere = await server.person({ siteId: await server.site(), role: 'site-administrator' });
      expect((await elsewhere.put(`/api/accounts/${accountId}`, { displayName: 'x' })).statusCode).toBe(404);
    });
  });
});
