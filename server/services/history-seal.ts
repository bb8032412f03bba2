/**
 * Anchors: which events there are and what they say, as a Merkle root that is signed and that names the anchor before. An event is a
 * member of one anchor for ever, by its id, so it does not matter in what order transactions end or clocks run: whoever comes late is in
 * the next one. Any process may do it; a lock keeps two from doing it at once for one ledger.
 */
import { canonicalize } from '../../schemas/canonical.ts';
import { createMerkleTree } from '../../schemas/history/merkle.ts';
import type { AnchorStatement } from '../../schemas/history/texts.ts';
import { transact, type Db, type Trx } from '../database.ts';
import { copyMembers, findLastAnchor, insertAnchor, listRecentMembers, readDatabaseClock, tryLockLedger } from '../repositories/history.ts';
import { listSites } from '../repositories/sites.ts';
import { idBytes, memberBytes, network, sha256Of, type Signer } from './history-keys.ts';

export interface Ledger {
  id: string;
  code: string;
}

export interface Sealing {
  /** Anchors are made when so many events wait, or one has waited so long (ms). */
  atLeast: number;
  orAfter: number;
  /** How long (ms) before the last anchor a transaction may have begun that was not to be seen then. */
  lookBack: number;
  /** No transaction stores an event and is still open so long (ms) after: what is older is complete. */
  settled: number;
}

export const usualSealing: Sealing = { atLeast: 1000, orAfter: 600_000, lookBack: 600_000, settled: 60_000 };
const mostMembers = 50_000;
const pageRows = 20_000;

export async function listLedgers(db: Db): Promise<Ledger[]> {
  const sites = await listSites(db, undefined, undefined, 100_000);
  return [...sites.map(({ id, code }) => ({ id, code })), { id: network, code: 'network' }];
}

/** Makes the anchors that are due; gives how many. */
export async function sealLedger(db: Db, signer: Signer, ledger: Ledger, sealing: Sealing = usualSealing): Promise<number> {
  for (let made = 0; ; made += 1) {
    const sealed = await transact(db, { sites: [ledger.id] }, async (trx) => (await tryLockLedger(trx, ledger.id)) && sealOnce(trx, signer, ledger, made > 0 ? { ...sealing, atLeast: 1 } : sealing));
    if (!sealed) return made;
  }
}

async function sealOnce(trx: Trx, signer: Signer, ledger: Ledger, { atLeast, orAfter, lookBack, settled }: Sealing): Promise<boolean> {
  const now = await readDatabaseClock(trx);
  const last = await findLastAnchor(trx, ledger.id);
  const before = last && (JSON.parse(last.statement) as AnchorStatement);
  const from = before ? new Date(Date.parse(before.until) - lookBack) : undefined;
  const { members, isAll } = await collect(trx, ledger.id, from, lookBack);
  const oldest = members[0];
  if (!oldest || (members.length < atLeast && now.getTime() - millisecondsOf(oldest) < orAfter)) return false;
  const tree = createMerkleTree(sha256Of);
  for (const member of members) tree.add(member);
  const complete = new Date(now.getTime() - settled).toISOString();
  const until = isAll && complete > (before?.until ?? '') ? complete : (before?.until ?? new Date(0).toISOString());
  const number = (last?.number ?? 0) + 1;
  const statement = canonicalize({
    format: 'xiangya-forms anchor 1', site: ledger.id, code: ledger.code, number, previous: last ? Buffer.from(last.digest).toString('hex') : '', events: members.length,
    root: Buffer.from(tree.root()).toString('hex'), until, at: now.toISOString(), key: signer.id,
  } satisfies AnchorStatement);
  await insertAnchor(trx, ledger.id, { number, statement, digest: sha256Of(statement), signature: signer.sign(statement), members: Buffer.concat(members), firstId: uuidOf(oldest) });
  return true;
}

/** The events of no anchor yet, id and digest, in the order of ids. */
async function collect(trx: Trx, ledger: string, from: Date | undefined, lookBack: number): Promise<{ members: Buffer[]; isAll: boolean }> {
  const sealed = new Set<string>();
  // An anchor that was made earlier cannot hold ids that were made later, but for clocks that differ.
  for (const bytes of from ? await listRecentMembers(trx, ledger, new Date(from.getTime() - lookBack)) : []) {
    const all = Buffer.from(bytes);
    for (let at = 0; at < all.length; at += memberBytes) sealed.add(all.toString('latin1', at, at + idBytes));
  }
  const members: Buffer[] = [];
  let after = from ? firstIdAt(from) : network;
  for (;;) {
    const page = await copyMembers(trx, ledger, after, pageRows);
    for (let row = 0; row < page.rows; row += 1) {
      if (sealed.has(page.word(row, 0) ?? '')) continue;
      members.push(Buffer.concat([page.bytes(row, 0), page.bytes(row, 1)]));
      if (members.length === mostMembers) return { members, isAll: false };
    }
    if (page.rows < pageRows) return { members, isAll: true };
    after = uuidOf(page.bytes(page.rows - 1, 0));
  }
}

/** Milliseconds since 1970 in the first six bytes of a UUID of version 7. */
function millisecondsOf(id: Buffer): number {
  return id.readUIntBE(0, 6);
}

function firstIdAt(moment: Date): string {
  const hex = Math.max(0, moment.getTime()).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}

export function uuidOf(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes.subarray(0, idBytes)).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
