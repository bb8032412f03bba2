/** A model is a folder: `model.onnx` and this manifest. Whatever does not fit is refused, with the place named. */

export interface ModelLabel {
  id: string;
  name: { zh: string; en: string };
  icd10?: string;
  group: string;
  /** False: listed for completeness, the network has no output for it. */
  trained: boolean;
  /** Code of the value set `ai-class` that this label counts towards. */
  aiClass: string;
}

export interface ModelManifest {
  name: string;
  version: string;
  file: string;
  bytes: number;
  /** Hex SHA-256 of the model file. */
  sha256: string;
  status: string;
  input: {
    name: string;
    /** [1, 3, height, width]. */
    shape: [number, number, number, number];
    /** A byte becomes (byte - mean) / scale, by channel R, G, B. */
    normalise: { mean: [number, number, number]; scale: [number, number, number] };
  };
  labels: ModelLabel[];
  calibration: { temperature: number };
  /** Probabilities after calibration. */
  thresholds: { abstainBelow: number; suspiciousAbove: number };
  quality: {
    version: string;
    limits: { laplacianVarianceMin: number; meanLumaMin: number; clippedPercentMax: number; glarePercentMax: number };
  };
  limits: (string | { zh: string; en: string })[];
  intendedUse: { zh: string; en: string };
}

/** Why a model folder is refused; `pointer` names the place in the manifest. */
export class ModelRefused extends Error {
  readonly pointer: string;

  constructor(pointer: string, message: string) {
    super(`${pointer || '/'}: ${message}`);
    this.name = 'ModelRefused';
    this.pointer = pointer;
  }
}

type Json = { [key: string]: unknown };

/** Reads a manifest. Throws ModelRefused at the first member that is missing or has the wrong shape. */
export function readManifest(json: unknown): ModelManifest {
  const root = object(json, '');
  const input = object(root['input'], '/input');
  const normalise = object(input['normalise'], '/input/normalise');
  const quality = object(root['quality'], '/quality');
  const limits = object(quality['limits'], '/quality/limits');
  const thresholds = object(root['thresholds'], '/thresholds');
  const manifest: ModelManifest = {
    name: text(root, 'name', ''),
    version: text(root, 'version', ''),
    file: text(root, 'file', ''),
    bytes: number(root, 'bytes', ''),
    sha256: text(root, 'sha256', ''),
    status: text(root, 'status', ''),
    input: {
      name: text(input, 'name', '/input'),
      shape: shape(input['shape']),
      normalise: { mean: triple(normalise, 'mean'), scale: triple(normalise, 'scale') },
    },
    labels: list(root['labels'], '/labels').map((entry, i) => label(entry, `/labels/${i}`)),
    calibration: { temperature: number(object(root['calibration'], '/calibration'), 'temperature', '/calibration') },
    thresholds: {
      abstainBelow: number(thresholds, 'abstainBelow', '/thresholds'),
      suspiciousAbove: number(thresholds, 'suspiciousAbove', '/thresholds'),
    },
    quality: {
      version: text(quality, 'version', '/quality'),
      limits: {
        laplacianVarianceMin: number(limits, 'laplacianVarianceMin', '/quality/limits'),
        meanLumaMin: number(limits, 'meanLumaMin', '/quality/limits'),
        clippedPercentMax: number(limits, 'clippedPercentMax', '/quality/limits'),
        glarePercentMax: number(limits, 'glarePercentMax', '/quality/limits'),
      },
    },
    limits: list(root['limits'], '/limits') as ModelManifest['limits'],
    intendedUse: bilingual(root['intendedUse'], '/intendedUse'),
  };
  if (!/^[0-9a-f]{64}$/.test(manifest.sha256)) throw new ModelRefused('/sha256', 'not a SHA-256 in hex');
  if (manifest.file.includes('/') || manifest.file.includes('\\')) throw new ModelRefused('/file', 'must lie beside the manifest');
  return manifest;
}

/** The labels that the network answers for, in the order of its outputs. */
export function trainedLabels(manifest: ModelManifest): ModelLabel[] {
  return manifest.labels.filter((entry) => entry.trained);
}

function label(json: unknown, pointer: string): ModelLabel {
  const entry = object(json, pointer);
  const icd10 = entry['icd10'];
  return {
    id: text(entry, 'id', pointer),
    name: bilingual(entry['name'], `${pointer}/name`),
    ...(typeof icd10 === 'string' ? { icd10 } : {}),
    group: text(entry, 'group', pointer),
    trained: entry['trained'] === true,
    aiClass: text(entry, 'aiClass', pointer),
  };
}

function shape(json: unknown): [number, number, number, number] {
  const dims = list(json, '/input/shape');
  const [n, c, h, w] = dims;
  if (dims.length !== 4 || n !== 1 || c !== 3 || !isSize(h) || !isSize(w) || h !== w) {
    throw new ModelRefused('/input/shape', 'expected [1, 3, size, size]');
  }
  return [1, 3, h, w];
}

function isSize(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 16 && value <= 1024;
}

function triple(of: Json, key: string): [number, number, number] {
  const values = list(of[key], `/input/normalise/${key}`);
  const [r, g, b] = values;
  if (values.length !== 3 || typeof r !== 'number' || typeof g !== 'number' || typeof b !== 'number') {
    throw new ModelRefused(`/input/normalise/${key}`, 'expected three numbers');
  }
  return [r, g, b];
}

function bilingual(json: unknown, pointer: string): { zh: string; en: string } {
  const of = object(json, pointer);
  return { zh: text(of, 'zh', pointer), en: text(of, 'en', pointer) };
}

function object(json: unknown, pointer: string): Json {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw new ModelRefused(pointer, 'expected an object');
  return json as Json;
}

function list(json: unknown, pointer: string): unknown[] {
  if (!Array.isArray(json)) throw new ModelRefused(pointer, 'expected a list');
  return json;
}

function text(of: Json, key: string, pointer: string): string {
  const value = of[key];
  if (typeof value !== 'string' || value === '') throw new ModelRefused(`${pointer}/${key}`, 'expected text');
  return value;
}

function number(of: Json, key: string, pointer: string): number {
  const value = of[key];
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new ModelRefused(`${pointer}/${key}`, 'expected a number');
  return value;
}
