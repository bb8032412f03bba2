/** What the pages work out before they draw. */
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { mayAnywhere, mayAt } from '../../../client/controllers/permissions.ts';
import { ageInWords, momentOf, sizeInWords } from '../../../client/elements/shell/format.ts';
import { enrolmentForm, identityChanges, identityOf } from '../../../client/pages/enrol/enrolment.ts';
import { grainOf } from '../../../client/pages/patient/grain.ts';
import { groupRecords } from '../../../client/pages/patient/time-line.ts';
import { membershipsIn } from '../../../client/pages/people/boxes.ts';
import { givenChanges } from '../../../client/pages/record/place.ts';
import { matchesItem } from '../../../client/pages/standard/element.ts';
import type { Expression } from '../../../schemas/form.ts';
import { aForm, anItem, basicInfo, sexCodes } from '../support/a-form.ts';
import { aFakeApi, aMe, aSubject, aWholeSubject } from '../support/fake-api.ts';

beforeAll(() => { vi.stubGlobal('document', { documentElement: { lang: 'zh-CN' } }); });

describe('the form that enrols', () => {
  const reading = (...reads: string[]): Expression => ({ source: '', tree: { op: 'value', value: true }, reads });
  const check = { severity: 'hard' as const, message: { zh: '', en: '' }, at: [], source: '' };
  const full = { ...basicInfo, checks: [{ ...check, id: 'kept', assert: reading('birthDate') }, { ...check, id: 'dropped', assert: reading('birthDate', 'employer') }] };
  const form = enrolmentForm(full);

  test('asks for what is kept with the patient, and lets it be typed', () => {
    expect(form.items.map(({ key }) => key)).toEqual(['patientName', 'sexCode', 'birthDate', 'identityNumber', 'telephone']);
    expect(form.items.every(({ bind }) => bind === undefined)).toBe(true);
    expect(form.sections.flatMap(({ items }) => items)).not.toContain('employer');
  });

  test('leaves out rules that need what it does not ask', () => {
    expect(form.checks.map(({ id }) => id)).toEqual(['kept']);
  });

  test('leaves the standard as it was', () => {
    expect(full.items).toBe(basicInfo.items);
    expect(basicInfo.items[0]?.bind).toBe('subject.name');
  });

  test('sends what was answered', () => {
    expect(identityOf({ patientName: '欧阳', sexCode: undefined, rows: [{ rowId: '1' }] })).toEqual({ patientName: '欧阳' });
  });

  test('corrects what differs, and takes away what was emptied', () => {
    expect(identityChanges(form, { patientName: '甲', telephone: '1', sexCode: '2' }, { patientName: '乙', sexCode: '2', birthDate: '1961' })).toEqual({ patientName: '乙', telephone: null, birthDate: '1961' });
  });
});

describe('the time line', () => {
  const subject = aWholeSubject(aFakeApi().state, aSubject(1));

  test('puts the person first, then the visits with the latest first, empty ones too', () => {
    const groups = groupRecords(subject, 'visit');
    expect(groups.map(({ title, records }) => [title, records.length])).toEqual([['患者', 1], ['2026-05-14 随访', 0], ['2026-03-18 手术', 2], ['2026-03-02 基线', 2]]);
  });

  test('goes by lesion in their order', () => {
    expect(groupRecords(subject, 'lesion').map(({ title, records }) => [title, records.length])).toEqual([['患者', 2], ['L1 左足底', 3], ['L2 右侧腹股沟区淋巴结引流区皮肤', 0]]);
  });

  test.for(['visit', 'lesion'] as const)('loses no record by %s', (order) => {
    expect(groupRecords(subject, order).flatMap(({ records }) => records)).toHaveLength(subject.recordList.length);
  });
});

test.for([
  { per: 'subject', lesion: 'none', visit: 'none' }, { per: 'visit', lesion: 'none', visit: 'must' }, { per: 'lesion', lesion: 'must', visit: 'may' },
  { per: 'image', lesion: 'may', visit: 'may' }, { per: 'any', lesion: 'may', visit: 'may' },
])('a form per $per names a lesion: $lesion, a visit: $visit', ({ per, lesion, visit }) => {
  expect(grainOf(per)).toEqual({ lesion, visit });
});

test('a new form is given its lesion, the person and the day, where it asks for them', () => {
  const start = { today: '2026-05-14', personId: 'p1' };
  const identity = { id: 'r', subjectId: 's', subDataset: 'd', standardVersion: '1.0.0', lesionId: 'l1' };
  const asks = [anItem('note'), anItem('lesionRef', { type: 'reference', refersTo: 'lesion' }), anItem('nurse', { type: 'reference', refersTo: 'person', initial: 'person.id' }), anItem('day', { type: 'date', initial: 'today' })];
  expect(givenChanges({ form: aForm({ items: asks }), identity }, start)).toEqual([{ pointer: '/nurse', value: 'p1' }, { pointer: '/day', value: '2026-05-14' }, { pointer: '/lesionRef', value: 'l1' }]);
  expect(givenChanges({ form: aForm({ items: asks }), identity }, { ...start, personId: undefined })).toHaveLength(2);
  expect(givenChanges({ form: aForm(), identity }, start)).toEqual([]);
});

test('roles are those rows where a role is chosen; no site is the whole network', () => {
  expect(membershipsIn({ 'role-0': 'nurse', 'site-0': 's1', 'site-1': 's1', 'role-2': 'system-administrator' })).toEqual([{ role: 'nurse', siteId: 's1' }, { role: 'system-administrator' }]);
});

test.for([['男', true], ['sex', true], ['gb', true], ['xyz', false]] as const)('an element is found by %s: %s', ([words, isFound]) => {
  const item = anItem('sexCode', { title: { zh: '性别', en: 'Sex' }, element: { DE: 'GB/T 2261.1' } });
  expect(matchesItem(item, sexCodes, words)).toBe(isFound);
});

test('a permission holds at its site, or everywhere for the network', () => {
  const me = aMe({ network: [] });
  const [first, second] = me.sites.map(({ id }) => id);
  expect([mayAt(me, first ?? '', 'record:write'), mayAt(me, second ?? '', 'record:write'), mayAnywhere(me, 'record:write')]).toEqual([true, false, true]);
  expect(mayAt(aMe({ sites: [], network: ['record:read'] }), 'any', 'record:read')).toBe(true);
});

describe('in words', () => {
  test.for([['1961-03-07', '65 岁'], ['1961', '约 65 岁'], ['1961-03', '65 岁'], [undefined, undefined]] as const)('born %s is %s', ([birthDate, words]) => {
    expect(ageInWords(birthDate, '2026-05-14')).toBe(words);
  });

  test('a moment of today is a time, of another day a date with it', () => {
    const now = new Date(2026, 4, 14, 12);
    expect(momentOf(new Date(2026, 4, 14, 9, 5).toISOString(), now)).toBe('09:05');
    expect(momentOf(new Date(2026, 4, 13, 9, 5).toISOString(), now)).toBe('2026-05-13 09:05');
  });

  test.for([[0, '0 B'], [999, '999 B'], [2_400_000, '2.4 MB'], [40_000, '40 kB']] as const)('%i bytes are %s', ([bytes, words]) => {
    expect(sizeInWords(bytes)).toBe(words);
  });
});
