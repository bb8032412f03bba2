/** Whether each version holds the values that its digest says, and follows the one before; whether the record points at the last. */
import { hash } from 'node:crypto';
import { canonicalize } from '../../schemas/canonical.ts';
import { versionText } from '../../schemas/history/texts.ts';
import type { Trx } from '../database.ts';
import type { CopiedPage } from '../repositories/copied.ts';
import { copyVersions, versionColumns as column } from '../repositories/history.ts';
import { createSealer, network, zeroChain } from './history-keys.ts';
import type { Checking } from './history-verify.ts';

const pageRows = 1000;
const none: readonly string[] = [];

export async function verifyVersions(trx: Trx, { ledger, result, breach }: Checking): Promise<void> {
  let recordId = '';
  let version = 0;
  /** One character a byte; empty for a version from before there were chains, and before the first. */
  let chain = '';
  let problems: readonly string[] = none;
  const endRecord = () => {
    for (const problem of problems) breach('record', recordId, problem);
  };
  let page = await copyVersions(trx, ledger.id, { recordId: network, version: 0 }, pageRows);
  while (page.rows > 0) {
    const last = page.rows - 1;
    // Asked for before these are looked at, so that the database works meanwhile.
    const next = copyVersions(trx, ledger.id, { recordId: wordOf(page, last, column.recordId), version: page.integer(last, column.version) }, pageRows);
    for (let row = 0; row < page.rows; row += 1) {
      const id = wordOf(page, row, column.recordId);
      if (id !== recordId) {
        endRecord();
        [recordId, version, chain] = [id, 0, ''];
      }
      const number = page.integer(row, column.version);
      for (const problem of versionProblems(ledger.id, page, row, version, chain)) breach('record_version', `${id} ${number}`, problem);
      problems = recordProblems(page, row);
      [version, chain] = [number, wordOf(page, row, column.chain)];
      result.versions += 1;
      if (row % 100 === 99) await new Promise(setImmediate);
    }
    page = await next;
  }
  endRecord();
}

const wordOf = (page: CopiedPage, row: number, at: number): string => page.word(row, at) ?? '';
/** JSONB comes in its own order of keys; most columns that may be empty are. */
function canonicalOf(page: CopiedPage, row: number, at: number): string {
  const text = page.text(row, at) ?? 'null';
  return text.length === 2 ? text : canonicalize(JSON.parse(text));
}

const sealer = createSealer();

function versionProblems(site: string, page: CopiedPage, row: number, before: number, previous: string): string[] {
  const problems: string[] = [];
  const version = page.integer(row, column.version);
  if (version !== before + 1) problems.push(`follows version ${before}: one is gone, or it was put in`);
  const digest = wordOf(page, row, column.digest);
  const text = `{"data":${canonicalOf(page, row, column.data)},"missing":${canonicalOf(page, row, column.missing)},"parked":${canonicalOf(page, row, column.parked)}}`;
  if (hash('sha256', text, 'hex') !== digest) problems.push('its values are not those that were saved');
  const chain = wordOf(page, row, column.chain);
  // From before there were chains; the anchor of its event knows its digest.
  if (chain === '') return previous !== '' ? [...problems, 'is not chained to the one before'] : problems;
  const described = versionText({
    siteId: site, recordId: wordOf(page, row, column.recordId), version, subjectId: wordOf(page, row, column.subjectId), subDataset: wordOf(page, row, column.subDataset), contributionId: wordOf(page, row, column.contributionId),
    standardVersion: wordOf(page, row, column.standardVersion), status: wordOf(page, row, column.status), digest, disabled: canonicalOf(page, row, column.disabled), hardFindings: page.integer(row, column.hardFindings),
    softFindings: page.integer(row, column.softFindings), origin: page.isNull(row, column.origin) ? null : canonicalOf(page, row, column.origin), accountId: wordOf(page, row, column.accountId),
  });
  if (sealer.chain(previous || zeroChain, described, wordOf(page, row, column.createdAt)) !== chain) problems.push('it, the one before or its record was changed');
  return problems;
}

/** Of the last version. Signing and locking are states of the record that make no version. */
function recordProblems(page: CopiedPage, row: number): string[] {
  if (page.isNull(row, column.subjectId)) return ['is gone, and its versions are there'];
  const problems: string[] = [];
  if (page.integer(row, column.current) !== page.integer(row, column.version)) problems.push('does not point at its last version');
  const status = wordOf(page, row, column.currentStatus);
  if (status !== wordOf(page, row, column.status) && status !== 'signed' && status !== 'locked') problems.push('has another state than its last version');
  if (wordOf(page, row, column.currentStandard) !== wordOf(page, row, column.standardVersion)) problems.push('is of another version of its standard than its last version');
  return problems;
}
