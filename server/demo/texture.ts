/** Noise to paint with: one tile, made once, that repeats without a seam. */
import type { Random } from './random.ts';

const size = 512;
const mask = size - 1;

/** Values 0 … 1 around 0.5, smooth; coordinates are pixels of the tile, any number. */
export type Texture = (x: number, y: number) => number;

/** Each octave is twice as fine and half as strong; `coarsest` is the size in pixels of its largest spots, a power of two. */
export function createTexture(random: Random, coarsest: number, octaves: number): Texture {
  const tile = new Float32Array(size * size);
  let weight = 0;
  for (let octave = 0; octave < octaves; octave += 1) {
    const share = 0.5 ** octave;
    addOctave(tile, random, coarsest >> octave, share);
    weight += share;
  }
  return (x, y) => (tile[((y & mask) * size) + (x & mask)] ?? 0) / weight;
}

function addOctave(tile: Float32Array, random: Random, cell: number, share: number): void {
  const cells = size / cell;
  const knots = Float32Array.from({ length: cells * cells }, () => random.next());
  const knot = (x: number, y: number) => knots[(y % cells) * cells + (x % cells)] ?? 0;
  for (let y = 0; y < size; y += 1) {
    const row = Math.floor(y / cell);
    const v = ease((y % cell) / cell);
    for (let x = 0; x < size; x += 1) {
      const column = Math.floor(x / cell);
      const u = ease((x % cell) / cell);
      const upper = knot(column, row) * (1 - u) + knot(column + 1, row) * u;
      const lower = knot(column, row + 1) * (1 - u) + knot(column + 1, row + 1) * u;
      tile[y * size + x] = (tile[y * size + x] ?? 0) + share * (upper * (1 - v) + lower * v);
    }
  }
}

function ease(t: number): number {
  return t * t * (3 - 2 * t);
}
