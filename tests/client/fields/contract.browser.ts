/** What every field must do, whatever its type; a new type is one more line. */
import { describe, expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import { aPage } from '../support/a-page.ts';
import { everyType, lesions } from '../support/compiled.ts';

/** `keys` answer the field as it has the focus; `value` is what then stands in the data. */
const answered = [
  { type: 'text', keys: ['左足底'], value: '左足底' },
  { type: 'longText', keys: ['第一行{Enter}第二行'], value: '第一行\n第二行' },
  { type: 'integer', keys: ['１２'], value: 12 },
  { type: 'number', keys: ['2。4'], value: 2.4 },
  { type: 'boolean', keys: ['2'], value: false },
  { type: 'date', keys: ['20260514'], value: '2026-05-14' },
  { type: 'partialDate', keys: ['2019年4月'], value: '2019-04' },
  { type: 'time', keys: ['1430'], value: '14:30' },
  { type: 'dateTime', keys: ['2026-05-14 14:30'], value: '2026-05-14T14:30+08:00' },
  { type: 'codeFew', keys: ['2'], value: 'c2' },
  { type: 'codeSome', keys: ['7'], value: 'c7' },
  { type: 'codeMany', keys: ['c40', '{Enter}'], value: 'c40' },
  { type: 'codes', keys: ['3', '1'], value: ['c1', 'c3'] },
  { type: 'codesMany', keys: ['c33', '{Enter}', 'c4', '{ArrowDown}', '{Home}', '{Enter}'], value: undefined },
  { type: 'reference', keys: ['2'], value: lesions[1]?.id },
  { type: 'person', keys: ['欧阳', '{Enter}'], value: lesions[3]?.id },
] as const;

describe.for(answered)('a field of type $type', ({ type, keys, value }) => {
  const pointer = `/${type}`;

  test('has a name that a screen reader says', async () => {
    const { controls, root } = await aPage({ form: everyType() });
    for (const control of controls(pointer)) {
      const group = control.closest('[role=radiogroup], [role=group]');
      const named = group ?? control;
      const name = named.getAttribute('aria-labelledby')?.split(' ').map((id) => root.getElementById(id)?.textContent).join(' ') ?? control.labels?.[0]?.textContent;
      expect(name).toContain(`题目${type}`);
      if (group) expect(control.labels?.[0]?.textContent?.trim()).not.toBe('');
    }
  });

  test('is answered by keys alone, and says so', async () => {
    const { focus, keys: press, element, changes } = await aPage({ form: everyType() });
    await focus(pointer);
    await press(...keys);
    const stored = element.evaluation()?.data[type];
    if (value !== undefined) expect(stored).toEqual(value);
    expect(stored).toBeDefined();
    expect(changes.filter((change) => change.pointer === pointer).at(-1)?.value).toEqual(stored);
    expect(changes.every((change) => change.pointer === pointer)).toBe(true);
  });

  test('takes a reason by F8 and a digit, shows it, and gives it up for a value', async () => {
    const { focus, keys: press, element, last, textOf, item, activePointer } = await aPage({ form: everyType() });
    await focus(pointer);
    await press('{F8}', '2');
    expect(last()).toEqual({ pointer, missing: 'not-done' });
    expect(textOf(pointer)).toContain('未做');
    expect(item(pointer)?.querySelector('[aria-describedby]')?.getAttribute('aria-describedby')).toContain('-m');
    expect(activePointer()).toBe(pointer);
    await press(...keys);
    expect(element.evaluation()?.missing).toEqual({});
    expect(textOf(pointer)).not.toContain('∅ 未做');
  });

  test('keeps a value out of the way of a reason', async () => {
    const { focus, keys: press, element } = await aPage({ form: everyType() });
    await focus(pointer);
    await press(...keys);
    await press('{Escape}', '{F8}', '1');
    expect(element.evaluation()?.missing).toEqual({ [pointer]: 'unknown' });
    expect(element.evaluation()?.data[type]).toBeUndefined();
  });

  test('lets an input method compose: Enter belongs to it', async () => {
    const { focus, active, activePointer } = await aPage({ form: everyType() });
    await focus(pointer);
    active()?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true, composed: true }));
    active()?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', keyCode: 229, bubbles: true, composed: true }));
    expect(activePointer()).toBe(pointer);
  });

  test('goes on to the next field by Enter, to the next control by Tab', async () => {
    const { focus, keys: press, active, activePointer } = await aPage({ form: everyType() });
    await focus(pointer);
    await press(type === 'longText' ? '{Control>}{Enter}{/Control}' : '{Enter}');
    expect(activePointer()).not.toBe(pointer);
    await focus(pointer);
    const before = active();
    await press('{Tab}');
    expect(active()).not.toBe(before);
  });

  test('shows what is stored, and nothing to enter when it is only read', async () => {
    const { focus, keys: press, element, textOf, controls } = await aPage({ form: everyType() });
    await focus(pointer);
    await press(...keys);
    const answers = { data: { ...element.evaluation()?.data } };
    const shown = await aPage({ form: everyType(), readonly: true, answers });
    expect(shown.controls(pointer)).toEqual([]);
    expect(shown.textOf(pointer).replace(`题目${type}`, '').trim()).not.toBe('—');
    expect(controls(pointer).length).toBeGreaterThan(0);
    expect(textOf(pointer)).toContain(`题目${type}`);
  });
});

