/** Processes that tests start: their lines as they come, and a sure end. */
import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';

export interface Started {
  readonly child: ChildProcess;
  /** Everything said so far, a line each, of both outputs. */
  readonly lines: string[];
  /** Resolves to the first line that matches, said already or to come; fails when the process ends without one. */
  line(pattern: RegExp): Promise<string>;
  /** Status, or the signal that ended it; once everything it started has let go of its output. */
  readonly ended: Promise<number | NodeJS.Signals>;
  kill(signal: NodeJS.Signals): Promise<number | NodeJS.Signals>;
}

/** Told to stop at the end of the test if it still runs, and killed when it does not. */
export function start(command: string, args: readonly string[], options: SpawnOptions = {}): Started {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: string[] = [];
  const listeners = new Set<(line: string) => void>();
  for (const output of [child.stdout, child.stderr]) {
    if (!output) continue;
    createInterface({ input: output }).on('line', (line) => {
      lines.push(line);
      for (const listener of listeners) listener(line);
    });
  }
  const ended = once(child, 'close').then(([status, signal]) => (status ?? signal) as number | NodeJS.Signals);
  const kill = (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    return ended;
  };
  onTestFinished(async () => {
    const late = setTimeout(() => void kill('SIGKILL'), 20_000);
    await kill('SIGTERM');
    clearTimeout(late);
  });
  return {
    child, lines, ended, kill,
    line: (pattern) => new Promise((resolve, reject) => {
      const said = lines.find((line) => pattern.test(line));
      if (said !== undefined) return resolve(said);
      listeners.add((line) => pattern.test(line) && resolve(line));
      void ended.then((how) => reject(new Error(`Ended (${how}) without saying ${pattern}:\n${lines.join('\n')}`)));
    }),
  };
}
