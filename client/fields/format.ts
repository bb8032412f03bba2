/** A stored value as a person reads it: the text of a code, yes or no, a date-time without its `T`. For what is shown and not entered. */
import type { Item, Value } from '../../schemas/form.ts';
import type { Translate } from '../text/index.ts';
import { areOpen } from './option.ts';
import type { Option } from './option.ts';
import { formatNumber } from './parse/number.ts';
import { formatDateTime } from './parse/time.ts';
import { unitText } from './unit.ts';

export function formatValue(item: Pick<Item, 'type' | 'unit' | 'title'>, value: Value, options: readonly Option[], t: Translate): string {
  if (typeof value === 'boolean') return t(value ? 'field.yes' : 'field.no');
  if (typeof value === 'number') return item.unit ? `${formatNumber(value)} ${unitText(item.unit, t, item.title.zh)}`.trim() : formatNumber(value);
  if (typeof value !== 'string') return value.map((code) => textOf(item, code, options, t)).join(t('list.comma'));
  return textOf(item, value, options, t);
}

function textOf(item: Pick<Item, 'type'>, value: string, options: readonly Option[], t: Translate): string {
  if (item.type === 'date-time') return formatDateTime(value);
  const isCoded = item.type === 'code' || item.type === 'codes';
  const isEntity = item.type === 'reference' || item.type === 'image';
  if (!isCoded && !isEntity) return value;
  const found = options.find((option) => option.value === value);
  if (found) return found.text;
  if (areOpen(options)) return value;
  return isCoded ? t('field.unknownCode', { code: value }) : t('field.unknownEntity', { id: value.slice(0, 8) });
}
