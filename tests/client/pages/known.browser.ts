/** What is known elsewhere, in a browser: people by name, what a form lacks of its visit and patient, and how both are filled in. */
import axe from 'axe-core';
import { describe, expect, test, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import { People } from '../../../client/controllers/people.ts';
import type { CrfForm } from '../../../client/elements/form/form.ts';
import type { PeopleSource } from '../../../client/fields/person-finder.ts';
import { to } from '../../../client/places.ts';
import { aForm, anItem } from '../support/a-form.ts';
import { aPage } from '../support/a-page.ts';
import { anApp, find, search, settle, textOf, type } from '../support/an-app.ts';
import { aMe, aSubject } from '../support/fake-api.ts';

vi.mock('../../../client/api.ts', async (original) => ({
  ...(await original<typeof import('../../../client/api.ts')>()),
  getStructureCheck: () => Promise.resolve(() => []),
  getIdentityCheck: () => Promise.resolve(() => []),
}));

const siteId = aMe().sites[0]?.id ?? '';
const subjectId = aSubject(1).id;
const visitId = '0198a000-0000-7000-8002-000000000003';
const me = { id: aMe().accountId, name: '张敏' };
const [ouyang, li] = [{ id: '0198a000-0000-7000-8007-000000000001', name: '欧阳大夫' }, { id: '0198a000-0000-7000-8007-000000000002', name: '李伟' }];

const people = (names: { [id: string]: string } = {}): PeopleSource & { asked: string[] } => {
  const asked: string[] = [];
  return {
    me, names: new Map(Object.entries(names)), asked,
    search: async (q) => (asked.push(q), { people: [ouyang, li, me].filter(({ name }) => name.includes(q)), hasMore: false }),
    read: async (ids) => new Map([ouyang, li].filter(({ id }) => ids.includes(id)).map(({ id, name }) => [id, name])),
  };
};
const staffForm = aForm({ items: [
  anItem('surgeon', { type: 'reference', refersTo: 'person', title: { zh: '手术医师', en: 'Surgeon' }, initial: 'person.id' }),
  anItem('name', { bind: 'subject.name', title: { zh: '姓名', en: 'Name' } }), anItem('bed', { bind: 'visit.bed', title: { zh: '床号', en: 'Bed' } }), anItem('dept', { bind: 'visit.department', title: { zh: '科室', en: 'Department' } }),
  anItem('phone', { bind: 'subject.phone', title: { zh: '电话', en: 'Telephone' } }),
  anItem('orders', { type: 'repeat', title: { zh: '医嘱', en: 'Orders' }, items: [
    anItem('nurse', { path: 'orders/nurse', type: 'reference', refersTo: 'person', title: { zh: '护士', en: 'Nurse' }, initial: 'person.id' }), anItem('day', { path: 'orders/day', type: 'date', title: { zh: '日期', en: 'Day' }, initial: 'today' }),
  ] }),
] });

describe('a person in a form', () => {
  test('is found by name with the keyboard alone; the first choice is the person signed in', async () => {
    const source = people();
    const { element, root, focus, keys, last, item } = await aPage({ form: staffForm, people: source });
    await focus('/surgeon');
    await keys('{ArrowDown}');
    await settle(30);
    await element.updateComplete;
    const options = () => [...(item('/surgeon')?.querySelectorAll('[role=option]') ?? [])].map((option) => option.textContent?.trim());
    expect(options()).toEqual(['我：张敏', '欧阳大夫', '李伟']);
    await keys('欧阳');
    await settle(30);
    expect(options()).toEqual(['欧阳大夫']);
    await keys('{Enter}');
    expect(last()).toEqual({ pointer: '/surgeon', value: ouyang.id });
    expect(root.querySelector<HTMLInputElement>('#f-surgeon')?.value).toBe('欧阳大夫');
    expect(source.asked).toContain('欧阳');
  });

  test('never becomes what was typed, and is taken when the name is surely meant', async () => {
    const { focus, keys, changes, last, textOf: text } = await aPage({ form: staffForm, people: people() });
    await focus('/surgeon');
    await keys('谁也不是', '{Tab}');
    expect(changes).toEqual([]);
    expect(text('/surgeon')).toContain('谁也不是');
    await focus('/surgeon');
    await keys('李伟');
    await settle(30);
    await keys('{Tab}');
    expect(last()).toEqual({ pointer: '/surgeon', value: li.id });
  });

  test('is shown by the name of the record’s day, else by the name that the page finds, else as unknown', async () => {
    const shown = async (value: string, source: PeopleSource, readonly = false) => {
      const { element, root, textOf: text } = await aPage({ form: staffForm, people: source, readonly, answers: { data: { surgeon: value } } });
      await settle(30);
      await element.updateComplete;
      return readonly ? text('/surgeon') : (root.querySelector<HTMLInputElement>('#f-surgeon')?.value ?? '');
    };
    expect(await shown(ouyang.id, people({ [ouyang.id]: '欧阳旧名' }))).toBe('欧阳旧名');
    expect(await shown(li.id, people())).toBe('李伟');
    expect(await shown('0198a000-0000-7000-8007-0000000000ff', people())).toContain('未知人员');
    expect(await shown(li.id, people(), true)).toContain('李伟');
  });

  test('and the day start a new row, as changes that are saved', async () => {
    const { element, root, changes } = await aPage({ form: staffForm, people: people(), context: { today: '2026-05-14', bound: { 'person.id': li.id } } });
    root.querySelector<HTMLElement>('[data-action=add-row]')?.click();
    await element.updateComplete;
    const [row] = changes;
    expect(row?.value).toEqual({ rowId: expect.any(String) as string });
    const rowId = (row?.value as { rowId: string } | undefined)?.rowId ?? '';
    const last = new Map(changes.map(({ pointer, value }) => [pointer, value]));
    expect([last.get(`/orders/${rowId}/nurse`), last.get(`/orders/${rowId}/day`)]).toEqual([me.id, '2026-05-14']);
  });

  test('is read by ids asked for at the same moment in one request', async () => {
    await anApp('/standards');
    const source = new People(siteId, me);
    const [names] = await Promise.all([source.read([ouyang.id]), source.read([li.id])]);
    expect([...names.values()]).toEqual(['欧阳大夫', '李伟']);
  });

  test('passes the accessibility check, open and closed', async () => {
    const { element, focus, keys } = await aPage({ form: staffForm, people: people(), mayAdd: () => true });
    await focus('/surgeon');
    await keys('{ArrowDown}');
    await settle(30);
    const { violations } = await axe.run(element, { rules: { region: { enabled: false }, 'page-has-heading-one': { enabled: false } } });
    expect(violations.map(({ id: rule, nodes }) => [rule, nodes[0]?.html])).toEqual([]);
  });
});

describe('what a form shows and nobody knows yet', () => {
  const record = `${to('record', { siteId, subjectId, recordId: '0198a000-0000-7000-8009-000000000001' })}?start=melanoma-staging@1.0.0&visit=${visitId}`;
  const open = async () => {
    const app = await anApp(record, { forms: () => staffForm });
    await expect.poll(() => search('crf-form')).toBeDefined();
    await settle();
    return app;
  };
  const form = () => find<CrfForm>('crf-form');
  const lacking = () => [...form().renderRoot.querySelectorAll('[data-action=add-known]')].map((button) => button.closest<HTMLElement>('[data-pointer]')?.dataset['pointer']);

  test('can be added where it is kept; what is known, withheld or of a reader cannot', async () => {
    await open();
    expect(lacking()).toEqual(['/bed', '/phone']);
    form().readonly = true;
    await settle(30);
    expect(lacking()).toEqual([]);
  });

  test('of the visit is filled in above the form, which goes on with what was entered', async () => {
    const { fake } = await open();
    form().apply([{ pointer: '/surgeon', value: ouyang.id }]);
    form().renderRoot.querySelector<HTMLElement>('[data-pointer="/bed"] [data-action=add-known]')?.click();
    await expect.poll(() => search('#bed')).toBeDefined();
    await settle();
    type(find<HTMLInputElement>('#bed'), '12');
    find<HTMLFormElement>('form', find('crf-visit-details').shadowRoot ?? document).requestSubmit();
    await expect.poll(() => textOf(form())).toContain('12');
    expect(fake.state.requests.find(({ method, path }) => method === 'PUT' && path.endsWith('/details'))?.body).toMatchObject({ details: { bed: '12' } });
    expect(form().evaluation()?.data['surgeon']).toBe(ouyang.id);
    expect(lacking()).toEqual(['/phone']);
  });

  test('of the patient leads to their file and back', async () => {
    await open();
    form().renderRoot.querySelector<HTMLElement>('[data-pointer="/phone"] [data-action=add-known]')?.click();
    await expect.poll(() => location.pathname).toBe(to('identity', { siteId, subjectId }));
    await expect.poll(() => search<HTMLAnchorElement>('.back a')?.getAttribute('href')).toBe(record);
  });

  test('starts with the person signed in, and stores nothing until somebody enters something', async () => {
    const { fake } = await open();
    expect(form().evaluation()?.data['surgeon']).toBe(me.id);
    await settle(2500);
    expect(fake.state.requests.some(({ method, path }) => method === 'PUT' && path.includes('/records/'))).toBe(false);
  });
});

describe('the file of a patient', () => {
  const open = async (query = '') => {
    const app = await anApp(`${to('identity', { siteId, subjectId })}${query}`);
    await expect.poll(() => search('crf-form')).toBeDefined();
    await settle();
    return app;
  };
  const save = () => find<CrfForm>('crf-form').renderRoot.querySelector<HTMLElement>('[data-action=complete]')?.click();

  test('is corrected for all days, or changed from a day on', async () => {
    const { fake } = await open();
    find<CrfForm>('crf-form').apply([{ pointer: '/telephone', value: '13900000000' }]);
    await userEvent.click(find('fieldset .choice:last-of-type input'));
    await settle(50);
    const from = find<HTMLInputElement>('#from');
    from.value = '2026-03-01';
    save();
    await expect.poll(() => fake.state.requests.find(({ method }) => method === 'PUT')?.body).toMatchObject({ identity: { telephone: '13900000000' }, from: '2026-03-01' });
  });

  test('shows what stood there before, of what was changed', async () => {
    await open();
    await userEvent.click(find('summary', find('crf-identity-page').shadowRoot ?? document));
    await expect.poll(() => textOf(find('.said'))).toContain('欧阳建国');
    expect(textOf(find('.said'))).toContain('2026-03-01');
    expect(textOf(find('.said'))).not.toContain('13800000000');
  });

  test('leads back only into the same patient', async () => {
    await open('?back=https%3A%2F%2Fexample.org%2F');
    expect(find<HTMLAnchorElement>('.back a').getAttribute('href')).toBe(to('patient', { siteId, subjectId }));
  });
});

describe('people', () => {
  test('who never sign in are added by their name', async () => {
    const { fake } = await anApp(to('people'));
    await expect.poll(() => search('table')).toBeDefined();
    const add = [...find('crf-people-page').shadowRoot?.querySelectorAll<HTMLElement>('button') ?? []].find((button) => button.textContent?.includes('不登录'));
    add?.click();
    await settle(50);
    type(find<HTMLInputElement>('#displayName'), '欧阳大夫');
    find<HTMLFormElement>('form', find('crf-people-page').shadowRoot ?? document).requestSubmit();
    await expect.poll(() => fake.state.requests.find(({ method, path }) => method === 'POST' && path.endsWith('/accounts'))?.body).toMatchObject({ displayName: '欧阳大夫', memberships: [{ role: 'staff', siteId }] });
  });
});
