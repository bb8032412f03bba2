import axe from 'axe-core';
import { describe, expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import { aRunPage } from '../support/a-run-page.ts';
import { aRun, recordId, runId } from '../support/a-run.ts';
import { textOf } from '../support/an-app.ts';

const button = (root: ParentNode, words: string) => {
  const found = [...root.querySelectorAll('button')].find((each) => each.checkVisibility() && each.textContent?.replace(/\s+/g, ' ').trim() === words);
  if (!found) throw new Error(`No button says ${words}`);
  return found;
};
const problem = (key: string, status: number, extra: object = {}) => new Response(JSON.stringify({ type: `/problems/${key}`, title: key, status, ...extra }), { status, headers: { 'Content-Type': 'application/problem+json' } });

describe('a run', () => {
  test('leads by one button, which records this moment by the server’s clock', async () => {
    const stamped = aRun({ now: new Date(Date.now() + 3_600_000).toISOString() });
    const { root, asked } = await aRunPage(() => stamped);
    button(root, '记录现在：离体').focus();
    await userEvent.keyboard('{Enter}');
    await expect.poll(() => textOf(root)).toContain('已记录离体');
    const sent = asked.find(({ method }) => method === 'POST');
    expect(sent).toMatchObject({ path: expect.stringMatching(new RegExp(`/protocol-runs/${runId}/records$`)), body: { recordId, step: 'excision', moment: { key: 'cutAt' } } });
    const { at = '' } = (sent?.body?.['moment'] ?? {}) as { at?: string };
    expect(at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/);
    expect(Math.abs(Date.parse(at) - (Date.now() + 3_600_000))).toBeLessThan(5000);
  });

  test('says that somebody was faster, and changes nothing', async () => {
    const { root } = await aRunPage(({ method }) => (method === 'POST' ? problem('moment-recorded', 409) : aRun()));
    await userEvent.click(button(root, '记录现在：离体'));
    await expect.poll(() => textOf(root)).toContain('这个时间已有人记录');
  });

  test('says what a step lacks, and that it cannot be completed', async () => {
    const { root } = await aRunPage(({ method }) => (method === 'POST' ? problem('step-incomplete', 422, { missing: [] }) : aRun()));
    expect(textOf(root)).toContain('照片“术前”0 / 1 张');
    await userEvent.click(button(root, '完成这一步'));
    await expect.poll(() => textOf(root)).toContain('还不能完成');
  });

  test('names as many aliquots as the person sets', async () => {
    const { root, asked } = await aRunPage(() => aRun());
    await userEvent.click(root.querySelector('[aria-label="多一管"]') ?? root.host);
    await userEvent.click(button(root, '命名 3 管'));
    await expect.poll(() => asked.at(-1)).toMatchObject({ method: 'POST', body: { recordId, counts: { piece: 3 } } });
  });

  test('shows what the form calculates, and offers what is printed', async () => {
    const { root } = await aRunPage(() => aRun({ aliquots: [{ specimenId: recordId, code: 'A-1', kind: 'piece', recordId, namedAt: new Date().toISOString() }] }));
    expect(textOf(root.querySelector('.results') ?? root)).toMatch(/分钟\s+12\s+min/);
    const labels = root.querySelector<HTMLAnchorElement>('#labels');
    const skip = root.querySelector<HTMLInputElement>('#skip');
    if (!labels || !skip) throw new Error('There is nothing to print');
    skip.value = '7';
    skip.dispatchEvent(new InputEvent('input'));
    expect(labels.getAttribute('href')).toMatch(/labels\.pdf\?language=zh&skip=7$/);
  });
});

describe('a clock', () => {
  test.for([
    { name: 'says how long there is', since: 120, state: 'running', words: '还剩 18 分钟' },
    { name: 'warns', since: 16 * 60, state: 'warned', words: '还剩 4 分钟' },
    { name: 'says plainly that its limit has passed', since: 23 * 60, state: 'exceeded', words: '已超时 3 分钟' },
  ])('$name', async ({ since, state, words }) => {
    const { root } = await aRunPage(() => aRun({ since }));
    expect(root.querySelector('.clock')?.className).toContain(state);
    expect(textOf(root.querySelector('.clock') ?? root)).toContain(words);
  });

  test('tells when it comes to warn, and asks the server anew', async () => {
    const { root, asked } = await aRunPage(() => aRun({ since: 15 * 60 - 2 }));
    const before = asked.filter(({ path }) => path.endsWith(runId)).length;
    await expect.poll(() => textOf(root.querySelector('[role="status"]') ?? root), { timeout: 6000 }).toContain('注意：冷缺血还剩 5 分钟');
    await expect.poll(() => asked.filter(({ path }) => path.endsWith(runId)).length).toBeGreaterThan(before);
  });

  test('goes on without a connection, and the page says so', async () => {
    let reachable = true;
    const { root } = await aRunPage(() => (reachable ? aRun({ since: 14 * 60 + 58 }) : undefined));
    reachable = false;
    await expect.poll(() => textOf(root), { timeout: 6000 }).toContain('连不上服务器：计时继续');
    expect(root.querySelector('.clock')?.className).toContain('warned');
  });

  test('is not needed to record a moment: the time waits on the device, and goes out as it was taken', async () => {
    let reachable = true;
    const sent: { contribution?: unknown; moment?: { at: string } }[] = [];
    const { root } = await aRunPage(({ method, body }) => {
      if (!reachable) return undefined;
      if (method === 'POST') sent.push(body as (typeof sent)[number]);
      return aRun({ since: 60 });
    });
    reachable = false;
    await userEvent.click(button(root, '记录现在：离体'));
    await expect.poll(() => textOf(root)).toContain('已在本机记下离体');
    expect(textOf(root.querySelector('[data-moment="cutAt"]') ?? root)).toContain('等待保存');
    const taken = JSON.parse(localStorage.getItem(Object.keys(localStorage).find((key) => key.startsWith('xf.stamps.')) ?? '') ?? '[]') as { contribution: string; at: string }[];
    reachable = true;
    document.dispatchEvent(new Event('visibilitychange'));
    await expect.poll(() => sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({ contribution: taken[0]?.contribution, moment: { at: taken[0]?.at } });
    await expect.poll(() => Object.keys(localStorage).some((key) => key.startsWith('xf.stamps.'))).toBe(false);
  });

  test('makes no sound until it is asked to', async () => {
    const { root } = await aRunPage(() => aRun({ since: 60 }));
    const sound = button(root, '提示音：关');
    expect(sound.getAttribute('aria-pressed')).toBe('false');
    await userEvent.click(sound);
    expect(button(root, '提示音：开').getAttribute('aria-pressed')).toBe('true');
  });
});

describe('a deviation', () => {
  const late = aRun({ since: 23 * 60, deviations: [{ key: 'cold/', code: 'late', of: 'cold', minutes: 23, limit: 20, recordedAt: new Date().toISOString(), holds: true, reasons: [] }] });

  test('asks for its reason until it has one', async () => {
    const { root, asked } = await aRunPage(() => late);
    expect(textOf(root)).toContain('尚未说明原因的偏离：1');
    const input = root.querySelector<HTMLInputElement>('[data-deviation="cold/"] input');
    if (!input) throw new Error('There is nowhere to say why');
    await userEvent.fill(input, '手术延长');
    await userEvent.keyboard('{Enter}');
    await expect.poll(() => asked.at(-1)).toMatchObject({ method: 'POST', path: expect.stringMatching(/\/deviations$/), body: { key: 'cold/', reason: '手术延长' } });
  });
});

test.for([{ language: 'zh' as const }, { language: 'en' as const }])('the page has nothing that axe-core objects to, in $language, and can be pressed with gloves', async ({ language }) => {
  const { page, root } = await aRunPage(() => aRun({ since: 23 * 60 }), language);
  const { violations } = await axe.run(page, { rules: { region: { enabled: false }, 'page-has-heading-one': { enabled: false } } });
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 120))])).toEqual([]);
  const small = [...root.querySelectorAll<HTMLElement>('.page button, .page a.button, .page summary')].filter((each) => each.checkVisibility() && (each.offsetHeight < 44 || each.offsetWidth < 44));
  expect(small.map((each) => each.textContent?.trim())).toEqual([]);
  if (language === 'en') expect(textOf(root)).not.toMatch(/[\u4e00-\u9fff]{3}/);
});
