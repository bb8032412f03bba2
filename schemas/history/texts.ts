/**
 * What the digests of history are made of: one text for one fact. With H for SHA-256 and `at` the eight bytes in which
 * PostgreSQL sends an instant (microseconds since 2000-01-01 UTC, big endian):
 *
 *   chain of a version  = H(chain of the version before, or 32 zeros ‖ H(versionText) ‖ at)
 *   digest of an event  = H(H(eventText) ‖ at ‖ chain of the version that it tells of, or nothing)
 *   member of an anchor = id of the event ‖ digest of the event
 */
import { canonicalize } from '../canonical.ts';

export interface VersionFacts {
  siteId: string;
  recordId: string;
  version: number;
  subjectId: string;
  subDataset: string;
  contributionId: string;
  standardVersion: string;
  status: string;
  /** SHA-256 of the canonical text of `{data, missing, parked}`, hexadecimal. */
  digest: string;
  /** Canonical text of the list. */
  disabled: string;
  hardFindings: number;
  softFindings: number;
  /** Canonical text, or null. */
  origin: string | null;
  accountId: string;
}

/** Canonical JSON: ids, versions and states are plain words, so that only the parts that may hold anything are made by `canonicalize`. */
export function versionText(v: VersionFacts): string {
  return `["version",1,"${v.siteId}","${v.recordId}",${v.version},"${v.subjectId}","${v.subDataset}","${v.contributionId}","${v.standardVersion}","${v.status}","${v.digest}",${v.disabled},${v.hardFindings},${v.softFindings},${v.origin ?? 'null'},"${v.accountId}"]`;
}

/** What was asked for and answered in the act that the event tells of. */
export interface CoveredContribution {
  /** Hexadecimal. */
  requestDigest: string;
  /** Canonical text. */
  response: string;
  reason: string | null;
}

export interface EventFacts {
  /** Null for an event of the network. */
  siteId: string | null;
  id: string;
  accountId: string | null;
  action: string;
  entity: string | null;
  entityId: string | null;
  subjectId: string | null;
  contributionId: string | null;
  /** Only in the event of the contribution itself, whose kind is the action. */
  covered: CoveredContribution | null;
  /** Canonical texts. */
  detail: string;
  device: string | null;
}

export function eventText(e: EventFacts): string {
  const covered = e.covered && `["${e.covered.requestDigest}",${e.covered.response},${e.covered.reason === null ? 'null' : canonicalize(e.covered.reason)}]`;
  return `["event",1,${word(e.siteId)},"${e.id}",${word(e.accountId)},${canonicalize(e.action)},${e.entity === null ? 'null' : canonicalize(e.entity)},${word(e.entityId)},${word(e.subjectId)},${word(e.contributionId)},${covered ?? 'null'},${e.detail},${e.device ?? 'null'}]`;
}

function word(id: string | null): string {
  return id === null ? 'null' : `"${id}"`;
}

/** What an anchor says; its canonical text is signed. */
export interface AnchorStatement {
  format: 'xiangya-forms anchor 1';
  /** UUID of the site; the nil UUID for the events of the network. */
  site: string;
  code: string;
  /** From 1, without gaps. */
  number: number;
  /** Digest of the statement before, hexadecimal; empty for the first. */
  previous: string;
  events: number;
  /** Merkle root over the members, in their order; hexadecimal. */
  root: string;
  /** All events up to this instant are in this anchor or in one before. */
  until: string;
  at: string;
  /** Name of the key: the first 16 hexadecimal digits of the SHA-256 of the public key (SPKI, DER). */
  key: string;
}
