/** What surrounds the routes: headers, the page, standards and forms, the OpenAPI document, health, problems. One engine is enough. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Form } from '../../schemas/form.ts';
import type { StandardSummary } from '../../schemas/http/api.ts';
import { DatabaseError } from '../../server/database.ts';
import { problemOf as problemOfError } from '../../server/errors.ts';
import { engines } from '../support/engines.ts';
import { aSave, header, id, problemOf, useServer, type Person } from './support/app.ts';

const page = mkdtempSync(join(tmpdir(), 'xf-page-'));
mkdirSync(join(page, 'assets'));
writeFileSync(join(page, 'index.html'), '<!doctype html><title>page</title>');
writeFileSync(join(page, 'assets', 'app-1a2b3c.js'), `export const words = ${JSON.stringify('word '.repeat(1000))};`);
writeFileSync(join(page, 'assets', 'ort-1a2b3c.wasm'), '\0asm');
afterAll(() => rmSync(page, { recursive: true }));

describe.each(engines().slice(0, 1))('the server', ({ fresh }) => {
  const store = fresh();
  let ping: () => Promise<void> = async () => {};
  const server = useServer(() => store.open, { page, store: { ping: () => ping() } });
  let person: Person;
  let siteId: string;
  beforeAll(async () => {
    siteId = await server.site();
    person = await server.person({ siteId, role: 'nurse' });
  });

  test('allows scripts and pictures from its own origin only, and isolates the page', async () => {
    const { headers } = await server.app.inject('/');
    expect(headers['content-security-policy']).toContain("default-src 'self';script-src 'self' 'wasm-unsafe-eval';style-src 'self';");
    expect(headers).toMatchObject({ 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp', 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
  });

  test.for([
    { url: '/', type: 'text/html; charset=utf-8', cache: 'no-cache' },
    { url: '/subjects/0190', type: 'text/html; charset=utf-8', cache: 'no-cache' },
    { url: '/assets/app-1a2b3c.js', type: 'application/javascript; charset=utf-8', cache: 'public, max-age=31536000, immutable' },
    { url: '/assets/ort-1a2b3c.wasm', type: 'application/wasm', cache: 'public, max-age=31536000, immutable' },
  ])('serves $url', async ({ url, type, cache }) => {
    const reply = await server.app.inject({ url, headers: { accept: 'text/html,*/*' } });
    expect([reply.statusCode, reply.headers['content-type'], reply.headers['cache-control']]).toEqual([200, type, cache]);
  });

  test('compresses what is worth it', async () => {
    const reply = await server.app.inject({ url: '/assets/app-1a2b3c.js', headers: { 'accept-encoding': 'br' } });
    expect([reply.headers['content-encoding'], reply.rawPayload.length < 500]).toEqual(['br', true]);
  });

  test.for(['/api/nothing', '/api', '/assets/nothing.js', '/../package.json', '/%2e%2e/package.json'])('has nothing at %s', async (url) => {
    const reply = await server.app.inject({ url, headers: { accept: 'application/json' } });
    expect([reply.statusCode, reply.headers['content-type'], problemOf(reply)]).toEqual([404, 'application/problem+json; charset=utf-8', 'not-found']);
  });

  test('lists the standards of the release, and gives each as a document, as a form and as a check', async () => {
    const listed = (await person.get('/api/standards')).json<StandardSummary[]>();
    expect(listed.length).toBeGreaterThanOrEqual(7);
    for (const { subDataset, version, sha256 } of listed) {
      const form = await person.get(`/api/forms/${subDataset}/${version}`);
      expect(form.json<Form>()).toMatchObject({ standard: { subDataset, version }, sha256 });
      expect(form.headers).toMatchObject({ etag: `"${sha256}"`, 'cache-control': 'private, max-age=31536000, immutable' });
      expect(form.json<Form>()).toEqual(JSON.parse(JSON.stringify(server.context.forms.get(subDataset, version).form)));
      expect((await person.get(`/api/standards/${subDataset}/${version}`)).json()).toEqual(server.context.standards.getStandard(subDataset, version));
    }
    expect(problemOf(await person.get('/api/forms/nothing/1.0.0'))).toBe('standard-not-found');
    expect(problemOf(await person.get('/api/forms/melanoma-staging/9.0.0'))).toBe('standard-not-found');
    expect(problemOf(await person.get('/api/forms/melanoma-staging/latest'))).toBe('request-invalid');
  });

  test('gives the structure check as a module that runs by itself', async () => {
    const reply = await person.get('/api/forms/example/1.0.0/structure.js');
    expect(reply.headers['content-type']).toBe('text/javascript; charset=utf-8');
    const { default: check } = await import(`data:text/javascript,${encodeURIComponent(reply.body)}`) as { default: (data: unknown) => { instancePath: string }[] };
    expect([check({ breslow: 2 }), check({ breslow: 200 }).map(({ instancePath }) => instancePath)]).toEqual([[], ['/breslow']]);
  });

  test('describes itself in OpenAPI 3.1 with named shapes, and shows it without the internet', async () => {
    const document = (await server.app.inject('/api/docs/json')).json<{ openapi: string; paths: object; components: { schemas: object } }>();
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.components.schemas)).toEqual(expect.arrayContaining(['FormRecord', 'Problem', 'Subject']));
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref]) => ref ?? '');
    expect(refs.filter((ref) => !(ref.replace('#/components/schemas/', '') in document.components.schemas))).toEqual([]);
    const shown = await server.app.inject('/api/docs/');
    expect([shown.statusCode, /(?:src|href)="https?:/.test(shown.body)]).toEqual([200, false]);
    expect(shown.headers['content-security-policy']).toContain("default-src 'self'");
    expect(shown.headers['content-security-policy']).not.toMatch(/https?:|upgrade-insecure/);
  });

  test('says whether the database answers', async () => {
    expect((await server.app.inject('/api/health')).json()).toEqual({ status: 'ok', database: 'embedded', version: '0.0.0', release: server.context.standards.releases.at(-1)?.release });
    ping = () => Promise.reject(new Error('gone'));
    const gone = await server.app.inject('/api/health');
    ping = () => new Promise(() => {});
    const silent = await server.app.inject('/api/health');
    expect([gone.statusCode, gone.json<{ status: string }>().status, silent.statusCode]).toEqual([503, 'failing', 503]);
  });

  test.for<{ name: string; payload: string; type: string; detail: string }>([
    { name: 'what is not JSON', payload: '{"a":', type: 'application/json', detail: 'The body is not the JSON it should be' },
    { name: 'an empty body', payload: '', type: 'application/json', detail: 'The body is empty' },
    { name: 'another media type', payload: '<a/>', type: 'application/xml', detail: 'The body has another media type than this address takes' },
    { name: 'a body of three megabytes', payload: JSON.stringify('x'.repeat(3e6)), type: 'application/json', detail: 'The body is too large' },
    { name: 'an attack on prototypes', payload: '{"__proto__":{"a":1}}', type: 'application/json', detail: 'The body is not the JSON it should be' },
  ])('refuses $name', async ({ payload, type, detail }) => {
    const reply = await server.app.inject({ method: 'POST', url: '/api/session', payload, headers: { ...header, 'content-type': type } });
    expect(reply.json()).toMatchObject({ type: '/problems/request-invalid', status: 400, errors: [{ detail }], instance: expect.any(String) as string });
  });

  test('names the places of a wrong request, and coerces nothing in a body', async () => {
    const reply = await person.put(`/api/sites/${siteId}/records/${id()}`, { ...aSave(id()), changes: [{ pointer: '/note', value: null }] }, { 'if-match': '"0"' });
    expect(reply.json<{ errors: { pointer: string }[] }>().errors[0]?.pointer).toBe('/changes/0/value');
    const wrong = await person.post('/api/session', { username: 5, password: true });
    expect(wrong.json()).toMatchObject({ errors: [{ pointer: '/username', detail: 'must be string' }] });
    expect((await person.get(`/api/sites/${siteId}/subjects?limit=0`)).json()).toMatchObject({ errors: [{ pointer: '/querystring/limit' }] });
  });
});

