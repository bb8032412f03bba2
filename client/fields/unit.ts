/** UCUM codes as people write them: the words of the catalogue for units of time and size, else signs (`mm²`, `°C`, `10⁹/L`). */
import type { Translate, Word } from '../text/index.ts';

const inWords = new Set(['a', 'mo', 'wk', 'd', 'h', 'min', 's', 'By', 'deg']);
const raised: { readonly [digit: string]: string } = { 2: '²', 3: '³', 4: '⁴', 5: '⁵', 6: '⁶', 9: '⁹', 12: '¹²' };

export function unitText(unit: string, t: Translate): string {
  if (unit === '1') return '';
  if (inWords.has(unit)) return t(`unit.${unit}` as Word);
  return unit
    .replace(/10\*(\d+)/, (_, power: string) => `10${raised[power] ?? power}`)
    .replace(/([a-z])([23])(?!\d)/g, (_, letter: string, power: string) => `${letter}${raised[power]}`)
    .replace(/\bCel\b/g, '°C')
    .replace(/\bu(?=[gLm])/g, 'µ')
    .replace(/[{}[\]]/g, '')
    .replace("arb'U", 'AU');
}
