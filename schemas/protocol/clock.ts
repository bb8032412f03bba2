/** One clock at one moment. Pages tick with it between two answers of the server, so both say the same. */
import { minutesBetween } from '../dates.ts';
import type { ClockState } from './run.ts';

/** What does not change while a clock runs. */
export type ClockFacts = Pick<ClockState, 'id' | 'recordId' | 'from' | 'to' | 'limit' | 'target' | 'warnBefore'>;

export function readClock(facts: ClockFacts, now: string): ClockState {
  const { from, to, limit, warnBefore } = facts;
  if (from === undefined) return { ...facts, state: 'waiting' };
  const minutes = minutesBetween(from, to ?? now);
  if (minutes === undefined || minutes < 0) return { ...facts, state: 'wrong' };
  const over = to !== undefined;
  if (limit === undefined) return { ...facts, state: over ? 'stopped' : 'running', minutes };
  const left = limit - minutes;
  if (over) return { ...facts, state: left < 0 ? 'late' : 'stopped', minutes, left };
  return { ...facts, state: left < 0 ? 'exceeded' : left <= warnBefore && warnBefore > 0 ? 'warned' : 'running', minutes, left };
}

/** Past its limit, whether it still runs or not. */
export const isPastLimit = ({ state }: ClockState): boolean => state === 'exceeded' || state === 'late';