describe('what cannot be read', () => {
  test.for([
    { type: 'number', typed: '2,4', says: '这不是数字' }, { type: 'integer', typed: '12.5', says: '这不是整数' }, { type: 'date', typed: '2026-02-30', says: '这不是日期' },
    { type: 'partialDate', typed: '19', says: '这不是日期' }, { type: 'time', typed: '25:00', says: '这不是时间' }, { type: 'dateTime', typed: '明天', says: '这不是日期和时间' },
  ])('stays in the box of a $type, is said when the box is left, and is not stored', async ({ type, typed, says }) => {
    const { focus, keys, element, textOf, controls, item } = await aPage({ form: everyType() });
    await focus(`/${type}`);
    await keys(typed);
    expect(textOf(`/${type}`)).not.toContain(says); // not while it is being typed
    await keys('{Enter}');
    expect(controls(`/${type}`)[0]?.value).toBe(typed);
    expect(textOf(`/${type}`)).toContain(says);
    expect(item(`/${type}`)?.querySelector('input')?.getAttribute('aria-invalid')).toBe('true');
    expect(element.evaluation()?.data).toEqual({});
    expect(element.firstFinding()).toBe(`/${type}`);
  });

  test('clears the old value rather than keeping what is no longer on the screen', async () => {
    const { focus, keys, element, last } = await aPage({ form: everyType(), answers: { data: { number: 2.4 } } });
    await focus('/number');
    await keys('2x');
    expect(last()).toEqual({ pointer: '/number' });
    expect(element.evaluation()?.data).toEqual({});
  });

  test('rewrites a readable text only when the box is left', async () => {
    const { focus, keys, controls } = await aPage({ form: everyType() });
    await focus('/number');
    await keys('２。４０');
    expect(controls('/number')[0]?.value).toBe('２。４０');
    await keys('{Enter}');
    expect(controls('/number')[0]?.value).toBe('2.4');
  });
});

test('a calendar puts its day before the time that stands there', async () => {
  const { element, root, item, activePointer } = await aPage({ form: everyType(), answers: { data: { dateTime: '2026-05-14T14:30+08:00' } } });
  await userEvent.click(item('/dateTime')?.querySelector('[data-action=calendar]') as Element);
  const picker = root.querySelector<HTMLInputElement>('.picker');
  expect(picker?.value).toBe('2026-05-14');
  if (picker) picker.value = '2026-05-20';
  picker?.dispatchEvent(new Event('change'));
  expect(element.evaluation()?.data['dateTime']).toBe('2026-05-20T14:30+08:00');
  expect(activePointer()).toBe('/dateTime');
  expect(root.querySelector('.picker')).toBeNull();
});

