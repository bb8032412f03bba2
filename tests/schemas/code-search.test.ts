import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { columnsOf, createCodeIndex, fold } from '../../schemas/code-search.ts';
import type { Code } from '../../schemas/form.ts';

const aCode = (code: string, zh: string, en: string, pinyin = '', synonyms: string[] = [], status: Code['status'] = 'active'): Code =>
  ({ code, text: { zh, en }, status, ...(pinyin ? { pinyin } : {}), ...(synonyms.length > 0 ? { synonyms } : {}) });

const codes = [
  aCode('L82', '脂溢性角化病', 'Seborrhoeic keratosis', 'zyxjhb', ['SK', '老年疣']),
  aCode('C43.9', '皮肤恶性黑色素瘤', 'Malignant melanoma of skin', 'pfexhssl', ['MM', '恶黑']),
  aCode('C43.0', '唇恶性黑色素瘤', 'Malignant melanoma of lip', 'cexhssl'),
  aCode('8720/3', '黑色素瘤', 'Melanoma', 'hssl'),
  aCode('C44.9', '皮肤恶性肿瘤', 'Skin cancer', 'pfexzl'),
  aCode('D03.9', '原位黑色素瘤', 'Melanoma in situ', 'ywhssl'),
  aCode('C43', '恶性黑色素瘤（旧）', 'Melanoma, old', 'exhssl', [], 'retired'),
  aCode('M1a(0)', 'M1a且LDH正常', 'M1a, LDH not elevated', 'm1aqldhzc'),
];
const index = createCodeIndex(columnsOf(codes));
const found = (query: string) => index.search(query).items.map(({ code }) => code);

describe('finding codes', () => {
  test.each([
    ['the code', 'C43.9', ['C43.9']], ['the code without its dot', 'c439', ['C43.9']], ['its beginning', 'c43', ['C43.9', 'C43.0']], ['its beginning, full width', 'Ｃ４３', ['C43.9', 'C43.0']],
    ['initials, whole ones first', 'hssl', ['8720/3', 'C43.9', 'C43.0', 'D03.9']], ['Chinese, whole texts first', '黑色素瘤', ['8720/3', 'C43.9', 'C43.0', 'D03.9']],
    ['English, beginnings first', 'melanoma', ['8720/3', 'D03.9', 'C43.9', 'C43.0']], ['another name', '老年疣', ['L82']], ['an abbreviation', 'sk', ['L82', 'C44.9', 'C43.9']],
    ['words in any order', 'lip malignant', ['C43.0']], ['words of two languages', 'skin 黑色素', ['C43.9']], ['signs inside a code', 'm1a(0)', ['M1a(0)']],
    ['nothing that there is', 'xyz', []], ['one word that is not there', 'melanoma xyz', []], ['signs alone', '（）', []],
    ['nothing', '', ['L82', 'C43.9', 'C43.0', '8720/3', 'C44.9', 'D03.9', 'M1a(0)']], ['blanks', '  ', ['L82', 'C43.9', 'C43.0', '8720/3', 'C44.9', 'D03.9', 'M1a(0)']],
  ])('by %s', (_, query, wanted) => expect(found(query)).toEqual(wanted));

  test('knows a retired code, and offers it to nobody', () => {
    expect(index.find('C43')).toMatchObject({ status: 'retired', text: { en: 'Melanoma, old' } });
    expect(found('old')).toEqual([]);
    expect(index.find('c43')).toBeUndefined();
  });

  test('gives pages that together are the whole', () => {
    const pages: string[] = [];
    for (let after: string | undefined; ;) {
      const { items, next } = index.search('黑色素瘤', { limit: 2, after });
      pages.push(...items.map(({ code }) => code));
      if (next === undefined) break;
      after = next;
    }
    expect(pages).toEqual(found('黑色素瘤'));
    expect(index.search('黑色素瘤', { limit: 4 }).next).toBeUndefined();
  });
});

describe('of any list', () => {
  const word = fc.string({ unit: fc.constantFrom(...'abAB12.-/ 癌黑色素瘤Ⅱ（'), minLength: 1, maxLength: 6 }).map((text) => text.trim()).filter(Boolean);
  const list = fc.uniqueArray(fc.record({ code: word.filter((text) => /^[\x21-\x7e]+$/.test(text)), zh: word, en: word, pinyin: fc.string({ unit: fc.constantFrom(...'ab12'), maxLength: 4 }), synonyms: fc.array(word, { maxLength: 2 }), isRetired: fc.boolean() }), { selector: ({ code }) => code, maxLength: 12 })
    .map((rows) => rows.map(({ code, zh, en, pinyin, synonyms, isRetired }) => aCode(code, zh, en, pinyin, synonyms, isRetired ? 'retired' : 'active')));
  const bare = (text: string) => fold(text).replace(/[^\p{L}\p{N}]/gu, '');
  const fieldsOf = ({ text, pinyin = '', synonyms = [] }: Code) => [text.zh, text.en, pinyin, ...synonyms].map(fold);
  /** Every word stands somewhere; or the code, without its signs, begins with all of them; or the initials do. */
  function fits(code: Code, words: readonly string[]): boolean {
    const inCode = (part: string) => part !== '' && bare(code.code).includes(part);
    const whole = bare(words.join(' '));
    return words.every((each) => inCode(bare(each)) || fieldsOf(code).some((field) => field.includes(each)))
      || (whole !== '' && bare(code.code).startsWith(whole)) || fold(code.pinyin ?? '').startsWith(words.join(''))
      || fieldsOf(code).some((field) => field.startsWith(words.join(' ')));
  }

  test('a search finds what looking through it finds, each once', () => {
    fc.assert(fc.property(list, fc.array(word, { minLength: 1, maxLength: 3 }), (some, typed) => {
      const query = typed.join(' ');
      const words = fold(query).split(/\s+/).filter(Boolean);
      const looked = some.filter((code) => code.status === 'active' && fits(code, words)).map(({ code }) => code);
      const searched = createCodeIndex(columnsOf(some)).search(query, { limit: 100 }).items;
      expect(searched.map(({ code }) => code).toSorted()).toEqual(looked.toSorted());
      for (const item of searched) expect(item).toEqual(some.find(({ code }) => code === item.code));
    }), { numRuns: 500 });
  });

  test('the code itself comes first', () => {
    fc.assert(fc.property(list.filter((some) => some.some(({ status, code }) => status === 'active' && bare(code) !== '')), (some) => {
      const { search } = createCodeIndex(columnsOf(some));
      for (const { code } of some.filter((each) => each.status === 'active' && bare(each.code) !== '')) expect(bare(search(code).items[0]?.code ?? '')).toBe(bare(code));
    }));
  });
});
