/** Civil dates, `YYYY-MM-DD`, reckoned without a clock. */
const day = 86_400_000;

export function addDays(date: string, days: number): string {
  return new Date(Date.parse(date) + days * day).toISOString().slice(0, 10);
}

export function daysAgo(date: string, days: number): string {
  return addDays(date, -days);
}

/** Minutes since midnight as an instant at the sites. */
export function at(date: string, minutes: number): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  return `${date}T${two(minutes / 60)}:${two(minutes % 60)}:00+08:00`;
}

/** Completed years. */
export function ageOn(birthDate: string, date: string): number {
  return Number(date.slice(0, 4)) - Number(birthDate.slice(0, 4)) - (date.slice(5) < birthDate.slice(5) ? 1 : 0);
}
