/** Editions of code lists, from a file into the store and out again by search. */
import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createInitials } from '../../../schemas/pinyin/initials.ts';
import { createCodeIndex, type CodeColumns, type CodePage } from '../../../schemas/code-search.ts';
import type { Form, Item, ValueSet } from '../../../schemas/form.ts';
import { itemColumns } from '../../../server/exchange/export/item-columns.ts';
import { readCodes } from '../../../server/exchange/codes/read.ts';
import { storeCodes } from '../../../server/exchange/codes/store.ts';
import { transact } from '../../../server/database.ts';
import { listImportedCodes } from '../../../server/repositories/code-lists.ts';
import { engines } from '../../support/engines.ts';
import { select } from '../../support/select.ts';
import { useServer } from '../support/app.ts';

const pattern = '[A-Z][0-9]{2}([.][0-9x]{1,8})?';
const initialsOf = createInitials({ 荨麻疹: 'xmz' });
const read = (text: string | Uint8Array) => readCodes(typeof text === 'string' ? new TextEncoder().encode(text) : text, pattern, initialsOf);

describe('a table of codes', () => {
  test.each([
    ['in UTF-8 with a mark', new TextEncoder().encode('\ufeff疾病编码,疾病名称\nL50.0,过敏性荨麻疹\n'), 'utf-8'],
    ['in GB18030', Uint8Array.from([0xb1, 0xe0, 0xc2, 0xeb, 0x2c, 0xc3, 0xfb, 0xb3, 0xc6, 0x0d, 0x0a, ...new TextEncoder().encode('L50.0'), 0x2c, 0xb9, 0xfd, 0xc3, 0xf4, 0xd0, 0xd4, 0xdd, 0xa1, 0xc2, 0xe9, 0xd5, 0xee, 0x0d, 0x0a]), 'gb18030'],
    ['with semicolons and English names of the columns', new TextEncoder().encode('code;name\nL50.0;过敏性荨麻疹\n'), 'utf-8'],
  ])('is read %s', (_, bytes, encoding) => {
    const { rows, wrong, ...rest } = read(bytes);
    expect([rows, wrong, rest.encoding]).toEqual([[{ code: 'L50.0', zh: '过敏性荨麻疹', en: '', pinyin: 'gmxxmz', synonyms: [], status: 'active', ordinal: 0 }], [], encoding]);
  });

  test('has names, initials, other names and status in columns of their own', () => {
    const { rows, ignored } = read('Code,名称,英文名称,拼音码,别名,状态,价格\nL82,脂溢性角化病,Seborrhoeic keratosis,ZYX,老年疣；SK;L82,停用,1\n');
    expect(rows).toEqual([{ code: 'L82', zh: '脂溢性角化病', en: 'Seborrhoeic keratosis', pinyin: 'zyx', synonyms: ['老年疣', 'SK'], status: 'retired', ordinal: 0 }]);
    expect(ignored).toEqual(['价格']);
  });

  test('is kept where it is right, and told where it is wrong', () => {
    const { rows, wrong } = read(`编码,名称,状态\nL82,甲,\n,乙,\nlower,丙,\nL82,丁,\nL83,,\nL84,${'长'.repeat(501)},\nL85,戊,perhaps\n\nL86,己,启用\n`);
    expect(rows.map(({ code, ordinal }) => [code, ordinal])).toEqual([['L82', 0], ['L86', 1]]);
    expect(wrong.map(({ row, column, reason }) => [row, column, reason.slice(0, 24)])).toEqual([
      [3, '编码', 'the code is missing'], [4, '编码', 'the code does not have t'], [5, '编码', 'the code stands in line '],
      [6, '名称', 'the name is missing'], [7, '名称', 'the text is longer than '], [8, '状态', 'the status is none of: a'],
    ]);
  });

  test.each([['编码,价格\nL82,1\n', /no column of zh/], ['a,b\n1,2\n', /no column of code and zh/], ['编码,疾病编码,名称\nL82,L83,x\n', /both say the code/], ['', /ends before/]])('%j is refused whole', (text, message) => {
    expect(() => read(text)).toThrow(message);
  });
});

