/** The classifier's worker: one model, one picture at a time; a newer live frame replaces the one that waits. */
import type { FromWorker, ToWorker } from './messages.ts';
import { readManifest, type ModelManifest } from './manifest.ts';
import { decide } from './postprocess.ts';
import type { Pixels } from './preprocess.ts';
import { measureQuality } from './quality.ts';
import { openModel, type Model } from './session.ts';

type Look = Extract<ToWorker, { kind: 'look' }>;

/** Pictures are reduced to this many pixels on the shorter side before they are measured; beyond it nothing is gained. */
const WORKING_SIZE = 512;

let model: Model | undefined;
let quality: ModelManifest['quality'] | undefined;
let loading: Promise<void> = Promise.resolve();
let busy = false;
const stills: Look[] = [];
let frame: Look | undefined;

self.onmessage = ({ data }: MessageEvent<ToWorker>) => {
  if (data.kind === 'load') loading = load(data.folder);
  else enqueue(data);
};

function say(message: FromWorker): void {
  self.postMessage(message);
}

async function load(folder: string): Promise<void> {
  try {
    const read = async (file: string) => {
      const reply = await fetch(folder + file);
      if (!reply.ok) throw new Error(`${file}: ${reply.status}`);
      return reply.arrayBuffer();
    };
    quality = readManifest(JSON.parse(new TextDecoder().decode(await read('manifest.json')))).quality;
    const runtime = await import('onnxruntime-web/wasm');
    // Two threads only help on idle cores; a ward tablet has other things to do while the camera runs.
    runtime.env.wasm.numThreads = self.crossOriginIsolated && navigator.hardwareConcurrency > 2 ? Math.min(4, navigator.hardwareConcurrency / 2) : 1;
    model = await openModel(read, runtime);
    say({ kind: 'ready', manifest: model.manifest, runtime: model.runtime });
  } catch (error) {
    say({ kind: 'no-model', reason: error instanceof Error ? error.message : String(error) });
  }
}

function enqueue(look: Look): void {
  if (look.still) stills.push(look);
  else {
    if (frame) drop(frame);
    frame = look;
  }
  if (!busy) void work();
}

function drop(look: Look): void {
  look.picture.close();
  say({ kind: 'dropped', id: look.id });
}

async function work(): Promise<void> {
  busy = true;
  await loading;
  for (let look = next(); look; look = next()) {
    try {
      await handle(look);
    } catch (error) {
      say({ kind: 'no-model', reason: error instanceof Error ? error.message : String(error) });
      say({ kind: 'dropped', id: look.id });
    }
  }
  busy = false;
}

function next(): Look | undefined {
  const look = stills.shift() ?? frame;
  if (look === frame) frame = undefined;
  return look;
}

async function handle(look: Look): Promise<void> {
  const started = performance.now();
  const pixels = readPixels(look.picture);
  look.picture.close();
  if (!quality) return say({ kind: 'dropped', id: look.id });
  const reading = measureQuality(pixels, quality);
  const result = model && (await model.run(pixels));
  const answer = model && result ? decide(model.manifest, result.logits, result.places, reading.passed) : undefined;
  say({ kind: 'looked', id: look.id, still: look.still, quality: reading, latencyMs: performance.now() - started, ...(answer ? { answer } : {}) });
}

/** The picture's pixels, at most WORKING_SIZE on the shorter side. */
function readPixels(picture: ImageBitmap): Pixels {
  const factor = Math.min(1, WORKING_SIZE / Math.min(picture.width, picture.height));
  const width = Math.max(1, Math.round(picture.width * factor));
  const height = Math.max(1, Math.round(picture.height * factor));
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('no canvas in this browser');
  context.imageSmoothingQuality = 'high';
  context.drawImage(picture, 0, 0, width, height);
  return context.getImageData(0, 0, width, height);
}
