/** The machine, and what programs take of it. Reads /proc; elsewhere the figures are absent. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { round } from './stats.ts';

export interface MachineFacts {
  cores: number;
  processor: string;
  memoryGiB: number;
  node: string;
  /** One-minute load average before anything was started. */
  load: number;
}

export function machineFacts(): MachineFacts {
  return { cores: availableParallelism(), processor: cpus()[0]?.model.trim() ?? 'unknown', memoryGiB: round(totalmem() / 2 ** 30, 0), node: process.versions.node, load: round(loadavg()[0] ?? NaN, 1) };
}

/** Clock ticks a second; fixed on Linux for all that is shown in /proc. */
const ticks = 100;

/** CPU seconds of a process, of what it has waited for, and of its living children: a PostgreSQL with its backends. */
export function treeSeconds(pid: number): number {
  const own = statOf(pid);
  if (!own) return 0;
  const children = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((child) => statOf(child)?.parent === pid);
  return own.seconds + children.reduce((sum, child) => sum + treeSeconds(child), 0);
}

function statOf(pid: number): { parent: number; seconds: number } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ').map(Number);
    const [parent = 0, ...rest] = fields.slice(1);
    return { parent, seconds: rest.slice(9, 13).reduce((sum, part) => sum + part, 0) / ticks };
  } catch {
    return undefined;
  }
}

/** Seconds of CPU that the whole machine has been busy since it started. */
export function machineSeconds(): number {
  try {
    const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = (readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? '').split(/\s+/).slice(1).map(Number);
    return (user + nice + system + irq + softirq + steal) / ticks;
  } catch {
    return NaN;
  }
}

/** Most memory that a process has held since `resetPeak`, MiB. */
export function peakMiB(pid: number): number {
  try {
    return round(Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024, 0);
  } catch {
    return NaN;
  }
}

export function resetPeak(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5');
  } catch {
    // Not Linux; then there is no peak either.
  }
}

/** Waits until others take little of the machine, at most so long. */
export async function waitForQuiet(mostMs = 15_000): Promise<void> {
  const end = Date.now() + mostMs;
  while (Date.now() < end) {
    const before = machineSeconds();
    await new Promise((resolve) => setTimeout(resolve, 500));
    if (!(machineSeconds() - before > 0.15 * availableParallelism() * 0.5)) return;
  }
}
