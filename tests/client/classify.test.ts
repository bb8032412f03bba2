import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { byClass } from '../../client/classify/by-class.ts';
import { ModelRefused, readManifest } from '../../client/classify/manifest.ts';
import { decide, softmax } from '../../client/classify/postprocess.ts';
import { centredSquare, normalise, squarePlanes, type Pixels } from '../../client/classify/preprocess.ts';
import { laplacianVariance, measureQuality } from '../../client/classify/quality.ts';

const label = (id: string, aiClass: string, group = 'benign', trained = true) => ({ id, name: { zh: id, en: id }, group, trained, aiClass });

const manifestJson = {
  name: 'small', version: '1.0.0', file: 'model.onnx', bytes: 10, sha256: '0'.repeat(64), status: 'research',
  input: { name: 'input', shape: [1, 3, 32, 32], normalise: { mean: [127.5, 127.5, 127.5], scale: [127.5, 127.5, 127.5] } },
  labels: [label('MEL', 'melanoma', 'malignant'), label('NEV', 'other'), label('ACK', 'other'), label('PSO', 'psoriasis', 'benign', false)],
  calibration: { temperature: 1 },
  thresholds: { abstainBelow: 0.4, suspiciousAbove: 0.3 },
  quality: { version: '1', limits: { laplacianVarianceMin: 13.8, meanLumaMin: 80, clippedPercentMax: 5, glarePercentMax: 0.5 } },
  limits: ['few pictures'], intendedUse: { zh: '研究', en: 'research' },
};
const manifest = readManifest(manifestJson);

/** A picture by formula: `colour(x, y)` gives red, green, blue. */
function draw(width: number, height: number, colour: (x: number, y: number) => [number, number, number]): Pixels {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) data.set([...colour(x, y), 255], (y * width + x) * 4);
  return { data, width, height };
}

describe('a manifest', () => {
  test.for([
    { name: 'without a digest', change: { sha256: undefined }, pointer: '/sha256' },
    { name: 'whose digest is no digest', change: { sha256: 'abc' }, pointer: '/sha256' },
    { name: 'whose file lies elsewhere', change: { file: '../other.onnx' }, pointer: '/file' },
    { name: 'whose input is not square', change: { input: { ...manifestJson.input, shape: [1, 3, 32, 64] } }, pointer: '/input/shape' },
    { name: 'whose label has no Chinese name', change: { labels: [{ ...label('A', 'other'), name: { en: 'A' } }] }, pointer: '/labels/0/name/zh' },
  ])('$name is refused at its place', ({ change, pointer }) => {
    const refuse = () => readManifest({ ...manifestJson, ...change });
    expect(refuse).toThrow(ModelRefused);
    expect(refuse).toThrow(pointer);
  });
});

describe('the network input', () => {
  test('is the centred square', () => {
    expect(centredSquare(640, 480)).toEqual({ x: 80, y: 0, size: 480 });
    expect(centredSquare(3, 10)).toEqual({ x: 0, y: 3, size: 3 });
  });

  test('averages over the area, so that the mean of the picture stays', () => {
    fc.assert(fc.property(fc.integer({ min: 8, max: 70 }), fc.integer({ min: 4, max: 40 }), fc.integer(), (side, size, seed) => {
      const picture = draw(side, side, (x, y) => [(x * 7 + y * 13 + seed) & 255, (x * y) & 255, 200]);
      const mean = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
      const reds = Array.from({ length: side * side }, (_, i) => picture.data[i * 4]!);
      expect(mean(squarePlanes(picture, size).subarray(0, size * size))).toBeCloseTo(mean(reds), 2);
    }), { numRuns: 60 });
  });

  test('is normalised by channel', () => {
    const result = normalise(new Float32Array([0, 255, 127.5]), [127.5, 127.5, 0], [127.5, 127.5, 1]);
    expect([...result]).toEqual([-1, 1, 127.5]);
  });
});

describe('quality', () => {
  const stripes = (step: number, low: number, high: number) => draw(256, 256, (x) => (Math.floor(x / step) % 2 ? [high, high, high] : [low, low, low]));
  test.for([
    { name: 'passes a sharp and well lit picture', picture: stripes(4, 100, 180), failed: [] },
    { name: 'sees that it is out of focus', picture: draw(256, 256, (x) => [120 + x / 16, 120, 120]), failed: ['focus'] },
    { name: 'sees that it is dark', picture: stripes(4, 10, 90), failed: ['brightness'] },
    { name: 'sees that it is burnt out', picture: stripes(4, 150, 255), failed: ['clipped', 'glare'] },
  ])('$name', ({ picture, failed }) => {
    const reading = measureQuality(picture, manifest.quality);
    expect(reading.failed).toEqual(failed);
    expect(reading.passed).toBe(failed.length === 0);
  });

  test('gives a flat picture no sharpness', () => {
    expect(laplacianVariance(new Float32Array(64 * 64).fill(99), 64)).toBe(0);
  });
});

describe('the decision', () => {
  const logits = (...values: number[]) => new Float32Array(values);
  const agreeing = logits(5, 5, 5, 5, 0, 0, 0, 0, 0, 0, 0, 0);
  test.for([
    { name: 'ranks what it is sure of', logits: logits(3, 0, 0), places: agreeing, quality: true, abstained: undefined },
    { name: 'abstains when no class is likely enough', logits: logits(0.1, 0, 0), places: agreeing, quality: true, abstained: 'unsure' },
    { name: 'abstains when the places name another class', logits: logits(0, 3, 0), places: agreeing, quality: true, abstained: 'disagreement' },
    { name: 'abstains on a picture that is not fit', logits: logits(3, 0, 0), places: agreeing, quality: false, abstained: 'quality' },
  ])('$name', ({ logits: values, places, quality, abstained }) => {
    const answer = decide(manifest, values, places, quality);
    expect(answer.abstained).toBe(abstained);
    expect(Object.values(answer.scores).reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 9);
    expect(answer.scores[answer.ranked[0]!]).toBeGreaterThanOrEqual(answer.scores[answer.ranked[1]!]!);
  });

  test('has probabilities for any logits', () => {
    fc.assert(fc.property(fc.array(fc.float({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 2, maxLength: 8 }), (values) => {
      const result = softmax(values, 1.3);
      expect(result.every((value) => value >= 0 && value <= 1)).toBe(true);
      expect(result.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 9);
    }));
  });
});

describe('the classes of the standard', () => {
  test('get the sum over their labels, and what was never trained gets none', () => {
    expect(byClass(manifest, { MEL: 0.2, NEV: 0.5, ACK: 0.3 })).toEqual({ scores: { other: 0.8, melanoma: 0.2 }, top: 'other', untrained: ['psoriasis'] });
  });

  test('sum to exactly one', () => {
    fc.assert(fc.property(fc.float({ noNaN: true, min: 0, max: 1 }), fc.float({ noNaN: true, min: 0, max: 1 }), (a, b) => {
      const [low, high] = a < b ? [a, b] : [b, a];
      const { scores } = byClass(manifest, { MEL: low, NEV: high - low, ACK: 1 - high });
      const tenThousandths = Object.values(scores).reduce((sum, value) => sum + Math.round(value * 10_000), 0);
      expect(tenThousandths).toBe(10_000);
    }));
  });
});
