/** Adds visits, lesions and specimens, each as a contribution. */
import type { ImageSummary, Lesion, LesionRequest, Specimen, SpecimenRequest, Visit, VisitRequest } from '../../schemas/http/api.ts';
import { fail } from '../../schemas/problem.ts';
import type { Trx } from '../database.ts';
import {
  findLesion, findSpecimen, findVisit, insertLesion, insertSpecimen, insertVisit, type findImage,
} from '../repositories/entities.ts';
import type { Context } from './context.ts';
import { contribute } from './contribute.ts';
import { lockOwner } from './owner.ts';
import type { Actor } from './permissions.ts';
import { keepDetails } from './visit-details.ts';

export { lockOwner } from './owner.ts';

type Row<F extends (...args: never[]) => Promise<unknown>> = NonNullable<Awaited<ReturnType<F>>>;

export const visitOf = ({ id, kind, visit_date }: Omit<Row<typeof findVisit>, 'subject_id'>): Visit => ({ id, kind, visitDate: visit_date });
export const lesionOf = ({ id, ordinal, label }: Omit<Row<typeof findLesion>, 'subject_id'>): Lesion => ({ id, ordinal, label });
export const specimenOf = ({ id, code, lesion_id }: Row<typeof findSpecimen>): Specimen => ({ id, code, ...(lesion_id === null ? {} : { lesionId: lesion_id }) });
export const imageSummaryOf = (row: Row<typeof findImage>): ImageSummary => ({
  id: row.id, ...(row.lesion_id === null ? {} : { lesionId: row.lesion_id }), sha256: row.sha256, mediaType: row.media_type,
  width: row.width, height: row.height, bytes: row.bytes, createdAt: row.created_at.toISOString(),
});

/** @throws Problem `data-invalid` */
export async function requireLesion(trx: Trx, siteId: string, subjectId: string, lesionId: string | undefined): Promise<void> {
  if (lesionId === undefined) return;
  if ((await findLesion(trx, siteId, lesionId))?.subject_id !== subjectId) fail('data-invalid', [{ pointer: '/lesionId', detail: 'This patient has no such lesion' }]);
}

/** @throws Problem `subject-not-found`, `contribution-reused` */
export function addVisit(context: Context, actor: Actor, siteId: string, subjectId: string, { contribution, ...visit }: VisitRequest): Promise<Visit> {
  const { details } = visit;
  const act = {
    siteId, contributionId: contribution, kind: 'visit.add', entityId: visit.id, request: { subjectId, ...visit }, ...(details ? { detail: { keys: Object.keys(details) } } : {}),
  };
  return contribute(context, actor, act, async (trx) => {
    await insertVisit(trx, await lockOwner(trx, actor, siteId, subjectId), visit);
    if (details && Object.keys(details).length > 0) await keepDetails(context, trx, { siteId, subjectId, visitId: visit.id, accountId: actor.accountId }, details);
  }, async (trx) => visitOf((await findVisit(trx, siteId, visit.id)) ?? fail('not-found')));
}

/** @throws Problem `subject-not-found`, `contribution-reused` */
export function addLesion(context: Context, actor: Actor, siteId: string, subjectId: string, { contribution, ...lesion }: LesionRequest): Promise<Lesion> {
  const act = { siteId, contributionId: contribution, kind: 'lesion.add', entityId: lesion.id, request: { subjectId, ...lesion } };
  return contribute(context, actor, act,
    async (trx) => insertLesion(trx, await lockOwner(trx, actor, siteId, subjectId), lesion),
    async (trx) => lesionOf((await findLesion(trx, siteId, lesion.id)) ?? fail('not-found')));
}

/** @throws Problem `subject-not-found`, `data-invalid`, `name-taken`, `contribution-reused` */
export function addSpecimen(context: Context, actor: Actor, siteId: string, subjectId: string, { contribution, ...specimen }: SpecimenRequest): Promise<Specimen> {
  const { id, code, lesionId } = specimen;
  const act = { siteId, contributionId: contribution, kind: 'specimen.add', entityId: id, request: { subjectId, ...specimen } };
  return contribute(context, actor, act, async (trx) => {
    const owner = await lockOwner(trx, actor, siteId, subjectId);
    await requireLesion(trx, siteId, subjectId, lesionId);
    await insertSpecimen(trx, owner, { id, code, lesion_id: lesionId ?? null });
  }, async (trx) => specimenOf((await findSpecimen(trx, siteId, id)) ?? fail('not-found')));
}
