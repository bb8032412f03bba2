/** Coded fields that are searched: closed lists, and open ones with what the page knows. */
import axe from 'axe-core';
import { describe, expect, test, vi } from 'vitest';
import type { CodeSource } from '../../../client/fields/code-finder.ts';
import { columnsOf, createCodeIndex } from '../../../schemas/code-search.ts';
import type { Code, Form, ValueSet } from '../../../schemas/form.ts';
import { aForm, anItem } from '../support/a-form.ts';
import { aPage } from '../support/a-page.ts';

const aCode = (code: string, zh: string, en: string, pinyin: string, synonyms: string[] = [], status: Code['status'] = 'active'): Code => ({ code, text: { zh, en }, status, pinyin, ...(synonyms.length > 0 ? { synonyms } : {}) });
const shipped = [
  aCode('C43.9', '皮肤恶性黑色素瘤', 'Malignant melanoma of skin', 'pfexhssl', ['MM']), aCode('L40.0', '寻常型银屑病', 'Psoriasis vulgaris', 'xcxyxb', ['牛皮癣']), aCode('L82', '脂溢性角化病', 'Seborrhoeic keratosis', 'zyxjhb', ['老年疣']),
  aCode('L50.9', '荨麻疹，未特指', 'Urticaria, unspecified', 'xmzwtz', [], 'retired'),
];
const imported = [...shipped, aCode('L40.000x001', '寻常型银屑病（国家版）', '', 'xcxyxbgjb'), aCode('Z01', '某检查', '', 'mjc')];
let serial = 0;

/** A fresh set each time: what was chosen lately is remembered by its name. */
function open(): { form: Form; ref: string } {
  const id = `icd-${++serial}`;
  const set: ValueSet = { id, version: '1.0.0', title: { zh: '疾病', en: 'Disease' }, codes: shipped, open: { pattern: '[A-Z][0-9]{2}([.][0-9x]{1,8})?', content: 'icd-10' } };
  const ref = `${id}/1.0.0`;
  return { ref, form: aForm({ items: [anItem('one', { type: 'code', valueSet: ref, title: { zh: '诊断', en: 'Diagnosis' } }), anItem('several', { type: 'codes', valueSet: ref, title: { zh: '其他诊断', en: 'Others' } })], valueSets: { ...aForm().valueSets, [ref]: set } }) };
}

function aSource(delay = 5): CodeSource & { prepared: string[]; questions: string[]; isDown: boolean } {
  const index = createCodeIndex(columnsOf(imported));
  const wait = () => new Promise<void>((resolve) => { setTimeout(resolve, delay); });
  const source = {
    prepared: [] as string[], questions: [] as string[], isDown: false,
    prepare: (ref: string) => void source.prepared.push(ref),
    async search(_: string, query: string, limit: number) {
      source.questions.push(query);
      await wait();
      if (source.isDown) throw new Error('down');
      return index.search(query, { limit });
    },
    async read(_: string, codes: readonly string[]) {
      await wait();
      return codes.flatMap((code) => index.find(code) ?? []);
    },
  };
  return source;
}

const rows = (root: ShadowRoot, pointer: string) => [...root.querySelectorAll(`[data-pointer="${pointer}"] [role=option]`)].map((row) => row.textContent?.trim());

