/** The form as a whole: every standard is drawn, a change redraws what it touches, and one can get through it by keyboard. */
import axe from 'axe-core';
import { describe, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { CrfFieldPanel } from '../../../client/elements/form/field-panel.ts';
import type { CrfCaptureRequestEvent, CrfNewEntityEvent, CrfSaveRequestEvent } from '../../../client/events.ts';
import type { Row } from '../../../schemas/form.ts';
import { prepareForm } from '../../../schemas/prepare.ts';
import { aForm, anItem } from '../support/a-form.ts';
import { aPage } from '../support/a-page.ts';
import { aStandard, checkOf, everyType, fullestCase, lesions, subDatasets } from '../support/compiled.ts';

const staging = aStandard('melanoma-staging');
const check = checkOf(staging);
const tumour = { clinicalSubtype: 'acral', primaryTumorStatus: 'measurable', breslow: 2.4, ulceration: 'absent' };

describe.for(subDatasets)('%s', (subDataset) => {
  const form = aStandard(subDataset);

  test('is drawn with every item in play, in both languages, and nothing else', async () => {
    const { element, root, textOf } = await aPage({ form, check: checkOf(form) });
    for (const language of ['zh', 'en'] as const) {
      element.language = language;
      await element.updateComplete;
      const disabled = new Set(element.evaluation()?.disabled);
      const drawn = [...root.querySelectorAll<HTMLElement>('.item')].map(({ dataset }) => dataset['pointer']);
      expect(drawn).toEqual(form.sections.flatMap(({ items }) => items).map((path) => `/${path}`).filter((pointer) => !disabled.has(pointer)));
      for (const item of form.items) if (!disabled.has(`/${item.key}`)) expect(textOf(`/${item.key}`)).toContain(item.title[language]);
    }
  });

  test('shows the fullest case as it is: every value in its control, every row, nothing lost', async () => {
    const { data, context } = fullestCase(subDataset);
    const known = { today: '2026-11-22', ...context };
    const { element, item, controls, root } = await aPage({ form, check: checkOf(form), answers: { data }, context: known });
    for (const section of root.querySelectorAll<HTMLElement>('.section')) section.style.contentVisibility = 'visible';
    const expected = prepareForm(form, checkOf(form)).evaluate({ data }, known);
    expect(element.evaluation()?.data).toEqual(expected.data);
    expect(Object.keys(data).length).toBeGreaterThan(1);
    for (const each of form.items) {
      const [pointer, value] = [`/${each.key}`, expected.data[each.key]];
      if (each.bind !== undefined || each.calculate || value === undefined) continue;
      if (each.type === 'repeat') expect(item(pointer)?.querySelectorAll('.card'), pointer).toHaveLength((value as Row[]).length);
      else if (['text', 'long-text', 'integer', 'number', 'time', 'partial-date', 'date'].includes(each.type)) expect(controls(pointer)[0]?.value, pointer).toBe(String(value));
      else if (each.type === 'boolean') expect(item(pointer)?.querySelectorAll(':checked'), pointer).toHaveLength(1);
    }
  });

  test('has nothing that axe-core objects to', async () => {
    const { element } = await aPage({ form, check: checkOf(form) });
    for (const section of element.renderRoot.querySelectorAll<HTMLElement>('.section')) section.style.contentVisibility = 'visible';
    // What happens to lie under the line at the foot can be scrolled out from under it.
    for (const foot of element.renderRoot.querySelectorAll<HTMLElement>('.foot, .nav')) foot.style.position = 'static';
    const { violations } = await axe.run(element, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], rules: { region: { enabled: false } } });
    expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
  });
});

