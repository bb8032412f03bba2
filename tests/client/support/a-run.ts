/** A run of a small protocol as the server tells it, and a page that shows it. The server is in memory: each test says what it answers. */
import { onTestFinished, vi } from 'vitest';
import type { Protocol, Run } from '../../../schemas/http/protocol-api.ts';
import type { ClockState } from '../../../schemas/protocol/run.ts';
import type { Expression } from '../../../schemas/form.ts';
import { base } from '../../../client/styles/base.ts';
import { adoptTokens } from '../../../client/styles/tokens.ts';
import '../../../client/pages/protocol-run.ts';
import type { CrfProtocolRunPage } from '../../../client/pages/protocol-run.ts';
import { aMe, aSubject } from './fake-api.ts';

const text = (zh: string, en = zh) => ({ zh, en });
const expression: Expression = { source: 'true', tree: { op: 'value', value: true }, reads: [] };
const id = (n: number) => `0198a000-0000-7000-8000-${String(n).padStart(12, '0')}`;
export const siteId = id(1);
export const runId = id(7);
export const recordId = id(8);

export const protocol: Protocol = {
  name: 'small', version: '1.0.0', sha256: 'a', title: text('小方案', 'Small protocol'), visit: ['operation'], lesion: 'must',
  steps: [{
    id: 'excision', title: text('切除', 'Excision'), form: { subDataset: 'excision', version: '1.0.0' }, records: 1, after: [], guide: [text('看钟', 'Look at the clock')], carries: [], refers: [], conditions: [], results: [{ key: 'minutes', title: text('分钟（计算）', 'Minutes (computed)'), unit: 'min' }], sheet: [],
    tasks: [{ kind: 'picture', id: 'before', title: text('术前', 'Before'), is: { role: 'before' }, count: 1 }, { kind: 'moment', key: 'cutAt', title: text('离体', 'Removed'), optional: false }, { kind: 'aliquots' }],
  }],
  clocks: [{ id: 'cold', title: text('冷缺血', 'Cold ischaemia'), from: expression, to: expression, limit: 20, warnBefore: 5, deviation: { code: 'late', title: text('冷缺血超时', 'Cold ischaemia late') } }],
  rules: [], acceptance: [{ id: 'fast', title: text('及时', 'In time'), assert: expression }],
  aliquots: [{ id: 'piece', each: 'excision', title: text('组织', 'Tissue'), planned: 2, count: expression, fields: {} }],
  naming: { parts: [], pattern: '' }, labels: { symbol: 'datamatrix', fields: ['code'], page: { width: 210, height: 297 }, columns: 5, rows: 13, left: 0, top: 0, width: 38, height: 21, across: 40, down: 21 }, elements: {},
};

const clock = (secondsAgo: number, now: number, limit = 20): ClockState => ({ id: 'cold', state: 'running', from: new Date(now - secondsAgo * 1000).toISOString(), limit, warnBefore: 5 });

/** `since` seconds ago the clock began. */
export function aRun({ since, ...changes }: Partial<Run> & { since?: number } = {}): Run {
  const now = Date.now();
  return {
    id: runId, subjectId: aSubject(1).id, visitId: id(3), lesionId: id(4), protocol: 'small', version: '1.0.0', title: protocol.title, status: 'running', startedAt: new Date(now).toISOString(), startedBy: '张敏', now: new Date(now).toISOString(),
    state: {
      steps: [{ id: 'excision', state: 'open', waitsFor: [], missing: [{ kind: 'picture', id: 'before', have: 0, want: 1, refused: 0 }], pictures: [{ id: 'before', want: 1, images: [], refused: [] }], records: [{ id: recordId, status: 'in-progress', moments: [{ key: 'cutAt' }], results: { minutes: 12 } }] }],
      clocks: since === undefined ? [] : [clock(since, now)], deviations: [], acceptance: [{ id: 'fast' }], aliquots: [{ kind: 'piece', recordId, named: [], next: ['A-1', 'A-2'] }],
      next: { kind: 'moment', step: 'excision', key: 'cutAt', recordId },
    },
    aliquots: [], deviations: [], events: [], ...changes,
  };
}

export interface Asked {
  method: string;
  path: string;
  body: { [member: string]: unknown } | undefined;
}

/** Opens the page; `answer` gives the run for a request, a problem as a response, or nothing when the server does not answer. */
export async function aRunPage(answer: (asked: Asked) => Run | Response | undefined, language: 'zh' | 'en' = 'zh') {
  const asked: Asked[] = [];
  const real = window.fetch.bind(window);
  vi.stubGlobal('fetch', async (input: RequestInfo | URL, init: RequestInit = {}) => {
    if (typeof input !== 'string' || !input.startsWith('/api/')) return real(input, init);
    const request = { method: init.method ?? 'GET', path: input, body: typeof init.body === 'string' ? JSON.parse(init.body) as Asked['body'] : undefined };
    asked.push(request);
    if (input.startsWith('/api/protocols/')) return Response.json(protocol);
    if (input.includes('/subjects/')) return Response.json({ ...aSubject(1), identifierKeys: [], visits: [], lesions: [], specimens: [], recordList: [], images: [] });
    const reply = answer(request);
    if (reply === undefined) throw new TypeError('Failed to fetch');
    return reply instanceof Response ? reply : Response.json(reply);
  });
  document.documentElement.lang = language === 'en' ? 'en' : 'zh-CN';
  adoptTokens();
  if (base.styleSheet && !document.adoptedStyleSheets.includes(base.styleSheet)) document.adoptedStyleSheets.push(base.styleSheet);
  const page = document.createElement('crf-protocol-run-page') as CrfProtocolRunPage;
  const me = aMe();
  page.context = { me, site: undefined, sites: [], renew: async () => {}, setUp: async () => {}, guard: () => {}, rename: () => {}, arrived: () => {} };
  page.place = { name: 'protocolRun', params: { siteId: me.sites[0]?.id ?? siteId, subjectId: aSubject(1).id, runId }, query: new URLSearchParams() };
  document.body.append(page);
  onTestFinished(() => {
    page.remove();
    localStorage.clear();
    document.documentElement.lang = 'zh-CN';
    vi.unstubAllGlobals();
  });
  await vi.waitUntil(() => page.renderRoot.querySelector('.page'));
  return { page, root: page.renderRoot as ShadowRoot, asked };
}
