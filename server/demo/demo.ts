/** The demonstration: a data folder of its own, filled once with invented patients. Started again, it is used as it is. */
import { randomInt } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { todayAtSite } from '../services/clock.ts';
import type { Context } from '../services/context.ts';
import { isSetupOpen } from '../services/set-up.ts';
import { accountsOf, staffHospitals, type DemoAccount } from './accounts.ts';
import { enterCase } from './case.ts';
import { invent } from './people.ts';
import { createPainter } from './picture.ts';
import { createRandom } from './random.ts';

/** `demo.json` in the data folder: what makes it a demonstration. The passwords open nothing else. */
interface DemoFile {
  seed: string;
  /** The day on which all of it plays, so that an interrupted filling goes on with the same patients. */
  today: string;
  msecs: number;
  cases: number;
  isFilled: boolean;
  accounts: DemoAccount[];
}

export interface DemoOptions {
  dataFolder: string;
  cases?: number;
  seed?: string;
  /** Called as cases are entered. */
  progress?(done: number, all: number): void;
}

const drafts = 0.15;

/**
 * Fills the folder if that has not been done, and says how to sign in. A filling that was interrupted goes on where it stopped:
 * every act has the id it had then, and done twice it is done once. Throws for a folder that holds something else.
 */
export async function openDemo(context: Context, options: DemoOptions): Promise<DemoAccount[]> {
  const path = join(options.dataFolder, 'demo.json');
  const file = (await readDemo(path)) ?? (await beginDemo(context, path, options));
  if (!file.isFilled) {
    await fill(context, file, options.progress ?? (() => {}));
    await write(path, { ...file, isFilled: true });
  }
  return file.accounts.filter(({ isShown }) => isShown);
}

async function beginDemo(context: Context, path: string, { dataFolder, cases = 300, seed = 'xiangya-forms' }: DemoOptions): Promise<DemoFile> {
  if (!(await isSetupOpen(context))) throw new Error(`Data folder ${dataFolder} holds accounts that are not the demonstration's. Set XF_DATA to another folder.`);
  const msecs = context.clock.now().getTime();
  const file: DemoFile = { seed, today: todayAtSite(context.clock), msecs, cases, isFilled: false, accounts: accountsOf(createRandom(seed, 'accounts'), msecs, newPassword) };
  await write(path, file);
  return file;
}

/** The hospitals side by side, each one patient after the other. */
async function fill(context: Context, { seed, today, msecs, cases, accounts }: DemoFile, progress: (done: number, all: number) => void): Promise<void> {
  const { sites, staff } = await staffHospitals(context, createRandom(seed, 'hospitals'), accounts);
  const paint = createPainter();
  const doctors = ['doctor', 'doctor', 'doctor3'];
  const nurses = ['nurse', 'nurse2', 'nurse3'];
  let done = 0;
  await Promise.all(sites.map(async (site, place) => {
    const [nurse, doctor] = [staff.get(nurses[place] ?? ''), staff.get(doctors[place] ?? '')];
    if (!nurse || !doctor) throw new Error(`Nobody works at ${site.code}`);
    for (let serial = place + 1; serial <= cases; serial += sites.length) {
      const random = createRandom(seed, 'case', serial);
      const person = invent(random, serial, today);
      const subjectId = random.uuid(msecs);
      await enterCase({ context, random, site, nurse, doctor, paint, person, subjectId, today, msecs, drafts }, serial);
      progress(++done, cases);
    }
  }));
}

async function readDemo(path: string): Promise<DemoFile | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return text === undefined ? undefined : (JSON.parse(text) as DemoFile);
}

async function write(path: string, file: DemoFile): Promise<void> {
  await writeFile(`${path}.new`, `${JSON.stringify(file, undefined, 2)}\n`, { mode: 0o600 });
  await rename(`${path}.new`, path);
}

/** Easy to type from a terminal into a page: three groups of four, without letters that look alike. */
function newPassword(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789';
  const group = () => Array.from({ length: 4 }, () => letters[randomInt(letters.length)]).join('');
  return `${group()}-${group()}-${group()}`;
}
