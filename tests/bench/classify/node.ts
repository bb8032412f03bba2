/** The same model in Node, one thread: how much of a frame is the network, without a browser around it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as runtime from 'onnxruntime-web/wasm';
import { openModel } from '../../../client/classify/session.ts';

export interface RunInNode {
  load: number;
  /** Milliseconds of each picture. */
  times: number[];
}

const side = 512;

export async function runInNode(folder: string, pictures: number): Promise<RunInNode> {
  runtime.env.wasm.numThreads = 1;
  const began = performance.now();
  const model = await openModel(async (file) => new Uint8Array(await readFile(join(folder, file))).buffer, runtime);
  const load = performance.now() - began;
  const data = Uint8ClampedArray.from({ length: side * side * 4 }, (_, at) => (at % 4 === 3 ? 255 : (at * 7 + (at >> 9) * 13) % 120 + 100));
  const times: number[] = [];
  for (let at = -3; at < pictures; at += 1) {
    const sent = performance.now();
    await model.run({ data, width: side, height: side });
    if (at >= 0) times.push(performance.now() - sent);
  }
  return { load, times };
}
