/** A server with patients to steal and to spoil, and what may be asked of it: ids that exist, for requests that go as far as they can. */
import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { LightMyRequestResponse } from 'fastify';
import { beforeAll } from 'vitest';
import { transact, transactAsOwner, type OpenDatabase } from '../../../../server/database.ts';
import { hashPassword } from '../../../../server/services/passwords.ts';
import { aSave, aSubject, header, id, useServer, type Person, type TestServer } from '../../support/app.ts';
import { sample, type Known, type Route } from './routes.ts';

export interface Request {
  method: Route['method'];
  url: string;
  headers: { [name: string]: string };
  body?: unknown;
}

export interface Attacked {
  readonly server: TestServer;
  readonly siteId: string;
  /** A valid request to the route, with new ids for what it would make. */
  valid(route: Route): { params: { [name: string]: string }; query: { [name: string]: string }; body: unknown };
  urlOf(route: Route, params: { [name: string]: string }, query: { [name: string]: string }): string;
  /** As somebody who may do everything, signed in again when an attack has signed her out. */
  send(request: Request): Promise<LightMyRequestResponse>;
  /** Digest of all that no request names: the other hospital's rows, and the patient of this one whom nobody touches. */
  untouched(): Promise<string>;
  /** Digest of tables, columns, functions, policies and roles. */
  catalogue(): Promise<string>;
}

