/** Invented people. Names are drawn from short lists, and what identifies them could belong to nobody. */
import type { Value } from '../../schemas/form.ts';
import type { Random } from './random.ts';

const surnames = '王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤';
const given = {
  '1': ['建国', '志强', '国华', '伟', '明辉', '海波', '德明', '文斌', '光荣', '小龙', '立新', '正平', '永康', '家豪', '志远', '长生', '俊杰', '岳山', '湘林', '学军'],
  '2': ['秀英', '桂兰', '丽华', '玉珍', '敏', '晓燕', '春梅', '雪梅', '芳', '淑芬', '美玲', '金花', '凤英', '雅琴', '思雨', '月娥', '湘云', '小红', '玉兰', '慧'],
};
/** Han above all, and the peoples of western Hunan. */
const ethnicGroups = { '01': 90, '15': 5, '06': 3, '12': 1, '13': 1 };

/** GB/T 2261.2 and GB/T 2261.4: most are married, and work on the land, in a plant, or no longer. */
const maritalStatus = { '20': 8, '10': 1, '30': 1, '40': 1 };
const occupations = { '27': 4, '24': 3, '80': 3, '17': 1, '13': 1 };

export type Sex = keyof typeof given;

export interface Person {
  sex: Sex;
  birthDate: string;
  /** Values by key of the sub-dataset that says who a patient is. */
  identity: { [key: string]: Value };
}

/** Adults from 30 to 85, most of them around 60, as of `today`. `serial` makes numbers that no other person of the demonstration has. */
export function invent(random: Random, serial: number, today: string): Person {
  const sex = random.pick(['1', '2'] as const);
  const age = Math.min(85, Math.max(30, Math.round(random.normal(59, 13))));
  const two = (value: number) => String(value).padStart(2, '0');
  const birthDate = `${Number(today.slice(0, 4)) - age - 1}-${two(random.integer(1, 12))}-${two(random.integer(1, 28))}`;
  return {
    sex, birthDate,
    identity: {
      sex, birthDate, ethnicGroup: random.weighted(ethnicGroups), maritalStatus: random.weighted(maritalStatus), occupation: random.weighted(occupations),
      name: nameOf(random, sex),
      idType: '01',
      idNumber: impossibleNumber(birthDate, serial, sex),
      phone: `000${String(serial).padStart(8, '0')}`,
      addressType: '01', addressProvince: '演示省', addressCity: '示例市',
      ...(random.chance(0.5) ? { contactName: nameOf(random, random.pick(['1', '2'] as const)), contactPhone: `000${String(50_000_000 + serial)}` } : {}),
    },
  };
}

export function nameOf(random: Random, sex: Sex): string {
  return random.pick([...surnames]) + random.pick(given[sex]);
}

/**
 * A number in the form of a resident identity card that nobody can have: 999999 is no division of the country, and the check
 * character is one more than GB 11643 asks for.
 */
function impossibleNumber(birthDate: string, serial: number, sex: Sex): string {
  const order = String((serial * 2 + (sex === '1' ? 1 : 0)) % 1000).padStart(3, '0');
  const body = `999999${birthDate.replaceAll('-', '')}${order}`;
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((total, weight, index) => total + weight * Number(body[index]), 0);
  return body + '10X98765432'[(sum + 1) % 11];
}
