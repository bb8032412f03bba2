/** What leaves as XML comes back equal: of every sub-dataset, on each engine; and nothing hostile gets in. */
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { v7 as uuidv7 } from 'uuid';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadStandards } from '../../../schemas/bin/load.ts';
import type { FormRecord } from '../../../schemas/http/api.ts';
import { Problem } from '../../../schemas/problem.ts';
import { changesOf } from '../../../server/demo/answers.ts';
import { changesFrom } from '../../../server/exchange/xml/changes.ts';
import { readXml } from '../../../server/exchange/xml/read.ts';
import { exportRecordXml, importRecordXml } from '../../../server/exchange/xml/run.ts';
import { namespace, recordXml } from '../../../server/exchange/xml/write.ts';
import { addVisit } from '../../../server/services/entities.ts';
import { enrol } from '../../../server/services/enrol.ts';
import { readRecord } from '../../../server/services/read-record.ts';
import { saveRecord } from '../../../server/services/save-record.ts';
import { engines } from '../../support/engines.ts';
import { sampleOf, surroundings } from '../../support/sample.ts';
import { standardsWithEverything, usePlace } from './everything.ts';

const { registry } = loadStandards(fileURLToPath(new URL('../../../standards', import.meta.url)));

describe.each(engines())('XML of every standard, on $name', ({ fresh }) => {
  const store = fresh();
  const place = usePlace(() => store.db, () => registry);
  const [subjectId, visitId] = [uuidv7(), uuidv7()];

  beforeAll(async () => {
    await enrol(place.context, place.actor, place.siteId, { id: subjectId, contribution: uuidv7(), identity: { sex: '2', birthDate: '1961-03-05', name: '王某' } });
    await addVisit(place.context, place.actor, place.siteId, subjectId, { id: visitId, contribution: uuidv7(), kind: 'operation', visitDate: '2026-11-20' });
  });

  test.for(registry.standards.map(({ subDataset, version }) => [subDataset, version] as const))('%s comes back equal', async ([subDataset, version]) => {
    const { context, actor, siteId } = place;
    const form = context.forms.get(subDataset, version);
    const references = { subject: subjectId, site: siteId, visit: visitId, person: actor.accountId, lesion: uuidv7(), specimen: uuidv7(), image: uuidv7(), record: uuidv7() };
    for (const share of [1, 0.6, 0]) {
      const answers = sampleOf(form, { seed: 'xml', share, references, context: surroundings });
      const id = uuidv7();
      const request = { contribution: uuidv7(), subjectId, visitId, subDataset, standardVersion: version, changes: changesOf(answers), status: 'in-progress' as const };
      const saved = await saveRecord(context, store.db, actor, { siteId, recordId: id, base: 0, request });
      const { xml } = await exportRecordXml(context, actor, siteId, id);
      const [copy, contribution] = [uuidv7(), uuidv7()];
      const given = { siteId, recordId: copy, subjectId, visitId, contribution, bytes: Buffer.from(xml) };
      const { record, refused } = await importRecordXml(context, actor, given);
      expect(refused).toEqual([]);
      expect({ data: record.data, missing: record.missing, parked: record.parked }).toEqual({ data: saved.data, missing: saved.missing, parked: saved.parked });
      expect((await importRecordXml(context, actor, given)).record.version).toBe(1);
      const read = await readRecord(context, actor, siteId, copy);
      expect(read.data).toEqual(saved.data);
      expect(read.origin).toMatchObject({ fileSha256: createHash('sha256').update(xml, 'utf8').digest('hex') });
    }
  });
});

const everything = standardsWithEverything();

