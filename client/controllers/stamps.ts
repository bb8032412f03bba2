/** Moments that were recorded on this device and are not yet with the server: in a cold room the time is taken, whatever the network does. */

/** Sent again exactly so until there is an answer. It holds ids, the name of an element, and a time. */
export interface Stamp {
  contribution: string;
  recordId: string;
  step: string;
  key: string;
  at: string;
}

export interface Stamps {
  /** In the order in which they were taken. */
  list(): Stamp[];
  /** Written before anything is sent: the next thing that happens may be the end of the page. */
  add(stamp: Stamp): void;
  remove(contribution: string): void;
}

/** Those of one person and one run in a Storage; kept in memory as well, for a device may refuse to store. */
export function openStamps(accountId: string, runId: string, storage: Storage = localStorage): Stamps {
  const place = `xf.stamps.${accountId}.${runId}`;
  let stamps = read(storage.getItem(place));
  const write = (next: Stamp[]) => {
    stamps = next;
    try {
      if (next.length > 0) storage.setItem(place, JSON.stringify(next));
      else storage.removeItem(place);
    } catch {
      // Full, or a private window: what is in memory is sent all the same.
    }
  };
  return {
    list: () => stamps,
    add: (stamp) => write([...stamps, stamp]),
    remove: (contribution) => write(stamps.filter((stamp) => stamp.contribution !== contribution)),
  };
}

function read(text: string | null): Stamp[] {
  try {
    return text === null ? [] : JSON.parse(text) as Stamp[];
  } catch {
    return [];
  }
}
