/** DOS-1, DOS-3, CFG-1: headers on every reply, limits of size, time and number, cookies that stay here, files that are only shown. */
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LightMyRequestResponse } from 'fastify';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { classOf, limitBodyTime, perMinute } from '../../../server/load-limits.ts';
import { engines } from '../../support/engines.ts';
import { aSubject, header, id, problemOf, useServer, type Person } from '../support/app.ts';
import { isAcceptance } from './support/payloads.ts';
import { routesOf } from './support/routes.ts';

const page = mkdtempSync(join(tmpdir(), 'xf-page-'));
mkdirSync(join(page, 'assets'));
writeFileSync(join(page, 'index.html'), '<!doctype html><title>x</title>');
writeFileSync(join(page, 'assets', 'a-1.js'), '1');
afterAll(() => rmSync(page, { recursive: true, force: true }));

/** ASVS 3.4: those that every reply has, whatever it is. */
const everywhere: { readonly [name: string]: RegExp } = {
  'x-content-type-options': /^nosniff$/, 'x-frame-options': /^DENY$/, 'referrer-policy': /^no-referrer$/, 'cross-origin-resource-policy': /^same-origin$/,
  'cross-origin-opener-policy': /^same-origin$/, 'content-security-policy': /^default-src '(self|none)'/, 'permissions-policy': /camera=\(self\)/,
};

