/**
 * ISO-1, ISO-2: every route that the server has, by every role, about one's own hospital, another one, another one's things under one's
 * own address, and by somebody of no hospital. The answer is what the permission table says, nothing of the other hospital is in any
 * reply or header, and none of its rows changes. `XF_ACCEPTANCE=1`: 20,000 requests, with ids of both mixed by chance.
 */
import { createHash } from 'node:crypto';
import { unzipSync } from 'fflate';
import type { LightMyRequestResponse } from 'fastify';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Role } from '../../schemas/http/api.ts';
import { roles } from '../../schemas/http/shapes.ts';
import { createRandom } from '../../server/demo/random.ts';
import { transact, transactAsOwner } from '../../server/database.ts';
import { hashPassword } from '../../server/services/passwords.ts';
import { permissionsOf } from '../../server/services/permissions.ts';
import { engines } from '../support/engines.ts';
import { select } from '../support/select.ts';
import { routesOf, sample, type Route } from './hostile/support/routes.ts';
import { aSave, header, id, useServer, type Person } from './support/app.ts';
import { needs, type Need } from './support/permission-table.ts';
import { aWholeSite, type WholeSite } from './support/whole-site.ts';

const isAcceptance = process.env['XF_ACCEPTANCE'] === '1';
const wanted = isAcceptance ? 20_000 : 700;
const variants = ['own', 'other', 'crossed'] as const;
type Variant = (typeof variants)[number];
/** Whoever asks: a role at one hospital, in the whole network, or none. */
type Asker = Role | 'none' | 'network';
const askers: readonly Asker[] = [...roles, 'none', 'network'];

