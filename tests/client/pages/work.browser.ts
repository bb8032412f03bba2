/** What is done on the pages: enrolling, filling in, meeting somebody else, taking data out. Nothing typed is lost. */
import { describe, expect, test, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import type { CrfForm } from '../../../client/elements/form/form.ts';
import { to } from '../../../client/places.ts';
import { aMe, aSubject } from '../support/fake-api.ts';
import { anApp, find, search, settle, textOf, type } from '../support/an-app.ts';
import { aStandard, checkOf } from '../support/compiled.ts';

// The check is a module of the server; here it is made where the test runs.
vi.mock('../../../client/api.ts', async (original) => ({
  ...(await original<typeof import('../../../client/api.ts')>()),
  getStructureCheck: (subDataset: string) => Promise.resolve(checkOf(aStandard(subDataset))),
  getIdentityCheck: () => Promise.resolve(() => []),
}));

const forms = (subDataset: string) => aStandard(subDataset);
const siteId = aMe().sites[0]?.id ?? '';
const subjectId = aSubject(1).id;
const recordId = '0198a000-0000-7000-8009-000000000001';
const record = to('record', { siteId, subjectId, recordId });
const newRecord = `${record}?start=melanoma-staging@1.0.0&lesion=0198a000-0000-7000-8003-000000000001`;

const form = () => find<CrfForm>('crf-form');
/** Breslow thickness is only asked of a tumour that can be measured. */
const measure = (breslow: number) => form().apply([{ pointer: '/primaryTumorStatus', value: 'measurable' }, { pointer: '/breslow', value: breslow }]);
const button = (words: string) => {
  const all = [...document.querySelectorAll('*')].flatMap((element) => deep(element)).filter((element): element is HTMLButtonElement => element instanceof HTMLButtonElement && element.checkVisibility());
  const found = all.find((each) => each.textContent?.trim() === words);
  if (!found) throw new Error(`No button says ${words}`);
  return found;
};
const deep = (element: Element): Element[] => [element, ...(element.shadowRoot ? [...element.shadowRoot.querySelectorAll('*')].flatMap((inner) => deep(inner)) : [])];

describe('enrolling', () => {
  const open = async (changes = {}) => {
    const app = await anApp(to('enrol', { siteId }), { forms, ...changes });
    await expect.poll(() => search('crf-form')).toBeDefined();
    await settle();
    return app;
  };
  const fill = () => form().apply([{ pointer: '/name', value: '欧阳建国' }, { pointer: '/sex', value: '1' }, { pointer: '/birthDate', value: '1961-03' }]);

  test('asks for what the standard requires before anything is sent', async () => {
    const { fake } = await open();
    await userEvent.click(button('登记患者'));
    expect(textOf(form())).toContain('必填：');
    expect(fake.state.requests.some(({ method }) => method === 'POST')).toBe(false);
  });

  test('sends the answers by key, and goes to the patient', async () => {
    const { fake } = await open();
    fill();
    await userEvent.click(button('登记患者'));
    await expect.poll(() => location.pathname).toMatch(/patients\/[0-9a-f-]{36}$/);
    expect(fake.state.requests.find(({ method }) => method === 'POST')?.body).toMatchObject({ identity: { name: '欧阳建国', sex: '1', birthDate: '1961-03' } });
  });

  test('shows who may be the same person, and goes on only when the person says so', async () => {
    const { fake } = await open();
    fake.state.duplicate = true;
    fill();
    await userEvent.click(button('登记患者'));
    await expect.poll(() => textOf()).toContain('可能已登记过');
    expect(textOf()).toContain('XY01-00001');
    expect(button('仍然登记').disabled).toBe(true);
    await userEvent.click(find('input[type=checkbox]', find('crf-dialog[open], crf-dialog').getRootNode() as ShadowRoot));
    await userEvent.click(button('仍然登记'));
    await expect.poll(() => location.pathname).toMatch(/patients\/[0-9a-f-]{36}$/);
    const [first, second] = fake.state.requests.filter(({ method }) => method === 'POST').map(({ body }) => body as { id: string; confirmedNotDuplicate?: boolean });
    expect([first?.confirmedNotDuplicate, second?.confirmedNotDuplicate, second?.id]).toEqual([undefined, true, first?.id]);
  });

  test('does not let go of what was typed without asking', async () => {
    await open();
    fill();
    await userEvent.click(find('.back a'));
    await expect.poll(() => textOf()).toContain('还有未保存的更改');
    await userEvent.click(button('留在此页'));
    expect(location.pathname).toContain('enrol');
    expect(form().evaluation()?.data['name']).toBe('欧阳建国');
  });
});

describe('a form', () => {
  const open = async (path = newRecord, changes = {}) => {
    const app = await anApp(path, { forms, ...changes });
    await expect.poll(() => search('crf-form')).toBeDefined();
    await settle();
    return app;
  };

  test('knows its lesion, and stores nothing that nobody entered', async () => {
    const { fake } = await open();
    expect(form().evaluation()?.data['lesionRef']).toBe('0198a000-0000-7000-8003-000000000001');
    await settle(2500);
    expect(fake.state.requests.some(({ method }) => method === 'PUT')).toBe(false);
  });

  test('saves itself as a draft, with the lesion, and is a record from then on', async () => {
    const { fake } = await open();
    measure(2.4);
    await expect.poll(() => fake.state.records.size, { timeout: 5000 }).toBe(1);
    expect(fake.state.records.get(recordId)).toMatchObject({ status: 'in-progress', data: { breslow: 2.4, lesionRef: '0198a000-0000-7000-8003-000000000001' } });
    await expect.poll(() => location.search).toBe('');
    expect(textOf(form())).toContain('已保存');
  });

  test('is left with its changes stored', async () => {
    const { fake } = await open();
    measure(3.1);
    await userEvent.click(find('a.back'));
    await expect.poll(() => location.pathname).toBe(to('patient', { siteId, subjectId }));
    expect(fake.state.records.get(recordId)?.data['breslow']).toBe(3.1);
  });

  test('without a network keeps its changes, and has them when it is opened again', async () => {
    const { app, fake } = await open();
    fake.state.failing = { path: '/api/sites/', problem: 'offline' };
    measure(1.7);
    await expect.poll(() => textOf(form()), { timeout: 5000 }).toContain('连不上服务器');
    app.remove();
    const again = await open(newRecord);
    expect(form().evaluation()?.data['breslow']).toBe(1.7);
    await expect.poll(() => again.fake.state.records.get(recordId)?.data['breslow'], { timeout: 5000 }).toBe(1.7);
  });

  test('shows both values where two people met, and saves the one that is chosen', async () => {
    const { fake } = await open();
    measure(2.4);
    await expect.poll(() => fake.state.records.size, { timeout: 5000 }).toBe(1);
    fake.state.conflict = [{ pointer: '/breslow', yours: 2.6, theirs: 3.3, by: '李伟', at: '2026-05-14T02:40:00Z' }];
    measure(2.6);
    await expect.poll(() => textOf(), { timeout: 5000 }).toContain('李伟');
    expect(textOf()).toMatch(/2\.6[\s\S]*mm[\s\S]*李伟[\s\S]*3\.3/);
    await userEvent.click(button('保留我的'));
    await expect.poll(() => fake.state.records.get(recordId)?.data['breslow'], { timeout: 5000 }).toBe(2.6);
    expect(textOf()).not.toContain('李伟');
  });

  test('that was complete is changed with a reason', async () => {
    const { fake } = await open();
    measure(2.4);
    await expect.poll(() => fake.state.records.size, { timeout: 5000 }).toBe(1);
    const stored = fake.state.records.get(recordId);
    if (stored) stored.status = 'complete';
    await userEvent.click(find('a.back'));
    await expect.poll(() => search('crf-form')).toBeUndefined();
    history.back();
    await expect.poll(() => search('crf-form')).toBeDefined();
    await settle();
    measure(2.5);
    await settle(2500);
    expect(fake.state.records.get(recordId)?.data['breslow']).toBe(2.4);
    await userEvent.click(button('保存草稿'));
    await settle();
    type(find<HTMLInputElement>('#reason'), '核对病理报告');
    await userEvent.click(button('保存修改'));
    await expect.poll(() => fake.state.requests.filter(({ method }) => method === 'PUT').at(-1)?.body).toMatchObject({ reason: '核对病理报告', status: 'complete' });
  });
});

describe('signing out', () => {
  test('asks first when something is only on this device', async () => {
    const { fake } = await anApp(newRecord, { forms });
    await expect.poll(() => search('crf-form')).toBeDefined();
    await settle();
    fake.state.failing = { path: '/api/sites/', problem: 'offline' };
    measure(1.7);
    await userEvent.click(find('crf-me-menu').shadowRoot?.querySelector('summary') ?? document.body);
    await userEvent.click(button('退出登录'));
    await expect.poll(() => textOf(), { timeout: 4000 }).toContain('还有未保存的更改');
    await userEvent.click(button('不保存，离开'));
    await expect.poll(() => textOf()).toContain('1 份表单的更改只在本机');
    expect(fake.state.me).toBeDefined();
    await userEvent.click(button('留在此页'));
    expect(form().evaluation()?.data['breslow']).toBe(1.7);
  });
});

describe('taking data out', () => {
  test('says how much it is and what stays behind, then downloads it', async () => {
    const { fake } = await anApp(to('export'));
    await expect.poll(() => textOf(find('aside'))).toContain('2,411');
    expect(textOf(find('aside'))).toContain('9 列含个人标识');
    await userEvent.click(button('下载 ZIP'));
    await expect.poll(() => textOf(find('aside'))).toContain('export.zip');
    expect(fake.state.requests.at(-1)).toMatchObject({ method: 'POST', path: '/api/exports', body: { release: '2026.1', profile: 'analysis', language: 'zh' } });
  });

  test('shows the mistake of a filter under it', async () => {
    const { fake } = await anApp(to('export'));
    await expect.poll(() => textOf(find('aside'))).toContain('2,411');
    fake.state.failing = { path: '/api/exports', problem: 'filter-invalid' };
    const select = find<HTMLSelectElement>('#filterOf');
    select.value = 'melanoma-staging';
    select.dispatchEvent(new Event('change'));
    await expect.poll(() => search('#filter-error') && textOf(find('#filter-error')), { timeout: 3000 }).toContain('筛选条件有误');
    expect(button('下载 ZIP').disabled).toBe(true);
  });
});
