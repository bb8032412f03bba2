/** What is known of a visit besides its kind and day: sealed, with its history, never changed. */
import type { Value } from '../../schemas/form.ts';
import type { KnownVisit, VisitDetails, VisitDetailsRequest } from '../../schemas/http/api.ts';
import { onOrBefore } from '../../schemas/dates.ts';
import { fail } from '../../schemas/problem.ts';
import { transact, type Trx } from '../database.ts';
import { appendAuditEvent } from '../repositories/audit.ts';
import { findVisit } from '../repositories/entities.ts';
import { addToBlindIndex } from '../repositories/subjects.ts';
import { insertVisitState, listVisitStates, type VisitStateRow } from '../repositories/visit-states.ts';
import type { Context } from './context.ts';
import { contribute } from './contribute.ts';
import { statesOf, valueOn } from './facts.ts';
import { seal, unseal, type KeyRing } from './identifier-keys.ts';
import { indexKeyOf, subjectKeyOf } from './keys-of.ts';
import { blindIndexOf } from './matching.ts';
import { lockOwner } from './owner.ts';
import { can, type Actor } from './permissions.ts';
import { isErased } from './subject-keys.ts';

type Changes = VisitDetailsRequest['details'];

/** Told only to those who may read identifiers. */
export const identifyingDetails: readonly (keyof VisitDetails)[] = ['outpatientNumber', 'inpatientNumber'];

interface Place {
  siteId: string;
  visitId: string;
}

/** What one act said, in clear. */
interface SaidOfVisit {
  /** RFC 3339 in UTC with milliseconds; null is the whole visit. */
  from: string | null;
  details: Changes;
}

function openStates(keys: KeyRing, { siteId, visitId }: Place, rows: readonly VisitStateRow[]): SaidOfVisit[] {
  return rows.filter(({ subject_key }) => !isErased(subject_key)).map(({ valid_from, key_id, ciphertext, subject_key }) => ({
    from: valid_from, details: JSON.parse(unseal(keys, { siteId, subjectId: visitId, key: 'visit' }, { keyId: key_id, ciphertext }, subject_key)) as Changes,
  }));
}

/** What held at an instant (RFC 3339 in UTC with milliseconds). */
function detailsAt(said: readonly SaidOfVisit[], instant: string): VisitDetails {
  const keys = new Set(said.flatMap(({ details }) => Object.keys(details))) as Set<keyof VisitDetails>;
  return Object.fromEntries([...keys].flatMap((key) => {
    const value = valueOn(saidOfKey(said, key), instant);
    return value === undefined || value === null ? [] : [[key, value]];
  }));
}

const saidOfKey = (said: readonly SaidOfVisit[], key: keyof VisitDetails) =>
  said.flatMap(({ from, details }) => (details[key] === undefined ? [] : [{ from, value: details[key] }]));

/** By bind path, for a form. */
export function boundDetails(keys: KeyRing, place: Place, rows: readonly VisitStateRow[], instant: Date): { [path: string]: Value } {
  const details = detailsAt(openStates(keys, place, rows), instant.toISOString());
  return Object.fromEntries(Object.entries(details).map(([key, value]) => [`visit.${key}`, value as Value]));
}

/** As it is now, with its history; reading a number that identifies is written to the audit trail. @throws Problem `visit-not-found` */
export function readVisitDetails(context: Context, actor: Actor, siteId: string, subjectId: string, visitId: string): Promise<KnownVisit> {
  return transact(context.db, { accountId: actor.accountId, sites: [siteId] }, (trx) => describeVisit(context, trx, actor, siteId, subjectId, visitId));
}

