/** Anchors as files: of one day of one ledger, or all there are. */
import { writeAnchorFile } from '../files/anchor-files.ts';
import { transact, type Db } from '../database.ts';
import { listAnchors } from '../repositories/history.ts';
import { dayAtSite } from './clock.ts';
import type { Signer } from './history-keys.ts';
import type { Ledger } from './history-seal.ts';

const pageRows = 1000;

/** Writes the files of all days from that of `from` on; gives how many. */
export function exportAnchors(db: Db, signer: Signer, ledger: Ledger, folder: string, from?: Date): Promise<number> {
  const begin = from && new Date(`${dayAtSite(from)}T00:00:00+08:00`);
  return transact(db, { sites: [ledger.id] }, async (trx) => {
    let files = 0;
    let day: string | undefined;
    let anchors: { statement: string; signature: string }[] = [];
    const flush = async () => {
      if (day === undefined) return;
      await writeAnchorFile(folder, day, { format: 'xiangya-forms anchors 1', site: ledger.id, code: ledger.code, publicKey: signer.publicPem, anchors });
      files += 1;
    };
    for (let after = 0; ;) {
      const rows = await listAnchors(trx, ledger.id, { after, limit: pageRows, ...(begin ? { from: begin } : {}) });
      for (const row of rows) {
        const its = dayAtSite(row.created_at);
        if (its !== day) {
          await flush();
          [day, anchors] = [its, []];
        }
        anchors.push({ statement: row.statement, signature: Buffer.from(row.signature).toString('base64') });
        after = row.number;
      }
      if (rows.length < pageRows) break;
    }
    await flush();
    return files;
  }, { snapshot: true });
}
