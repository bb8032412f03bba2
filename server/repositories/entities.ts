/** What belongs to a subject and is referred to by records: visits, lesions, specimens, images. */
import type { Visit } from '../../schemas/http/api.ts';
import { json, type Db, type ImageTable, type Trx } from '../database.ts';

/** Where a row belongs and who makes it. */
export interface Owner {
  site_id: string;
  subject_id: string;
  created_by: string;
}

const of = (siteId: string, subjectId: string) => ({ site_id: siteId, subject_id: subjectId });

export function listVisits(db: Db, siteId: string, subjectId: string) {
  return db.selectFrom('visit').select(['id', 'kind', 'visit_date']).where((eb) => eb.and(of(siteId, subjectId))).orderBy('visit_date').orderBy('id').execute();
}

export function findVisit(db: Db, siteId: string, id: string) {
  return db.selectFrom('visit').select(['id', 'subject_id', 'kind', 'visit_date']).where('site_id', '=', siteId).where('id', '=', id).executeTakeFirst();
}

export async function insertVisit(trx: Trx, owner: Owner, { id, kind, visitDate }: Visit): Promise<void> {
  await trx.insertInto('visit').values({ ...owner, id, kind, visit_date: visitDate }).execute();
}

export function listLesions(db: Db, siteId: string, subjectId: string) {
  return db.selectFrom('lesion').select(['id', 'ordinal', 'label']).where((eb) => eb.and(of(siteId, subjectId))).orderBy('ordinal').execute();
}

export function findLesion(db: Db, siteId: string, id: string) {
  return db.selectFrom('lesion').select(['id', 'subject_id', 'ordinal', 'label']).where('site_id', '=', siteId).where('id', '=', id).executeTakeFirst();
}

/** Gives the lesion the next number of its subject; the caller holds the subject's lock. */
export async function insertLesion(trx: Trx, owner: Owner, { id, label }: { id: string; label: string }): Promise<void> {
  const last = await trx.selectFrom('lesion').select((eb) => eb.fn.max('ordinal').as('ordinal')).where((eb) => eb.and(of(owner.site_id, owner.subject_id))).executeTakeFirst();
  await trx.insertInto('lesion').values({ ...owner, id, label, ordinal: (last?.ordinal ?? 0) + 1 }).execute();
}

export function listSpecimens(db: Db, siteId: string, subjectId: string) {
  return db.selectFrom('specimen').select(['id', 'code', 'lesion_id']).where((eb) => eb.and(of(siteId, subjectId))).orderBy('code').execute();
}

export function findSpecimen(db: Db, siteId: string, id: string) {
  return db.selectFrom('specimen').select(['id', 'code', 'lesion_id']).where('site_id', '=', siteId).where('id', '=', id).executeTakeFirst();
}

export async function insertSpecimen(trx: Trx, owner: Owner, specimen: { id: string; code: string; lesion_id: string | null }): Promise<void> {
  await trx.insertInto('specimen').values({ ...owner, ...specimen }).execute();
}

const imageColumns = ['id', 'subject_id', 'lesion_id', 'sha256', 'thumbnail_sha256', 'media_type', 'width', 'height', 'bytes', 'created_at'] as const;

export function listImages(db: Db, siteId: string, subjectId: string) {
  return db.selectFrom('image').select(imageColumns).where((eb) => eb.and(of(siteId, subjectId))).orderBy('id').execute();
}

export function findImage(db: Db, siteId: string, id: string) {
  return db.selectFrom('image').select(imageColumns).where('site_id', '=', siteId).where('id', '=', id).executeTakeFirst();
}

export interface NewImage {
  id: string;
  lesion_id: string | null;
  sha256: string;
  thumbnail_sha256: string;
  media_type: ImageTable['media_type']['__select__'];
  width: number;
  height: number;
  bytes: number;
  metadata: { [name: string]: unknown };
}

export async function insertImage(trx: Trx, owner: Owner, { metadata, ...image }: NewImage): Promise<void> {
  await trx.insertInto('image').values({ ...owner, ...image, metadata: json(metadata) }).execute();
}
