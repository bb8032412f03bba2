/**
 * One process at a time in a data folder: PGlite has no lock of its own, and two at once lose rows. A file names the
 * holder; it touches the file as long as it lives, so that a holder on another machine can be told from a dead one.
 */
import { open, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
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

/** Throws, naming folder and process, when a living process holds the folder. */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const file = join(folder, 'lock');
  const mine: Holder = { pid: process.pid, host: hostname(), started: startOf(process.pid) ?? '' };
  const content = JSON.stringify(mine);
  for (let attempt = 0; attempt < 5; attempt += 1) {
    if (await create(file, content)) return hold(file, content);
    const seen = await readFile(file, 'utf8').catch(() => '');
    const holder = parse(seen);
    if (await isAlive(file, holder)) throw new Error(`Data folder ${folder} is in use by process ${holder?.pid ?? 'unknown'}${holder && holder.host !== hostname() ? ` on ${holder.host}` : ''}; stop it, or set XF_DATA to another folder.`);
    await remove(file, seen);
  }
  throw new Error(`Data folder ${folder} is being opened by several processes at once; start only one.`);
}

async function create(file: string, content: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx');
    await handle.writeFile(content);
    await handle.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Takes a dead holder's file away, unless another process has put its own there meanwhile: that one is put back. */
async function remove(file: string, seen: string): Promise<void> {
  const aside = `${file}.${process.pid}`;
  try {
    await rename(file, aside);
  } catch {
    return;
  }
  if ((await readFile(aside, 'utf8')) === seen) await rm(aside);
  else await rename(aside, file);
}

async function isAlive(file: string, holder: Holder | undefined): Promise<boolean> {
  const silent = await stat(file).then(({ mtimeMs }) => Date.now() - mtimeMs, () => Infinity);
  // Half-written: someone is creating it at this moment, or died doing so.
  if (holder === undefined) return silent < 2_000;
  if (holder.host !== hostname()) return silent < silenceMs;
  const started = startOf(holder.pid);
  return started !== undefined && started === holder.started;
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
