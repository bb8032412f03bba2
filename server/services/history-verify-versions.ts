/** Whether each version holds the values that its digest says, and follows the one before; whether the record points at the last. */
import { canonicalize } from '../../schemas/canonical.ts';
import { versionText } from '../../schemas/history/texts.ts';
import type { Trx } from '../database.ts';
import type { CopiedRow } from '../repositories/copied.ts';
import { copyVersions, versionColumns as column } from '../repositories/history.ts';
import { network, sha256Of } from './history-keys.ts';
import type { Checking } from './history-verify.ts';

const pageRows = 500;
const zeros = Buffer.alloc(32);
const empty = Buffer.alloc(0);

export async function verifyVersions(trx: Trx, { ledger, result, breach }: Checking): Promise<void> {
  let recordId = '';
  let version = 0;
  let chain: Buffer | undefined;
  let current: CopiedRow | undefined;
  const endRecord = () => {
    if (current) for (const problem of recordProblems(current)) breach('record', recordId, problem);
  };
  let rows = await copyVersions(trx, ledger.id, { recordId: network, version: 0 }, pageRows);
  for (;;) {
    const after = rows.at(-1);
    const next = after ? copyVersions(trx, ledger.id, { recordId: wordOf(after, column.recordId), version: numberOf(after, column.version) }, pageRows) : undefined;
    for (const row of rows) {
      const id = wordOf(row, column.recordId);
      if (id !== recordId) {
        endRecord();
        [recordId, version, chain] = [id, 0, undefined];
      }
      current = row;
      const number = numberOf(row, column.version);
      for (const problem of versionProblems(ledger.id, row, version, chain)) breach('record_version', `${id} ${number}`, problem);
      [version, chain] = [number, row[column.chain] ?? undefined];
      result.versions += 1;
    }
    if (!next) break;
    rows = await next;
  }
  endRecord();
}

const wordOf = (row: CopiedRow, at: number): string => row[at]?.toString('latin1') ?? '';
const numberOf = (row: CopiedRow, at: number): number => row[at]?.readInt32BE() ?? 0;
/** JSONB comes in its own order of keys. */
const canonicalOf = (row: CopiedRow, at: number): string => canonicalize(JSON.parse(row[at]?.toString() ?? 'null'));

function* versionProblems(site: string, row: CopiedRow, before: number, previous: Buffer | undefined): Iterable<string> {
  const version = numberOf(row, column.version);
  if (version !== before + 1) yield `follows version ${before}: one is gone, or it was put in`;
  if (!row[column.kind]) yield 'its contribution is gone';
  const digest = wordOf(row, column.digest);
  const text = `{"data":${canonicalOf(row, column.data)},"missing":${canonicalOf(row, column.missing)},"parked":${canonicalOf(row, column.parked)}}`;
  if (sha256Of(text).toString('hex') !== digest) yield 'its values are not those that were saved';
  const chain = row[column.chain];
  // From before there were chains; the anchor of its event knows its digest.
  if (!chain) {
    if (previous) yield 'is not chained to the one before';
    return;
  }
  const hash = sha256Of(versionText({
    siteId: site, recordId: wordOf(row, column.recordId), version, subjectId: wordOf(row, column.subjectId), subDataset: wordOf(row, column.subDataset), contributionId: wordOf(row, column.contributionId),
    standardVersion: wordOf(row, column.standardVersion), status: wordOf(row, column.status), digest, disabled: canonicalOf(row, column.disabled), hardFindings: numberOf(row, column.hardFindings),
    softFindings: numberOf(row, column.softFindings), origin: row[column.origin] ? canonicalOf(row, column.origin) : null, accountId: wordOf(row, column.accountId),
  }));
  if (!sha256Of(Buffer.concat([previous ?? zeros, hash, row[column.createdAt] ?? empty])).equals(chain)) yield 'it, the one before or its record was changed';
}

/** Signing and locking are states of the record that make no version. */
function* recordProblems(last: CopiedRow): Iterable<string> {
  if (!last[column.subjectId]) yield 'is gone, and its versions are there';
  else if (numberOf(last, column.current) !== numberOf(last, column.version)) yield 'does not point at its last version';
  const status = wordOf(last, column.currentStatus);
  if (last[column.subjectId] && status !== wordOf(last, column.status) && status !== 'signed' && status !== 'locked') yield 'has another state than its last version';
  if (last[column.subjectId] && wordOf(last, column.currentStandard) !== wordOf(last, column.standardVersion)) yield 'is of another version of its standard than its last version';
}
