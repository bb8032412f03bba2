/** The benches are not run here, only what they are made of: a measurement that nobody can start is none. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { sha256 } from '../schemas/bin/load.ts';
import { compileForm } from '../schemas/compile.ts';
import { createAjv, createStructureCheck } from '../schemas/dialect.ts';
import { prepareForm } from '../schemas/prepare.ts';
import { createRegistry } from '../schemas/registry.ts';
import { createRandom } from '../server/demo/random.ts';
import { bytesOf, load } from './bench/lib/load.ts';
import { machineFacts, treeSeconds } from './bench/lib/machine.ts';
import { median, quantile, round } from './bench/lib/stats.ts';
import { documentsOf, makeSpec } from './bench/form/spec.ts';
import { drawAnswers } from './bench/save/records.ts';
import { drawAnswers as drawRecord, makeSpec as makeRecordSpec } from './bench/validate/spec.ts';
import { files } from './standards/standards.ts';

test.each([
  ['save', async () => (await import('./bench/save/save.ts')).save],
  ['export', async () => (await import('./bench/export/export.ts')).exporting],
  ['form', async () => (await import('./bench/form/form.ts')).form],
  ['validate', async () => (await import('./bench/validate/validate.ts')).validate],
  ['classify', async () => (await import('./bench/classify/classify.ts')).classify],
])('%s can be started', async (_, bench) => {
  expect(await bench()).toBeTypeOf('function');
});

describe('load', () => {
  test('counts what was answered and what was refused, on as many connections as asked for', async () => {
    const sockets = new Set<unknown>();
    const bodies: string[] = [];
    const server = createServer((request, reply) => {
      sockets.add(request.socket);
      request.setEncoding('utf8').on('data', (chunk: string) => bodies.push(chunk)).on('end', () => {
        reply.writeHead(bodies.length % 5 === 0 ? 503 : 200, { 'content-length': 3000 }).end('x'.repeat(3000));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const target = { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
    const requests = Array.from({ length: 50 }, (_, at) => bytesOf(target, { method: 'PUT', path: '/', headers: {}, body: `{"字":${at}}` }));
    expect(await load(target, 4, requests)).toMatchObject({ count: 50, errors: 10, firstError: '503' });
    expect(sockets.size).toBe(4);
    expect(bodies.map((body) => (JSON.parse(body) as { 字: number }).字).sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, at) => at));
  });
});

describe('figures', () => {
  test('are quantiles of what was measured', () => {
    const values = Array.from({ length: 100 }, (_, at) => 100 - at);
    expect([quantile(values, 0.5), quantile(values, 0.95), quantile(values, 1), median([3, 1, 2, 10]), round(1.005, 1)]).toEqual([50, 95, 100, 2.5, 1]);
  });

  test('come with the machine that gave them', () => {
    expect(machineFacts()).toMatchObject({ node: process.versions.node });
    expect(treeSeconds(process.pid)).toBeGreaterThanOrEqual(0);
  });
});

test.each([50, 200])('the form of %i fields compiles, a tenth of it conditional', (size) => {
  const spec = makeSpec(size);
  const registry = createRegistry([...files.values(), ...documentsOf(spec)], sha256);
  const { items, sections } = compileForm(registry.getStandard(spec.name), registry);
  expect([items.length, sections.length, items.filter(({ enableWhen }) => enableWhen).length]).toEqual([size, size / 10, size / 10]);
  expect(items.find(({ key }) => key === spec.dependent)?.enableWhen?.reads).toEqual([spec.trigger]);
});

test.each([40, 200])('the made records of %i elements are sound, and to Ajv too', (size) => {
  const spec = makeRecordSpec(size);
  const registry = createRegistry([...files.values(), ...spec.documents], sha256);
  const form = compileForm(registry.getStandard(spec.name), registry);
  const prepared = prepareForm(form, createStructureCheck(form.structure));
  const { data, findings } = prepared.evaluate({ data: drawRecord(spec, createRandom('test')) }, { today: '2026-11-22' });
  expect(form.items).toHaveLength(size);
  expect(findings.filter(({ severity }) => severity === 'hard')).toEqual([]);
  expect(createAjv().compile(spec.jsonSchema)(data)).toBe(true);
});

test('saves carry a form that was filled in', async () => {
  const [one = []] = await drawAnswers(1);
  expect(one.length).toBeGreaterThan(20);
});