export function useAttacked(open: () => OpenDatabase): Attacked {
  const server = useServer(open);
  const target = { siteId: '', otherSite: '', subject: '', other: '', spared: '', record: id(), visit: id(), lesion: id(), run: id(), account: '' };
  let everybody: Person;
  let turn = 0;
  let passwordHash = '';

  const signIn = async () => {
    const person = await server.person(
      ...(['investigator', 'data-manager', 'site-administrator'] as const).map((role) => ({ siteId: target.siteId, role })), { role: 'system-administrator' as const });
    await transactAsOwner(server.context.db, (trx) => sql`update account set password_hash = ${passwordHash} where id = ${person.accountId}`.execute(trx));
    return person;
  };

  beforeAll(async () => {
    [target.siteId, target.otherSite] = [await server.site(), await server.site()];
    passwordHash = await hashPassword(id());
    everybody = await signIn();
    target.account = (await server.person({ siteId: target.siteId, role: 'nurse' })).accountId;
    const there = await server.person({ siteId: target.otherSite, role: 'investigator' });
    const identity = { sex: '2', birthDate: '1961-03-05', name: '张三', idNumber: '430102196103050021' };
    [target.subject, target.spared, target.other] = [await aSubject(everybody, target.siteId), await aSubject(everybody, target.siteId, identity), await aSubject(there, target.otherSite, identity)];
    await everybody.put(`/api/sites/${target.siteId}/records/${target.record}`, aSave(target.subject, [{ pointer: '/note', value: 'x' }]), { 'if-match': '"0"' });
    await everybody.put(`/api/sites/${target.siteId}/records/${id()}`, aSave(target.spared, [{ pointer: '/note', value: 'the row that stays' }]), { 'if-match': '"0"' });
    await there.put(`/api/sites/${target.otherSite}/records/${id()}`, aSave(target.other, [{ pointer: '/note', value: 'the row that stays' }]), { 'if-match': '"0"' });
    await everybody.post(`/api/sites/${target.siteId}/subjects/${target.subject}/visits`, { id: target.visit, contribution: id(), kind: 'operation', visitDate: '2026-01-01' });
    await everybody.post(`/api/sites/${target.siteId}/subjects/${target.subject}/lesions`, { id: target.lesion, contribution: id(), label: 'x' });
    await everybody.post(`/api/sites/${target.siteId}/protocol-runs`, { id: target.run, contribution: id(), protocol: 'melanoma-sample', subjectId: target.subject, visitId: target.visit, lesionId: target.lesion });
  });

  /** The `id` of an address is that of what its path speaks of. */
  const idOf = (path: string) => {
    const before = /\/([a-z-]+)\/\{id\}/.exec(path)?.[1] ?? '';
    return { 'subjects': target.subject, 'records': target.record, 'visits': target.visit, 'accounts': target.account, 'sites': target.siteId, 'protocol-runs': target.run }[before] ?? target.record;
  };
  const knownIn = (path: string): Known => (name) => ({
    siteId: target.siteId, siteIds: [target.siteId], subjectId: target.subject, visitId: target.visit, lesionId: target.lesion, accountId: target.account, subDataset: 'example', subDatasets: ['example'],
    version: '1.0.0', standardVersion: '1.0.0', release: server.context.standards.getRelease().release, identity: { sex: '1', birthDate: '1970-01-01', name: '王' }, q: 'AA', file: 'standards.csv', pointer: '/note',
    role: 'nurse', protocol: 'melanoma-sample', details: { bed: '12', ward: 'x', admittedAt: '2026-01-02T03:04:05+08:00' }, counts: { plasma: 1 }, step: server.context.protocols.get('melanoma-sample').protocol.steps[0]?.id, key: 'x',
    ...(/exports/.test(path) ? { subDatasets: ['melanoma-staging'], filter: { subDataset: 'melanoma-staging', expression: "diagnosisDate == '2025'" } } : {}),
    ...(/value-sets/.test(path) ? { id: 'yes-no-unknown' } : {}), ...(/protocols/.test(path) ? { name: 'melanoma-sample' } : {}), code: /sites$/.test(path) ? `ZZ${String((turn += 1) % 100).padStart(2, '0')}` : undefined,
    username: `u${id().slice(-12)}`,
  } as { [name: string]: unknown })[name];

  /** Bodies that must agree with themselves. */
  const bodies: { readonly [key: string]: () => object } = {
    'put /api/sites/{siteId}/records/{id}': () => aSave(target.subject, [{ pointer: '/note', value: 'x' }, { pointer: '/measured', missing: 'unknown' }], { reason: 'x' }),
  };

  return {
    server,
    get siteId() { return target.siteId; },
    valid(route) {
      const known = knownIn(route.path);
      const of = (where: string) => Object.fromEntries(route.parameters.filter((each) => each.in === where).map(({ name, schema }) => [name, String(name === 'id' && !/value-sets/.test(route.path) ? idOf(route.path) : sample(schema, known, name))]));
      return { params: of('path'), query: of('query'), body: bodies[route.key]?.() ?? (route.body ? sample(route.body, known) : undefined) };
    },
    urlOf(route, params, query) {
      const path = route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encode(params[name] ?? ''));
      const asked = Object.entries(query).map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');
      return asked === '' ? path : `${path}?${asked}`;
    },
    async send({ method, url, headers, body }) {
      turn += 1;
      const ask = () => server.app.inject({
        method, url, remoteAddress: `10.${(turn >> 16) & 255}.${(turn >> 8) & 255}.${turn & 255}`,
        headers: { ...header, cookie: everybody.cookie, ...headers }, ...(body === undefined ? {} : { payload: body as object }),
      });
      const reply = await ask();
      if (reply.statusCode !== 401 || headers['cookie'] !== undefined) return reply;
      everybody = await signIn();
      return ask();
    },
    async untouched() {
      const { db } = server.context;
      const rows = await transact(db, { sites: [target.siteId, target.otherSite] }, async (trx) => {
        const tables = (await sql<{ name: string }>`select table_name as name from information_schema.columns where table_schema = 'public' and column_name = 'site_id' order by 1`.execute(trx)).rows;
        const found: unknown[] = [];
        for (const { name } of tables) {
          found.push(await sql`select count(*)::int as rows, md5(coalesce(string_agg(t::text, ',' order by t::text), '')) as digest from ${sql.table(name)} t where site_id = ${target.otherSite}`.execute(trx).then((each) => each.rows, () => name));
        }
        found.push((await sql`select r.id, v.data::text, v.version from record r join record_version v on v.site_id = r.site_id and v.record_id = r.id where r.subject_id = ${target.spared}`.execute(trx)).rows);
        return found;
      });
      return createHash('sha256').update(JSON.stringify(rows)).digest('hex');
    },
    async catalogue() {
      const rows = await transactAsOwner(server.context.db, async (trx) => (await sql`
        select c.relname as a, a.attname as b, format_type(a.atttypid, a.atttypmod) as c from pg_class c join pg_attribute a on a.attrelid = c.oid join pg_namespace n on n.oid = c.relnamespace where n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and n.nspname not like 'pg_temp%'
        union all select proname, '', md5(prosrc) from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = 'public'
        union all select policyname, tablename, coalesce(qual, '') from pg_policies union all select rolname, rolsuper::text, '' from pg_roles order by 1, 2, 3`.execute(trx)).rows);
      return createHash('sha256').update(JSON.stringify(rows)).digest('hex');
    },
  };
}

/** Lone surrogates stand in no address; the replacement character does. */
function encode(text: string): string {
  return encodeURIComponent(Buffer.from(text).toString());
}