describe('an open code list', () => {
  test.for([
    ['initials', 'hssl', 'C43.9'], ['the code without its dot', 'l400', 'L40.0'], ['English', 'keratosis', 'L82'], ['another name', '牛皮癣', 'L40.0'], ['what only the page knows', 'mjc', 'Z01'],
    ['a national code', 'L40.000x001', 'L40.000x001'],
  ] as const)('is searched by %s', async ([, typed, code]) => {
    const { form } = open();
    const { focus, keys, element, root } = await aPage({ form, codes: aSource() });
    await focus('/one');
    await keys(...typed);
    await expect.poll(() => rows(root, '/one').length).toBeGreaterThan(0);
    await expect.poll(() => root.querySelector('[aria-busy=true]')).toBeNull();
    await keys('{Enter}');
    expect(element.evaluation()?.data['one']).toBe(code);
  });

  test('shows code and text, and the other name that was typed', async () => {
    const { form } = open();
    const { focus, keys, root, controls } = await aPage({ form, codes: aSource() });
    await focus('/one');
    await keys('老年疣');
    await expect.poll(() => rows(root, '/one')).toEqual(['L82 脂溢性角化病 · 老年疣']);
    await keys('{ArrowDown}', '{Enter}');
    expect(controls('/one')[0]?.value).toBe('L82 脂溢性角化病');
  });

  test('takes Enter that was quicker than the answer', async () => {
    const { form } = open();
    const { focus, keys, element } = await aPage({ form, codes: aSource(100) });
    await focus('/one');
    await keys('mjc', '{Enter}');
    expect(element.evaluation()?.data['one']).toBeUndefined();
    await expect.poll(() => element.evaluation()?.data['one']).toBe('Z01');
  });

  test('asks one question after the other and shows the answer to the last', async () => {
    const { form } = open();
    const source = aSource(30);
    const { focus, keys, root } = await aPage({ form, codes: source });
    await focus('/one');
    await keys('h', 's', 's', 'l');
    await expect.poll(() => rows(root, '/one')).toEqual(['C43.9 皮肤恶性黑色素瘤']);
    expect(source.questions.at(-1)).toBe('hssl');
    await new Promise((resolve) => { setTimeout(resolve, 80); });
    expect(rows(root, '/one')).toEqual(['C43.9 皮肤恶性黑色素瘤']);
  });

  test('takes a code that no list has when it looks like one, and says so', async () => {
    const { form } = open();
    const { focus, keys, element, controls, root } = await aPage({ form, codes: aSource() });
    await focus('/one');
    await keys('m99.1');
    await expect.poll(() => rows(root, '/one')).toEqual(['用编码 M99.1（不在已导入的目录中）']);
    await keys('{Enter}');
    expect(element.evaluation()?.data['one']).toBe('M99.1');
    expect(element.evaluation()?.findings).toEqual([]);
    await expect.poll(() => controls('/one')[0]?.value).toBe('M99.1（不在已导入的目录中）');
  });

  test.for([['leaves words alone', '不知道'], ['leaves what is no code alone', '12']])('%s', async ([, typed]) => {
    const { form } = open();
    const { focus, keys, element, textOf } = await aPage({ form, codes: aSource() });
    await focus('/one');
    await keys(typed ?? '');
    await keys('{Tab}');
    expect(element.evaluation()?.data['one']).toBeUndefined();
    expect(textOf('/one')).toContain('值未改变');
  });

  test('serves with what the form brought along when nobody answers', async () => {
    const { form } = open();
    const source = aSource();
    source.isDown = true;
    const { focus, keys, root, element } = await aPage({ form, codes: source });
    await focus('/one');
    await keys('zyx');
    await expect.poll(() => rows(root, '/one')).toEqual(['L82 脂溢性角化病']);
    await expect.poll(() => root.querySelector('[aria-busy=true]')).toBeNull();
    await keys('{Enter}');
    expect(element.evaluation()?.data['one']).toBe('L82');
    const alone = await aPage({ form: open().form });
    await alone.focus('/one');
    await alone.keys('yxb', '{Enter}');
    expect(alone.element.evaluation()?.data['one']).toBe('L40.0');
  });

  test('holds several, in the order of the list, and offers what was chosen lately first', async () => {
    const { form } = open();
    const { focus, keys, element, root } = await aPage({ form, codes: aSource() });
    await focus('/several');
    for (const typed of ['mjc', 'zyx', 'hssl']) {
      await keys(typed);
      await expect.poll(() => rows(root, '/several').length).toBe(1);
      await expect.poll(() => root.querySelector('[aria-busy=true]')).toBeNull();
      await keys('{Enter}');
    }
    expect(element.evaluation()?.data['several']).toEqual(['C43.9', 'L82', 'Z01']);
    await keys('{Escape}');
    await focus('/one');
    await keys('{ArrowDown}');
    await expect.poll(() => rows(root, '/one').slice(0, 3)).toEqual(['C43.9 皮肤恶性黑色素瘤', 'L82 脂溢性角化病', 'Z01 某检查']);
    expect(rows(root, '/one')).toHaveLength(5);
  });

  test('names what is only read when the page has its name', async () => {
    const { form } = open();
    const { textOf } = await aPage({ form, codes: aSource(), readonly: true, answers: { data: { one: 'L40.000x001', several: ['Z01', 'Q99', 'L50.9'] } } });
    await expect.poll(() => textOf('/one')).toContain('L40.000x001 寻常型银屑病（国家版）');
    await expect.poll(() => textOf('/several')).toContain('Z01 某检查');
    expect(textOf('/several')).toContain('Q99（不在已导入的目录中）');
    expect(textOf('/several')).toContain('荨麻疹，未特指');
  });

  test('has its list made ready before it is asked', async () => {
    const { form, ref } = open();
    const source = aSource();
    await aPage({ form, codes: source });
    expect(new Set(source.prepared)).toEqual(new Set([ref]));
  });

  test('has nothing that axe-core objects to, open and closed', async () => {
    const { form } = open();
    const { focus, keys, element, root } = await aPage({ form, codes: aSource(), answers: { data: { several: ['C43.9', 'L82'] } } });
    await focus('/one');
    await keys('l');
    await expect.poll(() => rows(root, '/one').length).toBeGreaterThan(1);
    await vi.waitFor(async () => {
      const { violations } = await axe.run(element, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] });
      expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
    });
  });
});
