/**
 * Recomputes all of history from the database: every digest from the values, every chain, every Merkle root, every signature; and compares
 * them with what is stored, with each other and with the anchors that a site holds as files. Pages by key, so memory does not grow.
 */
import { transact, type Db } from '../database.ts';
import type { SignedStatement } from '../files/anchor-files.ts';
import { countContributions, listEmptyRecords, listUntoldContributions, planForPages } from '../repositories/history.ts';
import { network, type Verifier } from './history-keys.ts';
import type { Ledger } from './history-seal.ts';
import { verifyAnchors } from './history-verify-anchors.ts';
import { verifyEvents } from './history-verify-events.ts';
import { verifyVersions } from './history-verify-versions.ts';

/** A place where something is not as it was: which table, which row. Never a value. */
export interface Breach {
  ledger: string;
  table: 'audit_event' | 'security_event' | 'record_version' | 'record' | 'contribution' | 'history_anchor';
  /** Of the row: an id; of a version, record and number; of an anchor, its number. */
  id: string;
  problem: string;
}

export interface Verification {
  events: number;
  versions: number;
  anchors: number;
  /** Events that are in no anchor yet. */
  open: number;
  /** Stored into a time that an anchor before had called complete: rightly only after a clock was set back. */
  late: number;
  breaches: Breach[];
  /** There were more than are listed. */
  isMore: boolean;
}

export interface VerifyOptions {
  ledgers: readonly Ledger[];
  /** Keys that anchors may be signed with. */
  keys: readonly Verifier[];
  /** Anchors that somebody kept outside the database. */
  held?: readonly SignedStatement[];
}

/** What the parts of a verification share. */
export interface Checking {
  ledger: Ledger;
  result: Verification;
  breach(table: Breach['table'], id: string, problem: string): void;
}

const mostBreaches = 1000;

/** In one moment of the database; inside a transaction, of that transaction. */
export async function verifyHistory(db: Db, { ledgers, keys, held = [] }: VerifyOptions): Promise<Verification> {
  const result: Verification = { events: 0, versions: 0, anchors: 0, open: 0, late: 0, breaches: [], isMore: false };
  for (const ledger of ledgers) {
    const checking: Checking = {
      ledger, result,
      breach(table, id, problem) {
        if (result.breaches.length < mostBreaches) result.breaches.push({ ledger: ledger.code, table, id, problem });
        else result.isMore = true;
      },
    };
    await transact(db, { sites: [ledger.id] }, async (trx) => {
      await planForPages(trx, true);
      const untils = await verifyAnchors(trx, checking, keys, held);
      const told = await verifyEvents(trx, checking, untils);
      if (ledger.id !== network) await verifyVersions(trx, checking);
      await planForPages(trx, false);
      if (ledger.id === network) return;
      for (const id of await listEmptyRecords(trx, ledger.id, mostBreaches)) checking.breach('record', id, 'has no version');
      if (told === (await countContributions(trx, ledger.id))) return;
      for (const id of await listUntoldContributions(trx, ledger.id, mostBreaches)) checking.breach('contribution', id, 'no event tells of it');
    }, { snapshot: true });
  }
  const known = new Set(ledgers.map(({ id }) => id));
  for (const { statement } of held) {
    const { site, code } = readStatement(statement) ?? { site: '', code: '' };
    if (!known.has(site)) result.breaches.push({ ledger: code, table: 'history_anchor', id: site, problem: 'a held file tells of a ledger that is not here' });
  }
  return result;
}

/** Members of a statement that are needed; undefined when it is none. */
export function readStatement(text: string): { site: string; code: string; number: number; previous: string; events: number; root: string; until: string; key: string } | undefined {
  try {
    return JSON.parse(text) as ReturnType<typeof readStatement>;
  } catch {
    return undefined;
  }
}
