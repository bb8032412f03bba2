/** Rows of a code list into the store: all of them or none. What the newer edition lacks is retired, never deleted. */
import { v7 as uuid } from 'uuid';
import { transactAsOwner, type Db } from '../../database.ts';
import { appendSecurityEvent } from '../../repositories/audit.ts';
import { insertImport, listImportedCodes, lockImports, putCodes, retireCodes, type CodeRow } from '../../repositories/code-lists.ts';
import type { ReadCodes } from './read.ts';

export interface Edition {
  valueSet: string;
  edition: string;
  fileSha256: string;
  /** The file is an addition: what it lacks stays as it is. */
  adds: boolean;
}

export interface StoredCodes {
  added: number;
  changed: number;
  retired: number;
  unchanged: number;
}

/** The same file again stores nothing. */
export function storeCodes(db: Db, { rows, mentioned }: Pick<ReadCodes, 'rows' | 'mentioned'>, { valueSet, edition, fileSha256, adds }: Edition): Promise<StoredCodes> {
  return transactAsOwner(db, async (trx) => {
    await lockImports(trx);
    const known = new Map((await listImportedCodes(trx, valueSet)).map((row) => [row.code, row]));
    const added = rows.filter(({ code }) => !known.has(code));
    const changed = rows.filter((row) => known.has(row.code) && !saysTheSame(row, known.get(row.code)));
    const moved = rows.filter((row) => known.has(row.code) && saysTheSame(row, known.get(row.code)) && known.get(row.code)?.ordinal !== row.ordinal);
    // A row that was refused says that the code is still there: it stays as it was.
    const retired = adds ? [] : [...known.values()].filter(({ code, status }) => status === 'active' && !mentioned.has(code)).map(({ code }) => code);
    const counts = { added: added.length, changed: changed.length, retired: retired.length };
    if (counts.added + counts.changed + counts.retired + moved.length > 0) {
      const id = uuid();
      await insertImport(trx, { id, valueSet, edition, fileSha256, ...counts });
      await putCodes(trx, valueSet, id, [...added, ...changed, ...moved]);
      await retireCodes(trx, valueSet, id, retired);
      await appendSecurityEvent(trx, undefined, 'value-set.import', { import: id, valueSet, edition, ...counts });
    }
    return { ...counts, unchanged: rows.length - counts.added - counts.changed };
  });
}

function saysTheSame(a: CodeRow, b: CodeRow | undefined): boolean {
  return b !== undefined && a.zh === b.zh && a.en === b.en && a.pinyin === b.pinyin && a.status === b.status && a.synonyms.join('\n') === b.synonyms.join('\n');
}
