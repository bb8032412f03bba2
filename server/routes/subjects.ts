/** Subjects and what belongs to them. */
import type { FastifyPluginAsync } from 'fastify';
import type { EditSubjectRequest, EnrolRequest, ErasureRequest, LesionRequest, SpecimenRequest, SubjectSearch, VisitDetailsRequest, VisitRequest } from '../../schemas/http/api.ts';
import * as schema from '../../schemas/http/subjects.ts';
import type { Context } from '../services/context.ts';
import { editSubject, enrol } from '../services/enrol.ts';
import { eraseSubject } from '../services/erase.ts';
import { addLesion, addSpecimen, addVisit } from '../services/entities.ts';
import { readAccesses } from '../services/history-accesses.ts';
import { permit } from '../services/permissions.ts';
import { readNewContext } from '../services/read-record.ts';
import { pageOfSubjects, readIdentifierHistory, readIdentifiers, readSubject, searchSubjects } from '../services/subjects.ts';
import { changeVisitDetails, readVisitDetails } from '../services/visit-details.ts';
import type { PageQuery, SiteItemParams, SiteParams, SubjectParams } from './query.ts';

interface ContextQuery {
  subDataset: string;
  version: string;
  visitId?: string;
  lesionId?: string;
}

export const subjects: FastifyPluginAsync<{ context: Context }> = async (app, { context }) => {
  app.get<{ Params: SiteParams; Querystring: PageQuery }>('/', { schema: schema.listSubjects }, async ({ actor, params, query }) => {
    permit(actor, 'subject:read', params.siteId);
    return pageOfSubjects(context, actor, params.siteId, query.after, query.limit);
  });

  app.post<{ Params: SiteParams; Body: SubjectSearch }>('/search', { schema: schema.searchSubjects }, async ({ actor, params, body }) => {
    permit(actor, 'subject:read', params.siteId);
    return searchSubjects(context, actor, params.siteId, body);
  });

  app.post<{ Params: SiteParams; Body: EnrolRequest }>('/', { schema: schema.postSubject }, async ({ actor, params, body }, reply) => {
    permit(actor, 'subject:write', params.siteId);
    return reply.code(201).send(await enrol(context, actor, params.siteId, body));
  });

  app.get<{ Params: SiteItemParams }>('/:id', { schema: schema.getSubject }, async ({ actor, params }) => {
    permit(actor, 'subject:read', params.siteId);
    return readSubject(context, actor, params.siteId, params.id);
  });

  app.put<{ Params: SiteItemParams; Body: EditSubjectRequest }>('/:id', { schema: schema.putSubject }, async ({ actor, params, body }) => {
    permit(actor, 'subject:write', params.siteId);
    return editSubject(context, actor, params.siteId, params.id, body);
  });

  app.get<{ Params: SiteItemParams }>('/:id/identifiers', { schema: schema.getIdentifiers }, async ({ actor, params }, reply) => {
    permit(actor, 'subject:read-identifiers', params.siteId);
    reply.header('cache-control', 'no-store');
    return readIdentifiers(context, actor, params.siteId, params.id);
  });

  app.get<{ Params: SiteItemParams; Querystring: PageQuery }>('/:id/identifiers/history', { schema: schema.getIdentifierHistory }, async ({ actor, params, query }, reply) => {
    permit(actor, 'subject:read-identifiers', params.siteId);
    reply.header('cache-control', 'no-store');
    return readIdentifierHistory(context, actor, params.siteId, params.id, query.after, query.limit);
  });

  app.get<{ Params: SiteItemParams; Querystring: PageQuery }>('/:id/accesses', { schema: schema.getAccesses }, async ({ actor, params, query }) => {
    permit(actor, 'audit:read', params.siteId);
    return readAccesses(context, actor, params.siteId, params.id, query.after, query.limit);
  });

  app.post<{ Params: SiteItemParams; Body: ErasureRequest }>('/:id/erasure', { schema: schema.postErasure }, async ({ actor, params, body }) => {
    permit(actor, 'subject:erase', params.siteId);
    return eraseSubject(context, actor, params.siteId, params.id, body);
  });

  app.get<{ Params: SiteItemParams; Querystring: ContextQuery }>('/:id/context', { schema: schema.getFormContext }, async ({ actor, params, query }) => {
    permit(actor, 'subject:read', params.siteId);
    const place = { siteId: params.siteId, subjectId: params.id, visitId: query.visitId, lesionId: query.lesionId };
    return readNewContext(context, actor, place, query.subDataset, query.version);
  });

  app.post<{ Params: SubjectParams; Body: VisitRequest }>('/:subjectId/visits', { schema: schema.postVisit }, async ({ actor, params, body }, reply) => {
    permit(actor, 'subject:write', params.siteId);
    return reply.code(201).send(await addVisit(context, actor, params.siteId, params.subjectId, body));
  });

  app.get<{ Params: SubjectParams & SiteItemParams }>('/:subjectId/visits/:id/details', { schema: schema.getVisitDetails }, async ({ actor, params }, reply) => {
    permit(actor, 'subject:read', params.siteId);
    reply.header('cache-control', 'no-store');
    return readVisitDetails(context, actor, params.siteId, params.subjectId, params.id);
  });

  app.put<{ Params: SubjectParams & SiteItemParams; Body: VisitDetailsRequest }>('/:subjectId/visits/:id/details', { schema: schema.putVisitDetails }, async ({ actor, params, body }) => {
    permit(actor, 'subject:write', params.siteId);
    return changeVisitDetails(context, actor, params.siteId, params.subjectId, params.id, body);
  });

  app.post<{ Params: SubjectParams; Body: LesionRequest }>('/:subjectId/lesions', { schema: schema.postLesion }, async ({ actor, params, body }, reply) => {
    permit(actor, 'subject:write', params.siteId);
    return reply.code(201).send(await addLesion(context, actor, params.siteId, params.subjectId, body));
  });

  app.post<{ Params: SubjectParams; Body: SpecimenRequest }>('/:subjectId/specimens', { schema: schema.postSpecimen }, async ({ actor, params, body }, reply) => {
    permit(actor, 'subject:write', params.siteId);
    return reply.code(201).send(await addSpecimen(context, actor, params.siteId, params.subjectId, body));
  });
};
