/** Draws what stands for a photograph in the demonstration: skin, lesion, hairs, a scale. Pixel by pixel, from a seed. */
import sharp from 'sharp';
import { looks, skinTones, type Colour, type Look } from './looks.ts';
import { createRandom, type Random } from './random.ts';
import type { Lesion } from './story.ts';
import { createTexture, type Texture } from './texture.ts';

export type View = 'overview' | 'close' | 'dermoscopic' | 'specimen';

const width = 480;
const height = 360;
/** Pixels. */
const millimetre = 7;
const cloth: Colour = [58, 116, 104];

export type Painter = (seed: string, view: View, lesion: Lesion) => Promise<Buffer>;

/** JPEG, 480 × 360; the same picture for the same seed. */
export function createPainter(): Painter {
  const soft = createTexture(createRandom('texture', 'soft'), 128, 5);
  const fine = createTexture(createRandom('texture', 'fine'), 4, 2);
  return (seed, view, lesion) => {
    const random = createRandom(seed, 'picture');
    const pixels = new Uint8ClampedArray(width * height * 3);
    paintGround(pixels, random, view, lesion, soft, fine);
    paintLesion(pixels, random, view, lesion, soft, fine);
    if (lesion.site.specialSite === 'none' && view !== 'specimen') paintHairs(pixels, random, view);
    if (view === 'close' || view === 'specimen') paintScale(pixels);
    if (view === 'dermoscopic') paintField(pixels);
    return sharp(pixels, { raw: { width, height, channels: 3 } }).jpeg({ quality: 84 }).toBuffer();
  };
}

function paintGround(pixels: Uint8ClampedArray, random: Random, view: View, { site }: Lesion, soft: Texture, fine: Texture): void {
  const tone = random.pick(skinTones);
  const [shiftX, shiftY, tilt] = [random.integer(0, 511), random.integer(0, 511), random.next() * 2 - 1];
  // Ridges of palms and soles; finer lines elsewhere.
  const ridges = site.specialSite === 'acral-palms-soles' ? { pitch: 0.9, depth: 9 } : { pitch: 1.8, depth: 2 };
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const cloud = soft(x + shiftX, y + shiftY) - 0.5;
      const ridge = ridges.depth * Math.sin((y + tilt * x * 0.4 + cloud * 60) * ridges.pitch);
      const light = 26 * (0.5 - Math.hypot(x / width - 0.45, y / height - 0.4)) + 40 * cloud + 22 * (fine(x * 3 + shiftX, y * 3) - 0.5);
      const shade = view === 'overview' ? -150 * Math.max(0, Math.abs(x / width - 0.5) - 0.3) : 0;
      const isCloth = view === 'specimen' && (x / width - 0.5) ** 2 / 0.16 + (y / height - 0.45) ** 2 / 0.09 > 1 + cloud * 0.2;
      set(pixels, x, y, isCloth ? cloth : tone, isCloth ? light * 0.8 : light + ridge + shade);
    }
  }
}

interface Outline {
  x: number;
  y: number;
  /** Half axes, pixels. */
  a: number;
  b: number;
  turn: number;
}

function outlineOf(random: Random, view: View, { longDiameter, shortDiameter }: Lesion): Outline {
  const scale = view === 'overview' ? millimetre / 4 : view === 'dermoscopic' ? millimetre * 1.9 : millimetre;
  const a = Math.min(170, Math.max(view === 'overview' ? 6 : 22, (longDiameter * scale) / 2));
  return { x: width / 2 + random.integer(-30, 30), y: height * 0.45 + random.integer(-20, 20), a, b: (a * shortDiameter) / longDiameter, turn: random.next() * Math.PI };
}

