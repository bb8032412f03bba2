/** The code lists against the reference they were made from, and what a search needs of each code. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { patternMistake } from '../../schemas/compile/pattern.ts';
import type { ValueSetDocument } from '../../schemas/documents.ts';
import { createInitials, type PinyinWords } from '../../schemas/pinyin/initials.ts';
import { standardsFolder } from '../../server/standards.ts';
import { hasSources, readSourceTable } from './sources.ts';
import { files, registry } from './standards.ts';

type Document = ValueSetDocument & { system?: string; note?: string };
const documents = registry.valueSetRefs.map((ref) => ({ name: ref.slice(0, ref.indexOf('/')), document: files.get(`value-sets/${ref}.json`) as Document }));
const { words } = JSON.parse(readFileSync(join(standardsFolder, 'pinyin-words.json'), 'utf8')) as { words: PinyinWords };

describe('value sets', () => {
  test('give every code the initials that its Chinese is typed by', () => {
    const lacking = documents.flatMap(({ name, document }) => document.codes.flatMap(({ code, pinyin }) => (pinyin ? [] : [`${name} ${code}`])));
    expect(lacking, 'node schemas/bin/pinyin.ts fills them').toEqual([]);
  });

  test('repeat no synonym that the code or its text already says', () => {
    const idle = documents.flatMap(({ name, document }) => document.codes.flatMap(({ code, zh, en, synonyms = [] }) =>
      synonyms.filter((synonym) => [code, zh, en].some((said) => said.toLowerCase() === synonym.toLowerCase())).map((synonym) => `${name} ${code} ${synonym}`)));
    expect(idle).toEqual([]);
  });

  test('have codes, or are open to codes of a form that all shipped ones have', () => {
    for (const { name, document: { open, codes } } of documents) {
      if (!open) expect(codes.length, name).toBeGreaterThan(0);
      else {
        expect(patternMistake(open.pattern), name).toBeUndefined();
        for (const { code } of codes) expect(code, name).toMatch(new RegExp(`^(?:${open.pattern})$`, 'u'));
      }
    }
  });

  test.each([
    ['icd-10', ['L40', 'L40.0', 'C43.900x001', 'A18.001+', 'M01.1*', 'M80000/3', 'M8720/3'], ['L4', 'l40.0', 'L40.', '40.0', 'L40.0 x']],
    ['icd-9-cm-3', ['86', '86.3', '86.04', '86.3x01', '86.0401'], ['8', '86.', 'A6.3']],
    ['icd-o-3-topography', ['C44.9'], ['C44', 'C44.90']],
    ['gb-t-15657', ['BNW010', 'A01.03.02'], ['01', 'bnw']],
    ['institution-code', ['12345678-9', '123456789', '12430000444885356A', '1234567894301051234567'], ['1234', '']],
  ])('of %s accept %j and refuse %j', (name, accepted, refused) => {
    const pattern = new RegExp(`^(?:${documents.find((each) => each.name === name)?.document.open?.pattern})$`, 'u');
    for (const code of accepted) expect(code).toMatch(pattern);
    for (const code of refused) expect(code).not.toMatch(pattern);
  });
});

describe('initials of Chinese', () => {
  const initialsOf = createInitials(words);
  test.each([
    ['黑色素瘤', 'hssl'], ['基底细胞癌', 'jdxba'], ['慢性荨麻疹', 'mxxmz'], ['蕈样肉芽肿', 'xyryz'], ['银屑病', 'yxb'], ['痤疮', 'cc'], ['重度', 'zd'], ['重组全血', 'czqx'], ['长期医嘱', 'cqyz'],
    ['血管瘤', 'xgl'], ['色素沉着', 'sscz'], ['剥脱性皮炎', 'btxpy'], ['瘢痕疙瘩', 'bhgd'], ['便秘', 'bm'], ['卒中', 'cz'], ['骶部', 'db'], ['枸橼酸钠', 'jysn'], ['女性', 'nx'],
    ['Ⅱ期', 'iiq'], ['IIIb期', 'iiibq'], ['左枕前（LOA）', 'zzqloa'], ['TNF-α抑制剂', 'tnfayzj'], ['40倍RGB', '40brgb'], ['±', ''],
  ])('of %s are %s', (text, initials) => expect(initialsOf(text)).toBe(initials));
});

describe.runIf(hasSources('value sets against the reference'))('against the reference', () => {
  const dermatological = readSourceTable('derm-value-sets.csv');
  const national = readSourceTable('ws364-value-domains.csv');

  test('every list of dermatology and every domain of WS 445 is here', () => {
    const names = new Set(documents.map(({ name }) => name));
    const systems = new Set(documents.map(({ document }) => document.system));
    expect([...new Set(dermatological.map((row) => row['value_set'] ?? ''))].filter((name) => !names.has(name))).toEqual([]);
    const domains = new Set(readSourceTable('ws445-elements.csv').map((row) => row['value_domain']).filter(Boolean));
    expect([...domains].filter((domain) => !systems.has(domain))).toEqual([]);
  });

  test('codes and texts are those of the reference; where it has none, a note or the source says what stands here', () => {
    for (const { name, document } of documents.filter((each) => each.name !== 'missing-reason')) {
      const own = national.filter((row) => row['domain_id'] === document.system && row['code']);
      const rows = own.length > 0 ? own : dermatological.filter((row) => row['value_set'] === name);
      if (rows.length === 0) expect(document.note ?? (/project proposal/.test(document.source) ? document.source : undefined), name).toBeTruthy();
      else expect(document.codes.map(({ code, zh, en }) => [code, zh, en]), name).toEqual(rows.map((row) => [row['code'], row['meaning_zh'], row['meaning_en']]));
    }
  });
});
