import { describe, expect, test } from 'vitest';
import { dark, darkContrast, light, lightContrast } from '../../client/styles/tokens.ts';

const channel = (hex: string) => {
  const value = parseInt(hex, 16) / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
};
const luminance = (colour: string) => 0.2126 * channel(colour.slice(1, 3)) + 0.7152 * channel(colour.slice(3, 5)) + 0.0722 * channel(colour.slice(5, 7));
/** WCAG 2.2, contrast ratio. */
function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].toSorted((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

const texts = [
  ['ink', 'page'], ['ink', 'surface'], ['ink', 'raised'], ['ink', 'quiet'], ['ink-2', 'page'], ['ink-2', 'surface'], ['ink-2', 'raised'], ['ink-2', 'quiet'], ['accent', 'surface'], ['accent', 'page'],
  ['accent', 'accent-quiet'], ['ink', 'accent-quiet'], ['ink-2', 'accent-quiet'], ['accent-ink', 'accent'], ['hard', 'surface'], ['hard', 'raised'], ['hard', 'hard-quiet'], ['soft', 'surface'], ['soft', 'raised'], ['soft', 'soft-quiet'], ['ok', 'surface'], ['ok', 'ok-quiet'],
] as const;
const edges = [['edge', 'surface'], ['edge', 'page'], ['focus', 'surface'], ['focus', 'page'], ['accent', 'accent-quiet']] as const;

describe.for([['light', light], ['dark', dark], ['light with more contrast', { ...light, ...lightContrast }], ['dark with more contrast', { ...dark, ...darkContrast }]] as const)('%s', ([, palette]) => {
  test.for(texts)('%s can be read on %s', ([text, surface]) => {
    expect(contrast(palette[text] ?? '', palette[surface] ?? '')).toBeGreaterThanOrEqual(4.5);
  });
  test.for(edges)('%s stands out from %s', ([edge, surface]) => {
    expect(contrast(palette[edge] ?? '', palette[surface] ?? '')).toBeGreaterThanOrEqual(3);
  });
});