describe('filling in', () => {
  test('calculates while one types, and says from what', async () => {
    const { focus, keys, textOf } = await aPage({ form: staging, check, answers: { data: { ...tumour, breslow: 0.7 } } });
    expect(textOf('/tCategory')).toContain('T1a');
    await focus('/breslow');
    await keys('2.4');
    expect(textOf('/tCategory')).toContain('T3a');
    expect(textOf('/tCategory')).toContain('镜下溃疡');
  });

  test('says what a calculated value still lacks', async () => {
    const { textOf } = await aPage({ form: staging, check, answers: { data: { primaryTumorStatus: 'measurable' } } });
    expect(textOf('/breslowRounded')).toContain('还缺 Breslow厚度');
  });

  test('opens and closes branches in place, and keeps what was entered in them', async () => {
    const { item, controls, element, keys, focus } = await aPage({ form: staging, check, answers: { data: tumour } });
    expect(item('/breslow')).not.toBeNull();
    await focus('/primaryTumorStatus');
    await keys('2');
    expect(item('/breslow')).toBeNull();
    expect(element.evaluation()?.parked).toMatchObject({ '/breslow': 2.4 });
    await keys('1');
    expect(controls('/breslow')[0]?.value).toBe('2.4');
  });

  test('redraws only what a key touched', async () => {
    const { focus, keys, root } = await aPage({ form: staging, check, answers: { data: tumour } });
    await focus('/mitoticRate');
    const redrawn = new Set<string | undefined>();
    const observer = new MutationObserver((records) => {
      for (const { target } of records) redrawn.add((target instanceof Element ? target : target.parentElement)?.closest<HTMLElement>('[data-pointer]')?.dataset['pointer']);
    });
    for (const section of root.querySelectorAll('.section')) observer.observe(section, { subtree: true, childList: true, characterData: true, attributes: true });
    await keys('3');
    observer.disconnect();
    expect([...redrawn]).toEqual(['/mitoticRate']);
  });

  test('goes on with what is being typed when the page opens it anew', async () => {
    const { focus, keys, element, controls, activePointer } = await aPage({ form: staging, check, answers: { data: tumour } });
    await focus('/mitoticRate');
    await keys('3.');
    element.answers = { data: { ...tumour, mitoticRate: 3, knownPrimary: 'yes' } };
    await element.updateComplete;
    expect(activePointer()).toBe('/mitoticRate');
    expect(controls('/mitoticRate')[0]?.value).toBe('3.');
    expect(controls('/knownPrimary')[0]?.checked).toBe(true);
  });

  test('shows what comes from elsewhere, and what is withheld', async () => {
    const form = aForm({ items: [anItem('name', { bind: 'subject.name' }), anItem('born', { bind: 'subject.birthDate', type: 'partial-date' }), anItem('site', { bind: 'site.id', type: 'reference', refersTo: 'site' })] });
    const { textOf, controls } = await aPage({ form, context: { today: '2026-05-14', bound: { 'subject.birthDate': '1961-03', 'site.id': 'x' } }, withheld: ['subject.name'], displayValues: { 'site.id': '中南大学湘雅医院' } });
    expect(textOf('/name')).toContain('●●●');
    expect(textOf('/name')).toContain('无权查看');
    expect(textOf('/born')).toContain('1961-03');
    expect(textOf('/site')).toContain('中南大学湘雅医院');
    expect(['/name', '/born', '/site'].flatMap(controls)).toEqual([]);
  });
});

describe('findings', () => {
  test('wait until the box is left, then stand under it and in its description', async () => {
    const { focus, keys, textOf, controls, root } = await aPage({ form: staging, check, answers: { data: tumour } });
    await focus('/breslow');
    await keys('1000');
    expect(textOf('/breslow')).not.toContain('必须改正');
    await keys('{Enter}');
    expect(textOf('/breslow')).toContain('必须改正');
    const [box] = controls('/breslow');
    const described = box?.getAttribute('aria-describedby')?.split(' ').map((id) => root.getElementById(id)?.textContent).join(' ');
    expect(described).toContain('mm');
    expect(described).toContain('100');
    await focus('/breslow');
    await keys('3');
    expect(textOf('/breslow')).not.toContain('必须改正'); // a correction shows at once
  });

  test('ask for what is required only when one tries to complete, and lead through it', async () => {
    const { element, root, textOf, events, activePointer, keys } = await aPage({ form: staging, check, answers: { data: tumour } });
    expect(root.querySelector('.summary')?.textContent).toContain('必填未答');
    expect(textOf('/diagnosisDate')).not.toContain('必填：');
    await userEvent.click(root.querySelector('[data-action=complete]') as Element);
    await element.updateComplete;
    expect(events.filter(({ type }) => type === 'crf-save-request')).toEqual([]);
    expect(textOf('/diagnosisDate')).toContain('必填');
    expect(activePointer()).toBe('/lesionRef');
    await keys('{Alt>}n{/Alt}');
    expect(activePointer()).toBe('/diagnosisDate');
    await keys('{Alt>}{Shift>}n{/Shift}{/Alt}');
    expect(activePointer()).toBe('/lesionRef');
    await userEvent.click([...root.querySelectorAll<HTMLElement>('.go')].find(({ textContent }) => textContent?.includes('远处转移')) as Element);
    expect(activePointer()).toBe('/distantMetastasis');
  });

  test('do not stop a draft', async () => {
    const { keys, focus, events } = await aPage({ form: staging, check });
    await focus('/ageAtDiagnosis');
    await keys('500', '{Control>}s{/Control}');
    expect(events.filter(({ type }) => type === 'crf-save-request').map((event) => (event as CrfSaveRequestEvent).complete)).toEqual([false]);
  });

  test('let a form complete that has none left', async () => {
    const { root, events, focus, keys } = await aPage({ form: aForm() });
    await focus('/breslow');
    await keys('2.4');
    await userEvent.click(root.querySelector('[data-action=complete]') as Element);
    expect(events.filter(({ type }) => type === 'crf-save-request').map((event) => (event as CrfSaveRequestEvent).complete)).toEqual([true]);
  });
});

