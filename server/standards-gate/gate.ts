/**
 * The gate for standards from outside: an editor's document is parsed, compiled and tried in a thread of its own, with a limit
 * of time and of memory. Whatever it holds, the process goes on, and its author is told what is wrong.
 */
import { Worker } from 'node:worker_threads';
import { fail, type FieldError } from '../../schemas/problem.ts';
import { limits } from '../../schemas/limits.ts';
import { createGate } from '../services/gate.ts';
import { standardsFolder } from '../standards.ts';
import type { Answer, Question } from './worker.ts';

export interface StandardsGate {
  /** Every mistake of a document as JSON text, by JSON Pointer; none means that it may be published. */
  check(text: string): Promise<readonly FieldError[]>;
  close(): Promise<void>;
}

export interface GateOptions {
  /** Of the documents that it may refer to; ours when absent. */
  folder?: string;
  /** For one document, once the thread is ready. */
  seconds?: number;
  /** Of the thread, all standards included. */
  megabytes?: number;
}

interface Ready {
  worker: Worker;
  /** How the thread ended, when it has. */
  ended: Promise<'ended' | 'memory'>;
}

/** The thread starts with the first document, and anew after one that it did not survive. */
export function createStandardsGate({ folder = standardsFolder, seconds = 3, megabytes = 512 }: GateOptions = {}): StandardsGate {
  const oneByOne = createGate(1);
  let ready: Promise<Ready> | undefined;
  const renew = async ({ worker }: Ready) => {
    ready = undefined;
    await worker.terminate();
  };
  return {
    check: (text) => (Buffer.byteLength(text) > limits.bytes
      ? Promise.resolve([{ pointer: '', detail: `Is larger than ${limits.bytes / 1024 / 1024} MB` }])
      : oneByOne(async () => {
        const thread = await (ready ??= start(folder, megabytes));
        const found = await ask(thread, text, seconds * 1000);
        if (typeof found === 'object') return found;
        await renew(thread);
        return [{ pointer: '', detail: found === 'late' ? `Checking it took longer than ${seconds} s` : 'Checking it took more memory than there is for it' }];
      })),
    close: () => oneByOne(async () => {
      if (ready) await renew(await ready);
    }),
  };
}

async function start(folder: string, megabytes: number): Promise<Ready> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: folder, resourceLimits: { maxOldGenerationSizeMb: megabytes, stackSizeMb: 4 }, stdout: false, stderr: false });
  const ended = new Promise<'ended' | 'memory'>((resolve) => {
    worker.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'memory' : 'ended'));
    worker.once('exit', () => resolve('ended'));
  });
  const hello = await Promise.race([new Promise<'ready'>((resolve) => worker.once('message', () => resolve('ready'))), ended]);
  if (hello !== 'ready') fail('internal');
  worker.unref();
  return { worker, ended };
}

function ask({ worker, ended }: Ready, text: string, milliseconds: number): Promise<readonly FieldError[] | 'late' | 'ended' | 'memory'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => { timer = setTimeout(resolve, milliseconds, 'late'); });
  const answered = new Promise<readonly FieldError[]>((resolve) => worker.once('message', ({ mistakes }: Answer) => resolve(mistakes)));
  worker.postMessage({ text } satisfies Question);
  return Promise.race([answered, late, ended]).finally(() => {
    clearTimeout(timer);
    worker.removeAllListeners('message');
  });
}
