/**
 * A file that is read while it is written. The export runs at the speed of the database, for its transaction holds others up in the embedded one, and the
 * reader at the speed of its network. The file has no name any more once it is open: nothing of it is left behind, whatever happens.
 */
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import type { Sink } from './zip.ts';

const blockSize = 262_144;

/** What `write` writes, as it comes. Leaving the loop early aborts `signal`; when `write` fails, so does the loop. */
export async function* spooled(folder: string, write: (sink: Sink, signal: AbortSignal) => Promise<unknown>): AsyncGenerator<Uint8Array> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, `export-${uuidv7()}`);
  const file = await open(path, 'wx+', 0o600);
  const abort = new AbortController();
  const state = { written: 0, done: false, error: undefined as unknown };
  let wake = (): void => {};
  try {
    await rm(path);
    const sink: Sink = async (bytes) => {
      for (let from = 0; from < bytes.length;) from += (await file.write(bytes, from, bytes.length - from, state.written + from)).bytesWritten;
      state.written += bytes.length;
      wake();
    };
    const writing = write(sink, abort.signal).catch((error: unknown) => { state.error = error ?? new Error('The export failed'); }).finally(() => {
      state.done = true;
      wake();
    });
    try {
      for (let read = 0; !(state.done && read === state.written);) {
        if (state.error !== undefined) break;
        if (read === state.written) {
          await new Promise<void>((resolve) => { wake = resolve; });
          continue;
        }
        const { bytesRead, buffer } = await file.read({ buffer: Buffer.allocUnsafe(Math.min(blockSize, state.written - read)), position: read });
        read += bytesRead;
        yield buffer.subarray(0, bytesRead);
      }
    } finally {
      abort.abort();
      await writing;
    }
    if (state.error !== undefined) throw state.error;
  } finally {
    await file.close();
  }
}
