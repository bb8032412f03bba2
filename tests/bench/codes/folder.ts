import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export function aTemporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'xf-bench-codes-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
