/** The ONNX session: loads a model folder, refuses one that differs from its manifest, runs one picture. */
import type { InferenceSession, Tensor } from 'onnxruntime-web/wasm';
import { ModelRefused, readManifest, trainedLabels, type ModelManifest } from './manifest.ts';
import { normalise, squarePlanes, type Pixels } from './preprocess.ts';

export interface Model {
  manifest: ModelManifest;
  runtime: string;
  /** Logits [labels] and places [labels × h × w] of one picture. */
  run(pixels: Pixels): Promise<{ logits: Float32Array; places: Float32Array }>;
}

type Runtime = typeof import('onnxruntime-web/wasm');

/** `read` fetches a file of the model folder; it is an argument so that a test can read from a disk. */
export async function openModel(read: (file: string) => Promise<ArrayBuffer>, runtime: Runtime): Promise<Model> {
  const manifest = readManifest(JSON.parse(new TextDecoder().decode(await read('manifest.json'))));
  const bytes = await read(manifest.file);
  await refuseOtherBytes(manifest, bytes);
  const session = await runtime.InferenceSession.create(bytes, { executionProviders: ['wasm'], graphOptimizationLevel: 'all' });
  refuseOtherShape(manifest, session);
  return { manifest, runtime: `onnxruntime-web/${runtime.env.versions.web ?? '?'} wasm`, run: (pixels) => run(session, manifest, runtime, pixels) };
}

async function run(session: InferenceSession, manifest: ModelManifest, runtime: Runtime, pixels: Pixels) {
  const { shape, normalise: how, name } = manifest.input;
  const planes = normalise(squarePlanes(pixels, shape[2]), how.mean, how.scale);
  const results = await session.run({ [name]: new runtime.Tensor('float32', planes, shape) });
  return { logits: floats(results['logits'], '/outputs/logits'), places: floats(results['fmap'], '/outputs/fmap') };
}

async function refuseOtherBytes(manifest: ModelManifest, bytes: ArrayBuffer): Promise<void> {
  if (bytes.byteLength !== manifest.bytes) throw new ModelRefused('/bytes', 'the model file has another length');
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  if (hex !== manifest.sha256) throw new ModelRefused('/sha256', 'the model file is another one');
}

function refuseOtherShape(manifest: ModelManifest, session: InferenceSession): void {
  if (!session.inputNames.includes(manifest.input.name)) throw new ModelRefused('/input/name', 'the model has no such input');
  for (const output of ['logits', 'fmap']) {
    if (!session.outputNames.includes(output)) throw new ModelRefused('/outputs', `the model has no output ${output}`);
  }
  if (trainedLabels(manifest).length < 2) throw new ModelRefused('/labels', 'fewer than two trained labels');
}

function floats(tensor: Tensor | undefined, pointer: string): Float32Array {
  if (!(tensor?.data instanceof Float32Array)) throw new ModelRefused(pointer, 'expected float32');
  return tensor.data;
}
