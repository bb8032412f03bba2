/**
 * What the bound items of a form resolve to, as of the record's day: the date of its visit, else the day on which it was made. What is
 * known of the visit is that of the moment at which the record was made, for a stay lasts longer than its first day. Identifiers are told
 * only to those who may read them.
 */
import type { Context as FormContext, Form, Value } from '../../schemas/form.ts';
import type { Trx } from '../database.ts';
import { listNames } from '../repositories/accounts.ts';
import type { DatedRecord } from '../repositories/exports.ts';
import type { SaveState } from '../repositories/records.ts';
import type { FactRow } from '../repositories/subjects.ts';
import type { VisitStateRow } from '../repositories/visit-states.ts';
import { ageOn } from './age.ts';
import { dayAtSite, todayAtSite } from './clock.ts';
import type { Context } from './context.ts';
import type { KeyRing } from './identifier-keys.ts';
import { openFacts, saidOf } from './identity.ts';
import { sexOn } from './known-columns.ts';
import { needsOf, type Needs } from './needs.ts';
import type { Actor } from './permissions.ts';
import { boundDetails } from './visit-details.ts';

export interface Place {
  siteId: string;
  subjectId: string;
  visitId: string | undefined;
}

type Bound = { [path: string]: Value };

/** What `findSaveState` must read along for this form; undefined for most. */
export function sealedFacts({ standards }: Context, form: Form): readonly string[] | undefined {
  const { facts, visit } = needsOf(form, standards);
  return facts.length > 0 || visit ? facts : undefined;
}

/** The day by which values are told, and the moment. */
export function dayOfRecord({ visit_date, record_created_at }: Pick<SaveState, 'visit_date' | 'record_created_at'>, now: Date): string {
  return visit_date ?? dayAtSite(record_created_at ?? now);
}

function facts(place: Place, state: SaveState, day: string, { age }: Needs): Bound {
  const { siteId, subjectId, visitId } = place;
  const known: { [path: string]: Value | null | undefined } = {
    'site.id': siteId, 'site.code': state.site_code, 'site.name': state.site_name, 'site.organisationCode': state.organisation_code,
    'subject.id': subjectId, 'subject.studyNumber': state.study_number, 'subject.sex': sexOn(state, day), 'subject.birthDate': state.birth_date,
    ...(age && state.birth_date !== null ? ageOn(state.birth_date, day) : {}),
    'visit.id': visitId, 'visit.kind': state.visit_kind, 'visit.date': state.visit_date,
  };
  return Object.fromEntries(Object.entries(known).filter((entry): entry is [string, Value] => entry[1] !== null && entry[1] !== undefined));
}

function sealed({ keys }: Context, place: Place, state: SaveState, day: string, moment: Date): Bound {
  const rows = (state.facts ?? []).map(([key, version, from, keyId, text]) => ({ key, version, valid_from: from, key_id: keyId, ciphertext: text === null ? null : Buffer.from(text, 'base64'), subject_key: state.subject_key }));
  const states = (state.visit_states ?? []).map(([from, keyId, text]) => ({ valid_from: from, key_id: keyId, ciphertext: Buffer.from(text, 'base64'), subject_key: state.subject_key }));
  return open(keys, place, rows, states, day, moment);
}

function open(keys: KeyRing, place: Place, factRows: readonly FactRow[], states: readonly VisitStateRow[], day: string, moment: Date): Bound {
  const ofSubject = Object.entries(openFacts(keys, place, saidOf(factRows), day)).map(([key, value]) => [`subject.${key}`, value] as const);
  const ofVisit = place.visitId === undefined ? {} : boundDetails(keys, { siteId: place.siteId, visitId: place.visitId }, states, moment);
  return { ...Object.fromEntries(ofSubject), ...ofVisit };
}

/** What is sealed, and the age, of a record that leaves: everything that was read, to be chosen from. */
export function knownOfRecord(keys: KeyRing, siteId: string, record: DatedRecord, factRows: readonly FactRow[], states: readonly VisitStateRow[]): { [path: string]: Value } {
  const day = dayOfRecord({ visit_date: record.visit_date, record_created_at: record.created_at }, record.created_at);
  const age = record.birth_date === null ? {} : ageOn(record.birth_date, day);
  return { ...age, ...open(keys, { siteId, subjectId: record.subject_id, visitId: record.visit_id ?? undefined }, factRows, states, day, record.created_at) };
}

/** Everything that is known, identifiers too: for evaluating, never for a reply. The state was read with `sealedFacts`. */
export async function fullContext(context: Context, trx: Trx, actor: Actor, form: Form, place: Place, state: SaveState): Promise<FormContext> {
  const needs = needsOf(form, context.standards);
  const moment = state.record_created_at ?? context.clock.now();
  const day = dayOfRecord(state, moment);
  const personId = state.record_created_by ?? actor.accountId;
  const name = needs.personName ? (await listNames(trx, [personId], day)).get(personId) : undefined;
  const bound: Bound = { ...facts(place, state, day, needs), ...sealed(context, place, state, day, moment), 'person.id': personId, ...(name === undefined ? {} : { 'person.name': name }) };
  return { today: todayAtSite(context.clock), bound };
}

/** What a reader may be told of a full context, and the paths that are kept back. */
export function tellContext({ standards }: Context, form: Form, full: FormContext, mayReadIdentifiers: boolean): { context: FormContext; withheld: string[]; told: string[] } {
  const { direct } = needsOf(form, standards);
  const identifiers = [...direct].filter((path) => full.bound?.[path] !== undefined);
  if (mayReadIdentifiers) return { context: full, withheld: [], told: identifiers };
  const bound = Object.fromEntries(Object.entries(full.bound ?? {}).filter(([path]) => !identifiers.includes(path)));
  return { context: { ...full, bound }, withheld: identifiers, told: [] };
}
