/** PGlite as an Engine: one backend in a thread, so one session at a time, with the time-outs that a PostgreSQL server has. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseError, type Answer, type Engine, type Session } from '../engine.ts';
import { createHousekeeper, housekeepingLimit, housekeepingMs } from './housekeeping.ts';
import { Line } from './line.ts';
import { lockFolder, type FolderLock } from './lock.ts';
import { createSpaceGuard, freeBytes } from './space.ts';
import { startThread, type Thread } from './thread.ts';

export interface EmbeddedConfig {
  /** The data folder, made when absent; undefined keeps everything in memory. */
  folder?: string;
  /** A dump to begin from, when there is no database yet. */
  template?: Uint8Array;
  /** Milliseconds that a transaction waits for its turn. */
  patience?: number;
  /** Milliseconds that a statement may take. */
  statementLimit?: number;
}

/** The PostgreSQL that PGlite is built from; a folder written by another major version cannot be opened. */
const major = '18';
/** What a new database takes, with room to work in; and what an old one needs to open. */
const leastFreeBytes = { made: 200e6, opened: 50e6 };

export async function openEmbedded(config: EmbeddedConfig): Promise<Engine> {
  const { folder } = config;
  if (folder === undefined) {
    const thread = await startThread({ folder, template: config.template });
    return engineOf(config, thread, () => Promise.reject(new DatabaseError('The database in memory is lost', { code: '57P01' })));
  }
  const lock = await prepareFolder(folder);
  const database = join(folder, 'database');
  try {
    const thread = await openOrMake(database, config.template);
    return engineOf(config, thread, () => startThread({ folder: database, template: undefined }), lock);
  } catch (error) {
    await lock.release();
    throw new Error(`The database in data folder ${folder} does not open: ${(error as Error).message}`, { cause: error });
  }
}

/** A new database whose making was cut off holds nothing yet; the mark beside it says so, and it is made again. */
async function openOrMake(database: string, template: Uint8Array | undefined): Promise<Thread> {
  const mark = `${database}.unfinished`;
  if (existsSync(mark)) rmSync(database, { recursive: true, force: true });
  if (existsSync(database)) return startThread({ folder: database, template: undefined });
  writeFileSync(mark, '');
  const thread = await startThread({ folder: database, template });
  rmSync(mark);
  return thread;
}

async function prepareFolder(folder: string): Promise<FolderLock> {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new Error(`Data folder ${folder} cannot be made: ${(error as Error).message}. Set XF_DATA to a folder that this user may write.`, { cause: error });
  }
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
  const free = freeBytes(folder);
  const least = existsSync(join(folder, 'database')) ? leastFreeBytes.opened : leastFreeBytes.made;
  if (free >= least) return;
  throw new Error(`The disk of data folder ${folder} has ${Math.floor(free / 1e6)} MB free; the embedded database needs ${least / 1e6} MB. Free some space or set XF_DATA to another disk.`);
}

function engineOf({ folder, patience = 10_000, statementLimit = 60_000 }: EmbeddedConfig, first: Thread, restart: () => Promise<Thread>, lock?: FolderLock): Engine {
  const line = new Line(patience);
  const guard = folder === undefined ? () => {} : createSpaceGuard(folder);
  let thread = first;
  let closed = false;

  async function acquire(limit: number): Promise<Session> {
    const leave = await line.enter();
    try {
      // It ended by itself or was ended for taking too long; what was committed is in the folder.
      if (thread.hasEnded && !closed) thread = await restart();
    } catch (error) {
      leave();
      throw error;
    }
    return sessionOf(thread, guard, limit, leave);
  }

  const keepHouse = createHousekeeper();
  let seen = 0;
  const timer = setInterval(() => {
    const quiet = line.entered === seen;
    // A statement of the housekeeper counts as well, hence the one more.
    seen = line.entered + 1;
    void acquire(housekeepingLimit).then((session) => keepHouse(session, quiet).finally(() => session.release(false))).catch(() => {});
  }, housekeepingMs);
  timer.unref();

  return {
    name: 'embedded',
    acquire: () => acquire(statementLimit),
    async dump() {
      const leave = await line.enter();
      return thread.ask<Uint8Array>({ act: 'dump' }).finally(leave);
    },
    async close() {
      clearInterval(timer);
      const leave = await line.enter().catch(() => undefined);
      closed = true;
      leave?.();
      await thread.close();
      await lock?.release();
    },
  };
}

function sessionOf(thread: Thread, guard: (text: string) => void, limit: number, leave: () => void): Session {
  const query = async (text: string, values: readonly unknown[]): Promise<Answer> => {
    guard(text);
    return thread.ask<Answer>({ act: 'query', text, values }, limit);
  };
  return {
    query,
    async *copyOut(text) {
      yield await thread.ask<Uint8Array>({ act: 'copy', text }, limit);
    },
    // A spoilt session may be in the middle of a transaction, and there is no second backend to take its place.
    release: (spoilt) => void (spoilt ? query('rollback', []).catch(() => {}).finally(leave) : leave()),
  };
}
