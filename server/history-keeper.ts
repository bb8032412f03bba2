/** Anchors history as time goes by, and keeps the files of anchors up to date. Failing, it says so in the log and tries again a minute later. */
import type { Db } from './database.ts';
import { exportAnchors } from './services/history-export.ts';
import type { Signer } from './services/history-keys.ts';
import { listLedgers, sealLedger, usualSealing } from './services/history-seal.ts';

const tickMs = 60_000;
const dayMs = 24 * 3_600_000;
/** Once a day, and after a start: far enough for any clock that was set back. */
const longLookBack = 2 * dayMs;

export interface HistoryKeeper {
  /** Waits for what is under way. */
  stop(): Promise<void>;
}

export interface HistoryKeeping {
  db: Db;
  signer: Signer;
  /** Of the files of anchors. */
  folder: string;
  /** Gets the name of an error, never its message. */
  warn(error: string): void;
}

export function keepHistory(keeping: HistoryKeeping, everyMs = tickMs): HistoryKeeper {
  let running: Promise<void> | undefined;
  let lookedFarAt = 0;
  const tick = () => {
    const far = Date.now() - lookedFarAt > dayMs;
    running ??= anchorAll(keeping, far).then(() => { if (far) lookedFarAt = Date.now(); })
      .catch((error: unknown) => keeping.warn(error instanceof Error ? error.name : typeof error))
      .finally(() => { running = undefined; });
  };
  const timer = setInterval(tick, everyMs);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}

async function anchorAll({ db, signer, folder }: HistoryKeeping, far: boolean): Promise<void> {
  for (const ledger of await listLedgers(db)) {
    const began = new Date();
    const made = await sealLedger(db, signer, ledger, far ? { ...usualSealing, lookBack: longLookBack } : usualSealing);
    if (made > 0) await exportAnchors(db, signer, ledger, folder, began);
  }
}
