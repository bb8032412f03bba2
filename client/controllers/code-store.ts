/** Code lists on this device. They hold nothing of a patient. */
import type { CodeColumns } from '../../schemas/code-search.ts';

export interface KeptList {
  columns: CodeColumns;
  etag: string | undefined;
}

export interface CodeStore {
  read(ref: string): Promise<KeptList | undefined>;
  /** A device that refuses (full, or private mode) simply has no list. */
  write(ref: string, list: KeptList): Promise<void>;
}

const TABLE = 'list';

export function openCodeStore(name = 'xf-codes'): CodeStore {
  let opened: Promise<IDBDatabase | undefined> | undefined;
  const open = () => (opened ??= openDatabase(name).catch(() => undefined));
  return {
    async read(ref) {
      const database = await open();
      if (!database) return undefined;
      return done<KeptList | undefined>(database.transaction(TABLE).objectStore(TABLE).get(ref)).catch(() => undefined);
    },
    async write(ref, list) {
      const database = await open();
      if (database) await done(database.transaction(TABLE, 'readwrite').objectStore(TABLE).put(list, ref)).catch(() => {});
    },
  };
}

function openDatabase(name: string): Promise<IDBDatabase> {
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(TABLE);
  return done(request);
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('The device does not keep it'));
  });
}
