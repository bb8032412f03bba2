/** PROTO-1, JSON-1, JSON-2: what JSON can carry besides data: prototypes, broken texts, depth, numbers that are no numbers. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readTable } from '../../../server/exchange/csv/read.ts';
import { readXml } from '../../../server/exchange/xml/read.ts';
import { namespace } from '../../../server/exchange/xml/write.ts';
import { createStandardsGate } from '../../../server/standards-gate/gate.ts';
import { engines } from '../../support/engines.ts';
import { aStandard } from '../../schemas/a-standard.ts';
import { aSave, aSubject, id } from '../support/app.ts';
import { useAttacked } from './support/attacked.ts';
import { isAcceptance } from './support/payloads.ts';
import { placesOf, routesOf, type Path } from './support/routes.ts';

const prototypes = [Object, Array, Function, String, Number, Boolean, RegExp, Date, Promise, Map, Set, Error, Uint8Array, Buffer].map((each) => each.prototype as object);
const state = () => JSON.stringify(prototypes.map((each) => Reflect.ownKeys(each).map((key) => [String(key), typeof Object.getOwnPropertyDescriptor(each, key)?.value])));
const before = state();
afterAll(() => {
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  expect(state()).toBe(before);
});

/** Names that every object seems to have. */
const names = ['__proto__', 'constructor', 'prototype', 'toString', 'valueOf', 'hasOwnProperty', '__defineGetter__', 'isPrototypeOf'];
const values = [{ polluted: 'yes' }, { prototype: { polluted: 'yes' } }, 'yes', null, 1];

/** The JSON text of the value, with one member more in the object at that place. */
function textWith(value: unknown, path: Path, name: string, member: unknown): string {
  const text = JSON.stringify(value, (_, each: unknown) => each);
  const copy = JSON.parse(text) as unknown;
  const place = path.reduce<unknown>((at, step) => Object(at)[step], copy) as object;
  Object.defineProperty(place, name, { value: member, enumerable: true, configurable: true });
  return JSON.stringify(copy);
}

