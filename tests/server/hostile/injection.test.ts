/**
 * INJ-1, INJ-3: every text of every route is an attack once. Nothing is executed, nothing of the server's inside is told, what
 * was refused is not repeated, and the rows that no request names are as they were. `XF_ACCEPTANCE=1`: all shared payloads too.
 */
import { existsSync } from 'node:fs';
import pg from 'pg';
import type { LightMyRequestResponse } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { engines } from '../../support/engines.ts';
import { id } from '../support/app.ts';
import { useAttacked, type Request } from './support/attacked.ts';
import { all, canary, computed, isAcceptance, rotating, shared } from './support/payloads.ts';
import { placesOf, putAt, routesOf, type Path, type Route } from './support/routes.ts';

/** What a server says that was made to speak of itself. */
const inside = /node_modules|\.ts:\d+|\n\s+at |syntax error|SQLSTATE|unterminated|relation "|column "|pg_catalog|password_hash|\$argon2|root:x:0|ENOENT|TypeError|RangeError/;
const mostMs = 8_000;
/** A name that might be one is told back, so that whoever mistyped it finds it. */
const isName = /^[\w.-]{1,80}$/;
/** A literal of a filter may be what a patient said; an unknown name of it, or of a table, is told to its author. */
const quoted = /(['"]).*xfcanary.*\1/s;

/** Every statement that goes to PostgreSQL, by its text. */
const statements = new Set<string>();
const { query } = pg.Client.prototype as { query: (this: unknown, ...args: unknown[]) => unknown };

beforeAll(() => {
  (pg.Client.prototype as { query: unknown }).query = function watched(this: unknown, ...args: unknown[]): unknown {
    const [first] = args;
    statements.add(typeof first === 'string' ? first : String(Object(first).text ?? ''));
    return query.apply(this, args);
  };
});
afterAll(() => {
  (pg.Client.prototype as { query: unknown }).query = query;
});

describe.each(isAcceptance ? engines() : engines().slice(-1))('injection, on $name', ({ name, fresh }) => {
  const store = fresh();
  const attacked = useAttacked(() => store.open);
  const figures = { routes: 0, places: 0, requests: 0, accepted: 0, slowestMs: 0 };
  const faults: string[] = [];

  /** The oracle. */
  function judge(route: Route, where: string, payload: string, reply: LightMyRequestResponse, ms: number): void {
    figures.requests += 1;
    figures.slowestMs = Math.max(figures.slowestMs, ms);
    const fault = faultOf(reply, ms, where === '/filter/expression' ? !quoted.test(payload) || payload.startsWith('lookup(') : isName.test(payload));
    if (reply.statusCode < 300) figures.accepted += 1;
    if (fault) faults.push(`${route.key} ${where} ${JSON.stringify(payload.slice(0, 60))}: ${fault}`);
  }

  /** One example of each fault of each route. */
  const summary = () => [...new Map(faults.map((fault) => [fault.replace(/ ".*": /s, ' … '), fault])).values()].slice(0, 60);

  function faultOf(reply: LightMyRequestResponse, ms: number, mayRepeat: boolean): string | undefined {
    const { statusCode, headers, body } = reply;
    if (statusCode >= 500) return `${statusCode} ${body.slice(0, 100)}`;
    if (ms > mostMs) return `took ${Math.round(ms)} ms`;
    if (JSON.stringify(headers).includes(canary)) return 'it stands in a header of the reply';
    if (computed.some((each) => body.includes(each))) return 'it was computed';
    if (statusCode < 400) return undefined;
    if (!String(headers['content-type']).startsWith('application/problem+json')) return `${statusCode} is no problem document`;
    if (body.includes(canary) && !mayRepeat) return `${statusCode} repeats it`;
    return inside.test(body) ? `${statusCode} tells ${body.slice(0, 200)}` : undefined;
  }

  async function attack(route: Route, where: string, payload: string, request: Request): Promise<void> {
    const begin = performance.now();
    judge(route, where, payload, await attacked.send(request), performance.now() - begin);
  }

  const requestOf = (route: Route, { params, query: asked, body }: ReturnType<typeof attacked.valid>, headers: Request['headers'] = {}): Request => ({
    method: route.method, url: attacked.urlOf(route, params, asked), headers, ...(body === undefined ? {} : { body }),
  });

  /** Every place of a request, and the request with a payload there. */
  function placesIn(route: Route): { where: string; make: (payload: string) => Request }[] {
    const { body } = attacked.valid(route);
    const inBody = placesOf(body);
    const withBody = (path: Path, other: (there: unknown) => unknown) => {
      const good = attacked.valid(route);
      return requestOf(route, { ...good, body: putAt(good.body, path, other(path.reduce<unknown>((at, step) => Object(at)[step], good.body))) });
    };
    return [
      ...route.parameters.filter((each) => each.in !== 'header').map(({ name: key, in: part }) => ({ where: `${part} ${key}`, make: (payload: string) => {
        const good = attacked.valid(route);
        return requestOf(route, part === 'path' ? { ...good, params: { ...good.params, [key]: payload } } : { ...good, query: { ...good.query, [key]: payload } });
      } })),
      { where: 'a name nobody asked for in the query', make: (payload) => { const good = attacked.valid(route); return requestOf(route, { ...good, query: { ...good.query, [payload]: payload } }); } },
      ...inBody.texts.map((path) => ({ where: `/${path.join('/')}`, make: (payload: string) => withBody(path, () => payload) })),
      ...inBody.objects.map((path) => ({ where: `a name in /${path.join('/')}`, make: (payload: string) => withBody(path, (there) => ({ ...Object(there) as object, [payload]: payload })) })),
      ...inBody.texts.slice(0, 3).map((path) => ({ where: `another kind at /${path.join('/')}`, make: (payload: string) => withBody(path, () => ({ $ne: payload, $where: payload })) })),
    ];
  }

  const headerNames = ['if-match', 'if-none-match', 'origin', 'cookie', 'x-forwarded-for', 'x-forwarded-host', 'accept', 'accept-language', 'accept-encoding', 'user-agent', 'content-type', 'x-requested-with', 'range', 'x-http-method-override'];

  test('every text of every route', async () => {
    const [before, catalogue] = [await attacked.untouched(), await attacked.catalogue()];
    const routes = routesOf(attacked.server.app);
    const next = rotating();
    const lines = isAcceptance ? shared() : [];
    let line = 0;
    for (const route of routes) {
      figures.routes += 1;
      for (const { where, make } of placesIn(route)) {
        figures.places += 1;
        const some = isAcceptance ? [...all(), ...Array.from({ length: Math.min(60, lines.length) }, () => `${lines[(line += 1) % lines.length]}${canary}`)] : next();
        for (const payload of some) await attack(route, where, payload, make(payload));
      }
      for (const [at, payload] of all().entries()) {
        if (!isAcceptance && at % 12 !== figures.routes % 12) continue;
        const key = headerNames[(at + figures.routes) % headerNames.length] ?? '';
        await attack(route, `header ${key}`, payload, requestOf(route, attacked.valid(route), { [key]: Buffer.from(payload.replaceAll(/[\r\n\0]/g, ' ')).toString('latin1') }));
      }
    }
    console.log(`injection on ${name}: ${JSON.stringify({ ...figures, slowestMs: Math.round(figures.slowestMs), statements: statements.size })}`);
    expect(summary()).toEqual([]);
    expect(await attacked.untouched()).toBe(before);
    expect(await attacked.catalogue()).toBe(catalogue);
    expect([...statements].filter((text) => text.includes(canary))).toEqual([]);
    expect(existsSync(`/tmp/${canary}`)).toBe(false);
  }, isAcceptance ? 4_800_000 : 300_000);

  test('most requests go all the way before an attack is put in', async () => {
    const refused: string[] = [];
    for (const route of routesOf(attacked.server.app)) {
      const reply = await attacked.send(requestOf(route, attacked.valid(route), route.key.includes('/records/{id}') && route.method === 'PUT' ? { 'if-match': '"1"' } : {}));
      if (reply.statusCode >= 400) refused.push(`${route.key} ${reply.statusCode} ${reply.body.slice(0, 160)}`);
    }
    console.log(`injection: ${figures.routes - refused.length} of ${figures.routes} routes go through with a good request`);
    expect(refused.length).toBeLessThan(figures.routes / 2);
  });

  test('a filter holds what is typed as a text, and never as a part of a statement', async () => {
    const route = routesOf(attacked.server.app).find(({ key }) => key === 'post /api/exports/preview');
    if (!route) throw new Error('There is no preview of exports');
    const texts = isAcceptance ? [...all(), ...shared().map((each) => `${each}${canary}`)] : [...all(), ...shared().filter((_, at) => at % 40 === 0).map((each) => `${each}${canary}`)];
    const written = (text: string) => [text, `diagnosisDate == ${JSON.stringify(text)}`, `clinicalSubtype == '${text}'`, `icd10 in ['a', '${text}']`, `${text} == icd10`, `size(${text}) > 0`, `icd10.${text}`, `[1, 2].exists(${text}, true)`, `lookup('${text}', icd10) == 'x'`];
    for (const text of texts) {
      for (const expression of isAcceptance ? written(text) : written(text).slice(0, 5)) {
        const good = attacked.valid(route);
        await attack(route, '/filter/expression', expression, requestOf(route, { ...good, body: putAt(good.body, ['filter', 'expression'], expression) }));
      }
    }
    console.log(`filters: ${texts.length} texts; ${statements.size} different statements; slowest ${Math.round(figures.slowestMs)} ms`);
    expect(summary()).toEqual([]);
    expect([...statements].filter((text) => text.includes(canary))).toEqual([]);
  }, isAcceptance ? 1_800_000 : 120_000);

  test('one patient’s row is all that an accepted attack changes', async () => {
    const subjectId = id();
    const sent = { id: subjectId, contribution: id(), identity: { sex: '2', name: `${canary}'; drop table subject; --` } };
    const enrolled = await attacked.send({ method: 'POST', url: `/api/sites/${attacked.siteId}/subjects`, headers: {}, body: sent });
    expect(enrolled.statusCode, enrolled.body).toBe(201);
    const told = await attacked.send({ method: 'GET', url: `/api/sites/${attacked.siteId}/subjects/${subjectId}/identifiers`, headers: {} });
    expect(told.json()).toMatchObject({ name: sent.identity.name });
  });
});
