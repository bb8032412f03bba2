/** The programs that the launcher runs, and their end: none outlives it. */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';

const children = new Set();

/** Resolves to the status to end with: that of the program, or 128 and the number of the signal that ended it. */
export function run(command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, options);
    children.add(child);
    child.on('error', reject);
    child.on('exit', (status, signal) => {
      children.delete(child);
      resolve(status ?? 128 + (constants.signals[signal] ?? 0));
    });
  });
}

/** Lets them finish what they do; those that have not ended after ten seconds are killed. */
export function stopChildren() {
  for (const child of children) child.kill('SIGTERM');
  setTimeout(() => children.forEach((child) => child.kill('SIGKILL')), 10_000).unref();
}
