import { describe, expect, test } from 'vitest';
import { layoutFor } from '../../../client/fields/choices.ts';
import { codeOptions, offered } from '../../../client/fields/option.ts';
import { find, meant } from '../../../client/fields/search.ts';
import { unitText } from '../../../client/fields/unit.ts';
import { words } from '../../../client/text/index.ts';
import type { Code } from '../../../schemas/form.ts';

const code = (value: string, zh: string, en: string, status: Code['status'] = 'active'): Code => ({ code: value, text: { zh, en }, status });
const t = words('zh');
const morphology = codeOptions({
  id: 'm', version: '1.0.0', title: { zh: '', en: '' },
  codes: [code('8720/3', '恶性黑色素瘤，NOS', 'Malignant melanoma, NOS'), code('8721/3', '结节型黑色素瘤', 'Nodular melanoma'), code('8744/3', '肢端雀斑样黑色素瘤', 'Acral lentiginous melanoma'), code('other', '其他', 'Other')],
}, 'zh', t);
const found = (typed: string) => find(morphology, typed).map(({ value }) => value);

describe('finding an option', () => {
  test.for([
    ['8721', ['8721/3']], ['黑色素', ['8720/3', '8721/3', '8744/3']], ['结节', ['8721/3']], ['nodular', ['8721/3']], ['melanoma acral', ['8744/3']],
    ['８７４４', ['8744/3']], ['', ['8720/3', '8721/3', '8744/3', 'other']], ['xyz', []],
  ] as const)('by “%s”', ([typed, values]) => {
    expect(found(typed)).toEqual(values);
  });

  test('means an option only where there is one', () => {
    expect(meant(morphology, '结节')?.value).toBe('8721/3');
    expect(meant(morphology, 'other')?.value).toBe('other');
    expect(meant(morphology, '黑色素')).toBeUndefined();
    expect(meant(morphology, '')).toBeUndefined();
  });

  test('names a code that people say, and not one of our own', () => {
    expect(morphology.map(({ text }) => text)).toEqual(['8720/3 恶性黑色素瘤，NOS', '8721/3 结节型黑色素瘤', '8744/3 肢端雀斑样黑色素瘤', '其他']);
  });

  test('no longer offers a retired code, unless it is the value', () => {
    const options = codeOptions({ id: 'x', version: '1.0.0', title: { zh: '', en: '' }, codes: [code('a', '甲', 'A'), code('b', '乙', 'B', 'retired')] }, 'zh', t);
    expect(offered(options, []).map(({ value }) => value)).toEqual(['a']);
    expect(offered(options, ['b']).map(({ text }) => text)).toEqual(['甲', '乙（已停用）']);
  });
});

test.for([
  [2, 2, 'row'], [5, 2, 'row'], [5, 8, 'list pair'], [3, 20, 'list'], [4, 10, 'list pair'], [8, 2, 'list pair'], [8, 11, 'list'], [9, 2, 'search'],
] as const)('%d options of %d characters are drawn as a %s', ([count, length, layout]) => {
  expect(layoutFor(Array.from({ length: count }, (_, index) => ({ value: String(index), text: '字'.repeat(length), search: '' })))).toBe(layout);
});

test.for([['mm2', 'mm²'], ['/mm2', '/mm²'], ['Cel', '°C'], ['10*9/L', '10⁹/L'], ['um', 'µm'], ['ug', 'µg'], ['h', '小时'], ['{bp}', 'bp'], ["[arb'U]/mL", 'AU/mL'], ['1', ''], ['kg/m2', 'kg/m²'], ['%', '%']] as const)('the unit %s is written %s', ([unit, text]) => {
  expect(unitText(unit, t)).toBe(text);
});
