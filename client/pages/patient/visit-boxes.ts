/** The boxes of a visit's details, and how a value goes into one and comes out. Times are those of the sites, at +08:00. */
import type { KnownVisit, VisitDetails, VisitDetailsRequest } from '../../../schemas/http/api.ts';
import type { Box } from '../../elements/shell/boxes.ts';

type Key = keyof VisitDetails;
type Value = VisitDetails[Key] | null;

export const detailBoxes: readonly (Pick<Box, 'type' | 'maxLength' | 'inputMode' | 'pattern'> & { key: Key })[] = [
  { key: 'inpatientNumber', maxLength: 18 }, { key: 'outpatientNumber', maxLength: 18 }, { key: 'department', maxLength: 50 }, { key: 'ward', maxLength: 50 }, { key: 'room', maxLength: 10 },
  { key: 'bed', maxLength: 10 }, { key: 'admittedAt', type: 'datetime-local' }, { key: 'dischargedAt', type: 'datetime-local' }, { key: 'admissionCount', inputMode: 'numeric', pattern: '[1-9][0-9]{0,2}' },
];

const isTime = (key: Key) => key === 'admittedAt' || key === 'dischargedAt';
const eightHours = 8 * 60 * 60_000;

export function toBox(key: Key, value: Value | undefined): string {
  if (value === undefined || value === null) return '';
  if (!isTime(key)) return String(value);
  const text = String(value);
  const instant = Date.parse(/(?:Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}+08:00`);
  return new Date(instant + eightHours).toISOString().slice(0, 16);
}

/** Of a box for a time. */
export const fromBox = (text: string) => `${text}:00+08:00`;

export const inWords = (key: Key, value: Value | undefined) => (isTime(key) ? toBox(key, value).replace('T', ' ') : toBox(key, value));

/** What was typed other than it is; null where a box was emptied. Withheld details have no box. */
export function changesIn({ now, withheld }: KnownVisit, typed: { readonly [name: string]: string }): VisitDetailsRequest['details'] {
  const entries = detailBoxes.filter(({ key }) => !withheld.includes(key)).flatMap(({ key }): [Key, Value][] => {
    const text = typed[key] ?? '';
    if (text === toBox(key, now[key])) return [];
    if (text === '') return [[key, null]];
    return [[key, isTime(key) ? fromBox(text) : key === 'admissionCount' ? Number(text) : text]];
  });
  return Object.fromEntries(entries);
}