describe('by keyboard alone', () => {
  test('one gets from the first field to the last by Enter, and round again by Shift', async () => {
    const { element, keys, activePointer, root } = await aPage({ form: everyType() });
    element.focusPointer('/text');
    const way = [activePointer()];
    for (let press = 0; press < 17; press++) {
      await keys(way.at(-1) === '/longText' ? '{Control>}{Enter}{/Control}' : way.at(-1) === '/image' ? '{Tab}{Tab}' : '{Enter}');
      way.push(activePointer());
    }
    expect(way.slice(0, 15)).toEqual(['/text', '/longText', '/integer', '/number', '/boolean', '/date', '/partialDate', '/time', '/dateTime', '/codeFew', '/codeSome', '/codeMany', '/codes', '/codesMany', '/reference']);
    expect(root.activeElement).not.toBeNull();
    await keys('{Shift>}{Enter}{/Shift}');
  });

  test('a menu of reasons opens, moves, closes, and gives the focus back', async () => {
    const { focus, keys, root, active, activePointer } = await aPage({ form: staging, check });
    await focus('/diagnosisDate');
    await keys('{Alt>}m{/Alt}');
    expect(active()?.getAttribute('role')).toBe('menuitem');
    const first = active();
    await keys('{ArrowDown}');
    expect(active()).not.toBe(first);
    await keys('{Escape}');
    expect(root.querySelector('[role=menu]')).toBeNull();
    expect(activePointer()).toBe('/diagnosisDate');
    expect(active()?.matches('input')).toBe(true);
  });

  test('a menu of reasons closes by a press elsewhere', async () => {
    const { focus, keys, root } = await aPage({ form: staging, check });
    await focus('/ageAtDiagnosis');
    await keys('{F8}');
    await userEvent.click(root.querySelector('h2') as Element);
    expect(root.querySelector('[role=menu]')).toBeNull();
  });

  test('a question mark shows the keys, but not while one types', async () => {
    const { focus, keys, root } = await aPage({ form: staging, check });
    await focus('/ageAtDiagnosis');
    await keys('?');
    expect(root.querySelector('dialog')?.open).toBe(false);
    await keys('{Backspace}');
    await focus('/knownPrimary');
    await keys('?');
    expect(root.querySelector('dialog')?.open).toBe(true);
    await keys('{Escape}');
    expect(root.querySelector('dialog')?.open).toBe(false);
  });
});

