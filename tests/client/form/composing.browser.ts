/** Real compositions, as an input method of the system makes them. */
import { expect, test } from 'vitest';
import { cdp } from 'vitest/browser';
import { aPage } from '../support/a-page.ts';
import { everyType } from '../support/compiled.ts';

interface Session { send(method: string, params?: object): Promise<unknown> }
const session = () => cdp() as unknown as Session;
const compose = (text: string) => session().send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
const commit = (text: string) => session().send('Input.insertText', { text });

test.for([
  { type: 'text', composed: ['z', 'zu', '左', '左足'], committed: '左足', value: '左足' },
  { type: 'longText', composed: ['b', '备', '备注'], committed: '备注', value: '备注' },
  { type: 'number', composed: ['２', '２。', '２。４'], committed: '２。４', value: 2.4 },
  { type: 'date', composed: ['2026nian', '2026年5月14日'], committed: '2026年5月14日', value: '2026-05-14' },
])('a $type takes what was composed, once it is committed', async ({ type, composed, committed, value }) => {
  const { focus, controls, element, changes, root } = await aPage({ form: everyType() });
  await focus(`/${type}`);
  for (const text of composed) {
    await compose(text);
    await element.updateComplete;
    expect(controls(`/${type}`)[0]?.value).toBe(text); // nothing is written into the box while it composes
  }
  expect(changes).toEqual([]);
  await commit(committed);
  await element.updateComplete;
  expect(element.evaluation()?.data[type]).toBe(value);
  expect((root.activeElement as HTMLInputElement).value).toBe(committed);
});

test('a searchable list finds what was composed', async () => {
  const { focus, element, root, keys } = await aPage({ form: everyType() });
  await focus('/codeMany');
  await compose('xuan');
  await element.updateComplete;
  expect(root.querySelector('[role=option]')).toBeNull();
  await commit('选项17');
  await element.updateComplete;
  await keys('{Enter}');
  expect(element.evaluation()?.data['codeMany']).toBe('c17');
});
