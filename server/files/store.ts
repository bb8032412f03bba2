/**
 * Files under their own SHA-256, in a folder: `ab/cd/abcd…`. A file is there whole or not at all (written aside, synced,
 * renamed), never changes, and is stored once however often it comes. What a crash leaves lies in `incoming/`.
 */
import { createHash } from 'node:crypto';
import { access, mkdir, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { v7 as uuidv7 } from 'uuid';

export interface Stored {
  sha256: string;
  bytes: number;
}

/** A file as it came, lying in `incoming/` until it is discarded; what is kept is made from it. */
export interface Received extends Stored {
  path: string;
}

export interface FileStore {
  /** Writes a stream aside; undefined when it is longer than `limit` bytes. Nothing is left behind when it fails. */
  receive(stream: AsyncIterable<Uint8Array>, limit: number): Promise<Received | undefined>;
  discard(received: Received): Promise<void>;
  keep(parts: readonly Uint8Array[]): Promise<Stored>;
  /** Fails with ENOENT when there is none, before any byte. */
  read(sha256: string): Promise<Readable>;
}

/** How a new file is opened; a test gives one that fails. */
export type OpenNew = (path: string) => Promise<FileHandle>;

const day = 24 * 60 * 60 * 1000;

export async function openFileStore(folder: string, openNew: OpenNew = (path) => open(path, 'wx', 0o600)): Promise<FileStore> {
  const incoming = join(folder, 'incoming');
  await mkdir(incoming, { recursive: true });
  await removeLeftovers(incoming);
  const placeOf = (sha256: string) => join(folder, sha256.slice(0, 2), sha256.slice(2, 4), sha256);

  async function write(stream: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, limit = Infinity): Promise<Received | undefined> {
    const path = join(incoming, uuidv7());
    const file = await openNew(path);
    try {
      const hash = createHash('sha256');
      let bytes = 0;
      for await (const chunk of stream) {
        bytes += chunk.length;
        if (bytes > limit) break;
        hash.update(chunk);
        await file.writeFile(chunk);
      }
      await file.sync();
      await file.close();
      if (bytes <= limit) return { path, bytes, sha256: hash.digest('hex') };
    } catch (error) {
      await file.close().catch(() => {});
      await rm(path, { force: true }).catch(() => {});
      throw error;
    }
    await rm(path, { force: true });
    return undefined;
  }

  return {
    receive: write,
    discard: ({ path }) => rm(path, { force: true }),
    async keep(parts) {
      const { path, sha256, bytes } = (await write(parts)) as Received;
      await settle(path, placeOf(sha256)).catch(async (error: unknown) => {
        await rm(path, { force: true }).catch(() => {});
        throw error;
      });
      return { sha256, bytes };
    },
    read: async (sha256) => (await open(placeOf(sha256))).createReadStream(),
  };
}

async function settle(from: string, to: string): Promise<void> {
  if (await access(to).then(() => true, () => false)) return rm(from);
  await mkdir(dirname(to), { recursive: true });
  await rename(from, to);
  await syncFolder(dirname(to));
}

/** Makes the new name safe against a power cut; not every file system can, and Windows never. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined);
  await folder?.sync().catch(() => {});
  await folder?.close();
}

/** Other servers may be receiving into the same folder, so only what is old goes. */
async function removeLeftovers(incoming: string): Promise<void> {
  for (const name of await readdir(incoming)) {
    const path = join(incoming, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Infinity }));
    if (Date.now() - mtimeMs > day) await rm(path, { force: true });
  }
}
