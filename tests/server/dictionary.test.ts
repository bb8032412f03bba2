/** The dictionary says what the standards say, in the page's index, as CSV and as a workbook. */
import { unzipSync } from 'fflate';
import Papa from 'papaparse';
import { beforeAll, describe, expect, test } from 'vitest';
import type { DictionaryIndex, DictionaryValueSetReply } from '../../schemas/dictionary.ts';
import { countElements } from '../../schemas/registry.ts';
import { engines } from '../support/engines.ts';
import { header, id, useServer, type Person } from './support/app.ts';

const [engine] = engines();

describe('the dictionary', () => {
  const store = engine?.fresh();
  const server = useServer(() => (store ?? missing()).open);
  let reader: Person;
  beforeAll(async () => void (reader = await server.person({ siteId: await server.site(), role: 'analyst' })));

  test('has every element of the release, and is not sent twice', async () => {
    const reply = await reader.get('/api/dictionary');
    const index = reply.json<DictionaryIndex>();
    const { standards } = server.context;
    expect(index.standards.map(({ subDataset }) => subDataset)).toEqual(standards.getRelease().standards.map(({ subDataset }) => subDataset));
    for (const each of index.standards) {
      expect(each.elements.filter(({ type }) => type !== 'repeat'), each.subDataset).toHaveLength(countElements(standards.getStandard(each.subDataset, each.version)));
    }
    const again = await reader.send('GET', '/api/dictionary', undefined, { 'if-none-match': String(reply.headers['etag']) });
    expect([again.statusCode, again.body]).toEqual([304, '']);
  });

  test('shows a value set with the elements that have it', async () => {
    const { document, uses, versions } = (await reader.get('/api/dictionary/value-sets/laterality/1.0.0')).json<DictionaryValueSetReply>();
    expect(document.codes.length).toBeGreaterThan(2);
    expect(uses).toContainEqual({ subDataset: 'lesion-register', version: '1.0.0', path: 'laterality' });
    expect(versions).toEqual(['1.0.0']);
    expect((await reader.get('/api/dictionary/value-sets/laterality/9.0.0')).statusCode).toBe(404);
  });

  test('tells the versions of a sub-dataset, and which releases pin them', async () => {
    const [first] = (await reader.get('/api/dictionary/history/lesion-register')).json<{ version: string; releases: string[]; added: string[] }[]>();
    expect(first?.version).toBe('1.0.0');
    expect(first?.releases).toContain('2026.1');
    expect(first?.added).toContain('longDiameter');
  });

  test.each(['standards', 'elements', 'codes', 'rules'])('gives %s as CSV that a spreadsheet opens, with no formula in it', async (name) => {
    const reply = await reader.get(`/api/dictionary/files/${name}.csv`);
    const { data, errors } = Papa.parse<string[]>(reply.body.slice(1), { newline: '\r\n', skipEmptyLines: true });
    expect(reply.body.charCodeAt(0)).toBe(0xfeff);
    expect(errors).toEqual([]);
    expect(new Set(data.map((row) => row.length)).size).toBe(1);
    expect(data.length).toBeGreaterThan(5);
    expect(data.slice(1).flat().filter((cell) => /^[=+@]/.test(cell))).toEqual([]);
  });

  test('gives one sub-dataset as a workbook with four sheets', async () => {
    const reply = await reader.get('/api/dictionary/files/dictionary.xlsx?subDataset=melanoma-staging');
    const files = unzipSync(reply.rawPayload);
    expect(Object.keys(files).filter((name) => name.startsWith('xl/worksheets/sheet'))).toHaveLength(4);
    const text = Object.values(files).map((bytes) => Buffer.from(bytes).toString()).join('');
    expect(text).toContain('Breslow厚度');
    expect(text).not.toContain('<f>');
    expect(reply.headers['content-disposition']).toContain('melanoma-staging');
  });

  test('is for people who are signed in and may read standards', async () => {
    expect((await server.app.inject({ url: '/api/dictionary', headers: header })).statusCode).toBe(401);
    expect((await reader.get('/api/dictionary/files/secrets.csv')).statusCode).toBe(400);
    expect((await reader.get(`/api/dictionary/history/${id().slice(0, 8)}`)).statusCode).toBe(404);
  });
});

function missing(): never {
  throw new Error('No engine');
}
