/** The shipped model gives in onnxruntime-web what it gave where it was trained. */
import { readFile } from 'node:fs/promises';
import * as runtime from 'onnxruntime-web/wasm';
import { beforeAll, describe, expect, test } from 'vitest';
import { ModelRefused } from '../../client/classify/manifest.ts';
import { decide, softmax } from '../../client/classify/postprocess.ts';
import type { Pixels } from '../../client/classify/preprocess.ts';
import { openModel, type Model } from '../../client/classify/session.ts';
import golden from './fixtures/golden.json' with { type: 'json' };

const folder = new URL('../../client/classify/models/skin-net-0.1.0/', import.meta.url);
const read = async (file: string): Promise<ArrayBuffer> => new Uint8Array(await readFile(new URL(file, folder))).buffer;

/** The pictures of the fixture by name; their formulas stand there in words. */
const drawings: { [name: string]: (x: number, y: number, c: number) => number } = {
  stripes: (x, y, c) => (3 * x + 5 * y + 40 * c) % 256,
  disc: (x, y, c) => 214 - 23 * c - Number((x - 64) ** 2 + (y - 64) ** 2 < 900) * (94 + c) + ((7 * x + 13 * y + 29 * c) % 17),
  squares: (x, y, c) => 200 - 60 * c - Number(((x >> 4) + (y >> 4)) % 2 === 0) * (110 - 110 * c),
};

function draw(bytes: (x: number, y: number, c: number) => number, size = 128): Pixels {
  const data = new Uint8ClampedArray(size * size * 4).fill(255);
  for (let y = 0; y < size; y++) for (let x = 0; x < size; x++) for (let c = 0; c < 3; c++) data[(y * size + x) * 4 + c] = bytes(x, y, c);
  return { data, width: size, height: size };
}

let model: Model;
beforeAll(async () => {
  runtime.env.wasm.numThreads = 1;
  model = await openModel(read, runtime);
});

describe('the shipped model', () => {
  test('has a drawing for every picture of the fixture', () => {
    expect(golden.images.map((image) => image.name).sort()).toEqual(Object.keys(drawings).sort());
    expect(model.manifest.sha256).toBe(golden.model.sha256);
  });

  test.for(golden.images)('answers as where it was trained: $name', async (image) => {
    const { logits, places } = await model.run(draw(drawings[image.name]!));
    image.logits.forEach((value, i) => expect(logits[i]).toBeCloseTo(value, 3));
    const calibrated = softmax(logits, model.manifest.calibration.temperature);
    image.calibrated.forEach((value, i) => expect(calibrated[i]).toBeCloseTo(value, 3));
    expect(decide(model.manifest, logits, places, true).ranked).toHaveLength(image.logits.length);
  });

  test('weighs less than 4 MB', () => {
    expect(model.manifest.bytes).toBeLessThan(4_000_000);
  });
});

describe('a model folder', () => {
  const changed = async (file: string, change: (bytes: Uint8Array) => void) => {
    const bytes = new Uint8Array(await read(file));
    change(bytes);
    return bytes.buffer;
  };

  test.for([
    { name: 'whose file has one other byte', change: (bytes: Uint8Array) => { bytes[5000]! ^= 1; }, pointer: '/sha256' },
    { name: 'whose file is cut', cut: true, pointer: '/bytes' },
  ])('$name is refused', async ({ change, cut, pointer }) => {
    const open = openModel(async (file) => {
      if (file === 'manifest.json') return read(file);
      return cut ? (await read(file)).slice(0, 1000) : changed(file, change!);
    }, runtime);
    await expect(open).rejects.toThrow(ModelRefused);
    await expect(open).rejects.toThrow(pointer);
  });
});
