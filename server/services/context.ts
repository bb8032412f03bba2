/** What a service works with. Built once in `main.ts` (or by a test, or the command line) and handed down. */
import type { Protocols } from '../../schemas/protocol/protocols.ts';
import type { Registry } from '../../schemas/registry.ts';
import type { Db } from '../database.ts';
import type { ErasureLedger } from '../files/erasure-ledger.ts';
import type { FileStore } from '../files/store.ts';
import type { Clock } from './clock.ts';
import type { Forms } from './forms.ts';
import type { KeyRing } from './identifier-keys.ts';
import type { Matching } from './matching.ts';
import type { Policy } from './policy.ts';

export interface Context {
  db: Db;
  standards: Registry;
  forms: Forms;
  protocols: Protocols;
  /** What identifies a subject, and which identifiers say that two may be one person. */
  matching: Matching;
  files: FileStore;
  keys: KeyRing;
  /** Who was erased, apart from the database; without it nobody is erased again. */
  erasures?: ErasureLedger;
  clock: Clock;
  /** How one signs in; without it the usual policy of policy.ts. */
  policy?: Policy | undefined;
}
