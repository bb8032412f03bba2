import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Run } from '../../schemas/http/protocol-api.ts';
import { standardsFolder } from '../../server/standards.ts';
import { engines } from '../support/engines.ts';
import { readPdf } from '../support/pdf.ts';
import { aSubject, id, useServer } from './support/app.ts';

const words = (title: string) => ({ title, text: { en: { title } } });

/** Another tumour, another hospital's way of naming, another sheet of labels: one file, and no line of code. */
const naevus = {
  $schema: 'https://xiangya-forms.org/standards/protocols/protocol.schema.json', $id: 'https://xiangya-forms.org/standards/protocols/naevus-sample/1.0.0.json',
  ...words('Naevus samples'), source: 'test', visit: ['treatment'], lesion: 'may',
  steps: [{
    id: 'excision', ...words('Excision'), form: 'melanoma-resection-imaging/1.0.0', tasks: [{ moment: 'removalDateTime', ...words('Removed') }, { aliquots: true }, { moment: 'handoverDateTime', ...words('Handed over') }], sheet: ['removalDateTime'],
  }],
  clocks: [{ id: 'air', ...words('In the air'), from: 'excision.removalDateTime', to: 'excision.handoverDateTime', limit: 2, warnBefore: 1, deviation: { code: 'dry', ...words('Left to dry') }, source: 'test' }],
  acceptance: [],
  aliquots: [{ id: 'skin', each: 'excision', ...words('Skin'), planned: 1, count: '1', fields: {}, source: 'test' }],
  naming: { parts: [{ text: 'N' }, { subject: 'studyNumber', after: '-', digits: 6 }, { series: 'record', as: 'letter' }, { series: 'aliquot', as: 'number', width: 1 }], pattern: 'N[0-9]{6}[A-Z][0-9]', source: 'test' },
  labels: { symbol: 'qrcode', fields: ['code', 'content'], page: { width: 100, height: 150 }, columns: 2, rows: 5, left: 5, top: 5, width: 40, height: 25, across: 45, down: 28 },
};

const folder = mkdtempSync(join(tmpdir(), 'xf-protocols-'));
cpSync(join(standardsFolder, 'protocols'), folder, { recursive: true });
mkdirSync(join(folder, 'naevus-sample'));
writeFileSync(join(folder, 'naevus-sample', '1.0.0.json'), JSON.stringify(naevus));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(engines())('another protocol, on $name', ({ fresh }) => {
  const store = fresh();
  const server = useServer(() => store.open, { protocols: folder });

  test('is another file: it is offered, run, timed, named and printed', async () => {
    const siteId = await server.site();
    const nurse = await server.person({ siteId, role: 'nurse' });
    const subjectId = await aSubject(nurse, siteId);
    const [visitId, runId, recordId] = [id(), id(), id()];
    await nurse.post(`/api/sites/${siteId}/subjects/${subjectId}/visits`, { id: visitId, contribution: id(), kind: 'treatment', visitDate: '2026-11-22' });
    expect((await nurse.get('/api/protocols')).json<{ name: string }[]>().map(({ name }) => name)).toEqual(['melanoma-sample', 'naevus-sample']);
    const started = await nurse.post(`/api/sites/${siteId}/protocol-runs`, { id: runId, contribution: id(), protocol: 'naevus-sample', subjectId, visitId });
    expect(started.json<Run>().state.next).toEqual({ kind: 'moment', step: 'excision', key: 'removalDateTime' });
    const url = `/api/sites/${siteId}/protocol-runs/${runId}`;
    await nurse.post(`${url}/records`, { contribution: id(), recordId, step: 'excision', moment: { key: 'removalDateTime', at: server.context.clock.now().toISOString() } });
    const named = await nurse.post(`${url}/aliquots`, { contribution: id(), recordId, counts: { skin: 2 } });
    expect(named.json<Run>().aliquots.map(({ code }) => code)).toEqual(['N000001A1', 'N000001A2']);
    server.wait(3 * 60_000);
    expect((await nurse.get(url)).json<Run>().deviations).toMatchObject([{ code: 'dry', minutes: 3, limit: 2 }]);
    expect(readPdf((await nurse.get(`${url}/labels.pdf?language=en`)).rawPayload)).toMatchObject({ pages: 1, runs: ['N000001A1', 'Skin', 'N000001A2', 'Skin'] });
    expect(readPdf((await nurse.get(`${url}/run-sheet.pdf?language=en`)).rawPayload).runs.join(' ')).toContain('Left to dry');
  });
});
