/** The worker with the code lists, and the server where it has none. */
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { CodeLists } from '../../../client/controllers/code-lists.ts';
import { openCodeStore } from '../../../client/controllers/code-store.ts';
import { ConnectionError } from '../../../client/request.ts';
import { columnsOf, type CodeColumns } from '../../../schemas/code-search.ts';
import type { Code } from '../../../schemas/form.ts';

const codes: Code[] = [{ code: 'L82', text: { zh: '脂溢性角化病', en: 'Seborrhoeic keratosis' }, status: 'active', pinyin: 'zyxjhb' }, { code: 'L83', text: { zh: '黑棘皮病', en: '' }, status: 'retired', pinyin: 'hjpb' }];
let serial = 0;
const aRef = () => `list-${Date.now()}-${++serial}/1.0.0`;

/** What the page itself asks of the server; the worker's own questions go to the server of the tests, which has no such list. */
function aServer(answer: () => object | undefined) {
  const asked: string[] = [];
  const real = window.fetch.bind(window);
  vi.stubGlobal('fetch', async (input: RequestInfo | URL, init?: RequestInit) => {
    if (typeof input !== 'string' || !input.startsWith('/api/value-sets/')) return real(input, init);
    asked.push(`${init?.method} ${input} ${typeof init?.body === 'string' ? init.body : ''}`.trim());
    const body = answer();
    if (!body) throw new TypeError('no network');
    return Response.json(body);
  });
  onTestFinished(() => void vi.unstubAllGlobals());
  return asked;
}

describe('code lists of the page', () => {
  test('come from this device when it has them', async () => {
    const asked = aServer(() => undefined);
    const ref = aRef();
    await openCodeStore().write(ref, { columns: columnsOf(codes), etag: '"x"' });
    const lists = new CodeLists();
    lists.prepare(ref);
    expect(await lists.search(ref, 'zyx', 10)).toEqual({ items: [codes[0]] });
    expect(await lists.read(ref, ['L83', 'L99'])).toEqual([{ ...codes[1], text: { zh: '黑棘皮病', en: '黑棘皮病' } }]);
    expect(asked).toEqual([]);
  });

  test.for([['there is none', undefined], ['what is there has another shape', { code: ['L82'] } as unknown as CodeColumns]] as const)('come from the server while %s', async ([, columns]) => {
    const asked = aServer(() => ({ items: codes }));
    const ref = aRef();
    if (columns !== undefined) await openCodeStore().write(ref, { columns, etag: undefined });
    const lists = new CodeLists();
    expect((await lists.search(ref, '黑 a&b', 10)).items).toHaveLength(2);
    await lists.read(ref, ['L83']);
    expect(asked).toEqual([`GET /api/value-sets/${ref}/codes?q=%E9%BB%91+a%26b&limit=10`, `POST /api/value-sets/${ref}/codes {"codes":["L83"]}`]);
  });

  test('say when nobody answers', async () => {
    aServer(() => undefined);
    await expect(new CodeLists().search(aRef(), 'x', 10)).rejects.toThrow(ConnectionError);
  });
});
