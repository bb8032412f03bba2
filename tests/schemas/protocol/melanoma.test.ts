/** The melanoma sample protocol over the real forms: its clocks and the calculations of the forms never say two things. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileForm } from '../../../schemas/compile.ts';
import { createStructureCheck } from '../../../schemas/dialect.ts';
import type { Data } from '../../../schemas/form.ts';
import { prepareForm } from '../../../schemas/prepare.ts';
import { evaluateRun } from '../../../schemas/protocol/evaluate.ts';
import { checkProtocol, createProtocols } from '../../../schemas/protocol/protocols.ts';
import type { RunFacts, RunRecord } from '../../../schemas/protocol/run.ts';
import { loadStandards } from '../../../schemas/bin/load.ts';
import { fileURLToPath } from 'node:url';
import { aRecord, at, facts, id, schema } from './a-protocol.ts';

const { registry } = loadStandards(fileURLToPath(new URL('../../../standards', import.meta.url)));
const text = readFileSync(new URL('../../../standards/protocols/melanoma-sample/1.0.0.json', import.meta.url), 'utf8');
const document = JSON.parse(text) as object;
const formOf = (subDataset: string) => compileForm(registry.getStandard(subDataset, '1.0.0'), registry);
const protocol = createProtocols([document], schema, ({ subDataset, version }) => compileForm(registry.getStandard(subDataset, version), registry), () => 'sha').get('melanoma-sample');
const fill = (subDataset: string) => {
  const form = formOf(subDataset);
  const prepared = prepareForm(form, createStructureCheck(form.structure));
  return (data: Data) => prepared.evaluate({ data }, { today: '2026-05-14' }).data;
};
const tissue = fill('melanoma-tissue-pretreatment');
const blood = fill('melanoma-blood-pretreatment');
const resection = fill('melanoma-resection-imaging');

const run = (records: RunRecord[], now: string, changes: Partial<RunFacts> = {}) => evaluateRun(protocol, facts({ records, now, ...changes }));
const clockOf = (records: RunRecord[], now: string, clock: string) => run(records, now).clocks.find((each) => each.id === clock);

describe('the melanoma sample protocol', () => {
  test('fits its forms, and says where it would not', () => {
    const mistakes = (written: object) => checkProtocol(written, schema, ({ subDataset, version }) => compileForm(registry.getStandard(subDataset, version), registry));
    expect(mistakes(document)).toEqual([]);
    const spoilt = text.replace('"moment": "removalDateTime"', '"moment": "removedAt"').replace('"photoRole": "dermoscopic"', '"photoRole": "dermoscope"').replace('"to": "tissue.stabilisationDateTime"', '"to": "tissue.frozenAt"');
    expect(mistakes(JSON.parse(spoilt) as object)).toEqual([
      { pointer: '/steps/0/tasks/2/is/photoRole', detail: "'dermoscope' is not a code of photo-role/1.0.0" },
      { pointer: '/steps/0/tasks/5/moment', detail: "The form of the step has no element 'removedAt'" },
      { pointer: '/clocks/2/to', detail: "Unknown name 'tissue.frozenAt' (at character 1)" },
    ]);
  });

  test('has the limits of its sources', () => {
    expect(Object.fromEntries(protocol.protocol.clocks.map(({ id: clock, target, limit }) => [clock, typeof limit === 'object' ? limit.source : [target, limit].filter((each) => each !== undefined)]))).toEqual({
      'warm-ischaemia': [], 'hand-over': [10], 'cold-ischaemia': [20, 30], 'draw-to-spin': "blood.tubeType in ['PED', 'SED', 'EDG'] || isEmpty(blood.tubeType) ? 240 : 480", 'spin-to-freeze': [60], 'frozen-to-stored': [],
    });
  });

  test('asks for the four pictures, in the order of the checklist', () => {
    const pictures = protocol.protocol.steps[0]?.tasks.filter((task) => task.kind === 'picture').map(({ id: picture, is }) => [picture, is['photoRole']]);
    expect(pictures).toEqual([['overview', 'overview'], ['closeup', 'closeup-with-scale'], ['dermoscopic', 'dermoscopic'], ['specimen', 'specimen-fresh']]);
  });

  const minutes = fc.integer({ min: 0, max: 600 });
  const seconds = fc.integer({ min: 0, max: 59 });

  test('calls tissue late exactly where its form does not accept the cold ischaemia', () => {
    fc.assert(fc.property(minutes, seconds, (m, s) => {
      const data = tissue({ removalDateTime: at(0), stabilisationDateTime: at(m, s) });
      const clock = clockOf([aRecord(2, 'tissue', data)], at(m, s), 'cold-ischaemia');
      expect(data['coldIschemiaMinutes']).toBe(clock?.minutes);
      expect(data['coldIschemiaAccepted']).toBe(clock?.state === 'stopped');
    }));
  });

  test('calls a spin late exactly where its form does not accept the delay, for every tube', () => {
    fc.assert(fc.property(minutes, seconds, fc.constantFrom('PED', 'SED', 'EDG', 'SST', 'CAT', 'HEP', 'ACD'), (m, s, tubeType) => {
      const data = blood({ drawDateTime: at(0), spin1DateTime: at(m, s), tubeType });
      const clock = clockOf([aRecord(2, 'blood', data)], at(m, s), 'draw-to-spin');
      expect(data['spinDelayAccepted']).toBe(clock?.state === 'stopped');
    }));
  });

  test('counts the hand-over as its form does', () => {
    fc.assert(fc.property(minutes, seconds, (m, s) => {
      const data = resection({ removalDateTime: at(0), handoverDateTime: at(m, s) });
      const clock = clockOf([aRecord(2, 'resection', data)], at(m, s), 'hand-over');
      expect([clock?.minutes, clock?.state === 'late']).toEqual([data['transportToLabMinutes'], m > 10]);
    }));
  });

  test.for([
    { piece: 'tumor-core', descriptor: 'primary', code: '01' }, { piece: 'tumor-edge', descriptor: 'metastatic', code: '06' }, { piece: 'metastatic-node', descriptor: 'primary', code: '06' },
    { piece: 'skin-normal', descriptor: undefined, code: '11' }, { piece: 'distant-normal', descriptor: 'primary', code: '11' }, { piece: 'tumor-core', descriptor: 'recurrence', code: '02' },
  ])('names a $piece of a tumour that is $descriptor by sample type $code', ({ piece, descriptor, code }) => {
    const records = [aRecord(1, 'resection', descriptor ? { tumorDescriptor: descriptor } : {}), aRecord(2, 'tissue', { pieceType: piece })];
    expect(run(records, at(0)).aliquots[0]?.next).toEqual([`MEL-XY01-000123-${code}A-01X-01`]);
  });

  test('names no tumour whose nature nobody has said', () => {
    expect(run([aRecord(1, 'resection'), aRecord(2, 'tissue', { pieceType: 'tumor-core' })], at(0)).aliquots[0]).toMatchObject({ next: [], cannot: { unanswered: ['resection.tumorDescriptor'] } });
  });

  test('offers at least four plasma and one buffy coat of an EDTA tube, four serum of a serum tube', () => {
    const offered = (tubeType: string) => Object.fromEntries(run([aRecord(2, 'blood', { tubeType })], at(0)).aliquots.map(({ kind, next }) => [kind, next.length]));
    expect(offered('PED')).toEqual({ 'plasma': 4, 'buffy-coat': 1, 'whole-blood': 0 });
    expect(offered('SST')).toEqual({ serum: 4 });
  });

  test('leads through the moments in order while the cold ischaemia runs out', () => {
    const records = [aRecord(1, 'resection', { removalDateTime: at(0) })];
    expect(run(records, at(21)).next).toEqual({ kind: 'moment', step: 'tissue', key: 'receivedDateTime', clock: 'cold-ischaemia' });
    const received = aRecord(2, 'tissue', { removalDateTime: at(0), receivedDateTime: at(21), dissectionStartDateTime: at(22) });
    // What has gone by is not now: it is typed into the form.
    expect(run([aRecord(1, 'resection', { removalDateTime: at(0), handoverDateTime: at(5) })], at(6)).next).toMatchObject({ kind: 'picture' });
    expect(run([...records, received], at(23)).next).toEqual({ kind: 'moment', step: 'tissue', key: 'stabilisationDateTime', recordId: id(2), clock: 'cold-ischaemia' });
  });
});
