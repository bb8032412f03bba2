/** Reads a password from the terminal without showing it, or from standard input. */
import { createInterface } from 'node:readline/promises';
import { text } from 'node:stream/consumers';
import { Writable } from 'node:stream';
import { raise, say } from './command.ts';

/** The first line of standard input, for scripts. */
export async function passwordFromStdin(): Promise<string> {
  return (await text(process.stdin)).split(/\r?\n/, 1)[0] ?? '';
}

/** Asks twice. */
export async function askPassword(username: string): Promise<string> {
  if (!process.stdin.isTTY) raise('There is no terminal to ask for the password. Give it on standard input: … --password-stdin < file');
  const first = await askHidden(`Password for ${username}: `);
  if ((await askHidden('Again: ')) !== first) throw new Error('The two passwords differ. Nothing was stored.');
  return first;
}

async function askHidden(prompt: string): Promise<string> {
  process.stderr.write(prompt);
  const silent = new Writable({ write: (_, __, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true });
  try {
    return await terminal.question('');
  } finally {
    terminal.close();
    say('');
  }
}
