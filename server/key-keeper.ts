/**
 * Erases again whom a restored backup brought back; goes on with what a rotation, or a version from before patients had keys, has left to do, in small steps; and reads the key ring anew
 * when its file changes, so that a new master is known here before anything names it.
 */
import type { LiveKeyRing } from './files/key-ring.ts';
import { listSites } from './repositories/sites.ts';
import type { Context } from './services/context.ts';
import { eraseAgain } from './services/erase.ts';
import { finishKeys } from './services/rotate-keys.ts';

const ringMs = 5_000;
const workMs = 10 * 60_000;
/** Between two transactions, so that nobody waits for us. */
const pauseMs = 50;

export interface KeyKeeper {
  /** Waits for what is under way. */
  stop(): Promise<void>;
}

export interface KeyKeeping {
  context: Context;
  ring: LiveKeyRing;
  /** Gets the name of an error, never its message. */
  warn(error: string): void;
}

export function keepKeys({ context, ring, warn }: KeyKeeping, { ringEveryMs = ringMs, workEveryMs = workMs } = {}): KeyKeeper {
  const stopped = new AbortController();
  let running: Promise<void> | undefined;
  const tell = (error: unknown) => { if (!stopped.signal.aborted) warn(error instanceof Error ? error.name : typeof error); };
  const work = () => void (running ??= finishAll(context, stopped.signal).catch(tell).finally(() => { running = undefined; }));
  const timers = [setInterval(() => void ring.refresh().catch(tell), ringEveryMs), setInterval(work, workEveryMs), setTimeout(work, Math.min(ringEveryMs, workEveryMs))];
  for (const timer of timers) timer.unref();
  return {
    async stop() {
      stopped.abort();
      for (const timer of timers) clearTimeout(timer);
      await running;
    },
  };
}

async function finishAll(context: Context, signal: AbortSignal): Promise<void> {
  const pause = () => new Promise<void>((resolve, reject) => void setTimeout(() => (signal.aborted ? reject(new Error('stopped')) : resolve()), pauseMs));
  for (const site of await listSites(context.db, undefined, undefined, 10_000)) {
    signal.throwIfAborted();
    await eraseAgain(context, site.id);
    await finishKeys(context, site.id, { batch: 20, pause });
  }
}
