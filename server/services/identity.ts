/**
 * Who a subject is: the items of one standard that are bound to `subject.…`. Sex and date of birth are columns, because
 * rules and lists use them; everything else is sealed. Which items there are is read from the standard.
 */
import type { Item, Value } from '../../schemas/form.ts';
import { fail, type FieldError } from '../../schemas/problem.ts';
import type { Db } from '../database.ts';
import { listIdentifiers } from '../repositories/subjects.ts';
import { todayAtSite } from './clock.ts';
import type { Context } from './context.ts';
import { unseal } from './identifier-keys.ts';

/** Bound names that have a column of their own. */
const columns = { 'subject.sex': 'sex', 'subject.birthDate': 'birth_date' } as const;
/** Bound names that the server gives. */
const serverGiven = new Set(['subject.id', 'subject.studyNumber']);

export interface IdentityItem {
  /** Key in the standard, as requests and replies name it. */
  key: string;
  /** Name after `subject.`, as it is stored. */
  field: string;
  column: 'sex' | 'birth_date' | undefined;
  item: Item;
}

export function identityItems({ forms, matching }: Pick<Context, 'forms' | 'matching'>): IdentityItem[] {
  return forms.get(matching.standard).form.items.flatMap((item) => {
    const { bind } = item;
    if (!bind?.startsWith('subject.') || serverGiven.has(bind)) return [];
    return [{ key: item.key, field: bind.slice('subject.'.length), column: columns[bind as keyof typeof columns], item }];
  });
}

/** What was asked to be known from now on; null is to be forgotten. */
export interface Identity {
  columns: { sex?: string | null; birth_date?: string | null };
  identifiers: { [field: string]: string | null };
}

/** @throws Problem `data-invalid` naming the element and what is wrong with it, never the value */
export function readIdentity(context: Context, given: { readonly [key: string]: Value | null }): Identity {
  const asked = Object.fromEntries(Object.entries(given).map(([key, value]) => [key, typeof value === 'string' ? value.trim() : value]));
  const items = new Map(identityItems(context).map((each) => [each.key, each]));
  const errors = identityMistakes(context, items, asked);
  if (errors.length > 0) fail('data-invalid', errors);
  const identity: Identity = { columns: {}, identifiers: {} };
  for (const [key, value] of Object.entries(asked)) {
    const { column, field = key } = items.get(key) ?? {};
    const text = value === null ? null : String(value);
    if (column) identity.columns[column] = text;
    else identity.identifiers[field] = text;
  }
  return identity;
}

function identityMistakes({ forms, matching, clock }: Context, items: ReadonlyMap<string, IdentityItem>, asked: { readonly [key: string]: Value | null }): FieldError[] {
  const unknown = Object.keys(asked).filter((key) => !items.has(key)).map((key) => ({ pointer: `/identity/${key}`, detail: 'This is not an identifying item of the standard' }));
  if (unknown.length > 0) return unknown;
  const values = Object.entries(asked).filter((entry): entry is [string, Value] => entry[1] !== null);
  const wrongKind = values.filter(([, value]) => typeof value !== 'string' || value === '').map(([key]) => ({ pointer: `/identity/${key}`, detail: 'Text is expected; null clears' }));
  if (wrongKind.length > 0) return wrongKind;
  // Where nothing is bound, a bound item is checked like any other.
  const { findings } = forms.get(matching.standard).evaluate({ data: Object.fromEntries(values) }, { today: todayAtSite(clock) });
  return findings
    .filter(({ pointer, severity, rule }) => severity === 'hard' && rule !== 'required' && values.some(([key]) => pointer === `/${key}`))
    .map(({ pointer, message }) => ({ pointer: `/identity${pointer}`, detail: `${message.zh} / ${message.en}` }));
}

/** The sealed fields of a subject, in clear. */
export async function openIdentifiers({ keys }: Context, db: Db, siteId: string, subjectId: string): Promise<{ [field: string]: string }> {
  const rows = await listIdentifiers(db, siteId, subjectId);
  return Object.fromEntries(rows.map(({ key, key_id, ciphertext }) => [key, unseal(keys, { siteId, subjectId, key }, { keyId: key_id, ciphertext })]));
}
