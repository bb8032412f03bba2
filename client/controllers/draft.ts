/**
 * What was entered and is not yet with the server, kept on this device so that a reload or a killed page loses nothing.
 * An entry is written before anything else happens to a change and taken away by the server's receipt. Entries belong to an
 * account: nobody else's page reads them, and signing out erases them.
 */
import type { RecordStatus, Change, SaveRequest } from '../../schemas/http/api.ts';

/** A request on its way; sent again exactly so until there is an answer, for its contribution id stands for one act. */
export interface Sent {
  base: number;
  request: SaveRequest;
}

export interface Entry {
  /** Version that the changes were made on; 0 for a record that the server does not have. */
  base: number;
  status: RecordStatus;
  /** Changes that no request holds yet. */
  changes: Change[];
  sent?: Sent;
}

/** Writing is synchronous on purpose: the next thing that happens may be the end of the page. */
export interface Journal {
  read(recordId: string): Entry | undefined;
  /** False when the device refuses (full, or private mode): the form says so by keeping its warning before leaving. */
  write(recordId: string, entry: Entry): boolean;
  remove(recordId: string): void;
  /** Records with something unsent. */
  list(): string[];
  /** On signing out. */
  clear(): void;
}

const PREFIX = 'xf.journal.';

/** The journal of one account in a Storage. The only place that knows how entries lie there; encryption will stand here. */
export function openJournal(accountId: string, storage: Storage = localStorage): Journal {
  const own = `${PREFIX}${accountId}.`;
  const keys = () => Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '').filter((key) => key.startsWith(own));
  return {
    read(recordId) {
      const text = storage.getItem(own + recordId);
      if (text === null) return undefined;
      try {
        return JSON.parse(text) as Entry;
      } catch {
        return undefined; // half-written by a device that lost power; the server's version stands
      }
    },
    write(recordId, entry) {
      try {
        storage.setItem(own + recordId, JSON.stringify(entry));
        return true;
      } catch {
        return false;
      }
    },
    remove: (recordId) => storage.removeItem(own + recordId),
    list: () => keys().map((key) => key.slice(own.length)),
    clear: () => keys().forEach((key) => storage.removeItem(key)),
  };
}