describe.each(isAcceptance ? engines() : engines().slice(-1))('the matrix, on $name', ({ name: engine, fresh }) => {
  const store = fresh();
  const server = useServer(() => store.open);
  let [mine, theirs]: WholeSite[] = [];
  let canaries: string[] = [];
  const people = new Map<Asker, Person>();
  let spare = '';
  let passwordHash = '';
  let turn = 0;
  const figures = { requests: 0, bytes: 0, statuses: {} as { [status: string]: number } };
  const faults = new Map<string, string>();

  const personOf = async (asker: Asker): Promise<Person> => {
    const memberships = asker === 'none' ? [] : [asker === 'network' ? { role: 'system-administrator' as const } : { siteId: mine?.siteId ?? '', role: asker }];
    const person = await server.person(...memberships);
    await transactAsOwner(server.context.db, (trx) => select(trx, 'update account set password_hash = $1 where id = $2', [passwordHash, person.accountId]));
    return person;
  };

  beforeAll(async () => {
    passwordHash = await hashPassword(id());
    [mine, theirs] = [await aWholeSite(server, '41'), await aWholeSite(server, '73')];
    for (const asker of askers) people.set(asker, await personOf(asker));
    spare = (await server.person({ siteId: mine.siteId, role: 'staff' })).accountId;
    const [row] = await transact(server.context.db, { sites: [theirs.siteId] }, (trx) => select<{ number: string; code: string }>(trx, `select study_number as number, code from subject join site on site.id = site_id where subject.id = '${theirs?.subject}'`));
    canaries = [...Object.values(theirs.identifying), theirs.answered, row?.number ?? '', `医院 ${row?.code}`, 'S-73-1'];
  }, 120_000);

  const routes = () => routesOf(server.app);

  test('has a line for every route, and no line for a route that is not there', () => {
    expect(Object.keys(needs).sort()).toEqual(routes().map(({ key }) => key).sort());
  });

  /** A request with the ids of one hospital, at the address of one; about accounts only of one's own. */
  function requestOf(route: Route, address: WholeSite, of: WholeSite, asker: Asker) {
    const account = asker === 'network' || of === mine ? spare : of.nurse.accountId;
    const idIn = (path: string) => ({ subjects: of.subject, visits: of.visit, records: of.record, images: of.image, 'protocol-runs': of.run, accounts: account, sites: asker === 'network' ? mine?.siteId : of.siteId }[/\/([a-z-]+)\/\{id\}/.exec(path)?.[1] ?? ''] ?? id());
    const known = (name: string): unknown => ({
      // Opening another hospital is what somebody may do there, with a reason: asked for one's own only.
      siteId: route.path === '/api/openings' ? mine?.siteId : address.siteId, siteIds: [address.siteId], subjectId: of.subject, visitId: of.visit, lesionId: of.lesion, accountId: account, ids: [of.nurse.accountId],
      subDataset: 'example', version: '1.0.0', standardVersion: '1.0.0', subDatasets: ['melanoma-staging'], release: server.context.standards.getRelease().release,
      identity: { sex: '1', birthDate: '1970-01-01' }, q: of.identifying['idNumber'], role: 'nurse', protocol: 'melanoma-sample', details: { bed: '12' }, counts: { plasma: 1 }, pointer: '/note', file: 'standards.csv', reason: 'asked in writing',
      step: server.context.protocols.get('melanoma-sample').protocol.steps[0]?.id, username: `u${id().slice(-12)}`, code: /sites$/.test(route.path) ? `ZZ${String(turn % 100).padStart(2, '0')}` : undefined,
      memberships: [{ siteId: mine?.siteId, role: 'staff' }], ...(/exports/.test(route.path) ? { filter: { subDataset: 'melanoma-staging', expression: 'true' } } : {}),
      ...(/value-sets/.test(route.path) ? { id: 'yes-no-unknown' } : {}), ...(/protocols/.test(route.path) ? { name: 'melanoma-sample' } : {}),
    } as { [name: string]: unknown })[name];
    const parameters = (where: string) => route.parameters.filter((each) => each.in === where)
      .map(({ name, schema }): [string, string] => [name, String(name === 'id' && !/value-sets/.test(route.path) ? idIn(route.path) : sample(schema, known, name))]);
    const url = [...parameters('path')].reduce((path, [name, value]) => path.replace(`{${name}}`, encodeURIComponent(value)), route.path);
    const query = new URLSearchParams(parameters('query')).toString();
    const record = route.key === 'put /api/sites/{siteId}/records/{id}';
    const payload = record ? aSave(of.subject, [{ pointer: '/note', value: 'x' }]) : route.body ? sample(route.body, known) : undefined;
    const more = { ...(record ? { 'if-match': '"0"' } : {}), ...(/images$/.test(route.path) ? { 'content-type': 'multipart/form-data; boundary=x' } : {}), ...(/post .*xml$/.test(route.key) ? { 'content-type': 'application/xml' } : {}) };
    return { method: route.method, url: query === '' ? url : `${url}?${query}`, headers: more, ...(payload === undefined ? {} : { payload: payload as object }) };
  }

  async function ask(route: Route, asker: Asker, variant: Variant, mixed: boolean): Promise<void> {
    if (!mine || !theirs) return;
    turn += 1;
    const [address, of] = [variant === 'other' ? theirs : mine, variant === 'own' ? mine : theirs];
    const request = requestOf(route, address, of, asker);
    const send = () => server.app.inject({ ...request, remoteAddress: `10.${(turn >> 16) & 255}.${(turn >> 8) & 255}.${turn & 255}`, headers: { ...header, cookie: people.get(asker)?.cookie ?? '', ...request.headers } });
    let reply = await send();
    // Some of them end the session, which is theirs to do.
    if (reply.statusCode === 401) {
      people.set(asker, await personOf(asker));
      reply = await send();
    }
    judge(route, asker, variant, mixed, reply);
  }

  function judge(route: Route, asker: Asker, variant: Variant, mixed: boolean, reply: LightMyRequestResponse): void {
    const { statusCode, headers, rawPayload } = reply;
    figures.requests += 1;
    figures.bytes += rawPayload.length;
    figures.statuses[statusCode] = (figures.statuses[statusCode] ?? 0) + 1;
    const blame = (what: string) => void faults.set(`${route.key} ${what}`, `${route.key}, ${asker}, ${variant}: ${what} ${statusCode} ${reply.body.slice(0, 200)}`);
    const text = `${textOf(reply)} ${JSON.stringify(headers)} ${decodeURIComponent(String(headers['content-disposition'] ?? '').replaceAll('%', '%25'))}`;
    // The names of hospitals are told to whoever may open another one, and to the network's administrators.
    const told = route.path === '/api/openings/sites' || asker === 'network' ? canaries.filter((each) => !each.startsWith('医院')) : canaries;
    for (const each of told) if (text.includes(each)) blame(`tells ${each}`);
    if (statusCode >= 500) blame('fails');
    const expected = expectedOf(needs[route.key] ?? {}, asker, variant, route);
    if (!mixed && expected !== undefined && !expected(statusCode)) blame('is not what the table says:');
  }

  test('answers as the table says, tells nothing of the other hospital, and changes nothing of it', async () => {
    const before = await digestOfTheirs();
    const random = createRandom('matrix', engine);
    const cells = routes().flatMap((route) => askers.flatMap((asker) => variants.map((variant) => ({ route, asker, variant }))));
    const once = isAcceptance ? cells : cells.toSorted((a, b) => order(a) - order(b)).slice(0, wanted);
    for (const { route, asker, variant } of once) await ask(route, asker, variant, false);
    while (figures.requests < wanted) {
      const cell = cells[Math.floor(random.next() * cells.length)];
      if (cell) await ask(cell.route, cell.asker, cell.variant, true);
    }
    console.log(`matrix, ${engine}: ${figures.requests} requests of ${cells.length} cells, ${figures.bytes} bytes read, ${faults.size} faults, ${JSON.stringify(figures.statuses)}`);
    expect([...faults.values()]).toEqual([]);
    expect(await digestOfTheirs()).toBe(before);
    expect(figures.requests).toBeGreaterThanOrEqual(wanted);
  }, 4_800_000);

  /** Another part of the cells each day would not say the same twice; this one does. */
  const order = ({ route, asker, variant }: { route: Route; asker: Asker; variant: Variant }) => createHash('sha256').update(`${route.key} ${asker} ${variant}`).digest().readUInt32BE();

  const digestOfTheirs = () => transact(server.context.db, { sites: [theirs?.siteId ?? ''] }, async (trx) => {
    const tables = await select<{ name: string }>(trx, `select table_name as name from information_schema.columns where table_schema = 'public' and column_name = 'site_id' order by 1`);
    const digests: unknown[] = [];
    for (const { name } of tables) digests.push([name, await select(trx, `select count(*)::int as rows, md5(coalesce(string_agg(t::text, ',' order by t::text), '')) as digest from ${name} t where site_id = '${theirs?.siteId}'`)]);
    return JSON.stringify(digests);
  });
});

