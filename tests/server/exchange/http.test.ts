/** Exports over HTTP: what an analyst asks for comes as a ZIP, a nurse gets none, and a client that leaves does no harm. */
import type { AddressInfo } from 'node:net';
import { unzipSync } from 'fflate';
import Papa from 'papaparse';
import { beforeAll, describe, expect, test } from 'vitest';
import type { ExportPreview, ExportRequest } from '../../../schemas/http/api.ts';
import { engines } from '../../support/engines.ts';
import { aSubject, header, id, problemOf, useServer, type Person } from '../support/app.ts';

describe.each(engines())('exports over HTTP, on $name', ({ fresh }) => {
  const store = fresh();
  const server = useServer(() => store.open);
  let siteId: string;
  let nurse: Person;
  let analyst: Person;

  const request = (more: Partial<ExportRequest> = {}): ExportRequest => ({
    release: server.context.standards.getRelease().release, siteIds: [siteId], subDatasets: ['melanoma-staging', 'patient-basic-info'], profile: 'analysis', language: 'en', ...more,
  });

  beforeAll(async () => {
    siteId = await server.site();
    nurse = await server.person({ siteId, role: 'nurse' });
    analyst = await server.person({ siteId, role: 'analyst' });
    for (let at = 0; at < 8; at += 1) {
      const subjectId = await aSubject(nurse, siteId, { sex: '2', birthDate: '1961-03', name: `王五${at}` });
      const changes = [{ pointer: '/primaryTumorStatus', value: 'measurable' }, { pointer: '/breslow', value: 4.05 }, { pointer: '/ulceration', value: 'absent' }];
      const reply = await nurse.put(`/api/sites/${siteId}/records/${id()}`, { contribution: id(), subjectId, subDataset: 'melanoma-staging', standardVersion: '1.0.0', changes, status: 'in-progress' }, { 'if-match': '"0"' });
      expect(reply.statusCode, reply.body).toBe(200);
    }
  });

  test('gives an analyst a ZIP with the values, calculated ones too, and no name', async () => {
    const reply = await analyst.post('/api/exports', request());
    expect(reply.statusCode).toBe(200);
    expect(reply.headers).toMatchObject({ 'content-type': 'application/zip', 'cache-control': 'no-store' });
    expect(reply.headers['content-disposition']).toMatch(/^attachment; filename="xiangya-forms-[\w.-]+\.zip"$/);
    const files = unzipSync(reply.rawPayload);
    const csv = Buffer.from(files['melanoma-staging.csv'] ?? []).toString();
    expect(csv.split('\r\n')).toHaveLength(10);
    expect(csv).toContain(',4.05,,4.1,,absent,Not identified,');
    expect(csv).toContain('T4a');
    for (const bytes of Object.values(files)) expect(Buffer.from(bytes).toString()).not.toContain('王五');
  });

  test('says of a classification which model made it, how sure it was, and what the person decided', async () => {
    const subjectId = await aSubject(nurse, siteId, { sex: '1' });
    const [sha256, inputSha256] = ['a'.repeat(64), 'b'.repeat(64)];
    const origin = {
      kind: 'classification', model: { name: 'skin', version: '1.0.0', sha256 }, runtime: 'wasm', inputSha256, scores: { melanoma: 0.7, other: 0.3 }, ranked: ['melanoma', 'other'], thresholds: { melanoma: 0.5 },
      quality: { version: '1', focus: 1, brightness: 1, clipped: 0, glare: 0, passed: true }, latencyMs: 42.5, decision: 'overridden', decidedAt: '2026-11-22T08:00:00Z',
    };
    const changes = [{ pointer: '/modelName', value: 'skin' }, { pointer: '/probMelanoma', value: 0.7 }];
    const reply = await nurse.put(`/api/sites/${siteId}/records/${id()}`, { contribution: id(), subjectId, subDataset: 'ai-classification', standardVersion: '1.0.0', changes, status: 'in-progress', origin }, { 'if-match': '"0"' });
    expect(reply.statusCode, reply.body).toBe(200);
    const zip = await analyst.post('/api/exports', request({ subDatasets: ['ai-classification'] }));
    const [row] = Papa.parse<{ [column: string]: string }>(Buffer.from(unzipSync(zip.rawPayload)['ai-classification.csv'] ?? []).toString(), { header: true }).data;
    expect(row).toMatchObject({ modelName: 'skin', probMelanoma: '0.7', origin__model_sha256: sha256, origin__input_sha256: inputSha256, origin__latency_ms: '42.5', origin__decision: 'overridden' });
    expect(JSON.parse(row?.['origin__scores'] ?? '')).toEqual({ melanoma: 0.7, other: 0.3 });
  });

  test('tells beforehand how much it would be', async () => {
    const reply = await analyst.post('/api/exports/preview', request({ filter: { subDataset: 'melanoma-staging', expression: 'breslow > 4.0' } }));
    expect(reply.statusCode, reply.body).toBe(200);
    const { tables, subjects } = reply.json<ExportPreview>();
    expect(subjects).toBe(8);
    expect(tables.find(({ table }) => table === 'melanoma-staging.csv')).toMatchObject({ rows: 8 });
  });

  test.for<{ name: string; more: Partial<ExportRequest> | { unknown: number }; status: number; problem: string }>([
    { name: 'a filter with a mistake', more: { filter: { subDataset: 'melanoma-staging', expression: 'breslow >' } }, status: 422, problem: 'filter-invalid' },
    { name: 'an unknown release', more: { release: '1999.1' }, status: 404, problem: 'release-not-found' },
    { name: 'an unknown sub-dataset', more: { subDatasets: ['nothing'] }, status: 404, problem: 'standard-not-found' },
    { name: 'another hospital', more: { siteIds: [id()] }, status: 404, problem: 'site-not-found' },
    { name: 'no hospital', more: { siteIds: [] }, status: 400, problem: 'request-invalid' },
    { name: 'a member nobody knows', more: { unknown: 1 }, status: 400, problem: 'request-invalid' },
  ])('refuses $name before the first byte', async ({ more, status, problem }) => {
    for (const path of ['/api/exports', '/api/exports/preview']) {
      const reply = await analyst.post(path, { ...request(), ...more });
      expect([reply.statusCode, problemOf(reply)]).toEqual([status, problem]);
    }
  });

  test('refuses who may not export', async () => {
    for (const path of ['/api/exports', '/api/exports/preview']) expect(problemOf(await nurse.post(path, request()))).toBe('not-permitted');
  });

  test('outlives clients that leave in the middle', async () => {
    await server.app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = server.app.server.address() as AddressInfo;
    const ask = (signal: AbortSignal) => fetch(`http://127.0.0.1:${port}/api/exports`, { method: 'POST', signal, headers: { ...header, cookie: analyst.cookie, 'content-type': 'application/json' }, body: JSON.stringify(request()) });
    for (let after = 0; after < 40; after += 4) {
      const abort = new AbortController();
      setTimeout(() => abort.abort(), after);
      await ask(abort.signal).then((reply) => reply.arrayBuffer()).catch(() => {});
    }
    const whole = await ask(new AbortController().signal);
    expect(Object.keys(unzipSync(new Uint8Array(await whole.arrayBuffer())))).toContain('manifest.json');
    server.app.server.closeAllConnections();
  });
});
