/**
 * Keeps the last of the disk free. A table that cannot grow is an ordinary error, but PGlite never comes back from a
 * write-ahead log that cannot, so statements that write are refused while there is still room for it.
 */
import { statfsSync } from 'node:fs';
import { DatabaseError } from '../engine.ts';

/** Two segments of the log. */
const reserveBytes = 40e6;
const lookEveryMs = 500;

const writes = /^\s*(insert|update|delete|create|alter|with\b[^]*\b(insert|update|delete)\b)/i;

/** Throws 53100 (disk full) for a statement that writes when the disk of `folder` is nearly full. */
export function createSpaceGuard(folder: string, free: (folder: string) => number = freeBytes): (text: string) => void {
  let lookedAt = -Infinity;
  let full = false;
  return (text) => {
    if (performance.now() - lookedAt > lookEveryMs) {
      full = free(folder) < reserveBytes;
      lookedAt = performance.now();
    }
    if (full && writes.test(text)) throw new DatabaseError('The disk of the data folder is full; nothing was stored', { code: '53100' });
  };
}

export function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
