/** A code list of any size that looks like a national edition of ICD-10: the same list for the same size. */
import type { Code } from '../../../schemas/form.ts';
import { createInitials } from '../../../schemas/pinyin/initials.ts';

const sites = ['头皮', '面部', '眼睑', '耳', '颈部', '胸壁', '背部', '腹壁', '臀部', '肩', '上臂', '前臂', '手掌', '手指', '甲', '大腿', '小腿', '足底', '足趾', '躯干'];
const manners = ['急性', '慢性', '复发性', '先天性', '继发性', '原发性', '药物性', '感染后', '外伤性', '未特指的', '泛发性', '局限性', '化脓性', '坏死性', '色素性'];
const diseases = ['黑色素瘤', '基底细胞癌', '鳞状细胞癌', '脂溢性角化病', '荨麻疹', '银屑病', '湿疹', '皮炎', '天疱疮', '红斑狼疮', '血管炎', '毛囊炎', '脓肿', '溃疡', '瘢痕', '囊肿', '纤维瘤', '脂肪瘤', '血管瘤', '白癜风', '脱发', '疣', '癣', '痣', '角化症'];
const english = {
  sites: ['scalp', 'face', 'eyelid', 'ear', 'neck', 'chest wall', 'back', 'abdominal wall', 'buttock', 'shoulder', 'upper arm', 'forearm', 'palm', 'finger', 'nail', 'thigh', 'leg', 'sole', 'toe', 'trunk'],
  manners: ['acute', 'chronic', 'recurrent', 'congenital', 'secondary', 'primary', 'drug-induced', 'postinfectious', 'traumatic', 'unspecified', 'generalised', 'localised', 'suppurative', 'necrotising', 'pigmented'],
  diseases: ['melanoma', 'basal cell carcinoma', 'squamous cell carcinoma', 'seborrhoeic keratosis', 'urticaria', 'psoriasis', 'eczema', 'dermatitis', 'pemphigus', 'lupus erythematosus', 'vasculitis', 'folliculitis', 'abscess', 'ulcer', 'scar', 'cyst', 'fibroma', 'lipoma', 'haemangioma', 'vitiligo', 'alopecia', 'wart', 'tinea', 'naevus', 'keratosis'],
};

export function makeCodes(size: number): Code[] {
  const initialsOf = createInitials({ 荨麻疹: 'xmz' });
  return Array.from({ length: size }, (_, at): Code => {
    const [site, manner, disease] = [at % sites.length, Math.floor(at / sites.length) % manners.length, Math.floor(at / (sites.length * manners.length)) % diseases.length];
    const kind = Math.floor(at / (sites.length * manners.length * diseases.length)) + 1;
    const number = String(at % 10_000).padStart(4, '0');
    const zh = `${sites[site]}${manners[manner]}${diseases[disease]}${kind}型`;
    return {
      code: `${String.fromCharCode(65 + Math.floor(at / 10_000) % 26)}${number.slice(0, 2)}.${number.slice(2)}0x${String(Math.floor(at / 260_000) + 1).padStart(3, '0')}`, status: 'active', pinyin: initialsOf(zh),
      text: { zh, en: `${english.manners[manner]} ${english.diseases[disease]} of ${english.sites[site]}, type ${kind}` },
      ...(at % 3 === 0 ? { synonyms: [`${diseases[disease]}（${sites[site]}）`] } : {}),
    };
  });
}

/** What people type, letter by letter for one, and what takes longest: what is nowhere. */
export const queries = [
  'c', 'c2', 'c23', 'c2345', 'B12.340x001', 'h', 'hs', 'hss', 'hssl', 'tpjxhssl', 'xmz', '黑', '黑色素瘤', '足底', '脂溢性角化病（耳）', 'melanoma', 'chronic melanoma', 'sole chronic melanoma', 'keratosis 足底', 'type 9', 'e', 'zzzz', '不存在', 'melanoma zzzz',
];

export const csvOf = (codes: readonly Code[]): string => ['编码,名称,英文名称,拼音码,别名', ...codes.map(({ code, text, pinyin = '', synonyms = [] }) => [code, text.zh, `"${text.en}"`, pinyin, synonyms.join(';')].join(','))].join('\n');

/** Looking through the list: what anybody would write first. */
export function createFilter(codes: readonly Code[]): (query: string) => number {
  const texts = codes.map(({ code, text, pinyin = '', synonyms = [] }) => [code, text.zh, text.en, pinyin, ...synonyms].join(' ').toLowerCase());
  return (query) => {
    const words = query.toLowerCase().split(' ');
    return codes.filter((_, at) => words.every((word) => texts[at]?.includes(word))).slice(0, 50).length;
  };
}