describe.each(engines())('an edition, on $name', ({ fresh }) => {
  const store = fresh();
  const server = useServer(() => store.open);
  const edition = (valueSet: string, adds = false) => ({ valueSet, edition: 'test', fileSha256: 'a'.repeat(64), adds });
  const put = (set: string, text: string, adds = false) => storeCodes(store.db, read(text), edition(set, adds));
  const stored = async (set: string) => Object.fromEntries((await transact(store.db, { sites: [] }, (trx) => listImportedCodes(trx, set))).map(({ code, zh, status }) => [code, `${zh} ${status}`]));
  const imports = (set: string) => transact(store.db, { sites: [] }, (trx) => select<{ added: number; changed: number; retired: number }>(trx, `select added, changed, retired from value_set_import where value_set = '${set}' order by id`));

  test('is stored once, and a newer one retires what it lacks', async () => {
    const first = '编码,名称\nL80,白癜风\nL82,老年疣\nL83,黑棘皮\n';
    expect(await put('one', first)).toEqual({ added: 3, changed: 0, retired: 0, unchanged: 0 });
    expect(await put('one', first)).toEqual({ added: 0, changed: 0, retired: 0, unchanged: 3 });
    expect(await put('one', '编码,名称\nL84,鸡眼\nL80,白癜风\nL82,脂溢性角化病\n')).toEqual({ added: 1, changed: 1, retired: 1, unchanged: 1 });
    expect(await stored('one')).toEqual({ L84: '鸡眼 active', L80: '白癜风 active', L82: '脂溢性角化病 active', L83: '黑棘皮 retired' });
    expect(await imports('one')).toEqual([{ added: 3, changed: 0, retired: 0 }, { added: 1, changed: 1, retired: 1 }]);
    expect(await put('one', '编码,名称\nL83,黑棘皮病\n', true)).toEqual({ added: 0, changed: 1, retired: 0, unchanged: 0 });
    expect(await stored('one')).toMatchObject({ L83: '黑棘皮病 active', L80: '白癜风 active' });
  });

  test('keeps a code whose row was wrong as it was', async () => {
    await put('two', '编码,名称\nL80,白癜风\n');
    expect(await put('two', '编码,名称\nL80,\nL81,色素沉着\n')).toMatchObject({ added: 1, retired: 0 });
    expect(await stored('two')).toEqual({ L80: '白癜风 active', L81: '色素沉着 active' });
  });

  test('is stored whole or not at all', async () => {
    const { rows, mentioned } = read('编码,名称\nL80,白癜风\nL81,色素沉着\n');
    const broken = rows.map((row, at) => (at === 1 ? { ...row, zh: '\u0000' } : row));
    await expect(storeCodes(store.db, { rows: broken, mentioned }, edition('three'))).rejects.toThrow();
    expect([await stored('three'), await imports('three')]).toEqual([{}, []]);
  });

  test('is read by requests and written by none', async () => {
    for (const act of ['delete from value_set_code', "update value_set_code set zh = ''", 'delete from value_set_import']) {
      await expect(transact(store.db, { sites: [] }, (trx) => select(trx, act)), act).rejects.toThrow(/permission denied/);
    }
  });

  test('is found beside the shipped codes within ten seconds', async () => {
    const person = await server.person({ siteId: await server.site(), role: 'investigator' });
    const address = '/api/value-sets/icd-10/1.0.0/codes';
    const search = async (q: string) => ((await person.get(`${address}?q=${encodeURIComponent(q)}&limit=3`)).json() as CodePage).items.map(({ code, text }) => `${code} ${text.zh}`);
    expect((await search('老年疣'))[0]).toBe('L82 脂溢性角化病');
    await put('icd-10', '编码,名称,别名\nL82,脂溢性角化病（国家版）,\nM99.1,某病,某别名\n');
    server.wait(5_000);
    expect(await search('某别名')).toEqual(['M99.1 某病']);
    expect(await search('老年疣')).toEqual(['L82 脂溢性角化病（国家版）']);
    expect((await person.post(address, { codes: ['M99.1', 'L50.0', 'Z00.0'] })).json()).toMatchObject({ items: [{ code: 'M99.1' }, { code: 'L50.0' }] });
  });

  test('names what is exported, listed or not', async () => {
    await put('names', '编码,名称,英文名称\nL82,脂溢性角化病,\nL83,黑棘皮病,Acanthosis nigricans\n');
    const set: ValueSet = { id: 'names', version: '1.0.0', title: { zh: '', en: '' }, codes: [{ code: 'L80', text: { zh: '白癜风', en: 'Vitiligo' }, status: 'active' }], open: { pattern, content: 'names' } };
    const item = (key: string, type: 'code' | 'codes'): Item => ({ key, path: key, type, title: { zh: key, en: key }, valueSet: 'names/1.0.0', required: false, identifying: 'none', concept: [] });
    const labelOf = async (each: Item, language: 'zh' | 'en', data: object) => {
      const around = { form: { valueSets: { 'names/1.0.0': set } } as unknown as Form, language, data: 'd', pointer: () => "''", bound: () => undefined, share: (sql: string) => `(${sql})`, staffNames: false, lacking: [] };
      const column = itemColumns(each, around).find(({ role }) => role === 'label');
      return (await transact(store.db, { sites: [] }, (trx) => select<{ label: string | null }>(trx, `select ${column?.sql} as label from (values ('${JSON.stringify(data)}'::jsonb)) as q (d)`)))[0]?.label;
    };
    const one = item('one', 'code');
    expect([await labelOf(one, 'zh', { one: 'L82' }), await labelOf(one, 'en', { one: 'L83' }), await labelOf(one, 'en', { one: 'L82' }), await labelOf(one, 'en', { one: 'L80' }), await labelOf(one, 'zh', { one: 'Z99' }), await labelOf(one, 'zh', {})])
      .toEqual(['脂溢性角化病', 'Acanthosis nigricans', '脂溢性角化病', 'Vitiligo', null, null]);
    const several = item('several', 'codes');
    expect([await labelOf(several, 'zh', { several: ['Z99', 'L80', 'L83'] }), await labelOf(several, 'zh', {})]).toEqual(['Z99; 白癜风; 黑棘皮病', null]);
    expect(itemColumns(several, { form: { valueSets: { 'names/1.0.0': set } } as unknown as Form, language: 'zh', data: 'd', pointer: () => "''", bound: () => undefined, share: (sql) => sql, staffNames: false, lacking: [] }).map(({ name }) => name)).toEqual(['several', 'several__label', 'several__null']);
  });

  test('can be taken away whole, once', async () => {
    const person = await server.person({ siteId: await server.site(), role: 'investigator' });
    const address = '/api/value-sets/skin-diagnosis/1.0.0/codes.json';
    const reply = await person.get(address);
    const columns = reply.json() as CodeColumns;
    const lines = [columns.code, columns.zh, columns.en, columns.pinyin, columns.synonyms].map((text) => text.split('\n'));
    expect(new Set(lines.map(({ length }) => length))).toEqual(new Set([columns.size]));
    expect(createCodeIndex(columns).search('老年疣').items.map(({ code }) => code)).toEqual(['seborrhoeic-keratosis']);
    const tag = reply.headers['etag'] as string;
    expect((await person.send('GET', address, undefined, { 'if-none-match': `W/${tag}` })).statusCode).toBe(304);
    expect((await person.send('GET', address, undefined, { 'if-none-match': `"${randomUUID()}"` })).statusCode).toBe(200);
  });

  test('is for who may read standards, and of a set that is there', async () => {
    const person = await server.person({ siteId: await server.site(), role: 'investigator' });
    expect((await person.get('/api/value-sets/none/1.0.0/codes')).statusCode).toBe(404);
    expect((await person.get(`/api/value-sets/icd-10/1.0.0/codes?q=${'x'.repeat(101)}`)).statusCode).toBe(400);
    expect((await server.app.inject('/api/value-sets/icd-10/1.0.0/codes')).statusCode).toBe(401);
  });
});
