/**
 * What is known of a subject: the items that the standards bind to `subject.…`, each with its history. Sex and date of birth are
 * columns besides, because rules and lists use them; everything is sealed. Which items there are is read from the standards.
 */
import type { Item, Value } from '../../schemas/form.ts';
import { fail, type FieldError } from '../../schemas/problem.ts';
import type { Db } from '../database.ts';
import { listFacts, type FactRow } from '../repositories/subjects.ts';
import { todayAtSite } from './clock.ts';
import type { Context } from './context.ts';
import { groupBy, valueOn } from './facts.ts';
import { unseal, type KeyRing } from './identifier-keys.ts';
import { isErased } from './subject-keys.ts';

/** Names that have a column of their own. */
const columns = { sex: 'sex', birthDate: 'birth_date' } as const;

export interface IdentityItem {
  /** Name after `subject.`: as requests and replies name it, and as it is stored. */
  key: string;
  column: 'sex' | 'birth_date' | undefined;
  item: Item;
}

export function identityItems({ forms, matching }: Pick<Context, 'forms' | 'matching'>): IdentityItem[] {
  return forms.identity(matching).prepared.form.items.map((item) => ({ key: item.key, column: columns[item.key as keyof typeof columns], item }));
}

export const isColumn = (key: string): key is keyof typeof columns => Object.hasOwn(columns, key);

/** What was asked to be known from now on, by key; null is to be forgotten. */
export type Identity = { readonly [key: string]: string | null };

/** @throws Problem `data-invalid` naming the element and what is wrong with it, never the value */
export function readIdentity(context: Context, given: { readonly [key: string]: Value | null }): Identity {
  const asked = Object.fromEntries(Object.entries(given).map(([key, value]) => [key, typeof value === 'string' ? value.trim() : value]));
  const errors = identityMistakes(context, asked);
  if (errors.length > 0) fail('data-invalid', errors);
  return Object.fromEntries(Object.entries(asked).map(([key, value]) => [key, value === null ? null : String(value)]));
}

function identityMistakes({ forms, matching, clock }: Context, asked: { readonly [key: string]: Value | null }): FieldError[] {
  const { prepared } = forms.identity(matching);
  const unknown = Object.keys(asked).filter((key) => !prepared.item(key)).map((key) => ({ pointer: `/identity/${key}`, detail: 'This is not an identifying item of the standard' }));
  if (unknown.length > 0) return unknown;
  const values = Object.entries(asked).filter((entry): entry is [string, Value] => entry[1] !== null);
  const wrongKind = values.filter(([, value]) => typeof value !== 'string' || value === '').map(([key]) => ({ pointer: `/identity/${key}`, detail: 'Text is expected; null clears' }));
  if (wrongKind.length > 0) return wrongKind;
  // Where nothing is bound, a bound item is checked like any other.
  const { findings } = prepared.evaluate({ data: Object.fromEntries(values) }, { today: todayAtSite(clock) });
  return findings
    .filter(({ pointer, severity, rule }) => severity === 'hard' && rule !== 'required' && values.some(([key]) => pointer === `/${key}`))
    .map(({ pointer, message }) => ({ pointer: `/identity${pointer}`, detail: `${message.zh} / ${message.en}` }));
}

/** The sealed rows by key, and of each what was said of it in order. */
export type SaidOfSubject = ReadonlyMap<string, readonly (FactRow & { from: string | null; value: FactRow })[]>;

export function saidOf(rows: readonly FactRow[]): SaidOfSubject {
  return groupBy(rows.map((row) => ({ ...row, from: row.valid_from, value: row })), ({ key }) => key);
}

/** In clear, what held on a day; keys of which nothing was known then, or that were erased, are absent. */
export function openFacts(keys: KeyRing, { siteId, subjectId }: { siteId: string; subjectId: string }, said: SaidOfSubject, day: string): { [key: string]: string } {
  const opened = [...said].flatMap(([key, rows]) => {
    const value = openFact(keys, { siteId, subjectId }, valueOn(rows, day));
    return value === undefined ? [] : [[key, value] as const];
  });
  return Object.fromEntries(opened);
}

export function openFact(keys: KeyRing, { siteId, subjectId }: { siteId: string; subjectId: string }, row: FactRow | undefined): string | undefined {
  if (!row?.ciphertext || row.key_id === null) return undefined;
  if (isErased(row.subject_key)) return undefined;
  return unseal(keys, { siteId, subjectId, key: row.key }, { keyId: row.key_id, ciphertext: row.ciphertext }, row.subject_key);
}

/** What is known of a subject on a day, in clear, but for what has a column. */
export async function openIdentifiers({ keys, clock }: Context, db: Db, siteId: string, subjectId: string, day = todayAtSite(clock)): Promise<{ [key: string]: string }> {
  const rows = (await listFacts(db, siteId, subjectId)).filter(({ key }) => !isColumn(key));
  return openFacts(keys, { siteId, subjectId }, saidOf(rows), day);
}
