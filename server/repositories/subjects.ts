/** Subjects and their identifiers. */
import { sql } from 'kysely';
import type { Db, Json, Trx } from '../database.ts';
import { keyOfOne, shareKey, type SubjectKey } from './keys.ts';

export interface SubjectRow {
  id: string;
  site_id: string;
  study_number: string;
  sex: string | null;
  birth_date: string | null;
  created_at: Date;
  records: number;
  drafts: number;
  erased_at: Date | null;
}

const subjects = (db: Db, siteId: string) => db.selectFrom('subject').select([
  'subject.id', 'subject.site_id', 'subject.study_number', 'subject.sex', 'subject.birth_date', 'subject.created_at',
  sql<number>`(select count(*) from record r where r.site_id = subject.site_id and r.subject_id = subject.id)`.as('records'),
  sql<number>`(select count(*) from record r where r.site_id = subject.site_id and r.subject_id = subject.id and r.status = 'in-progress')`.as('drafts'),
  sql<Date | null>`(select destroyed_at from subject_key k where k.site_id = subject.site_id and k.subject_id = subject.id)`.as('erased_at'),
]).where('subject.site_id', '=', siteId);

export function findSubject(db: Db, siteId: string, id: string): Promise<SubjectRow | undefined> {
  return subjects(db, siteId).where('subject.id', '=', id).executeTakeFirst();
}

/** By study number; one more than `limit`. */
export function listSubjects(db: Db, siteId: string, { prefix, after, limit }: { prefix?: string; after: string | undefined; limit: number }): Promise<SubjectRow[]> {
  return subjects(db, siteId)
    .$if(prefix !== undefined, (query) => query.where(sql<boolean>`starts_with(upper(subject.study_number), ${(prefix ?? '').toUpperCase()})`))
    .$if(after !== undefined, (query) => query.where('subject.study_number', '>', after ?? ''))
    .orderBy('subject.study_number').limit(limit + 1).execute();
}

export interface BlindIndexRow {
  kind: string;
  digest: Uint8Array;
  /** Of the key that it was made with. */
  index_key_id: string;
}

/** The subjects that share one of the digests, the oldest first. */
export function listSubjectsByDigest(db: Db, siteId: string, digests: readonly BlindIndexRow[], limit: number): Promise<SubjectRow[]> {
  if (digests.length === 0) return Promise.resolve([]);
  return subjects(db, siteId).where((eb) => eb.exists(
    eb.selectFrom('subject_blind_index as b').select('b.kind').whereRef('b.site_id', '=', 'subject.site_id').whereRef('b.subject_id', '=', 'subject.id')
      .where((inner) => inner.or(digests.map(({ kind, digest }) => inner.and([inner('b.kind', '=', kind), inner('b.digest', '=', digest)])))),
  )).orderBy('subject.created_at').orderBy('subject.id').limit(limit).execute();
}

export function hasStudyNumber(db: Db, siteId: string, studyNumber: string): Promise<boolean> {
  return db.selectFrom('subject').select('id').where('site_id', '=', siteId).where('study_number', '=', studyNumber).executeTakeFirst().then((row) => row !== undefined);
}

export function findSubjectByNumber(db: Db, siteId: string, studyNumber: string) {
  return db.selectFrom('subject').select(['id', 'sex', 'birth_date']).where('site_id', '=', siteId).where('study_number', '=', studyNumber).executeTakeFirst();
}

export async function insertSubject(trx: Trx, subject: { site_id: string; id: string; study_number: string; sex: string | null; birth_date: string | null; created_by: string }): Promise<void> {
  await trx.insertInto('subject').values(subject).execute();
}

/** Takes the row lock that keeps two edits of one subject apart. */
export function lockSubject(trx: Trx, siteId: string, id: string) {
  return trx.selectFrom('subject').select(['id', 'sex', 'birth_date', 'sex_by_day']).where('site_id', '=', siteId).where('id', '=', id).forUpdate().executeTakeFirst();
}

export type KnownColumns = { sex?: string | null; birth_date?: string | null; sex_by_day?: Json | null };

export async function updateSubject(trx: Trx, siteId: string, id: string, values: KnownColumns): Promise<void> {
  if (Object.keys(values).length === 0) return;
  await trx.updateTable('subject').set(values).where('site_id', '=', siteId).where('id', '=', id).execute();
}

/** By key, in the order of saying. */
export async function listFacts(db: Db, siteId: string, subjectId: string): Promise<FactRow[]> {
  return shareKey(await facts(db, siteId, subjectId).execute());
}

/** One more than `limit`, after a key and version; with who said it. */
export async function pageFacts(db: Db, siteId: string, subjectId: string, { after, limit }: { after: { key: string; version: number } | undefined; limit: number }) {
  return shareKey(await facts(db, siteId, subjectId).innerJoin('account', 'account.id', 'subject_fact.created_by').select(['subject_fact.created_at', 'account.display_name as by'])
    .$if(after !== undefined, (query) => query.where(sql<boolean>`(subject_fact.key, subject_fact.version) > (${after?.key ?? ''}, ${after?.version ?? 0})`))
    .limit(limit + 1).execute());
}

export interface FactRow {
  key: string;
  version: number;
  /** Civil date; null is on all days. */
  valid_from: string | null;
  key_id: string | null;
  ciphertext: Uint8Array | null;
  /** What opens it, when the patient's key sealed it. */
  subject_key: SubjectKey | null;
}

const facts = (db: Db, siteId: string, subjectId: string) => db.selectFrom('subject_fact')
  .select(['subject_fact.key', 'subject_fact.version', 'subject_fact.valid_from', 'subject_fact.key_id', 'subject_fact.ciphertext',
    keyOfOne(siteId, subjectId).as('subject_key')])
  .where('subject_fact.site_id', '=', siteId).where('subject_fact.subject_id', '=', subjectId).orderBy('subject_fact.key').orderBy('subject_fact.version');

/** The caller holds the subject's lock, so the versions are the next ones. */
export async function insertFacts(trx: Trx, owner: { site_id: string; subject_id: string; created_by: string }, rows: readonly FactRow[]): Promise<void> {
  if (rows.length === 0) return;
  await trx.insertInto('subject_fact').values(rows.map(({ subject_key: _, ...row }) => ({ ...row, ...owner }))).execute();
}

/** What a subject was once found by finds it ever after. */
export async function addToBlindIndex(trx: Trx, siteId: string, subjectId: string, digests: readonly BlindIndexRow[]): Promise<void> {
  if (digests.length === 0) return;
  await trx.insertInto('subject_blind_index').values(digests.map((row) => ({ ...row, site_id: siteId, subject_id: subjectId }))).onConflict((conflict) => conflict.doNothing()).execute();
}
