/**
 * Who was erased, beside the key ring and apart from the database: a backup that is restored brings the patients' keys back, and this says
 * which of them must go again. One line of JSON for each, ids only.
 */
import { open, readFile } from 'node:fs/promises';

export interface ErasureLedger {
  /** On the disk when it returns. */
  add(siteId: string, subjectIds: readonly string[]): Promise<void>;
  /** Patients of a site. Lines that a crash cut off are passed over. */
  list(siteId: string): Promise<Set<string>>;
}

export function openErasureLedger(path: string): ErasureLedger {
  return {
    async add(siteId, subjectIds) {
      if (subjectIds.length === 0) return;
      const file = await open(path, 'a', 0o600);
      try {
        const at = new Date().toISOString();
        // The line before may have been cut off.
        await file.appendFile(`\n${subjectIds.map((subjectId) => JSON.stringify({ siteId, subjectId, at })).join('\n')}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
    },
    async list(siteId) {
      const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return '';
        throw new Error(`The list of erased patients ${path} cannot be read (${error.code ?? 'unknown error'})`);
      });
      return new Set(text.split('\n').flatMap((line) => idOf(line, siteId)));
    },
  };
}

function idOf(line: string, siteId: string): string[] {
  try {
    const entry = JSON.parse(line) as { siteId?: unknown; subjectId?: unknown };
    return entry.siteId === siteId && typeof entry.subjectId === 'string' ? [entry.subjectId] : [];
  } catch {
    return [];
  }
}