async function describeVisit(context: Context, trx: Trx, actor: Actor, siteId: string, subjectId: string, visitId: string): Promise<KnownVisit> {
  if ((await findVisit(trx, siteId, visitId))?.subject_id !== subjectId) fail('visit-not-found');
  const said = openStates(context.keys, { siteId, visitId }, await listVisitStates(trx, siteId, subjectId, visitId));
  const now = detailsAt(said, context.clock.now().toISOString());
  const numbers = identifyingDetails.filter((key) => said.some(({ details }) => typeof details[key] === 'string'));
  const mayTell = can(actor, 'subject:read-identifiers', siteId);
  if (mayTell && numbers.length > 0) {
    await appendAuditEvent(trx, { siteId, accountId: actor.accountId, action: 'visit.read-details', entity: 'visit', entityId: visitId, subjectId, device: actor.device, detail: { paths: numbers } });
  }
  const tell = <T extends Changes>(details: T): T => (mayTell ? details : Object.fromEntries(Object.entries(details).filter(([key]) => !identifyingDetails.includes(key as keyof VisitDetails))) as T);
  return { now: tell(now), states: historyOf(said).map(({ from, details }) => ({ ...(from === null ? {} : { from }), details: tell(details) })), withheld: mayTell ? [] : numbers };
}

/** What holds of each key from when, gathered by instant. */
function historyOf(said: readonly SaidOfVisit[]): SaidOfVisit[] {
  const byTime = new Map<string, Changes>();
  for (const key of new Set(said.flatMap(({ details }) => Object.keys(details))) as Set<keyof VisitDetails>) {
    for (const { from, value } of statesOf(saidOfKey(said, key))) byTime.set(from ?? '', { ...byTime.get(from ?? ''), [key]: value });
  }
  return [...byTime].sort(([a], [b]) => (a < b ? -1 : 1)).map(([from, details]) => ({ from: from || null, details }));
}

/** @throws Problem `subject-not-found`, `visit-not-found`, `data-invalid`, `contribution-reused` */
export function changeVisitDetails(context: Context, actor: Actor, siteId: string, subjectId: string, visitId: string, request: VisitDetailsRequest): Promise<KnownVisit> {
  const { contribution, details, from } = request;
  const act = {
    siteId, contributionId: contribution, kind: 'visit.details', entityId: visitId, request: { subjectId, details, ...(from === undefined ? {} : { from }) },
    detail: { keys: Object.keys(details), ...(from === undefined ? {} : { from }) },
  };
  return contribute(context, actor, act, async (trx) => {
    const { created_by } = await lockOwner(trx, actor, siteId, subjectId);
    if ((await findVisit(trx, siteId, visitId))?.subject_id !== subjectId) fail('visit-not-found');
    await keepDetails(context, trx, { siteId, subjectId, visitId, accountId: created_by }, details, from);
  }, (trx) => describeVisit(context, trx, actor, siteId, subjectId, visitId));
}

/** The caller holds the subject's lock. @throws Problem `data-invalid` */
export async function keepDetails(context: Context, trx: Trx, owner: Place & { subjectId: string; accountId: string }, details: Changes, from?: string): Promise<void> {
  const { siteId, subjectId, visitId, accountId } = owner;
  const rows = await listVisitStates(trx, siteId, subjectId, visitId);
  const instant = from === undefined ? null : new Date(withOffset(from));
  const said = [...openStates(context.keys, owner, rows), { from: instant?.toISOString() ?? null, details }];
  requireOrder(said, context.clock.now().toISOString());
  const subjectKey = await subjectKeyOf(context.keys, trx, siteId, subjectId);
  const { keyId, ciphertext } = seal(context.keys, { siteId, subjectId: visitId, key: 'visit' }, JSON.stringify(details), subjectKey);
  await insertVisitState(trx, { site_id: siteId, visit_id: visitId, version: rows.length + 1, valid_from: instant, key_id: keyId, ciphertext, created_by: accountId });
  const numbers = Object.fromEntries(identifyingDetails.flatMap((key) => (typeof details[key] === 'string' ? [[key, details[key]]] : [])));
  await addToBlindIndex(trx, siteId, subjectId, blindIndexOf(context.matching.visits, await indexKeyOf(context.keys, trx, siteId), numbers));
}

function requireOrder(said: readonly SaidOfVisit[], now: string): void {
  const { admittedAt, dischargedAt } = detailsAt(said, now);
  if (admittedAt !== undefined && dischargedAt !== undefined && onOrBefore(admittedAt, dischargedAt) === false) {
    fail('data-invalid', [{ pointer: '/details/dischargedAt', detail: '出院时间早于入院时间 / Discharge is before admission' }]);
  }
}

/** Without an offset it is the sites' own. */
const withOffset = (text: string) => (/(?:Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}+08:00`);