function paintLesion(pixels: Uint8ClampedArray, random: Random, view: View, lesion: Lesion, soft: Texture, fine: Texture): void {
  const look: Look = looks[lesion.diagnosis] ?? looks['melanocytic-naevus']!;
  const { x: centreX, y: centreY, a, b, turn } = outlineOf(random, view, lesion);
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const [shiftX, shiftY] = [random.integer(0, 511), random.integer(0, 511)];
  const ragged = 0.15 + 1.1 * lesion.irregularity;
  const reach = Math.ceil(a * 2);
  for (let y = Math.max(0, Math.floor(centreY - reach)); y < Math.min(height, centreY + reach); y += 1) {
    for (let x = Math.max(0, Math.floor(centreX - reach)); x < Math.min(width, centreX + reach); x += 1) {
      const [dx, dy] = [x - centreX, y - centreY];
      const [u, v] = [(dx * cos + dy * sin) / a, (dy * cos - dx * sin) / b];
      const spots = soft(x * 2 + shiftX, y * 2 + shiftY);
      // Inside is below 1; the noise is of the place, scaled so that small lesions are as ragged as large ones.
      const from = Math.hypot(u, v) * (1 + ragged * (soft((u * 70 + shiftX) | 0, (v * 70 + shiftY) | 0) - 0.5));
      const cover = Math.min(1, Math.max(0, (1 + look.edge - from) / (2 * look.edge))) * (1 - look.thin * spots);
      if (cover <= 0) continue;
      const colour = colourAt(look, Math.min(0.999, Math.max(0, (1 - from) * 0.55 + (spots - 0.35) * (0.7 + lesion.irregularity))));
      const grain = fine(x * 2 + shiftX, y * 2 + shiftY);
      const speck = look.specks && grain > 1 - look.specks.share * 1.6 ? look.specks.colour : colour;
      const shine = look.shine * Math.max(0, 1 - Math.hypot(u + 0.35, v + 0.35) * 2.2);
      blend(pixels, x, y, speck, cover, shine + 18 * (grain - 0.5));
    }
  }
}

function colourAt({ colours }: Look, depth: number): Colour {
  const place = depth * (colours.length - 1);
  const [one, two] = [colours[Math.floor(place)] ?? skinTones[0]!, colours[Math.ceil(place)] ?? skinTones[0]!];
  const share = place % 1;
  return [one[0] + (two[0] - one[0]) * share, one[1] + (two[1] - one[1]) * share, one[2] + (two[2] - one[2]) * share];
}

function paintHairs(pixels: Uint8ClampedArray, random: Random, view: View): void {
  const hair: Colour = [44, 34, 30];
  for (let count = random.integer(0, view === 'overview' ? 4 : 16); count > 0; count -= 1) {
    let [x, y, heading] = [random.integer(0, width), random.integer(0, height), random.next() * Math.PI * 2];
    const bend = (random.next() - 0.5) * 0.03;
    for (let step = random.integer(40, 190); step > 0; step -= 1) {
      for (const [px, py] of [[x, y], [x + 1, y], [x, y + 1]] as const) blend(pixels, Math.floor(px), Math.floor(py), hair, 0.45, 0);
      heading += bend;
      x += Math.cos(heading);
      y += Math.sin(heading);
    }
  }
}

/** A white strip along the lower edge with a mark for each millimetre, longer at five and ten. */
function paintScale(pixels: Uint8ClampedArray): void {
  const top = height - 44;
  for (let y = top; y < height; y += 1) for (let x = 0; x < width; x += 1) set(pixels, x, y, [244, 244, 238], 0);
  for (let mark = 0; mark * millimetre < width; mark += 1) {
    const length = mark % 10 === 0 ? 28 : mark % 5 === 0 ? 20 : 12;
    for (let y = top; y < top + length; y += 1) blend(pixels, Math.round(mark * millimetre), y, [20, 20, 20], 0.9, 0);
  }
}

/** A dermatoscope shows a round field. */
function paintField(pixels: Uint8ClampedArray): void {
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const beyond = Math.hypot(x - width / 2, y - height / 2) - height * 0.48;
      if (beyond > 0) blend(pixels, x, y, [8, 8, 8], Math.min(1, beyond / 6), 0);
    }
  }
}

function set(pixels: Uint8ClampedArray, x: number, y: number, [red, green, blue]: Colour, light: number): void {
  const place = (y * width + x) * 3;
  pixels[place] = red + light;
  pixels[place + 1] = green + light;
  pixels[place + 2] = blue + light;
}

function blend(pixels: Uint8ClampedArray, x: number, y: number, colour: Colour, cover: number, light: number): void {
  if (x < 0 || y < 0 || x >= width || y >= height) return;
  const place = (y * width + x) * 3;
  for (let channel = 0; channel < 3; channel += 1) {
    const below = pixels[place + channel] ?? 0;
    pixels[place + channel] = below + ((colour[channel] ?? 0) + light - below) * cover;
  }
}
