/** Whether each event says what its digest says, is in its anchor, and whether none of an anchor is gone. */
import { canonicalize } from '../../schemas/canonical.ts';
import { eventText } from '../../schemas/history/texts.ts';
import type { Trx } from '../database.ts';
import type { CopiedPage } from '../repositories/copied.ts';
import { copyEvents, eventColumns as column, listAnchorsWhole } from '../repositories/history.ts';
import { createSealer, idBytes, memberBytes, network } from './history-keys.ts';
import { uuidOf } from './history-seal.ts';
import type { Checking } from './history-verify.ts';

const pageRows = 2_000;
const empty: Buffer = Buffer.alloc(0);

/** `untils`: see `verifyAnchors`. Gives how many contributions were told of. */
export async function verifyEvents(trx: Trx, checking: Checking, untils: readonly number[]): Promise<number> {
  const { ledger, result, breach } = checking;
  const table = ledger.id === network ? 'security_event' : 'audit_event';
  let asked: Promise<unknown> | undefined;
  // One question at a time on a connection: the copy that is under way comes first.
  const members = createMembers(trx, checking, table, async () => void (await asked));
  const complete = untils.at(-1) ?? 0;
  let told = 0;
  let hasDigests = false;
  let last = empty;
  let page = await copyEvents(trx, ledger.id, network, pageRows);
  while (page.rows > 0) {
    // Asked for before these are looked at, so that the database works meanwhile.
    const next = copyEvents(trx, ledger.id, uuidOf(page.bytes(page.rows - 1, column.id)), pageRows);
    asked = next;
    for (let row = 0; row < page.rows; row += 1) {
      const id = page.bytes(row, column.id);
      if (id.equals(last)) {
        breach('record_version', page.word(row, column.entityId) ?? '', 'two versions are of one contribution');
        continue;
      }
      last = id;
      result.events += 1;
      const covers = !page.isNull(row, column.kind) && page.word(row, column.kind) === page.word(row, column.action);
      if (covers) told += 1;
      const isFormer = page.isNull(row, column.digest) || page.bytes(row, column.digest).length === 0;
      const problem = isFormer && hasDigests ? 'has no digest' : problemOf(ledger.id, page, row, covers, isFormer);
      hasDigests ||= !isFormer;
      if (problem !== undefined) breach(table, uuidOf(id), problem);
      const stored = page.bytes(row, isFormer ? column.former : column.digest);
      const anchor = members.isReady(id) ? members.step(id, stored) : await members.find(id, stored);
      const at = millisecondsOf(page.bytes(row, column.at));
      if (anchor === undefined) {
        result.open += 1;
        if (at < complete) breach(table, uuidOf(id), 'is older than the last anchor and in none: it was put in');
      } else if (anchor > 1 && at < (untils[anchor - 2] ?? 0)) result.late += 1;
      if (row % 200 === 199) await new Promise(setImmediate);
    }
    page = await next;
  }
  await members.finish();
  return told;
}

/** Instants of `copied.ts`. */
function millisecondsOf(bytes: Buffer): number {
  return bytes.length === 8 ? (bytes.readInt32BE(0) * 2 ** 32 + bytes.readUInt32BE(4)) / 1000 + Date.UTC(2000, 0, 1) : 0;
}

function canonicalOf(page: CopiedPage, row: number, at: number): string | null {
  const text = page.text(row, at);
  return text === null || text === '{}' ? text : canonicalize(JSON.parse(text));
}

const sealer = createSealer();

