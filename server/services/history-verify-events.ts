/** Whether each event says what its digest says, is in its anchor, and whether none of an anchor is gone. */
import { canonicalize } from '../../schemas/canonical.ts';
import { eventText } from '../../schemas/history/texts.ts';
import type { Trx } from '../database.ts';
import type { CopiedRow } from '../repositories/copied.ts';
import { copyEvents, eventColumns as column, listAnchorsWhole } from '../repositories/history.ts';
import { idBytes, memberBytes, network, sealText } from './history-keys.ts';
import { uuidOf } from './history-seal.ts';
import type { Checking } from './history-verify.ts';

const pageRows = 2_000;
const empty = Buffer.alloc(0);

/** `untils`: see `verifyAnchors`. Gives how many contributions were told of. */
export async function verifyEvents(trx: Trx, checking: Checking, untils: readonly number[]): Promise<number> {
  const { ledger, result, breach } = checking;
  const table = ledger.id === network ? 'security_event' : 'audit_event';
  let asked: Promise<unknown> | undefined;
  // One question at a time on a connection: the copy that is under way comes first.
  const members = createMembers(trx, checking, table, async () => void (await asked));
  const complete = untils.at(-1) ?? 0;
  let told = 0;
  let last: Buffer = empty;
  let rows = await copyEvents(trx, ledger.id, network, pageRows);
  for (;;) {
    const after = rows.at(-1)?.[column.id];
    // Asked for before these are looked at, so that the database works meanwhile.
    const next = rows.length > 0 && after ? copyEvents(trx, ledger.id, uuidOf(after), pageRows) : undefined;
    asked = next;
    for (const row of rows) {
      const id = row[column.id] ?? empty;
      if (id.equals(last)) {
        breach('record_version', textOf(row, column.entityId) ?? '', 'two versions are of one contribution');
        continue;
      }
      last = id;
      result.events += 1;
      const covers = row[column.kind]?.equals(row[column.action] ?? empty) === true;
      if (covers) told += 1;
      const problem = problemOf(ledger.id, row, covers);
      if (problem !== undefined) breach(table, uuidOf(id), problem);
      const anchor = await members.find(id, row[column.digest] ?? row[column.former] ?? empty);
      const at = millisecondsOf(row[column.at] ?? undefined);
      if (anchor === undefined) {
        result.open += 1;
        if (at < complete) breach(table, uuidOf(id), 'is older than the last anchor and in none: it was put in');
      } else if (anchor > 1 && at < (untils[anchor - 2] ?? 0)) result.late += 1;
    }
    if (!next) break;
    rows = await next;
  }
  await members.finish();
  return told;
}

/** Instants of `copied.ts`. */
function millisecondsOf(bytes: Buffer | undefined): number {
  return bytes ? Number(bytes.readBigInt64BE()) / 1000 + Date.UTC(2000, 0, 1) : 0;
}

function textOf(row: CopiedRow, at: number): string | null {
  return row[at]?.toString() ?? null;
}

/** Ids and words are plain ASCII. */
function wordOf(row: CopiedRow, at: number): string | null {
  return row[at]?.toString('latin1') ?? null;
}

function canonicalOf(row: CopiedRow, at: number): string | null {
  const text = textOf(row, at);
  return text === null ? null : canonicalize(JSON.parse(text));
}

function problemOf(site: string, row: CopiedRow, covers: boolean): string | undefined {
  const contributionId = wordOf(row, column.contributionId);
  if (contributionId !== null && !row[column.kind]) return 'its contribution is gone';
  const digest = row[column.digest];
  // From before there were digests; an anchor knows what it was.
  if (!digest) return undefined;
  const isSave = covers && wordOf(row, column.action) === 'record.save';
  const chain = row[column.chain];
  if (isSave && !chain) return 'the version that it tells of is gone';
  const text = eventText({
    siteId: site === network ? null : site, id: uuidOf(row[column.id] ?? empty), accountId: wordOf(row, column.accountId), action: textOf(row, column.action) ?? '', entity: textOf(row, column.entity),
    entityId: wordOf(row, column.entityId), subjectId: wordOf(row, column.subjectId), contributionId, detail: canonicalOf(row, column.detail) ?? 'null', device: canonicalOf(row, column.device),
    covered: covers ? { requestDigest: wordOf(row, column.requestDigest) ?? '', response: canonicalOf(row, column.response) ?? 'null', reason: textOf(row, column.reason) } : null,
  });
  const at = row[column.at] ?? empty;
  if (!(isSave && chain ? sealText(text, at, chain) : sealText(text, at)).equals(digest)) return 'it, its contribution or its version was changed';
  if (!covers) return undefined;
  if (!row[column.contributedAt]?.equals(at)) return 'its contribution is of another moment';
  if (wordOf(row, column.contributedBy) !== wordOf(row, column.accountId)) return 'its contribution is of somebody else';
  return isSave && `{"version":${row[column.version]?.readInt32BE() ?? 0}}` !== canonicalOf(row, column.response) ? 'its contribution made another version' : undefined;
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
    async find(id: Buffer, digest: Buffer): Promise<number | undefined> {
      if (waiting.length === 0 ? !isAll : Buffer.compare(waiting[0]?.first ?? id, id) <= 0) await openUpTo(id);
      return step(id, digest);
    },
    async finish(): Promise<void> {
      await openUpTo(undefined);
      step(undefined, empty);
    },
  };
}
