/**
 * Is the picture fit to look at? Measured on a 256 × 256 grey of the centred square, because a sharpness figure has no
 * meaning without its size. Limits come with the model's manifest and were measured on real photographs of skin.
 */
import type { ModelManifest } from './manifest.ts';
import { squarePlanes, type Pixels } from './preprocess.ts';

/** Side of the square on which quality is measured, in pixels. */
export const QUALITY_SIZE = 256;

export type QualitySign = 'focus' | 'brightness' | 'clipped' | 'glare';

export interface Quality {
  version: string;
  /** Variance of the Laplacian of the grey picture. */
  focus: number;
  /** Mean luma, 0..255. */
  brightness: number;
  /** Percent of pixels with a channel at 254 or above. */
  clipped: number;
  /** Percent of pixels that are near white in all channels. */
  glare: number;
  /** The signs that are not good, worst first; empty means passed. */
  failed: QualitySign[];
  passed: boolean;
}

/** Measures one picture. */
export function measureQuality(pixels: Pixels, quality: ModelManifest['quality']): Quality {
  const planes = squarePlanes(pixels, QUALITY_SIZE);
  const area = QUALITY_SIZE * QUALITY_SIZE;
  const grey = new Float32Array(area);
  let sum = 0, clipped = 0, glare = 0;
  for (let i = 0; i < area; i++) {
    const red = planes[i]!, green = planes[area + i]!, blue = planes[2 * area + i]!;
    const luma = 0.299 * red + 0.587 * green + 0.114 * blue;
    grey[i] = luma;
    sum += luma;
    const highest = Math.max(red, green, blue);
    if (highest >= 254) clipped++;
    if (highest >= 250 && Math.min(red, green, blue) >= 235) glare++;
  }
  const reading = {
    focus: laplacianVariance(grey, QUALITY_SIZE),
    brightness: sum / area,
    clipped: (clipped / area) * 100,
    glare: (glare / area) * 100,
  };
  const { limits } = quality;
  const failed: QualitySign[] = [];
  if (reading.brightness < limits.meanLumaMin) failed.push('brightness');
  if (reading.focus < limits.laplacianVarianceMin) failed.push('focus');
  if (reading.clipped > limits.clippedPercentMax) failed.push('clipped');
  if (reading.glare > limits.glarePercentMax) failed.push('glare');
  return { version: quality.version, ...reading, failed, passed: failed.length === 0 };
}

/** Variance of the four-neighbour Laplacian over the inner pixels of a square grey picture. */
export function laplacianVariance(grey: Float32Array, size: number): number {
  let sum = 0, squares = 0;
  for (let row = 1; row < size - 1; row++) {
    for (let column = 1; column < size - 1; column++) {
      const i = row * size + column;
      const value = grey[i - 1]! + grey[i + 1]! + grey[i - size]! + grey[i + size]! - 4 * grey[i]!;
      sum += value;
      squares += value * value;
    }
  }
  const n = (size - 2) * (size - 2);
  return squares / n - (sum / n) ** 2;
}
