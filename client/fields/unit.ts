/** UCUM codes as people write them: the words of the catalogue for units of time and size, else signs (`mm²`, `°C`, `10⁹/L`). */
import type { Translate, Word } from '../text/index.ts';

/** UCUM annotations that stand for a thing that is counted. */
const annotations = new Set(['{CNY}', '{turns}', '{doses}']);
const inWords = new Set(['mo', 'wk', 'd', 'h', 'min', 's', 'By', 'deg']);
const raised: { readonly [digit: string]: string } = { 2: '²', 3: '³', 4: '⁴', 5: '⁵', 6: '⁶', 9: '⁹', 12: '¹²' };

/** `about` is the item's Chinese title: years of age are counted by another word than years. */
export function unitText(unit: string, t: Translate, about = ''): string {
  if (unit === '1') return '';
  if (unit === 'a') return t(about.includes('年龄') ? 'unit.age' : 'unit.a');
  if (annotations.has(unit)) return t(`unit.${unit.slice(1, -1)}` as Word);
  if (inWords.has(unit)) return t(`unit.${unit}` as Word);
  return unit
    .replace(/10\*(\d+)/, (_, power: string) => `10${raised[power] ?? power}`)
    .replace(/([a-z])([23])(?!\d)/g, (_, letter: string, power: string) => `${letter}${raised[power]}`)
    .replace(/\bCel\b/g, '°C')
    .replace(/\bu(?=[gLm])/g, 'µ')
    .replace(/[{}[\]]/g, '')
    .replace("arb'U", 'AU');
}
