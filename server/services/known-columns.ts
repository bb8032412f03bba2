/** Sex and date of birth: in columns because rules and lists use them, sex by the day where it has not always been the same. */
import { json, type SubjectTable } from '../database.ts';
import type { KnownColumns } from '../repositories/subjects.ts';
import { statesOf, valueOn } from './facts.ts';
import type { Identity } from './identity.ts';

export interface ColumnRow {
  sex: string | null;
  birth_date: string | null;
  sex_by_day?: SubjectTable['sex_by_day']['__select__'];
}

/** As they are today, by key. */
export function knownColumns({ sex, birth_date }: ColumnRow): { sex?: string; birthDate?: string } {
  return { ...(sex === null ? {} : { sex }), ...(birth_date === null ? {} : { birthDate: birth_date }) };
}

/** The sex of a day. */
export function sexOn({ sex, sex_by_day }: ColumnRow, day: string): string | undefined {
  if (!sex_by_day) return sex ?? undefined;
  return valueOn(sex_by_day.map(([from, value]) => ({ from, value })), day) ?? undefined;
}

/** What to write after a change: of all days, or from one on. */
export function changedColumns(before: ColumnRow, identity: Identity, from: string | undefined, today: string): KnownColumns {
  const { sex, birthDate } = identity;
  const birth = birthDate === undefined ? {} : { birth_date: birthDate };
  if (sex === undefined) return birth;
  if (from === undefined) return { ...birth, sex, sex_by_day: null };
  const earlier = before.sex_by_day ?? [[null, before.sex] as const];
  const states = statesOf([...earlier.map(([day, value]) => ({ from: day, value })), { from, value: sex }]);
  return { ...birth, sex: valueOn(states, today) ?? null, sex_by_day: json(states.map((state) => [state.from, state.value])) };
}