function problemOf(site: string, page: CopiedPage, row: number, covers: boolean, isFormer: boolean): string | undefined {
  const contributionId = page.word(row, column.contributionId);
  if (contributionId !== null && page.isNull(row, column.kind)) return 'its contribution is gone';
  // From before there were digests; an anchor knows what it was.
  if (isFormer) return undefined;
  const action = page.text(row, column.action) ?? '';
  const isSave = covers && action === 'record.save';
  const chain = isSave ? page.word(row, column.chain) : '';
  if (chain === null) return 'the version that it tells of is gone';
  const response = covers ? canonicalOf(page, row, column.response) : null;
  const accountId = page.word(row, column.accountId);
  const text = eventText({
    siteId: site === network ? null : site, id: uuidOf(page.bytes(row, column.id)), accountId, action, entity: page.text(row, column.entity), entityId: page.word(row, column.entityId),
    subjectId: page.word(row, column.subjectId), contributionId, detail: canonicalOf(page, row, column.detail) ?? 'null', device: canonicalOf(page, row, column.device),
    covered: covers ? { requestDigest: page.word(row, column.requestDigest) ?? '', response: response ?? 'null', reason: page.text(row, column.reason) } : null,
  });
  const at = page.word(row, column.at) ?? '';
  if (sealer.event(text, at, chain) !== page.word(row, column.digest)) return 'it, its contribution or its version was changed';
  if (!covers) return undefined;
  if (page.word(row, column.contributedAt) !== at) return 'its contribution is of another moment';
  if (page.word(row, column.contributedBy) !== accountId) return 'its contribution is of somebody else';
  return isSave && response !== `{"version":${page.integer(row, column.version)}}` ? 'its contribution made another version' : undefined;
}

interface Open {
  number: number;
  members: Buffer;
  at: number;
}

/** The members of all anchors, walked beside the events: both are in the order of ids. */
function createMembers(trx: Trx, { ledger, breach }: Checking, table: 'audit_event' | 'security_event', ready: () => Promise<void>) {
  const open: Open[] = [];
  let waiting: { number: number; members: Buffer; first: Buffer }[] = [];
  let reached: { number: number; first_id: string } | undefined;
  let isAll = false;

  async function load(): Promise<void> {
    await ready();
    const rows = await listAnchorsWhole(trx, ledger.id, 'first_id', reached, 8);
    reached = rows.at(-1) ?? reached;
    isAll = rows.length < 8;
    waiting.push(...rows.map(({ number, members }) => ({ number, members: Buffer.from(members.buffer, members.byteOffset, members.byteLength), first: Buffer.from(members.subarray(0, idBytes)) })));
  }

  async function openUpTo(id: Buffer | undefined): Promise<void> {
    for (;;) {
      if (waiting.length === 0 && !isAll) await load();
      const [next] = waiting;
      if (!next || (id && Buffer.compare(next.first, id) > 0)) return;
      waiting = waiting.slice(1);
      open.push({ number: next.number, members: next.members, at: 0 });
    }
  }

  /** Number of the anchor that holds the event; what it passes over is gone. */
  function step(id: Buffer | undefined, digest: Buffer): number | undefined {
    let found: number | undefined;
    for (let index = open.length - 1; index >= 0; index -= 1) {
      const each = open[index];
      if (!each) continue;
      for (; each.at < each.members.length; each.at += memberBytes) {
        const order = id ? each.members.compare(id, 0, idBytes, each.at, each.at + idBytes) : -1;
        if (order > 0) break;
        if (order < 0) {
          breach(table, uuidOf(each.members.subarray(each.at)), `is gone; anchor ${each.number} has it`);
          continue;
        }
        if (found !== undefined) breach('history_anchor', String(each.number), 'has an event that another has too');
        found = each.number;
        if (each.members.compare(digest, 0, digest.length, each.at + idBytes, each.at + memberBytes) !== 0) breach(table, uuidOf(id ?? empty), `is not what anchor ${each.number} says`);
      }
      if (each.at >= each.members.length) open.splice(index, 1);
    }
    return found;
  }

  return {
    step,
    /** Whether no further anchor needs to be read to find the event. */
    isReady: (id: Buffer): boolean => (waiting.length === 0 ? isAll : Buffer.compare(waiting[0]?.first ?? id, id) > 0),
    async find(id: Buffer, digest: Buffer): Promise<number | undefined> {
      await openUpTo(id);
      return step(id, digest);
    },
    async finish(): Promise<void> {
      await openUpTo(undefined);
      step(undefined, empty);
    },
  };
}