describe('parts of a form', () => {
  test('rows are added, filled, and removed after one question', async () => {
    const { element, root, focus, keys, changes, activePointer, item } = await aPage({ form: everyType() });
    await focus('/rows');
    await keys('{Enter}');
    const rowId = root.querySelector<HTMLElement>('[data-row]')?.dataset['row'] ?? '';
    expect(activePointer()).toBe(`/rows/${rowId}/dose`);
    await keys('5', '{Enter}', '利妥昔单抗');
    expect(element.evaluation()?.data['rows']).toEqual([{ rowId, dose: 5, drug: '利妥昔单抗' }]);
    expect(changes[0]).toEqual({ pointer: `/rows/${rowId}`, value: { rowId } });
    await userEvent.click(root.querySelector('[data-action=ask-row]') as Element);
    expect(item('/rows')?.textContent).toContain('删除这一条及其内容');
    await keys('{Enter}'); // the harmless answer has the focus
    expect(element.evaluation()?.data['rows']).toHaveLength(1);
    await userEvent.click(root.querySelector('[data-action=ask-row]') as Element);
    await userEvent.click(root.querySelector('[data-action=remove-row]') as Element);
    expect(element.evaluation()?.data['rows'] ?? []).toEqual([]);
    expect(changes.at(-1)).toEqual({ pointer: `/rows/${rowId}` });
    expect(activePointer()).toBe('/rows');
  });

  test('a picture is asked for by press, by file and by drop, and shown when it is there', async () => {
    const { element, root, events, item } = await aPage({ form: everyType() });
    const file = new File([new Uint8Array(8)], 'lesion.jpg', { type: 'image/jpeg' });
    await userEvent.click(root.querySelector('.take') as Element);
    await userEvent.upload(root.querySelector('input[type=file]') as HTMLElement, file);
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(file);
    root.querySelector('[data-drop]')?.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, composed: true, cancelable: true }));
    const asked = events.filter(({ type }) => type === 'crf-capture-request') as CrfCaptureRequestEvent[];
    expect(asked.map(({ pointer, item: { capture }, file: given }) => [pointer, capture?.kind, given?.name])).toEqual([['/image', 'photo', undefined], ['/image', 'photo', 'lesion.jpg'], ['/image', 'photo', 'lesion.jpg']]);
    element.apply([{ pointer: '/image', value: lesions[2]?.id ?? '' }]);
    await element.updateComplete;
    expect(item('/image')?.querySelector('img')?.getAttribute('src')).toBe('/thumbnail.webp');
    expect(element.evaluation()?.data['image']).toBe(lesions[2]?.id);
  });

  test('a reference asks for what is not there yet', async () => {
    const { root, events, element, textOf } = await aPage({ form: everyType() });
    await userEvent.click(root.querySelector('[data-action=new-entity]') as Element);
    expect(events.filter(({ type }) => type === 'crf-new-entity').map((event) => [(event as CrfNewEntityEvent).pointer, (event as CrfNewEntityEvent).refersTo])).toEqual([['/reference', 'lesion']]);
    element.entities = [...lesions, { refersTo: 'lesion', id: '0198a000-0000-7000-8003-000000000003', label: 'L3 右拇指' }];
    element.apply([{ pointer: '/reference', value: '0198a000-0000-7000-8003-000000000003' }]);
    await element.updateComplete;
    expect(textOf('/reference')).toContain('L3 右拇指');
  });

  test.for([1280, 768])('the panel about a field follows the focus and shows what the value was, %d pixels wide', async (width) => {
    await page.viewport(width, 800);
    const { element, root, focus, events } = await aPage({ form: staging, check, answers: { data: tumour } });
    const panel = root.querySelector<CrfFieldPanel>('crf-field-panel');
    await focus('/breslow');
    await panel?.updateComplete;
    if (width < 1000) await userEvent.click(root.querySelector('[data-action=about]') as Element);
    expect(panel?.shadowRoot?.textContent).toContain('NAACCR 3817');
    await userEvent.click(panel?.shadowRoot?.querySelector('button') as Element);
    expect(events.at(-1)?.type).toBe('crf-show-history');
    element.history = [{ version: 2, at: '2026-05-14T02:42:00Z', by: '张敏', status: 'in-progress', changes: [{ pointer: '/breslow', old: 2.1, new: 2.4 }, { pointer: '/ulceration', new: 'absent' }] }];
    await element.updateComplete;
    await panel?.updateComplete;
    expect(panel?.shadowRoot?.querySelectorAll('ol li')).toHaveLength(1);
    expect(panel?.shadowRoot?.querySelector('ol')?.textContent).toContain('原为 2.1 mm');
  });

  test('the sections count what is answered', async () => {
    const { root, focus, keys } = await aPage({ form: staging, check });
    const count = () => root.querySelector('.to .count')?.textContent;
    const before = count();
    await focus('/ageAtDiagnosis');
    await keys('65');
    expect([before?.split('/')[0], count()?.split('/')[0]]).toEqual(['0', '1']);
    await focus('/icd10');
    await keys('{F8}', '1');
    expect(count()?.split('/')[0]).toBe('2');
  });
});