describe('a record as XML', async () => {
  const { compileForm } = await import('../../../schemas/compile.ts');
  const form = compileForm(everything.getStandard('everything'), everything);
  const recordOf = (data: FormRecord['data'], more: Partial<FormRecord> = {}): FormRecord => ({
    id: uuidv7(), subjectId: uuidv7(), subDataset: 'everything', standardVersion: '1.1.0', status: 'in-progress', version: 1, updatedAt: '', hardFindings: 0, softFindings: 0,
    data, missing: {}, parked: {}, findings: [], context: { today: '2026-11-22', bound: {} }, withheld: [], people: {}, ...more,
  });
  const write = (record: FormRecord) => recordXml({ form, record, siteCode: 'XY01', studyNumber: 'XY01-000001' });
  const read = (xml: string) => changesFrom(form, readXml(Buffer.from(xml)));
  const element = (inner: string) => `<record xmlns="${namespace}" subDataset="everything" standardVersion="1.1.0">${inner}</record>`;

  test('gives back any text, control characters and all', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', minLength: 1 }).filter((text) => text.normalize() !== '' && !/\p{Surrogate}/u.test(text)), fc.string({ unit: 'binary-ascii', minLength: 1 }), (words, story) => {
      const { changes, refused } = read(write(recordOf({ words, story })));
      expect(refused).toEqual([]);
      expect(changes).toEqual([{ pointer: '/words', value: words }, { pointer: '/story', value: story }]);
    }), { numRuns: 300 });
  });

  test('keeps reasons, parked values and what may not be told apart', () => {
    const xml = write(recordOf({ answer: 'no' }, { missing: { '/day': 'refused' }, parked: { '/detail': 'once' }, withheld: ['subject.name'], context: { today: '2026-11-22', bound: { 'subject.sex': '2' } } }));
    expect(xml).toContain('source="subject.name" withheld="true"/>');
    expect(xml).not.toContain('王');
    expect(read(xml).changes).toEqual([{ pointer: '/day', missing: 'refused' }, { pointer: '/answer', value: 'no' }, { pointer: '/detail', value: 'once' }]);
    expect(read(xml).passedOver).toBe(2);
  });

  test.each([
    ['an unknown element', '<element key="nothing">1</element>', 'The form has no such data element'],
    ['an element without identifier', '<element>1</element>', 'The element names no data element: key, hdsd or de'],
    ['identifiers that contradict each other', '<element key="words" de="DE01">1</element>', 'The form has no such data element'],
    ['a word where a number is expected', '<element key="whole">secret</element>', 'A number is expected'],
    ['an element that stands twice', '<element key="words">a</element><element key="words">b</element>', 'The element stands twice'],
    ['an unknown repeat', '<repeat key="none"/>', 'The form has no such repeat'],
    ['a row whose id is no UUID', '<repeat key="orders"><row id="1"/></repeat>', 'The id of a row is a UUID'],
  ])('refuses %s by line and column, without the value, and keeps the rest', (_, inner, detail) => {
    const { changes, refused } = read(element(`${inner}<element key="flag">true</element>`));
    expect(refused).toEqual([{ pointer: expect.stringMatching(/^\/line\/\d+\/column\/\d+$/) as string, detail }]);
    expect(changes).toContainEqual({ pointer: '/flag', value: true });
    expect(JSON.stringify(refused)).not.toContain('secret');
  });

  test.each([
    ['no XML', 'PK\u0003'],
    ['a cut file', element('<element key="words">a').slice(0, -9)],
    ['a billion laughs', `<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>${element('&b;')}`],
    ['a file from outside', `<!DOCTYPE r SYSTEM "file:///etc/passwd">${element('')}`],
    ['an entity of its own', element('<element key="words">&secret;</element>')],
    ['another namespace', '<record xmlns="urn:other"/>'],
    ['another structure', element('<row/>')],
    ['text between elements', element('secret')],
    ['nothing', ''],
  ])('refuses %s as a whole, and says where', (_, xml) => {
    expect.assertions(3);
    try {
      readXml(Buffer.from(xml));
    } catch (error) {
      expect(error).toBeInstanceOf(Problem);
      expect((error as Problem).key).toBe('data-invalid');
      expect(JSON.stringify((error as Problem).errors)).not.toContain('secret');
    }
  });

  test('reads a file of a thousand rows in a moment, and refuses what is not UTF-8', () => {
    const rows = Array.from({ length: 1000 }, () => `<row id="${uuidv7()}"><element key="dose">1</element></row>`).join('');
    expect(read(element(`<repeat key="orders">${rows}</repeat>`)).changes).toHaveLength(2000);
    expect(() => readXml(Uint8Array.from([0xff, 0xfe, 0x3c]))).toThrow(Problem);
  });
});
