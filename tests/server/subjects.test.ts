/** Enrolling, duplicates, identifiers at rest, and what belongs to a subject, on every engine. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Page, Subject, SubjectSummary } from '../../schemas/http/api.ts';
import { transact } from '../../server/database.ts';
import { engines } from '../support/engines.ts';
import { aSubject, id, problemOf, useServer, type Person } from './support/app.ts';

const zhang = { name: '张三', idNumber: '430102196103050021', phone: '13800138000', sex: '2', birthDate: '1961-03-05' };

describe.each(engines())('subjects, on $name', ({ fresh }) => {
  const store = fresh();
  const server = useServer(() => store.open);
  let siteId: string;
  let nurse: Person;

  beforeAll(async () => {
    siteId = await server.site('XY01');
    nurse = await server.person({ siteId, role: 'nurse' });
  });

  const at = (rest = '') => `/api/sites/${siteId}/subjects${rest}`;
  const enrol = (identity: object, more: object = {}) => nurse.post(at(), { id: id(), contribution: id(), identity, ...more });
  const see = <T>(work: Parameters<typeof transact<T>>[2]) => transact(server.context.db, { sites: [siteId] }, work);

  test('enrols with the next number, and seals what identifies', async () => {
    const reply = await enrol(zhang);
    expect(reply.statusCode, reply.body).toBe(201);
    const subject = reply.json<Subject>();
    expect(subject).toMatchObject({ studyNumber: 'XY01-000001', sex: '2', birthDate: '1961-03-05', identifierKeys: ['idNumber', 'name', 'phone'], records: 0 });
    expect(reply.body).not.toContain('张三');

    const rows = await see((trx) => trx.selectFrom('subject_fact').selectAll().execute());
    const stored = Buffer.concat(rows.map(({ ciphertext }) => Buffer.from(ciphertext ?? [])));
    expect(rows).toHaveLength(3);
    for (const secret of [zhang.name, zhang.idNumber, zhang.phone]) expect(stored.includes(secret)).toBe(false);
    expect((await nurse.get(at(`/${subject.id}/identifiers`))).json()).toEqual({ name: zhang.name, idNumber: zhang.idNumber, phone: zhang.phone });
  });

  test('writes each reading of identifiers to the audit trail, by whom and which, never what', async () => {
    const events = await see((trx) => trx.selectFrom('audit_event').selectAll().where('action', '=', 'subject.read-identifiers').execute());
    expect(events).toMatchObject([{ account_id: nurse.accountId, entity: 'subject', detail: { paths: ['idNumber', 'name', 'phone'] } }]);
    expect(JSON.stringify(events)).not.toContain(zhang.idNumber);
  });

  test.for([
    { name: 'the same document number, written otherwise', identity: { idNumber: ' ４３０１０２１９６１０３０５００２１ ' } },
    { name: 'the same name and birth date', identity: { name: '张 三', birthDate: '1961-03-05' } },
    { name: 'the same telephone with its country', identity: { phone: '+86 138 0013 8000' } },
  ])('warns of $name, and enrols when it is confirmed', async ({ identity }) => {
    const reply = await enrol({ sex: '2', ...identity });
    expect([reply.statusCode, problemOf(reply)]).toEqual([409, 'possible-duplicate']);
    expect(reply.json<{ duplicates: SubjectSummary[] }>().duplicates[0]?.studyNumber).toBe('XY01-000001');
    expect((await enrol({ sex: '2', ...identity }, { confirmedNotDuplicate: true })).statusCode).toBe(201);
  });

  test('does not warn of the same name alone, nor of the same person at another hospital', async () => {
    expect((await enrol({ name: '张三', sex: '2', birthDate: '1970-01-01' })).statusCode).toBe(201);
    const other = await server.site();
    const there = await server.person({ siteId: other, role: 'nurse' });
    expect((await there.post(`/api/sites/${other}/subjects`, { id: id(), contribution: id(), identity: zhang })).statusCode).toBe(201);
  });

  test.for([
    { name: 'an item that is not identifying', identity: { colour: 'red' }, pointer: '/identity/colour' },
    { name: 'an item of the form that is not bound', identity: { medicalInsuranceType: '01' }, pointer: '/identity/medicalInsuranceType' },
    { name: 'a sex that is no code', identity: { sex: '7' }, pointer: '/identity/sex' },
    { name: 'a date that does not exist', identity: { birthDate: '1961-02-30' }, pointer: '/identity/birthDate' },
    { name: 'a number where text is asked', identity: { phone: 138 }, pointer: '/identity/phone' },
  ])('refuses $name, naming the place and not the value', async ({ identity, pointer }) => {
    const reply = await enrol(identity);
    expect([reply.statusCode, problemOf(reply)]).toEqual([422, 'data-invalid']);
    expect(reply.json<{ errors: { pointer: string }[] }>().errors[0]?.pointer).toBe(pointer);
    expect(reply.body).not.toContain('1961-02-30');
  });

  test('takes a number given by hand, refuses it a second time, and passes it over when counting', async () => {
    const before = (await enrol({ sex: '1' })).json<Subject>().studyNumber;
    const next = `XY01-${String(Number(before.slice(5)) + 1).padStart(6, '0')}`;
    expect((await enrol({ sex: '1' }, { studyNumber: next })).json<Subject>().studyNumber).toBe(next);
    const again = await enrol({ sex: '1' }, { studyNumber: next });
    expect([again.statusCode, problemOf(again)]).toEqual([409, 'name-taken']);
    expect(Number((await enrol({ sex: '1' })).json<Subject>().studyNumber.slice(5))).toBe(Number(next.slice(5)) + 1);
  });

  test('gives ten who are enrolled at once ten numbers', async () => {
    const replies = await Promise.all(Array.from({ length: 10 }, () => enrol({ sex: '1' })));
    expect(new Set(replies.map((reply) => reply.json<Subject>().studyNumber)).size).toBe(10);
  });

  test('enrols once when it is sent twice, and refuses the contribution for anything else', async () => {
    const request = { id: id(), contribution: id(), identity: { sex: '1' } };
    const [first, second] = await Promise.all([nurse.post(at(), request), nurse.post(at(), request)]);
    expect([first.statusCode, second.statusCode]).toEqual([201, 201]);
    expect(second.json<Subject>().studyNumber).toBe(first.json<Subject>().studyNumber);
    const other = await nurse.post(at(), { ...request, identity: { sex: '2' } });
    expect([other.statusCode, problemOf(other)]).toEqual([409, 'contribution-reused']);
  });

  test('changes and clears what is known, and finds by the new and by the old', async () => {
    const subjectId = await aSubject(nurse, siteId, { sex: '1', idNumber: 'AB-1234567', name: '旧名' });
    const search = async (q: string) => (await nurse.post(at('/search'), { q })).json<Page<SubjectSummary>>().items.map((subject) => subject.id);
    expect(await search('ab1234567')).toEqual([subjectId]);
    const reply = await nurse.put(at(`/${subjectId}`), { contribution: id(), identity: { idNumber: 'CD-7654321', name: null, sex: '2' }, reason: '更正' });
    expect(reply.json<Subject>()).toMatchObject({ sex: '2', identifierKeys: ['idNumber'] });
    expect([await search('ab1234567'), await search('cd7654321')]).toEqual([[subjectId], [subjectId]]);
  });

  test('searches by the beginning of a study number, and by identifier only for who may read identifiers', async () => {
    const monitor = await server.person({ siteId, role: 'monitor' });
    const found = async (person: Person, q: string) => (await person.post(at('/search'), { q, limit: 5 })).json<Page<SubjectSummary>>().items.map(({ studyNumber }) => studyNumber);
    expect((await found(monitor, 'xy01-00000'))[0]).toBe('XY01-000001');
    expect((await found(nurse, zhang.idNumber))[0]).toBe('XY01-000001');
    expect(await found(monitor, zhang.idNumber)).toEqual([]);
    expect((await monitor.get(at(`/${id()}/identifiers`))).statusCode).toBe(403);
  });

  test('lists page by page', async () => {
    const first = (await nurse.get(at('?limit=3'))).json<Page<SubjectSummary>>();
    const second = (await nurse.get(at(`?limit=3&after=${first.next}`))).json<Page<SubjectSummary>>();
    const numbers = [...first.items, ...second.items].map(({ studyNumber }) => studyNumber);
    expect(numbers).toEqual([...numbers].sort());
    expect(new Set(numbers).size).toBe(6);
  });

  test('adds visits, lesions that are numbered, and specimens, each once', async () => {
    const subjectId = await aSubject(nurse, siteId);
    const add = (what: string, body: object) => nurse.post(at(`/${subjectId}/${what}`), body);
    const visit = { id: id(), contribution: id(), kind: 'baseline', visitDate: '2026-11-01' };
    expect((await add('visits', visit)).json()).toEqual({ id: visit.id, kind: 'baseline', visitDate: '2026-11-01' });
    expect((await add('visits', visit)).statusCode).toBe(201);
    expect((await add('visits', { ...visit, contribution: id(), id: id(), visitDate: '2026-02-30' })).statusCode).toBe(400);
    const lesions = await Promise.all(['左手', '右手', '背'].map((label) => add('lesions', { id: id(), contribution: id(), label })));
    expect(lesions.map((reply) => reply.json<{ ordinal: number }>().ordinal).sort()).toEqual([1, 2, 3]);
    const lesionId = lesions[0]?.json<{ id: string }>().id;
    const specimen = { id: id(), contribution: id(), code: `S-${id()}`, lesionId };
    expect((await add('specimens', specimen)).json()).toMatchObject({ code: specimen.code, lesionId });
    expect(problemOf(await add('specimens', { ...specimen, id: id(), contribution: id() }))).toBe('name-taken');
    expect(problemOf(await add('specimens', { ...specimen, id: id(), contribution: id(), code: 'T', lesionId: id() }))).toBe('data-invalid');
    const subject = (await nurse.get(at(`/${subjectId}`))).json<Subject>();
    expect([subject.visits.length, subject.lesions.map(({ ordinal }) => ordinal), subject.specimens.length]).toEqual([1, [1, 2, 3], 1]);
  });
});
