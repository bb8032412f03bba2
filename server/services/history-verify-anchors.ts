/** Whether the anchors of a ledger are signed, follow each other without a gap, hold what they say, and are those that a site has kept. */
import { createMerkleTree } from '../../schemas/history/merkle.ts';
import type { Trx } from '../database.ts';
import type { SignedStatement } from '../files/anchor-files.ts';
import { listAnchorsWhole, type MembersRow } from '../repositories/history.ts';
import { memberBytes, sha256Of, type Verifier } from './history-keys.ts';
import { uuidOf } from './history-seal.ts';
import { readStatement, type Checking } from './history-verify.ts';

/** So many have at most 50,000 members each. */
const pageRows = 8;

/** Milliseconds since 1970 up to which each anchor, from the first on, called history complete. */
export async function verifyAnchors(trx: Trx, checking: Checking, keys: readonly Verifier[], held: readonly SignedStatement[]): Promise<number[]> {
  const { ledger, result, breach } = checking;
  const kept = heldOf(checking, keys, held);
  const untils: number[] = [];
  let previous: MembersRow | undefined;
  for (;;) {
    const rows = await listAnchorsWhole(trx, ledger.id, 'number', previous, pageRows);
    for (const row of rows) {
      const problem = problemOf(row, previous, ledger.id, keys);
      if (problem !== undefined) breach('history_anchor', String(row.number), problem);
      const file = kept.get(row.number);
      if (file !== undefined && file !== row.statement) breach('history_anchor', String(row.number), 'is not the one that the site holds');
      kept.delete(row.number);
      const until = Date.parse(readStatement(row.statement)?.until ?? '');
      untils.push(Number.isNaN(until) ? 0 : until);
      result.anchors += 1;
      previous = row;
    }
    if (rows.length < pageRows) break;
  }
  for (const number of kept.keys()) breach('history_anchor', String(number), 'the site holds it, and it is gone');
  return untils;
}

/** By number; those with a wrong signature are told of and left out. */
function heldOf({ ledger, breach }: Checking, keys: readonly Verifier[], held: readonly SignedStatement[]): Map<number, string> {
  const kept = new Map<number, string>();
  for (const { statement, signature } of held) {
    const said = readStatement(statement);
    if (said?.site !== ledger.id) continue;
    if (!isSigned(keys, said.key, statement, Buffer.from(signature, 'base64'))) breach('history_anchor', String(said.number), 'the file has no right signature');
    else if (kept.has(said.number) && kept.get(said.number) !== statement) breach('history_anchor', String(said.number), 'there are two held files of it, and they differ');
    else kept.set(said.number, statement);
  }
  return kept;
}

function isSigned(keys: readonly Verifier[], id: string, text: string, signature: Uint8Array): boolean {
  return keys.some((key) => key.id === id && key.verify(text, signature));
}

function problemOf(row: MembersRow, previous: MembersRow | undefined, site: string, keys: readonly Verifier[]): string | undefined {
  const said = readStatement(row.statement);
  if (!said || said.site !== site || said.number !== row.number) return 'tells of another place than its own';
  if (!isSigned(keys, said.key, row.statement, row.signature)) return keys.some(({ id }) => id === said.key) ? 'its signature is wrong' : `is signed with a key that is not known here (${said.key})`;
  if (!sha256Of(row.statement).equals(row.digest)) return 'its digest is wrong';
  if (row.number !== (previous?.number ?? 0) + 1) return 'one before it is gone';
  if (said.previous !== (previous ? Buffer.from(previous.digest).toString('hex') : '')) return 'does not follow the one before';
  const { members } = row;
  if (members.length !== said.events * memberBytes || members.length === 0) return 'its list of events is longer or shorter than signed';
  const tree = createMerkleTree(sha256Of);
  for (let at = 0; at < members.length; at += memberBytes) tree.add(members.subarray(at, at + memberBytes));
  if (Buffer.from(tree.root()).toString('hex') !== said.root) return 'its list of events is not the one that was signed';
  return uuidOf(members) === row.first_id ? undefined : 'names another first event';
}
