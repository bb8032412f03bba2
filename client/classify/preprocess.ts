/** Pixels to the network's input. Pure, so that the same numbers come out in a worker, in a test and in Python. */

/** 8-bit RGBA, row by row, as of a canvas. */
export interface Pixels {
  data: Uint8ClampedArray;
  width: number;
  height: number;
}

/** The centred square of a picture, in pixels: the lesion is framed in the middle. */
export function centredSquare(width: number, height: number): { x: number; y: number; size: number } {
  const size = Math.min(width, height);
  return { x: Math.floor((width - size) / 2), y: Math.floor((height - size) / 2), size };
}

/**
 * The centred square reduced to `size` × `size` by averaging over each cell's area, as planes R, G, B of 0..255 [3, size, size].
 * Averaging, and not picking, because a phone's picture is thirty times larger than the input and would alias.
 */
export function squarePlanes(pixels: Pixels, size: number): Float32Array {
  const { x, y, size: side } = centredSquare(pixels.width, pixels.height);
  const columns = overlaps(side, size);
  const planes = new Float32Array(3 * size * size);
  const area = size * size;
  for (let row = 0; row < size; row++) {
    const lines = columns[row]!;
    for (let column = 0; column < size; column++) {
      const cells = columns[column]!;
      let red = 0, green = 0, blue = 0, weight = 0;
      for (const [line, tall] of lines) {
        for (const [cell, wide] of cells) {
          const at = ((y + line) * pixels.width + x + cell) * 4;
          const share = tall * wide;
          red += pixels.data[at]! * share;
          green += pixels.data[at + 1]! * share;
          blue += pixels.data[at + 2]! * share;
          weight += share;
        }
      }
      const to = row * size + column;
      planes[to] = red / weight;
      planes[area + to] = green / weight;
      planes[2 * area + to] = blue / weight;
    }
  }
  return planes;
}

/** (byte - mean) / scale by channel: what the network is given. `planes` is [3, n]; the result is new. */
export function normalise(planes: Float32Array, mean: readonly number[], scale: readonly number[]): Float32Array {
  const result = new Float32Array(planes.length);
  const area = planes.length / 3;
  for (let channel = 0; channel < 3; channel++) {
    for (let i = channel * area; i < (channel + 1) * area; i++) result[i] = (planes[i]! - mean[channel]!) / scale[channel]!;
  }
  return result;
}

/** For each of `to` cells the source cells it covers, with the covered share; enlarging repeats the nearest. */
function overlaps(from: number, to: number): [number, number][][] {
  const step = from / to;
  return Array.from({ length: to }, (_, i) => {
    const start = i * step, end = (i + 1) * step;
    const cells: [number, number][] = [];
    for (let cell = Math.floor(start); cell < Math.min(from, Math.ceil(end)); cell++) {
      const share = Math.min(end, cell + 1) - Math.max(start, cell);
      if (share > 1e-9) cells.push([cell, share]);
    }
    return cells;
  });
}
