/** Pictures drawn by code that a camera could have taken: skin with texture, a lesion with an uneven border, a ruler. */
import sharp from 'sharp';

/** A repeatable source of numbers in 0..1. */
function noise(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** RGB bytes of `width` × `height`; another `shift` moves the lesion a little, as a hand does. */
function pixels(width: number, height: number, shift: number): Buffer {
  const random = noise(7);
  const bytes = Buffer.alloc(width * height * 3);
  const [x0, y0, radius] = [width / 2 + shift, height / 2 - shift, Math.min(width, height) / 6];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const angle = Math.atan2(y - y0, x - x0);
      const edge = radius * (1 + 0.16 * Math.sin(3 * angle) + 0.08 * Math.sin(7 * angle));
      const inside = Math.hypot(x - x0, y - y0) < edge;
      const grain = (random() - 0.5) * 34;
      const isTick = y > height * 0.86 && y < height * 0.9 && x % 16 < 2;
      const [red, green, blue] = isTick ? [40, 40, 40] : inside ? [92, 58, 46] : [196, 152, 128];
      bytes.set([red + grain, green + grain, blue + grain].map((value) => Math.max(0, Math.min(255, value))), (y * width + x) * 3);
    }
  }
  return bytes;
}

/** One JPEG. */
export function drawPhotograph({ width = 1024, height = 768, shift = 0 } = {}): Promise<Buffer> {
  return sharp(pixels(width, height, shift), { raw: { width, height, channels: 3 } }).jpeg({ quality: 92 }).toBuffer();
}

/** Motion JPEG for a fake camera: the same scene, moved by a pixel from frame to frame. */
export async function drawFilm(frames = 6): Promise<Buffer> {
  return Buffer.concat(await Promise.all(Array.from({ length: frames }, (_, i) => drawPhotograph({ width: 640, height: 480, shift: i % 3 }))));
}