describe('choices', () => {
  test('are taken back by a second press or by Delete', async () => {
    const { keys, focus, controls, element } = await aPage({ form: everyType() });
    const second = () => controls('/codeFew')[1] as HTMLInputElement;
    await userEvent.click(second().parentElement as HTMLElement);
    expect(element.evaluation()?.data['codeFew']).toBe('c2');
    await userEvent.click(second().parentElement as HTMLElement);
    expect(element.evaluation()?.data['codeFew']).toBeUndefined();
    expect(second().checked).toBe(false);
    await focus('/codeFew');
    await keys('3', '{Delete}');
    expect(element.evaluation()?.data['codeFew']).toBeUndefined();
  });

  test('move by arrow keys', async () => {
    const { focus, keys, element } = await aPage({ form: everyType() });
    await focus('/codeFew');
    await keys('1', '{ArrowRight}');
    expect(element.evaluation()?.data['codeFew']).toBe('c2');
  });
});

describe('a searchable list', () => {
  test('follows the pattern of a combobox', async () => {
    const { focus, keys, active, root } = await aPage({ form: everyType() });
    await focus('/codeMany');
    expect(active()?.getAttribute('aria-expanded')).toBe('false');
    await keys('{ArrowDown}');
    expect(active()?.getAttribute('aria-expanded')).toBe('true');
    const list = root.getElementById(active()?.getAttribute('aria-controls') ?? '');
    expect(list?.getAttribute('role')).toBe('listbox');
    await keys('{ArrowDown}', '{ArrowDown}');
    expect(root.getElementById(active()?.getAttribute('aria-activedescendant') ?? '')?.getAttribute('role')).toBe('option');
    await keys('{Escape}');
    expect(active()?.getAttribute('aria-expanded')).toBe('false');
  });

  test('takes what was surely meant on leaving, and says what it did not understand', async () => {
    const { focus, keys, element, textOf, controls } = await aPage({ form: everyType(), answers: { data: { codeMany: 'c1' } } });
    await focus('/codeMany');
    await keys('c17', '{Tab}');
    expect(element.evaluation()?.data['codeMany']).toBe('c17');
    await focus('/codeMany');
    await keys('没有这个', '{Tab}');
    expect(element.evaluation()?.data['codeMany']).toBe('c17');
    expect(controls('/codeMany')[0]?.value).toBe('选项17');
    expect(textOf('/codeMany')).toContain('没有叫“没有这个”的项');
  });

  test('replaces what is chosen by what is typed after a press', async () => {
    const { keys, element, controls } = await aPage({ form: everyType(), answers: { data: { codeMany: 'c1' } } });
    await userEvent.click(controls('/codeMany')[0] as HTMLElement);
    await keys('c17', '{Enter}');
    expect(element.evaluation()?.data['codeMany']).toBe('c17');
  });

  test('takes several, one after another, and gives them up by Backspace', async () => {
    const { focus, keys, element } = await aPage({ form: everyType() });
    await focus('/codesMany');
    await keys('c33', '{Enter}', 'c2', '{Enter}');
    expect(element.evaluation()?.data['codesMany']).toEqual(['c2', 'c33']);
    await keys('{Escape}', '{Backspace}');
    expect(element.evaluation()?.data['codesMany']).toEqual(['c2']);
  });

  test('waits for the input method', async () => {
    const { focus, keys, active, root, element } = await aPage({ form: everyType() });
    await focus('/codeMany');
    await keys('{ArrowDown}');
    active()?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true, composed: true }));
    expect(element.evaluation()?.data['codeMany']).toBeUndefined();
    expect(root.querySelector('[role=option]')).not.toBeNull();
  });
});
