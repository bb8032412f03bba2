/** An age as WS 445 writes it: whole years, and below one year months with the days left over in thirtieths, as `3 15/30` (DE02.01.032.00). */
import { dayOf, yearsBetween } from '../../schemas/dates.ts';

export interface Age {
  'subject.ageYears'?: number;
  'subject.ageMonths'?: string;
}

/** On a day (civil date); of a partial date of birth only what it does not leave open. Empty before birth. */
export function ageOn(birthDate: string, day: string): Age {
  const years = yearsBetween(birthDate, day);
  if (years === undefined || years < 0) return {};
  const months = years === 0 ? monthsBetween(birthDate, day) : undefined;
  return { 'subject.ageYears': years, ...(months === undefined ? {} : { 'subject.ageMonths': months }) };
}

/** Whole months and, unless there are none, the days since the last of them over thirty: `3`, `3 15/30`, `0 2/30`. */
function monthsBetween(birthDate: string, day: string): string | undefined {
  if (dayOf(birthDate) === undefined || dayOf(day) === undefined) return undefined;
  const [year = 0, month = 0, date = 0] = birthDate.split('-').map(Number);
  const [toYear = 0, toMonth = 0, toDate = 0] = day.split('-').map(Number);
  const months = (toYear - year) * 12 + toMonth - month - (toDate < date ? 1 : 0);
  const days = (dayOf(day) ?? 0) - lastMonthDay(year, month + months, date);
  // A month has at most 31 days, the fraction is of thirty: the thirty-first day is still the last thirtieth.
  return days === 0 && months > 0 ? String(months) : `${months} ${Math.min(days, 29)}/30`;
}

/** Days since 1970 of the day of that month, the last of a month that is too short. */
function lastMonthDay(year: number, month: number, date: number): number {
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return Date.UTC(year, month - 1, Math.min(date, last)) / 86_400_000;
}
