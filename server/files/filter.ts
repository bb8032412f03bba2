/** A program that turns bytes into bytes: standard input into standard output. */
import { spawn } from 'node:child_process';
import { buffer } from 'node:stream/consumers';

const mostMs = 30_000;

/** `command` is the program and its arguments with blanks between, or a JSON array of them; no shell. Errors never quote what came or went. */
export async function runFilter(name: string, command: string, input: string | Uint8Array): Promise<Buffer> {
  const [program = '', ...args] = wordsOf(name, command);
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'], timeout: mostMs });
  const ended = new Promise<number | string>((resolve, reject) => {
    child.on('error', (error: NodeJS.ErrnoException) => reject(new Error(`${name}: ${program} cannot be run (${error.code ?? 'unknown error'})`)));
    child.on('close', (status, signal) => resolve(status ?? signal ?? ''));
  });
  // Who does not read what is written is told by how it ends.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const [output, status] = await Promise.all([buffer(child.stdout), ended]);
  if (status !== 0) throw new Error(`${name}: ${program} ended with ${status}`);
  return output;
}

function wordsOf(name: string, command: string): string[] {
  if (!command.trimStart().startsWith('[')) return command.split(' ').filter(Boolean);
  const words: unknown = JSON.parse(command);
  if (Array.isArray(words) && words.every((word) => typeof word === 'string')) return words;
  throw new Error(`${name} is a JSON array, and must hold texts`);
}
