/**
 * One process at a time in a data folder: PGlite has no lock of its own, and two at once lose rows. A file names the
 * holder; it touches the file as long as it lives, so that a holder on another machine can be told from a dead one.
 */
import { open, readFile, rm, stat, utimes } from 'node:fs/promises';
import { readFileSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

export interface FolderLock {
  release(): Promise<void>;
}

interface Holder {
  pid: number;
  host: string;
  /** When the process started, where the system tells: a number is used again by another process after a restart. */
  started: string;
}

const beatMs = 5_000;
const silenceMs = 30_000;
const guardMs = 5_000;

/** Throws, naming folder and process, when a living process holds the folder. */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const file = join(folder, 'lock');
  const mine: Holder = { pid: process.pid, host: hostname(), started: startOf(process.pid) ?? '' };
  const content = JSON.stringify(mine);
  if ((await create(file, content)) || (await takeOver(file, content))) return hold(file, content);
  const holder = parse(await read(file));
  const where = holder === undefined || holder.host === mine.host ? '' : ` on ${holder.host}`;
  throw new Error(`Data folder ${folder} is in use by process ${holder?.pid ?? 'unknown'}${where}; stop it, or set XF_DATA to another folder.`);
}

/** Replaces the file of a holder that has died. Only one process at a time may try, else one could remove another's new file. */
async function takeOver(file: string, content: string): Promise<boolean> {
  const guard = `${file}.taking`;
  if (((await silence(guard)) ?? 0) > guardMs) await rm(guard, { force: true });
  if (!(await create(guard, content))) return false;
  try {
    if (await isAlive(file, parse(await read(file)))) return false;
    await rm(file, { force: true });
    return await create(file, content);
  } finally {
    await rm(guard, { force: true });
  }
}

async function create(file: string, content: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx');
    await handle.writeFile(content);
    await handle.close();
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    throw new Error(`${file} cannot be written (${code ?? 'unknown error'}). Set XF_DATA to a folder that this user may write, on a disk with room.`, { cause: error });
  }
}

async function isAlive(file: string, holder: Holder | undefined): Promise<boolean> {
  const silent = await silence(file);
  if (silent === undefined) return false;
  // Half-written: someone is creating it at this moment, or died doing so.
  if (holder === undefined) return silent < 2_000;
  if (holder.host !== hostname()) return silent < silenceMs;
  const started = startOf(holder.pid);
  return started !== undefined && started === holder.started;
}

/** Milliseconds since the file was touched; undefined when it is not there. */
async function silence(file: string): Promise<number | undefined> {
  return stat(file).then(({ mtimeMs }) => Date.now() - mtimeMs, () => undefined);
}

function read(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}

function hold(file: string, content: string): FolderLock {
  const beat = setInterval(() => void utimes(file, new Date(), new Date()).catch(() => {}), beatMs);
  beat.unref();
  const leave = (): void => {
    clearInterval(beat);
    try {
      if (readFileSync(file, 'utf8') === content) rmSync(file);
    } catch {
      // Gone already.
    }
  };
  process.once('exit', leave);
  return {
    async release() {
      process.off('exit', leave);
      leave();
    },
  };
}

function parse(text: string): Holder | undefined {
  try {
    return JSON.parse(text) as Holder;
  } catch {
    return undefined;
  }
}

/** Undefined when there is no such process; '' when there is, and the system does not say since when. */
function startOf(pid: number): string | undefined {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return undefined;
  }
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const ticks = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ')[19];
    return `${boot}:${ticks ?? ''}`;
  } catch {
    return '';
  }
}