describe.each(isAcceptance ? engines() : engines().slice(-1))('JSON from outside, on $name', ({ fresh }) => {
  const store = fresh();
  const attacked = useAttacked(() => store.open);
  const asJson = { 'content-type': 'application/json' };

  test('names of the prototype are refused or inert, in every body and every query', async () => {
    const wrong: string[] = [];
    let [requests, accepted] = [0, 0];
    for (const route of routesOf(attacked.server.app)) {
      for (const name of names) {
        const good = attacked.valid(route);
        for (const query of [{ [name]: 'yes' }, { [`${name}[polluted]`]: 'yes' }, { [`${name}.polluted`]: 'yes' }]) {
          requests += 1;
          const { statusCode } = await attacked.send({ method: route.method, url: attacked.urlOf(route, good.params, { ...good.query, ...query }), headers: {}, ...(good.body === undefined ? {} : { body: good.body }) });
          if (statusCode >= 500) wrong.push(`${route.key}?${name} ${statusCode}`);
        }
        for (const path of placesOf(good.body).objects) {
          for (const member of values.slice(0, isAcceptance ? 5 : 2)) {
            const fresh = attacked.valid(route);
            requests += 1;
            const reply = await attacked.send({ method: route.method, url: attacked.urlOf(route, fresh.params, fresh.query), headers: asJson, body: textWith(fresh.body, path, name, member) });
            if (reply.statusCode < 300) accepted += 1;
            if (reply.statusCode >= 500 || reply.body.includes('polluted')) wrong.push(`${route.key} /${path.join('/')} ${name} ${reply.statusCode}`);
            if (reply.statusCode < 300 && name === '__proto__') wrong.push(`${route.key} /${path.join('/')} took ${name}`);
          }
        }
      }
    }
    console.log(`prototypes: ${requests} requests, ${accepted} taken as data`);
    expect(wrong).toEqual([]);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  }, isAcceptance ? 1_200_000 : 180_000);

  test.for(['/__proto__', '/__proto__/polluted', '/constructor', '/constructor/prototype/polluted', '/toString', '/hasOwnProperty', '/orders/__proto__', '/orders/__proto__/drug', `/orders/${id()}/__proto__`, '/orders/constructor/dose', '/note/__proto__', '/colours/__proto__'])(
    'a record takes nothing at %s', async (pointer) => {
      const { server, siteId } = attacked;
      const nurse = await server.person({ siteId, role: 'investigator' });
      const [subject, record] = [await aSubject(nurse, siteId), id()];
      for (const change of [{ pointer, value: 'yes' }, { pointer, value: { rowId: id() } }, { pointer, missing: 'unknown' }]) {
        const reply = await nurse.put(`/api/sites/${siteId}/records/${record}`, aSave(subject, [{ pointer: '/note', value: 'x' }, change]), { 'if-match': '"0"' });
        expect([400, 409, 422], `${reply.statusCode} ${reply.body}`).toContain(reply.statusCode);
      }
      expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    });

  test.for(['1e400', '-1e400', '9007199254740993', '-9007199254740993', '1e22', '{"a":1}', '[[1]]', '[1]', 'null', '"\\u0000"', '"\\ud800"', '"\\udc00\\ud800"', '[{"rowId":"x"}]'])('a value of %s is refused, or kept as it is', async (value) => {
    const { server, siteId } = attacked;
    const nurse = await server.person({ siteId, role: 'investigator' });
    const [subject, record] = [await aSubject(nurse, siteId), id()];
    for (const pointer of ['/breslow', '/note', '/measured', '/colours', '/orders']) {
      const body = JSON.stringify(aSave(subject, [{ pointer, value: 'VALUE' }])).replace('"VALUE"', value);
      const reply = await nurse.put(`/api/sites/${siteId}/records/${record}`, body, { 'if-match': '"0"', ...asJson });
      expect(reply.statusCode, `${pointer} ${reply.body}`).toBeLessThan(500);
      if (reply.statusCode < 300) expect(JSON.stringify(reply.json<{ data: object }>().data)).toContain(value.slice(0, 12));
    }
  });

  const suite = join(process.env['XF_SHARED'] ?? fileURLToPath(new URL('../../../../shared', import.meta.url)), 'corpus', 'json', 'JSONTestSuite');
  if (!existsSync(suite)) console.log('JSONTestSuite NOT RUN (the shared corpus is not there)');
  test.skipIf(!existsSync(suite))('every text of the JSON test suite, to every route that takes JSON', async () => {
    const files = readdirSync(suite).filter((name) => name.endsWith('.json'));
    const routes = routesOf(attacked.server.app).filter(({ body }) => body);
    const wrong: string[] = [];
    let requests = 0;
    for (const route of routes) {
      for (const file of files) {
        const good = attacked.valid(route);
        requests += 1;
        const { statusCode } = await attacked.send({ method: route.method, url: attacked.urlOf(route, good.params, good.query), headers: { ...asJson, 'if-match': '"1"' }, body: readFileSync(join(suite, file)) });
        if (statusCode >= 500 || (file.startsWith('n_') && (statusCode < 400 || statusCode > 499))) wrong.push(`${route.key} ${file} ${statusCode}`);
      }
    }
    console.log(`JSON test suite: ${files.length} texts to ${routes.length} routes, ${requests} requests`);
    expect(wrong).toEqual([]);
  }, 180_000);
});

describe('elsewhere', () => {
  const gate = createStandardsGate();
  afterAll(() => gate.close());
  beforeAll(async () => void (await gate.check('{}')), 60_000);

  test('a table may have such columns, and they are columns', () => {
    const { columns, rows } = readTable(`${names.join(',')}\n${names.map((_, at) => at).join(',')}\n`);
    expect(columns).toEqual(names);
    expect(rows[0]?.cells).toEqual(names.map((_, at) => String(at)));
  });

  test.for(names)('XML may say %s, and it is text', (name) => {
    const { elements } = readXml(Buffer.from(`<record xmlns="${namespace}" ${name}="1"><element key="${name}" ${name}="x">1</element></record>`));
    expect(elements[0]?.attributes['key']).toBe(name);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test.for(names)('a standard may not call an element %s', async (name) => {
    const good = aStandard({ a: { type: 'string' } }) as { properties: object };
    const text = JSON.stringify({ ...good, $id: 'https://xiangya-forms.org/standards/skin-cancer/hostile/1.0.0.json' });
    expect(await gate.check(text)).toEqual([]);
    expect(await gate.check(text.replace('"properties":{', `"properties":{"${name}":{"title":"x","text":{"en":{"title":"x"}},"type":"string"},`))).not.toEqual([]);
    expect(await gate.check(text.replace('"items":["a"]', `"items":["a","${name}"]`))).not.toEqual([]);
  });
});
