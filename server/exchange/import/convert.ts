/** Text of one cell → the value of a data element, or why not. Bounds and lengths are left to the engine, which says the same everywhere. */
import { acceptsCode } from '../../../schemas/accepts-code.ts';
import { roundHalfUp } from '../../../schemas/decimal.ts';
import type { Form, Item, Value } from '../../../schemas/form.ts';
import { formats } from '../../../schemas/formats.ts';
import type { Target } from './mapping.ts';

export type Converted = { value: Value } | { refused: string } | { left: true };

export function convertCell(text: string, target: Target, item: Item, form: Form, split?: string): Converted {
  if (target.leave?.includes(text)) return { left: true };
  if (item.type === 'codes') return convertCodes(split === undefined ? [text] : text.split(split), target, item, form);
  const recoded = recode(text, target);
  if (recoded !== undefined) return { value: recoded };
  return item.type === 'text' || item.type === 'long-text' ? { value: text } : convertText(text.trim(), target, item, form);
}

function recode(text: string, { recode: table }: Target): string | number | boolean | undefined {
  return table && Object.hasOwn(table, text) ? table[text] : undefined;
}

function convertCodes(parts: readonly string[], target: Target, item: Item, form: Form): Converted {
  const codes: string[] = [];
  for (const part of parts) {
    const converted = checkCode(String(recode(part, target) ?? part.trim()), item, form);
    if (!('value' in converted)) return converted;
    codes.push(String(converted.value));
  }
  return { value: [...new Set(codes)] };
}

function convertText(text: string, target: Target, item: Item, form: Form): Converted {
  switch (item.type) {
    case 'integer':
    case 'number':
      return convertNumber(text, target);
    case 'boolean':
      return text === 'true' || text === 'false' ? { value: text === 'true' } : { refused: 'is neither true nor false, and the mapping does not recode it' };
    case 'date':
    case 'partial-date':
      return convertDate(text, item.type, target);
    case 'date-time':
      return checkFormat(text.replace(' ', 'T'), 'date-time', 'is not a date and time (YYYY-MM-DDThh:mm)');
    case 'time':
      return checkFormat(text, 'time', 'is not a time of day (hh:mm)');
    case 'code':
      return checkCode(text, item, form);
    default:
      return { refused: 'goes to a reference, a picture or a repeat, which a table cannot fill' };
  }
}

/** A decimal point, no grouping: whether `1,234` is a thousand or a decimal is nothing to guess about. */
function convertNumber(text: string, { times = 1, round }: Target): Converted {
  if (!/^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(text)) return { refused: 'is not a number' };
  const number = roundHalfUp(Number(text) * times, 15 - String(Math.trunc(Math.abs(Number(text) * times))).length);
  const rounded = number === undefined || round === undefined ? number : roundHalfUp(number, round);
  return rounded === undefined ? { refused: 'is too large a number' } : { value: rounded };
}

function convertDate(text: string, type: 'date' | 'partial-date', { dateOrder = 'YMD' }: Target): Converted {
  const parts = /^\d{8}$/.test(text) && dateOrder === 'YMD' ? [text.slice(0, 4), text.slice(4, 6), text.slice(6)] : text.split(/[-/.年月日]/).filter(Boolean);
  const [year = '', month, day] = dateOrder === 'YMD' ? parts : dateOrder === 'DMY' ? parts.toReversed() : reorder(parts);
  const date = [year, month, day].filter((part) => part !== undefined).map((part) => part.padStart(2, '0')).join('-');
  const refused = type === 'date' ? 'is not a whole date' : 'is not a date, a month or a year';
  return parts.length > 3 ? { refused } : checkFormat(date, type, refused);
}

/** Month, day, year → year, month, day; a lone year stays one, a month comes before its year. */
function reorder(parts: readonly string[]): string[] {
  const [first = '', second, third] = parts;
  return third === undefined ? parts.toReversed() : [third, first, second ?? ''];
}

function checkFormat(text: string, format: keyof typeof formats, refused: string): Converted {
  return formats[format].test(text) ? { value: text } : { refused };
}

function checkCode(code: string, item: Item, form: Form): Converted {
  const set = item.valueSet === undefined ? undefined : form.valueSets[item.valueSet];
  return !set || acceptsCode(set, code) ? { value: code } : { refused: `is not a code of ${item.valueSet ?? 'the value set'}` };
}
