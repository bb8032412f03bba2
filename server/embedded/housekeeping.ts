/**
 * What PostgreSQL does in processes of its own and a single backend must be asked to do: checkpoints, without which the
 * write-ahead log grows for ever and a start after a crash replays all of it, and vacuum with fresh statistics.
 */
import type { Session } from '../engine.ts';

export const housekeepingMs = 60_000;
/** Milliseconds that a vacuum may take. */
export const housekeepingLimit = 600_000;

/** Bytes of log since the last time from which the work is worth doing. */
const toCheckpoint = 1e6;
const toVacuum = 32e6;

/** Call it every minute; `quiet` when nobody has used the database since the last call, for vacuum may take seconds. */
export function createHousekeeper(): (session: Session, quiet: boolean) => Promise<void> {
  let checkpointAt = 0;
  let vacuumAt = 0;
  return async (session, quiet) => {
    const { rows } = await session.query(`select (pg_current_wal_insert_lsn() - '0/0')::bigint as bytes`, []);
    const { bytes } = rows[0] as { bytes: number };
    if (quiet && bytes - vacuumAt > toVacuum) {
      await session.query('vacuum (analyze)', []);
      vacuumAt = bytes;
    }
    if (bytes - checkpointAt > toCheckpoint) {
      await session.query('checkpoint', []);
      checkpointAt = bytes;
    }
  };
}
