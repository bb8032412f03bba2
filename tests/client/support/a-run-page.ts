/** The page of a run alone. The server is in memory: each test says what it answers. */
import { onTestFinished, vi } from 'vitest';
import type { Run } from '../../../schemas/http/protocol-api.ts';
import { base } from '../../../client/styles/base.ts';
import { adoptTokens } from '../../../client/styles/tokens.ts';
import '../../../client/pages/protocol-run.ts';
import type { CrfProtocolRunPage } from '../../../client/pages/protocol-run.ts';
import { protocol, runId } from './a-run.ts';
import { aMe, aSubject } from './fake-api.ts';

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
  page.place = { name: 'protocolRun', params: { siteId: me.sites[0]?.id ?? '', subjectId: aSubject(1).id, runId }, query: new URLSearchParams() };
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
