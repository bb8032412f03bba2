/** Which identifiers say that two subjects may be one person: data, read from `standards/matching.json`. */
import type { IdentityLayout } from '../../schemas/identity.ts';
import { digestWith, normalizeIdentifier } from './identifier-keys.ts';
import type { IndexKey } from './keys-of.ts';

/** Two subjects of a site match when all `items` are answered and equal, letter by letter and digit by digit. */
export interface MatchRule {
  kind: string;
  /** Keys bound to the subject, as `idNumber`. */
  items: readonly string[];
  /** Only so many characters, from the end, are compared: a telephone number with and without its country. */
  last?: number;
}

/** The content of `standards/matching.json`. */
export interface Matching {
  /** The sub-dataset that is asked when somebody is enrolled; what it says of a value bound to the subject comes before what others say. */
  standard: string;
  rules: readonly MatchRule[];
  /** Numbers of a visit by which its patient is found, and nothing is warned of: `items` are names after `visit.`. */
  visits: readonly MatchRule[];
  /** How all that may be known of a patient is laid out. */
  identity: IdentityLayout;
}

export interface BlindIndexEntry {
  kind: string;
  digest: Uint8Array;
  index_key_id: string;
}

/** The entries of the blind index for what is known of a subject, by each of these keys. */
export function blindIndexOf(rules: readonly MatchRule[], keys: readonly IndexKey[], identity: { readonly [key: string]: string | undefined }): BlindIndexEntry[] {
  return rules.flatMap((rule) => entriesOf(rule, keys, rule.items.map((key) => comparable(identity[key] ?? '', rule))));
}

/** The entries that a whole identifier, typed into a search, would have: one for each rule of a single item. */
export function blindIndexOfQuery(rules: readonly MatchRule[], keys: readonly IndexKey[], query: string): BlindIndexEntry[] {
  return rules.filter((rule) => rule.items.length === 1).flatMap((rule) => entriesOf(rule, keys, [comparable(query, rule)]));
}

function entriesOf({ kind }: MatchRule, keys: readonly IndexKey[], values: readonly string[]): BlindIndexEntry[] {
  return values.includes('') ? [] : keys.map(({ id, key }) => ({ kind, digest: digestWith(key, kind, values), index_key_id: id }));
}

function comparable(text: string, { last }: MatchRule): string {
  const normal = normalizeIdentifier(text);
  return last === undefined ? normal : normal.slice(-last);
}
