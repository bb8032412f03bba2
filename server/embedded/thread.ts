/** The database's thread as seen from the server's: questions go in, answers come out by number. */
import { Worker } from 'node:worker_threads';
import { DatabaseError } from '../engine.ts';
import type { Reply, Request, Start } from './messages.ts';

type Question = Request extends infer R ? (R extends Request ? Omit<R, 'id'> : never) : never;

export interface Thread {
  /** Nothing more can be asked. */
  readonly hasEnded: boolean;
  /**
   * Fails with a DatabaseError: what the database refused, 57P01 when the thread has ended, 57014 when there is no answer
   * within `limitMs`; then the thread is ended too, for nothing else stops what it does.
   */
  ask<T>(question: Question, limitMs?: number): Promise<T>;
  close(): Promise<void>;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** Resolves when the database is ready. */
export async function startThread(start: Start): Promise<Thread> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: start });
  const waiting = new Map<number, Waiting>();
  let last = 0;
  let ended: Error | undefined;

  worker.on('message', (reply: Reply) => {
    const asked = waiting.get(reply.id);
    waiting.delete(reply.id);
    if ('error' in reply) asked?.reject(new DatabaseError(reply.error.message, reply.error.fields));
    else asked?.resolve(reply.value);
  });
  worker.on('error', (error) => end(error.message));
  worker.on('exit', () => end('it was closed'));

  function end(reason: string, code = '57P01'): void {
    ended ??= new DatabaseError(`The embedded database has stopped: ${reason}`, { code });
    for (const { reject } of waiting.values()) reject(ended);
    waiting.clear();
  }
  function expect<T>(id: number): Promise<T> {
    return new Promise((resolve, reject) => waiting.set(id, { resolve: resolve as (value: unknown) => void, reject }));
  }
  async function ask<T>(question: Question, limitMs?: number): Promise<T> {
    if (ended) throw ended;
    const reply = expect<T>(++last);
    worker.postMessage({ ...question, id: last });
    if (limitMs === undefined) return reply;
    const timer = setTimeout(() => {
      end(`a statement took longer than ${limitMs / 1000} s`, '57014');
      void worker.terminate();
    }, limitMs);
    return reply.finally(() => clearTimeout(timer));
  }

  try {
    await expect<void>(0);
  } catch (error) {
    await worker.terminate();
    throw error;
  }
  return {
    get hasEnded() { return ended !== undefined; },
    ask,
    async close() {
      if (!ended) await ask({ act: 'close' }, 10_000).catch(() => {});
      await worker.terminate();
    },
  };
}
