/** The database's thread as seen from the server's: questions go in, answers come out by number. */
import { Worker } from 'node:worker_threads';
import { DatabaseError } from '../engine.ts';
import type { Reply, Request, Start } from './messages.ts';

type Question = Request extends infer R ? (R extends Request ? Omit<R, 'id'> : never) : never;

export interface Thread {
  /** Fails with a DatabaseError: what the database refused, or 57P01 when the thread has ended. */
  ask<T>(question: Question): Promise<T>;
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

  function end(reason: string): void {
    ended ??= new DatabaseError(`The embedded database has stopped: ${reason}`, { code: '57P01' });
    for (const { reject } of waiting.values()) reject(ended);
    waiting.clear();
  }
  function expect<T>(id: number): Promise<T> {
    return new Promise((resolve, reject) => waiting.set(id, { resolve: resolve as (value: unknown) => void, reject }));
  }
  function ask<T>(question: Question): Promise<T> {
    if (ended) return Promise.reject(ended);
    const reply = expect<T>(++last);
    worker.postMessage({ ...question, id: last });
    return reply;
  }

  try {
    await expect<void>(0);
  } catch (error) {
    await worker.terminate();
    throw error;
  }
  return {
    ask,
    async close() {
      if (!ended) await ask({ act: 'close' });
      await worker.terminate();
    },
  };
}