describe('problems', () => {
  const database = (code?: string, constraint?: string) => new DatabaseError('no matter', { code, constraint });
  test.for<{ error: unknown; key: string }>([
    { error: database('23505', 'contribution_pkey'), key: 'contribution-reused' },
    { error: database('23505', 'subject_site_id_study_number_key'), key: 'name-taken' },
    { error: database('23505', 'visit_pkey'), key: 'name-taken' },
    { error: database('42501'), key: 'not-permitted' },
    { error: database('57P01'), key: 'database-unavailable' },
    { error: database('08006'), key: 'database-unavailable' },
    { error: database('53300'), key: 'database-unavailable' },
    { error: database('53100'), key: 'storage-full' },
    { error: database('40001'), key: 'database-unavailable' },
    { error: database('EPIPE'), key: 'database-unavailable' },
    { error: database('ECONNREFUSED'), key: 'database-unavailable' },
    { error: database(), key: 'database-unavailable' },
    { error: database('42703'), key: 'internal' },
    { error: Object.assign(new Error('x'), { code: 'ENOSPC' }), key: 'storage-full' },
    { error: new Error('secret'), key: 'internal' },
    { error: 'a string', key: 'internal' },
  ])('$error is $key', ({ error, key }) => {
    expect(problemOfError(error).key).toBe(key);
  });
});
