/** Time, as an argument. Days are those of the sites, which all keep China Standard Time. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

const offset = 8 * 60 * 60 * 1000;

/** Civil date at the sites, `YYYY-MM-DD`. */
export function todayAtSite(clock: Clock): string {
  return dayAtSite(clock.now());
}

/** Civil date at the sites of an instant. */
export function dayAtSite(instant: Date): string {
  return new Date(instant.getTime() + offset).toISOString().slice(0, 10);
}
