/** Who came to know what identifies a patient: all of it, newest first, in pages, and quickly after ten years. */
import { sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Page } from '../../schemas/http/api.ts';
import type { Access } from '../../schemas/http/history-api.ts';
import { transactAsOwner } from '../../server/database.ts';
import { engines } from '../support/engines.ts';
import { aSubject, id, useServer, type Person } from './support/app.ts';

/** Ten years of a hospital: so many events of its own, so many of them about the one patient. */
const yearsOn = (engine: string) => (process.env['XF_ACCEPTANCE'] === '1' && engine === 'postgresql' ? { events: 2_000_000, ofPatient: 5_000 } : { events: 20_000, ofPatient: 2_000 });

describe.each(engines())('accesses, on $name', ({ name, fresh }) => {
  const years = yearsOn(name);
  const store = fresh();
  const server = useServer(() => store.open);
  let siteId: string;
  let subject: string;
  let doctor: Person;
  const read = async (query = '') => (await doctor.get(`/api/sites/${siteId}/subjects/${subject}/accesses${query}`)).json<Page<Access>>();

  beforeAll(async () => {
    siteId = await server.site();
    doctor = await server.person({ siteId, role: 'investigator' }, { siteId, role: 'data-manager' });
    subject = await aSubject(doctor, siteId, { sex: '2', birthDate: '1961-03-05', name: '张三', idNumber: '430102196103050021' });
  });

  test('tells who read which identifiers, who found the patient, and on what', async () => {
    await doctor.send('GET', `/api/sites/${siteId}/subjects/${subject}/identifiers`, undefined, { 'user-agent': 'Mozilla/5.0 (iPad; CPU OS 15_0 like Mac OS X) Safari/604.1' });
    await doctor.post(`/api/sites/${siteId}/subjects/search`, { q: '430102196103050021' });
    await doctor.post(`/api/sites/${siteId}/subjects/search`, { q: 'AA' });
    const { items } = await read();
    expect(items.map(({ action }) => action)).toEqual(['subject.search', 'subject.read-identifiers']);
    expect(items[1]).toMatchObject({ accountId: doctor.accountId, by: expect.stringMatching(/^Person/) as string, agent: 'safari/ios/tablet', paths: expect.arrayContaining(['name', 'idNumber']) as string[] });
    expect(JSON.stringify(items)).not.toContain('430102');
  });

  test('counts an export of the hospital, and nothing of other patients', async () => {
    const other = await aSubject(doctor, siteId);
    await doctor.get(`/api/sites/${siteId}/subjects/${other}/identifiers`);
    const before = (await read()).items.length;
    const request = { release: server.context.standards.releases.at(-1)?.release ?? '', siteIds: [siteId], subDatasets: ['melanoma-staging'], profile: 'analysis', language: 'zh' };
    const reply = await doctor.post('/api/exports', request);
    expect(reply.statusCode, reply.body.slice(0, 300)).toBe(200);
    const { items } = await read();
    expect([items.length, items[0]?.action]).toEqual([before + 1, 'export.run']);
  });

  test('is for those who may read the audit trail', async () => {
    const nurse = await server.person({ siteId, role: 'nurse' });
    expect((await nurse.get(`/api/sites/${siteId}/subjects/${subject}/accesses`)).statusCode).toBe(403);
    expect((await doctor.get(`/api/sites/${siteId}/subjects/${id()}/accesses`)).statusCode).toBe(404);
  });

  test(`comes in pages, all of ${years.ofPatient} among ${years.events} in under five seconds`, { timeout: 600_000 }, async () => {
    await transactAsOwner(store.db, async (trx) => {
      const made = (count: number, whose: string, from: number) => sql.raw(`
        insert into audit_event (site_id, id, at, account_id, action, entity, entity_id, subject_id, digest)
        select '${siteId}', (lpad(to_hex(1700000000000 + ${from} + i * 7), 12, '0') || '7000' || '8000' || lpad(to_hex(i + ${from}), 12, '0'))::uuid, now() - i * interval '1 minute', '${doctor.accountId}',
          'subject.read-identifiers', 'subject', ${whose}, ${whose}, sha256('x') from generate_series(1, ${count}) i`).execute(trx);
      await made(years.events, "md5((i % 9000)::text)::uuid", 0);
      await made(years.ofPatient, `'${subject}'`, 5_000_000);
      await sql.raw('analyze audit_event').execute(trx);
    });
    const began = performance.now();
    const seen = new Set<string>();
    let last = 'g';
    for (let after: string | undefined, more = true; more;) {
      const { items, next } = await read(`?limit=500${after === undefined ? '' : `&after=${after}`}`);
      for (const item of items) {
        expect(item.id < last).toBe(true);
        last = item.id;
        seen.add(item.id);
      }
      [after, more] = [next, next !== undefined];
    }
    expect(seen.size).toBeGreaterThanOrEqual(years.ofPatient);
    const took = performance.now() - began;
    expect(took).toBeLessThan(5_000);
    if (process.env['XF_ACCEPTANCE'] === '1') console.log(`${seen.size} accesses among ${years.events} events in ${Math.round(took)} ms on ${name}`);
  });
});
