/** One answer for one item: of its type, within its bounds, one of its codes. */
import type { Form, Item, Value } from '../../schemas/form.ts';
import { drawPattern } from './pattern.ts';
import type { Random } from './random.ts';

/** Days between which dates fall, `YYYY-MM-DD`, both included. */
export interface Period {
  from: string;
  to: string;
}

export interface Draw {
  form: Form;
  random: Random;
  period: Period;
  /** The id of an entity of this kind; undefined when there is none. */
  reference(kind: string): string | undefined;
  /** Days and times of one record follow each other as its items do, so that most rules about their order hold at once. */
  inOrder?: { day: string; place(item: Item): number };
}

/** Codes that say little; they are chosen seldom, and never beside others in a list. */
const vague = /^(unknown|other|none|undetermined|unable|cannot-.+|indeterminate|not-(applicable|assessed)|99|9|ZZZ)$/;
const sentence = '演示文字：此处内容为程序生成，不涉及任何真实患者。';
const day = 86_400_000;

/** Undefined when the item cannot be answered here. */
export function drawAnswer(draw: Draw, item: Item): Value | undefined {
  const { random } = draw;
  switch (item.type) {
    case 'boolean': return random.chance(0.5);
    case 'integer': case 'number': return drawNumber(random, item);
    case 'code': return drawCode(draw, item);
    case 'codes': return drawCodes(draw, item);
    case 'date': return draw.inOrder?.day ?? drawDay(draw);
    case 'partial-date': return drawDay(draw).slice(0, random.pick([4, 7, 10, 10]));
    case 'time': return drawTime(random);
    case 'date-time': return draw.inOrder ? timeInOrder(draw.inOrder, random, item) : `${drawDay(draw)}T${drawTime(random)}:00+08:00`;
    case 'text': case 'long-text': return item.pattern === undefined ? sentence.slice(0, item.maxLength) : drawPattern(random, item.pattern);
    case 'reference': return draw.reference(item.refersTo ?? '');
    case 'image': return draw.reference('image');
    case 'repeat': return undefined;
  }
}

/** Small numbers are the common ones: over a wide range each power of ten is as likely as the next. */
function drawNumber(random: Random, { type, minimum = 0, maximum = 1000, decimals }: Item): number {
  const share = random.next();
  const isWide = maximum > 100 * Math.max(minimum, 0.01);
  const least = Math.max(minimum, 0.1);
  const value = isWide && minimum >= 0 ? least * (maximum / least) ** (share * 0.6) : minimum + (maximum - minimum) * share;
  const places = type === 'integer' ? 0 : (decimals ?? 1);
  return Math.min(maximum, Math.max(minimum, Number(value.toFixed(places))));
}

/** From eight in the morning, two or three minutes for each item before it; noon of the next day is never reached. */
function timeInOrder({ day, place }: NonNullable<Draw['inOrder']>, random: Random, item: Item): string {
  const minutes = 8 * 60 + Math.min(place(item) * 3 + random.integer(0, 2), 15 * 60);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${day}T${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:00+08:00`;
}

function activeCodes({ form }: Draw, { valueSet = '' }: Item): string[] {
  return (form.valueSets[valueSet]?.codes ?? []).filter(({ status }) => status === 'active').map(({ code }) => code);
}

function drawCode(draw: Draw, item: Item): string | undefined {
  const codes = activeCodes(draw, item);
  const open = draw.form.valueSets[item.valueSet ?? '']?.open;
  if (open && (codes.length === 0 || draw.random.chance(0.2))) return drawPattern(draw.random, open.pattern);
  return codes.length === 0 ? undefined : draw.random.weighted(Object.fromEntries(codes.map((code) => [code, vague.test(code) ? 0.1 : 1])));
}

function drawCodes(draw: Draw, item: Item): string[] | undefined {
  const active = activeCodes(draw, item);
  const clear = active.filter((code) => !vague.test(code));
  const codes = clear.length > 0 ? clear : active;
  if (codes.length === 0) return undefined;
  const chosen = new Set(Array.from({ length: draw.random.integer(1, 3) }, () => draw.random.pick(codes)));
  return [...chosen];
}

function drawDay({ random, period }: Draw): string {
  const [from, to] = [Date.parse(period.from), Date.parse(period.to)];
  return new Date(from + day * random.integer(0, Math.floor((to - from) / day))).toISOString().slice(0, 10);
}

function drawTime(random: Random): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(random.integer(8, 17))}:${two(random.integer(0, 59))}`;
}