/** What the status must be; undefined where only the service can know. */
function expectedOf({ at, somewhere, network }: Need, asker: Asker, variant: Variant, { path }: Route): ((status: number) => boolean) | undefined {
  const allowed = asker === 'none' ? [] : permissionsOf([asker === 'network' ? 'system-administrator' : asker]);
  const passes = (status: number) => status !== 401 && status !== 403 && status < 500;
  if (at !== undefined) {
    if (asker === 'none' || (variant === 'other' && asker !== 'network')) return (status) => status === 404;
    if (!allowed.includes(at)) return (status) => status === 403;
    return variant === 'crossed' && /\{(id|subjectId)\}/.test(path) ? (status) => status === 404 : (status) => passes(status);
  }
  if (network !== undefined && !(asker === 'network' && allowed.includes(network))) return (status) => status === 403;
  if (somewhere !== undefined && !allowed.includes(somewhere)) return (status) => status === 403;
  return undefined;
}

/** What a person could read of a reply, also where it is packed. */
function textOf({ headers, rawPayload, body }: LightMyRequestResponse): string {
  if (headers['content-type'] !== 'application/zip') return body;
  return Object.values(unzipSync(new Uint8Array(rawPayload))).map((bytes) => Buffer.from(bytes).toString()).join('\n');
}
