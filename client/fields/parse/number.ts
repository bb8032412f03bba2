/** Numbers as people type them. Nothing is rounded or guessed: what is not surely a number is handed back unread. */
import { toPlain } from './characters.ts';
import type { Reading } from './reading.ts';

/** Past this many digits a double no longer holds what was typed. */
const EXACT_DIGITS = 15;

/**
 * Reads `2.4`, `２。４`, `.5`, `+3`, `1,234.5` and `2.4 mm` when `mm` is the item's unit. A comma only groups thousands: `2,4` is unread,
 * because it is 2.4 to some and 24 to others.
 */
export function readNumber(text: string, unit?: string): Reading<number> {
  const plain = withoutUnit(toPlain(text), unit);
  if (plain === '') return { value: undefined };
  const parts = /^([+-]?)(\d{1,3}(?:,\d{3})+|\d*)(?:\.(\d*))?$/.exec(plain);
  const whole = parts?.[2]?.replaceAll(',', '') ?? '';
  const fraction = parts?.[3] ?? '';
  if (!parts || whole + fraction === '') return { unread: 'number' };
  if ((whole + fraction).replace(/^0+/, '').length > EXACT_DIGITS) return { unread: 'digits' };
  const value = Number(`${parts[1]}${whole || '0'}.${fraction || '0'}`);
  return { value: value === 0 ? 0 : value };
}

/** As `readNumber`, without a fraction; `12.0` is 12, `12.5` is unread. */
export function readInteger(text: string, unit?: string): Reading<number> {
  const reading = readNumber(text, unit);
  if ('unread' in reading) return reading.unread === 'number' ? { unread: 'integer' } : reading;
  return reading.value === undefined || Number.isInteger(reading.value) ? reading : { unread: 'integer' };
}

/** The shortest decimal text of a number, never with an exponent. */
export function formatNumber(value: number): string {
  const text = String(value);
  if (!text.includes('e')) return text;
  const [digits = '', exponent = '0'] = text.split('e');
  const [whole = '', fraction = ''] = digits.replace('-', '').split('.');
  const shift = Number(exponent);
  const body = shift < 0
    ? `0.${'0'.repeat(-shift - 1)}${whole}${fraction}`
    : `${whole}${fraction}`.padEnd(whole.length + shift, '0');
  return `${value < 0 ? '-' : ''}${body}`;
}

function withoutUnit(text: string, unit: string | undefined): string {
  return unit && text.toLowerCase().endsWith(unit.toLowerCase()) ? text.slice(0, -unit.length).trim() : text;
}