describe.each(engines().slice(0, 1))('limits and headers, on $name', ({ fresh }) => {
  const store = fresh();
  const server = useServer(() => store.open, { page, rateLimits: true });
  let siteId: string;
  let nurse: Person;
  let subject: string;

  beforeAll(async () => {
    siteId = await server.site();
    nurse = await server.person({ siteId, role: 'investigator' }, { siteId, role: 'data-manager' });
    subject = await aSubject(nurse, siteId);
  });

  function expectGuarded(what: string, { headers, statusCode, body }: LightMyRequestResponse): void {
    for (const [name, shape] of Object.entries(everywhere)) expect([what, statusCode, name, headers[name]]).toEqual([what, statusCode, name, expect.stringMatching(shape)]);
    const policy = String(headers['content-security-policy']);
    expect(policy).toMatch(/frame-ancestors 'none'|sandbox/);
    expect(policy).not.toContain("'unsafe-eval'");
    expect([what, headers['x-powered-by'], headers['server'], headers['access-control-allow-origin']]).toEqual([what, undefined, undefined, undefined]);
    if (statusCode !== 204 && statusCode !== 304 && body !== '') expect([what, headers['content-type']]).toEqual([what, expect.stringMatching(/^[a-z]+\/[a-z.+-]+/)]);
  }

  test('every route, signed in and not, replies with the headers of security', async () => {
    const routes = routesOf(server.app);
    for (const { key, method, path } of routes) {
      const url = path.replaceAll('{siteId}', siteId).replaceAll(/\{subjectId\}/g, subject).replaceAll(/\{\w+\}/g, id());
      expectGuarded(key, await server.app.inject({ method, url, headers: header }));
      expectGuarded(`${key}, signed in`, await nurse.send(method, url));
    }
    console.log(`headers: ${routes.length} routes, twice`);
  });

  test.for([
    ['the page', 'GET', '/', {}], ['a place in the page', 'GET', '/subjects/1', { accept: 'text/html' }], ['a file of the page', 'GET', '/assets/a-1.js', {}], ['nothing', 'GET', '/none', {}],
    ['a hidden file', 'GET', '/.env', {}], ['a way up', 'GET', '/..%2f..%2fpackage.json', {}], ['an address that is none', 'GET', '/%ff%fe', {}], ['an address of 10,000 characters', 'GET', `/api/standards/${'a'.repeat(10_000)}/1.0.0`, {}],
    ['another method', 'TRACE', '/api/health', {}], ['health', 'GET', '/api/health', {}], ['the OpenAPI document', 'GET', '/api/docs/json', {}], ['what reads it', 'GET', '/api/docs/static/index.html', {}], ['a foreign page', 'POST', '/api/session', { origin: 'https://elsewhere.example' }],
    ['another media type', 'POST', '/api/session', { ...header, 'content-type': 'text/plain' }], ['a broken body', 'POST', '/api/session', { ...header, 'content-type': 'application/json' }],
  ] as const)('%s has them too', async ([what, method, url, headers]) => {
    const reply = await server.app.inject({ method: method as 'GET', url, headers: { ...headers }, ...(method === 'POST' ? { payload: '{"a"' } : {}) });
    expectGuarded(what, reply);
    expect(reply.statusCode).toBeLessThan(500);
    expect(reply.body).not.toContain('"private"');
  });

  test('the cookie is for this server alone, and no script sees it', async () => {
    expect(nurse.cookie).toMatch(/^xf_session=[\w-]{20,}$/);
    const reply = await nurse.send('DELETE', '/api/session');
    expect(reply.headers['set-cookie']).toMatch(/^xf_session=; Max-Age=0; Path=\/api/);
    nurse = await server.person({ siteId, role: 'investigator' }, { siteId, role: 'data-manager' });
  });

  test('a body of 5 MB, a text of 5 MB and 10,000 levels are refused before they cost anything', async () => {
    const url = `/api/sites/${siteId}/records/${id()}`;
    const bodies = [`{"a":"${'x'.repeat(5_000_000)}"}`, `{"contribution":"${'x'.repeat(1_900_000)}"}`, `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`, `${'['.repeat(300_000)}${']'.repeat(300_000)}`, `{"changes":[${'{},'.repeat(100_000)}{}]}`];
    for (const payload of bodies) {
      const begin = performance.now();
      const reply = await server.app.inject({ method: 'PUT', url, headers: { ...header, 'cookie': nurse.cookie, 'content-type': 'application/json', 'if-match': '"0"' }, payload });
      expect([reply.statusCode, problemOf(reply)]).toEqual([400, 'request-invalid']);
      expect(performance.now() - begin).toBeLessThan(500);
    }
  });

  test('an upload is what its bytes are, whatever it is called, and is never run', async () => {
    const picture = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } }).png().toBuffer();
    const send = (name: string, type: string, bytes: Buffer) => {
      const meta = JSON.stringify({ id: id(), contribution: id() });
      const parts = [`--x\r\ncontent-disposition: form-data; name="meta"\r\n\r\n${meta}\r\n--x\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: ${type}\r\n\r\n`, bytes, '\r\n--x--\r\n'];
      return nurse.send('POST', `/api/sites/${siteId}/subjects/${subject}/images`, Buffer.concat(parts.map((part) => Buffer.from(part))), { 'content-type': 'multipart/form-data; boundary=x' });
    };
    const stored = await send('../../evil.html', 'text/html', picture);
    expect(stored.statusCode, stored.body).toBe(201);
    const served = await nurse.get(`/api/sites/${siteId}/images/${stored.json<{ id: string }>().id}`);
    expect(served.headers).toMatchObject({ 'content-type': 'image/png', 'x-content-type-options': 'nosniff', 'content-security-policy': "default-src 'none'; sandbox" });
    expect(served.headers['content-disposition']).toMatch(/^inline; filename="[0-9a-f]{16}\.png"$/);
    for (const [name, type, bytes] of [
      ['a.png', 'image/png', Buffer.from('<html><script>alert(1)</script>')], ['a.png', 'image/png', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')],
      ['a.jpg', 'image/jpeg', Buffer.from('GIF89a/*<script>*/=1')], ['a.jpg', 'image/jpeg', Buffer.from('%PDF-1.7')], ['a.png', 'image/png', Buffer.from('PK\u0003\u0004')], ['a.png', 'image/png', Buffer.alloc(0)],
    ] as const) expect([name, (await send(name, type, bytes)).statusCode]).toEqual([name, 415]);
  });

  test('every class of route has a limit for one account, and says when to come again', async () => {
    const classes = new Map(routesOf(server.app).map(({ key, method, path }) => [key, classOf({ method, routeOptions: { url: path.replaceAll(/\{(\w+)\}/g, ':$1') } } as Parameters<typeof classOf>[0])]));
    expect(new Set(classes.values())).toEqual(new Set(Object.keys(perMinute)));
    expect(classes.get('post /api/exports')).toBe('export');
    const analyst = await server.person({ siteId, role: 'data-manager' });
    const ask = () => analyst.post('/api/exports/preview', { release: 'none', siteIds: [siteId], subDatasets: [], profile: 'analysis', language: 'zh' });
    const replies: LightMyRequestResponse[] = [];
    for (let at = 0; at < perMinute.export + 5; at += 1) replies.push(await ask());
    const refused = replies.filter(({ statusCode }) => statusCode === 429);
    expect(refused.length).toBe(5);
    expect(refused[0]?.json()).toMatchObject({ type: '/problems/too-many-requests' });
    expect(Number(refused[0]?.headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(refused[0]?.headers['retry-after'])).toBeLessThanOrEqual(60);
    expect((await analyst.get(`/api/sites/${siteId}/subjects`)).statusCode).toBe(200);
    expect((await nurse.post('/api/exports/preview', { release: 'none', siteIds: [siteId], subDatasets: [], profile: 'analysis', language: 'zh' })).statusCode).not.toBe(429);
  });

  test('guessing at sign-in from one address ends after thirty tries a minute', async () => {
    const reply = () => server.app.inject({ method: 'POST', url: '/api/session', headers: header, remoteAddress: '10.9.9.9', payload: { username: id(), password: 'x'.repeat(12) } });
    const codes: number[] = [];
    for (let at = 0; at < 34; at += 1) codes.push((await reply()).statusCode);
    expect(codes.filter((code) => code === 429)).toHaveLength(4);
  }, 60_000);

  describe('over the wire', () => {
    let port = 0;
    const open: Socket[] = [];
    const dial = async (): Promise<Socket> => {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => {});
      open.push(socket);
      await once(socket, 'connect');
      return socket;
    };
    const answerTo = async (text: string): Promise<string> => {
      const socket = await dial();
      let said = '';
      socket.setEncoding('latin1').on('data', (chunk: string) => { said += chunk; });
      socket.write(text);
      await once(socket, 'close');
      return said;
    };

    beforeAll(async () => {
      await server.app.listen({ port: 0, host: '127.0.0.1' });
      ({ port } = server.app.server.address() as AddressInfo);
    });
    afterAll(() => open.forEach((socket) => socket.destroy()));

    test.for([
      ['no HTTP at all', 'hello\r\n\r\n', 400], ['a head of 100 KB', `GET / HTTP/1.1\r\nhost: a\r\nx: ${'a'.repeat(100_000)}\r\n\r\n`, 431], ['5,000 headers', `GET / HTTP/1.1\r\nhost: a\r\n${'a: 1\r\n'.repeat(5000)}\r\n`, 431],
      ['two lengths', 'POST /api/session HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello', 400], ['a length and chunks', 'POST /api/session HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n', 400],
      ['a line feed in a header', 'GET / HTTP/1.1\r\nhost: a\r\nx: a\nb\r\n\r\n', 400], ['a NUL in a header', 'GET / HTTP/1.1\r\nhost: a\r\nx: a\u0000b\r\n\r\n', 400], ['a space before the colon', 'GET / HTTP/1.1\r\nhost : a\r\n\r\n', 400],
    ] as const)('%s is answered as a problem, with the headers of security, and the line is closed', async ([, text, status]) => {
      const said = await answerTo(text);
      expect(said).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
      for (const name of Object.keys(everywhere)) expect(said.toLowerCase()).toContain(`\r\n${name}: `);
      expect(said).toContain('application/problem+json');
    });

    test('the limits of time are set', () => {
      const { headersTimeout, requestTimeout, keepAliveTimeout, timeout, maxHeadersCount } = server.app.server;
      expect({ headersTimeout, requestTimeout, keepAliveTimeout, timeout }).toEqual({ headersTimeout: 20_000, requestTimeout: 600_000, keepAliveTimeout: 65_000, timeout: 60_000 });
      expect(maxHeadersCount === null || maxHeadersCount <= 2000).toBe(true);
    });

    const slow = isAcceptance ? 2000 : 200;
    test(`${slow} clients that send a head byte by byte are cut off within 30 s, and others do not notice`, async () => {
      const before = process.memoryUsage.rss();
      const begin = performance.now();
      const ends = Array.from({ length: slow }, async () => {
        const socket = await dial();
        socket.resume();
        socket.write('GET /api/health HTTP/1.1\r\nhost: a\r\n');
        const drip = setInterval(() => socket.write('x-a: b\r\n'), 3000);
        return once(socket, 'close').then(() => { clearInterval(drip); return performance.now() - begin; });
      });
      const times: number[] = [];
      let open = true;
      const all = Promise.all(ends).finally(() => { open = false; });
      while (open) {
        const asked = performance.now();
        expect((await fetch(`http://127.0.0.1:${port}/api/health`)).status).toBe(200);
        times.push(performance.now() - asked);
        await Promise.race([all, sleep(200)]);
      }
      const took = Math.max(...(await all));
      const p95 = times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? 0;
      console.log(`slow heads: ${slow} cut within ${Math.round(took / 100) / 10} s; others p95 ${Math.round(p95)} ms; memory +${Math.round((process.memoryUsage.rss() - before) / 1e6)} MB`);
      expect(took).toBeLessThan(31_000);
      expect(p95).toBeLessThan(1000);
      expect(process.memoryUsage.rss() - before).toBeLessThan(200e6);
    }, 60_000);
  });
});

test('a body that comes byte by byte is cut off', async () => {
  const { fastify } = await import('fastify');
  const app = fastify();
  limitBodyTime(app, 0.3);
  app.post('/', async () => 'whole');
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {}).resume();
  socket.write('POST / HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{');
  const begin = performance.now();
  const drip = setInterval(() => socket.write(' '), 50);
  await once(socket, 'close');
  clearInterval(drip);
  expect(performance.now() - begin).toBeLessThan(5000);
  expect((await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' })).status).toBe(200);
  await app.close();
});
