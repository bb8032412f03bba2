/** What a finding says, in both languages. Bounds and formats come from the standard; the value itself is never repeated. */
import type { Finding, Item, Text } from './form.ts';
import type { StructureError } from './prepare.ts';

type Message = Pick<Finding, 'rule' | 'message'>;

const typeNames: { [type in Item['type']]: Text } = {
  'text': { zh: '文本', en: 'a text' },
  'long-text': { zh: '文本', en: 'a text' },
  'integer': { zh: '整数', en: 'a whole number' },
  'number': { zh: '数值', en: 'a number' },
  'boolean': { zh: '是或否', en: 'yes or no' },
  'date': { zh: '真实存在的日期（如 2019-04-05）', en: 'a real date such as 2019-04-05' },
  'partial-date': { zh: '日期、年月或年份（如 2019-04-05、2019-04、2019）', en: 'a date, a month or a year such as 2019-04-05, 2019-04 or 2019' },
  'time': { zh: '时间（如 08:30）', en: 'a time such as 08:30' },
  'date-time': { zh: '日期和时间（如 2019-04-05T08:30）', en: 'a date and time such as 2019-04-05T08:30' },
  'code': { zh: '一个代码', en: 'a code' },
  'codes': { zh: '代码列表', en: 'a list of codes' },
  'reference': { zh: '引用标识（UUID）', en: 'a reference (UUID)' },
  'image': { zh: '图像标识（UUID）', en: 'a picture (UUID)' },
  'repeat': { zh: '带行标识的多行数据', en: 'rows, each with its row id' },
};

/** The finding for an error of the structure check. */
export function structureMessage(error: StructureError, item: Item): Message {
  const type = typeNames[item.type];
  switch (error.keyword) {
    case 'minimum': return { rule: 'range', message: bound(item, '不得小于', 'at least', item.minimum) };
    case 'maximum': return { rule: 'range', message: bound(item, '不得大于', 'at most', item.maximum) };
    case 'minLength': case 'minItems': return { rule: 'length', message: { zh: '空值不是回答：请填写，或选择缺失原因', en: 'Nothing is no answer: enter a value or give a reason' } };
    case 'maxLength': return { rule: 'length', message: { zh: `最多${item.maxLength}个字符`, en: `At most ${item.maxLength} characters` } };
    case 'pattern': return { rule: 'pattern', message: { zh: '不符合规定的格式', en: 'Does not have the required form' } };
    case 'uniqueItems': return { rule: 'unique', message: { zh: '同一代码不能重复', en: 'The same code stands twice' } };
    case 'format': return { rule: 'format', message: { zh: `应为${type.zh}`, en: `Must be ${type.en}` } };
    default: return { rule: 'type', message: { zh: `应为${type.zh}`, en: `Must be ${type.en}` } };
  }
}

function bound(item: Item, zh: string, en: string, limit: number | undefined): Text {
  const unit = item.unit === undefined ? '' : ` ${item.unit}`;
  return { zh: `${zh} ${limit}${unit}`, en: `Must be ${en} ${limit}${unit}` };
}

export const messages = {
  required: { zh: '必填：请填写，或选择缺失原因', en: 'Required: enter a value or give a reason' },
  valueSet: { zh: '不是值集中的代码', en: 'Not a code of the value set' },
  reasonUnknown: { zh: '不是规定的缺失原因', en: 'Not one of the permitted reasons' },
  reasonBesideValue: { zh: '已有数值，不能再填缺失原因', en: 'There is a value, so no reason can be given' },
  reasonNotAsked: { zh: '此项自动得出，不能填缺失原因', en: 'This is filled in by itself; no reason can be given' },
  unknownElement: { zh: '此标准中没有这一数据元', en: 'The standard has no such element' },
} as const satisfies { [name: string]: Text };

export function decimalsMessage(decimals: number): Text {
  return decimals === 0
    ? { zh: '不能有小数', en: 'No decimals' }
    : { zh: `最多${decimals}位小数`, en: `At most ${decimals} ${decimals === 1 ? 'decimal' : 'decimals'}` };
}
