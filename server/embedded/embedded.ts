/**
 * PGlite as an Engine. There is one backend, so one session at a time; the others wait in line, and give up after ten
 * seconds as they would with a full pool.
 */
import { existsSync, mkdirSync, readFileSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseError, type Answer, type Engine, type Session } from '../engine.ts';
import { lockFolder, type FolderLock } from './lock.ts';
import { startThread, type Thread } from './thread.ts';

export interface EmbeddedConfig {
  /** The data folder, made when absent; undefined keeps everything in memory. */
  folder?: string;
  /** A dump to begin from, when there is no database yet. */
  template?: Uint8Array;
}

/** The PostgreSQL that PGlite is built from; a folder written by another major version cannot be opened. */
const major = '18';
const waitMs = 10_000;
/** What a new database takes, with room to work in. */
const leastFreeBytes = 200e6;

export async function openEmbedded(config: EmbeddedConfig): Promise<Engine> {
  const lock = config.folder === undefined ? undefined : await prepareFolder(config.folder);
  const folder = config.folder === undefined ? undefined : join(config.folder, 'database');
  try {
    const template = folder !== undefined && existsSync(folder) ? undefined : config.template;
    return engineOf(await startThread({ folder, template }), lock);
  } catch (error) {
    await lock?.release();
    if (config.folder === undefined) throw error;
    throw new Error(`The database in data folder ${config.folder} does not open: ${(error as Error).message}`, { cause: error });
  }
}

async function prepareFolder(folder: string): Promise<FolderLock> {
  mkdirSync(folder, { recursive: true });
  const lock = await lockFolder(folder);
  try {
    requireVersion(folder);
    requireSpace(folder);
  } catch (error) {
    await lock.release();
    throw error;
  }
  return lock;
}

function requireVersion(folder: string): void {
  const file = join(folder, 'database', 'PG_VERSION');
  if (!existsSync(file)) return;
  const found = readFileSync(file, 'utf8').trim();
  if (found === major) return;
  throw new Error(`Data folder ${folder} was written by PostgreSQL ${found}, and this release has ${major}. Open it with the release that wrote it, or set XF_DATA to another folder.`);
}

function requireSpace(folder: string): void {
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize >= leastFreeBytes) return;
  throw new Error(`The disk of data folder ${folder} has ${Math.floor((bavail * bsize) / 1e6)} MB free; the embedded database needs ${leastFreeBytes / 1e6} MB. Free some space or set XF_DATA to another disk.`);
}

function engineOf(thread: Thread, lock: FolderLock | undefined): Engine {
  const line = new Line();
  const session: Omit<Session, 'release'> = {
    query: (text, values) => thread.ask<Answer>({ act: 'query', text, values }),
    async *copyOut(text) {
      yield await thread.ask<Uint8Array>({ act: 'copy', text });
    },
  };
  return {
    name: 'embedded',
    async acquire() {
      const leave = await line.enter();
      // A spoilt session may be in the middle of a transaction, and there is no second backend to take its place.
      return { ...session, release: (spoilt) => void (spoilt ? thread.ask({ act: 'query', text: 'rollback', values: [] }).catch(() => {}).finally(leave) : leave()) };
    },
    dump: () => thread.ask({ act: 'dump' }),
    async close() {
      await thread.close();
      await lock?.release();
    },
  };
}

/** First come, first served. */
class Line {
  #last: Promise<void> = Promise.resolve();

  /** Resolves when it is one's turn; call what it gives to let the next one in. */
  async enter(): Promise<() => void> {
    const before = this.#last;
    let leave: () => void = () => {};
    const mine = new Promise<void>((resolve) => (leave = resolve));
    this.#last = before.then(() => mine);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new DatabaseError('The embedded database was busy for ten seconds', { code: '53300' })), waitMs);
    });
    try {
      await Promise.race([before, late]);
      return leave;
    } catch (error) {
      leave();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }
}
