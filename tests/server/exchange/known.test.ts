/** What leaves of values that are known elsewhere: those of the record's day, nobody's name without the right to know it, on each engine. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import Papa from 'papaparse';
import { v7 as uuidv7 } from 'uuid';
import { beforeAll, describe, expect, test } from 'vitest';
import { makeRelease } from '../../../schemas/bin/release.ts';
import type { Change } from '../../../schemas/http/api.ts';
import { createRegistry } from '../../../schemas/registry.ts';
import type { Manifest } from '../../../server/exchange/export/manifest.ts';
import { previewExport } from '../../../server/exchange/export/preview.ts';
import { writeExport } from '../../../server/exchange/export/run.ts';
import { editSubject, enrol } from '../../../server/services/enrol.ts';
import { addVisit } from '../../../server/services/entities.ts';
import { rename } from '../../../server/services/people.ts';
import type { Actor } from '../../../server/services/permissions.ts';
import { saveRecord } from '../../../server/services/save-record.ts';
import { standardsFolder } from '../../../server/standards.ts';
import { engines } from '../../support/engines.ts';
import { knowing } from '../support/example.ts';
import { usePlace } from './everything.ts';

const digest = (text: string) => createHash('sha256').update(text).digest('hex');

function standards() {
  const files = readdirSync(standardsFolder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /^(common|value-sets|tables|basic-information\/patient-basic-info)\/|^(dialect|catalogue|bound-values)\.json$/.test(file.replaceAll('\\', '/')) && file.endsWith('.json') && !file.endsWith('.cases.json'));
  const documents = [...files.map((file) => JSON.parse(readFileSync(join(standardsFolder, file), 'utf8')) as unknown), knowing];
  return createRegistry([...documents, makeRelease(createRegistry(documents, digest), '2099.1')], digest);
}

describe.each(engines())('exporting what is known, on $name', ({ fresh }) => {
  const store = fresh();
  const place = usePlace(() => store.db, standards);
  const rowId = uuidv7();
  const records: { [name: string]: string } = {};
  const request = { release: '2099.1', subDatasets: ['knowing'], profile: 'analysis' as const, language: 'zh' as const };

  const exported = async (actor: Actor, more: object = {}) => {
    const chunks: Uint8Array[] = [];
    await writeExport(place.context, { request: { ...request, siteIds: [place.siteId], ...more }, actor, version: '0', engine: store.open.engine }, async (bytes) => void chunks.push(Buffer.from(bytes)));
    const files = Object.fromEntries(Object.entries(unzipSync(Buffer.concat(chunks))).map(([name, bytes]) => [name, Buffer.from(bytes).toString()]));
    const rows = (name: string) => Papa.parse<{ [column: string]: string }>(files[name] ?? '', { header: true, skipEmptyLines: true }).data;
    return { files, rows, manifest: JSON.parse(files['manifest.json'] ?? '') as Manifest, row: (name: string) => rows('knowing.csv').find((row) => row['record_id'] === records[name]) };
  };
  const save = async (name: string, subjectId: string, visitId?: string, more: Change[] = []) => {
    records[name] = uuidv7();
    const changes: Change[] = [{ pointer: '/doctor', value: place.actor.accountId }, { pointer: `/orders/${rowId}`, value: { rowId } }, { pointer: `/orders/${rowId}/nurse`, value: place.actor.accountId }, ...more];
    await saveRecord(place.context, store.db, place.actor, {
      siteId: place.siteId, recordId: records[name], base: 0,
      request: { contribution: uuidv7(), subjectId, ...(visitId ? { visitId } : {}), subDataset: 'knowing', standardVersion: '1.0.0', changes, status: 'in-progress' },
    });
  };

  beforeAll(async () => {
    const { context, actor, siteId } = place;
    const subjectId = uuidv7();
    await enrol(context, actor, siteId, { id: subjectId, contribution: uuidv7(), identity: { name: '绝密姓名', sex: '1', birthDate: '1961-03-05', maritalStatus: '10' } });
    const visits = [{ id: uuidv7(), visitDate: '2026-01-01', bed: '7' }, { id: uuidv7(), visitDate: '2026-06-01', bed: '9' }];
    for (const { id, visitDate, bed } of visits) await addVisit(context, actor, siteId, subjectId, { id, contribution: uuidv7(), kind: 'inpatient', visitDate, details: { inpatientNumber: `绝密${bed}`, bed, admissionCount: 1 } });
    await save('winter', subjectId, visits[0]?.id);
    await save('summer', subjectId, visits[1]?.id, [{ pointer: '/doctor', value: 'not an id' }]);
    await save('none', subjectId);
    await editSubject(context, actor, siteId, subjectId, { contribution: uuidv7(), identity: { sex: '2', maritalStatus: '20' }, from: '2026-03-01' });
    await rename(context, { ...actor, memberships: [{ role: 'system-administrator' }] }, actor.accountId, { displayName: '王新名', from: '2026-02-01' });
  }, 60_000);

  test('gives the values of the record’s day, sealed ones too', async () => {
    const { row } = await exported(place.actor);
    const wanted = ({ sex, marital, age, bed, count, author }: { [column: string]: string } = {}) => [sex, marital, age, bed, count, author];
    expect(wanted(row('winter'))).toEqual(['1', '10', '64', '7', '1', '王敏']);
    expect(wanted(row('summer'))).toEqual(['2', '20', '65', '9', '1', '王新名']);
    expect(wanted(row('none'))).toEqual(['2', '20', '65', '', '', '王新名']);
    expect(row('winter')?.['marital__label']).toBe('未婚');
  });

  test('names staff for those who write records, and nobody for an analyst', async () => {
    const writer = await exported(place.actor);
    expect([writer.row('winter')?.['doctor__name'], writer.row('summer')?.['doctor__name'], writer.row('none')?.['doctor__name']]).toEqual(['王敏', '', '王新名']);
    expect(writer.rows('knowing__orders.csv').map((row) => row['nurse__name']).sort()).toEqual(['王敏', '王新名', '王新名'].sort());
    const analyst = await exported(place.actorWith('analyst'));
    expect(analyst.row('winter')?.['doctor']).toBe(place.actor.accountId);
    for (const [name, text] of Object.entries(analyst.files)) expect(text.includes('王敏') || text.includes('王新名') || text.includes('绝密'), name).toBe(false);
    expect(analyst.manifest.withheld.map(({ table, column }) => `${table} ${column}`)).toEqual(['knowing.csv name', 'knowing.csv inpatient', 'knowing.csv doctor__name', 'knowing__orders.csv nurse__name']);
  });

  test('holds what identifies for nobody, and is the same for a filter', async () => {
    const { files, rows } = await exported(place.actor, { filter: { subDataset: 'knowing', expression: `subject.sex == '1'` } });
    for (const [name, text] of Object.entries(files)) expect(text.includes('绝密'), name).toBe(false);
    expect(rows('knowing.csv').map((row) => [row['record_id'], row['marital'], row['bed']])).toEqual([[records['winter'], '10', '7']]);
    expect((await previewExport(place.context, place.actor, { ...request, siteIds: [place.siteId] })).tables.find(({ table }) => table === 'knowing.csv')).toMatchObject({ rows: 3 });
  });

  test('leaves no value behind for whoever uses the connection next', async () => {
    await exported(place.actor);
    const { rows } = await import('kysely').then(({ sql }) => sql<{ left: string | null }>`select current_setting('xf.known', true) as left`.execute(store.db));
    expect(rows[0]?.left ?? '').toBe('');
  });
});
