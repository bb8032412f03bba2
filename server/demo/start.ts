/** What a start does about the demonstration: fills it and says who may sign in, or keeps invented and real patients apart. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import type { Opened } from '../open.ts';

/** Lines for the person who starts the server. Throws, with everything closed, where real and invented would mix. */
export async function demonstrate({ demo, dataFolder }: Config, { context, close }: Omit<Opened, 'ring'>): Promise<string[]> {
  try {
    if (!demo) {
      if (existsSync(join(dataFolder, 'demo.json'))) throw new Error(`Data folder ${dataFolder} holds the demonstration. Set XF_DATA to another folder, or start it with --demo and XF_DATA without the final -demo.`);
      return [];
    }
    // Only here, so that no other start waits for it to load.
    const { openDemo } = await import('./demo.ts');
    const accounts = await openDemo(context, { dataFolder, progress: show });
    const width = Math.max(...accounts.map(({ username }) => username.length));
    return [
      `DEMONSTRATION: every patient and picture in ${dataFolder} is invented. Enter nothing real. Delete the folder to begin anew. Sign in as`,
      ...accounts.map(({ username, password, role }) => `  ${username.padEnd(width)}  ${password}  ${role}`),
    ];
  } catch (error) {
    await close();
    throw error;
  }
}

/** One line that counts on a terminal, a line for each fifth elsewhere. */
function show(done: number, all: number): void {
  const line = `Inventing patients for the demonstration, once: ${done} of ${all}`;
  if (process.stdout.isTTY) process.stdout.write(`\r${line}${done === all ? '\n' : ''}`);
  else if (done % Math.ceil(all / 5) === 0) console.log(line);
}
