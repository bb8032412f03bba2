/** The requests of the client, typed by the contract in `schemas/http/api.ts`. Failures are those of `request.ts`. */
import type { CodePage } from '../schemas/code-search.ts';
import type { DictionaryIndex, DictionaryValueSetReply, VersionEntry } from '../schemas/dictionary.ts';
import type { Code, Value } from '../schemas/form.ts';
import type {
  Account, AccountRequest, CurrentModel, EditSiteRequest, EditSubjectRequest, EnrolRequest, ExportPreview, ExportRequest, FormContext, FormRecord, FormReply, Health, HistoryEntry, IdentitySheet, ImageRequest, ImageSummary, KnownFact, KnownVisit,
  Lesion, LesionRequest, Me, Page, RenameRequest, SaveReply, SaveRequest, SetupRequest, SignInRequest, Site, SitePerson, SiteRequest, Specimen, SpecimenRequest, StandardSummary,
  Subject, SubjectSummary, Visit, VisitDetailsRequest, VisitRequest,
} from '../schemas/http/api.ts';
import type { Access } from '../schemas/http/history-api.ts';
import type { StructureCheck } from '../schemas/prepare.ts';
import { json, send } from './request.ts';

type Signal = AbortSignal | undefined;
const post = (body: unknown, signal?: Signal) => ({ method: 'POST', body, signal }) as const;
const page = (after?: string, limit = 100) => `limit=${limit}${after ? `&after=${encodeURIComponent(after)}` : ''}`;

export const getHealth = (signal?: Signal) => json<Health>('/api/health', { signal, renews: false });

export const getSetup = () => json<{ open: boolean }>('/api/setup', { renews: false });
export const setUp = (request: SetupRequest) => json<Me>('/api/setup', { ...post(request), renews: false });

export const getSession = () => json<Me>('/api/session', { renews: false });
export const signIn = (request: SignInRequest) => json<Me>('/api/session', { ...post(request), renews: false });
export const signOut = () => json<void>('/api/session', { method: 'DELETE', renews: false });

export const listSites = (signal?: Signal) => json<Page<Site>>(`/api/sites?${page()}`, { signal });
export const addSite = (request: SiteRequest) => json<Site>('/api/sites', post(request));
export const editSite = (siteId: string, request: EditSiteRequest) => json<Site>(`/api/sites/${siteId}`, { method: 'PUT', body: request });
export const listAccounts = (after?: string, signal?: Signal) => json<Page<Account>>(`/api/accounts?${page(after)}`, { signal });
export const addAccount = (request: AccountRequest) => json<Account>('/api/accounts', post(request));
export const renameAccount = (accountId: string, request: RenameRequest) => json<Account>(`/api/accounts/${accountId}`, { method: 'PUT', body: request });
export const setMemberships = (accountId: string, memberships: Account['memberships']) =>
  json<Account>(`/api/accounts/${accountId}/memberships`, { method: 'PUT', body: { memberships } });

export const listStandards = (signal?: Signal) => json<StandardSummary[]>('/api/standards', { signal });
export const getDictionary = (signal?: Signal) => json<DictionaryIndex>('/api/dictionary', { signal });
export const getStandardHistory = (subDataset: string, signal?: Signal) => json<VersionEntry[]>(`/api/dictionary/history/${subDataset}`, { signal });
export const getDictionaryValueSet = (id: string, version: string, signal?: Signal) => json<DictionaryValueSetReply>(`/api/dictionary/value-sets/${id}/${version}`, { signal });
export const getForm = (subDataset: string, version: string, signal?: Signal) => json<FormReply>(`/api/forms/${subDataset}/${version}`, { signal });

/** `ref` is `icd-10/1.0.0`. */
export const searchCodes = (ref: string, query: string, limit: number, signal?: Signal) => json<CodePage>(`/api/value-sets/${ref}/codes?${new URLSearchParams({ q: query.slice(0, 100), limit: String(limit) })}`, { signal });
/** By body: the codes of a record belong in no address. */
export const readCodes = (ref: string, codes: readonly string[]) => json<{ items: Code[] }>(`/api/value-sets/${ref}/codes`, post({ codes }));

/** The structure check of one form, a module from our own origin: no page of ours needs `eval`. */
export async function getStructureCheck(subDataset: string, version: string): Promise<StructureCheck> {
  const module = await import(/* @vite-ignore */ `${location.origin}/api/forms/${subDataset}/${version}/structure.js`) as { default: StructureCheck };
  return module.default;
}

const ofSite = (siteId: string) => `/api/sites/${siteId}`;
const ofSubject = (siteId: string, subjectId: string) => `${ofSite(siteId)}/subjects/${subjectId}`;

export const listSubjects = (siteId: string, after?: string, signal?: Signal, limit = 100) => json<Page<SubjectSummary>>(`${ofSite(siteId)}/subjects?${page(after, limit)}`, { signal });
/** By body and not by address: what is looked for may be an ID number. */
export const searchSubjects = (siteId: string, q: string, after?: string, signal?: Signal, limit = 100) =>
  json<Page<SubjectSummary>>(`${ofSite(siteId)}/subjects/search`, post({ q, limit, ...(after ? { after } : {}) }, signal));
/** @throws Problem `possible-duplicate` with `duplicates: SubjectSummary[]` in `extra` */
export const enrol = (siteId: string, request: EnrolRequest) => json<Subject>(`${ofSite(siteId)}/subjects`, post(request));
export const getSubject = (siteId: string, subjectId: string, signal?: Signal) => json<Subject>(ofSubject(siteId, subjectId), { signal });
export const editSubject = (siteId: string, subjectId: string, request: EditSubjectRequest) => json<Subject>(ofSubject(siteId, subjectId), { method: 'PUT', body: request });
/** What may be known of a patient, as a form; and its structure check, a module like those of the standards. */
export const getIdentitySheet = (signal?: Signal) => json<IdentitySheet>('/api/identity', { signal });
export async function getIdentityCheck(): Promise<StructureCheck> {
  const module = await import(/* @vite-ignore */ `${location.origin}/api/identity/structure.js`) as { default: StructureCheck };
  return module.default;
}
/** In clear; every call is written to the audit trail. */
export const getIdentifiers = (siteId: string, subjectId: string) => json<{ [key: string]: Value }>(`${ofSubject(siteId, subjectId)}/identifiers`);

/** All that was ever said, by key; likewise written to the audit trail. */
export const listIdentifierHistory = (siteId: string, subjectId: string, after?: string) => json<Page<KnownFact>>(`${ofSubject(siteId, subjectId)}/identifiers/history?${page(after, 500)}`);

/** Who came to know what identifies a patient, newest first. */
export const listAccesses = (siteId: string, subjectId: string, after?: string) => json<Page<Access>>(`${ofSubject(siteId, subjectId)}/accesses?${page(after, 100)}`);

/** Those who work at the site; by body, so that no address holds a name. */
export const searchPeople = (siteId: string, q: string, limit: number) => json<Page<SitePerson>>(`${ofSite(siteId)}/people/search`, post({ q: q.slice(0, 100), limit }));
export const readNames = (siteId: string, ids: readonly string[]) => json<{ [id: string]: string }>(`${ofSite(siteId)}/people/names`, post({ ids }));

export const getVisitDetails = (siteId: string, subjectId: string, visitId: string, signal?: Signal) => json<KnownVisit>(`${ofSubject(siteId, subjectId)}/visits/${visitId}/details`, { signal });
export const changeVisitDetails = (siteId: string, subjectId: string, visitId: string, request: VisitDetailsRequest) =>
  json<KnownVisit>(`${ofSubject(siteId, subjectId)}/visits/${visitId}/details`, { method: 'PUT', body: request });

export const addVisit = (siteId: string, subjectId: string, request: VisitRequest) => json<Visit>(`${ofSubject(siteId, subjectId)}/visits`, post(request));
export const addLesion = (siteId: string, subjectId: string, request: LesionRequest) => json<Lesion>(`${ofSubject(siteId, subjectId)}/lesions`, post(request));
export const addSpecimen = (siteId: string, subjectId: string, request: SpecimenRequest) => json<Specimen>(`${ofSubject(siteId, subjectId)}/specimens`, post(request));

export function addImage(siteId: string, subjectId: string, request: ImageRequest, file: Blob): Promise<ImageSummary> {
  const body = new FormData();
  body.append('meta', JSON.stringify(request));
  body.append('file', file);
  return json<ImageSummary>(`${ofSubject(siteId, subjectId)}/images`, post(body));
}
export const imageAddress = (siteId: string, imageId: string) => `${ofSite(siteId)}/images/${imageId}`;
export const thumbnailAddress = (siteId: string, imageId: string) => `${imageAddress(siteId, imageId)}/thumbnail`;

export const getCurrentModel = () => json<CurrentModel>('/api/models');

/** Which record is meant, before there is one. */
export interface RecordPlace {
  subDataset: string;
  version: string;
  visitId?: string;
  lesionId?: string;
}

export function getFormContext(siteId: string, subjectId: string, { subDataset, version, visitId, lesionId }: RecordPlace, signal?: Signal): Promise<FormContext> {
  const query = new URLSearchParams({ subDataset, version, ...(visitId ? { visitId } : {}), ...(lesionId ? { lesionId } : {}) });
  return json<FormContext>(`${ofSubject(siteId, subjectId)}/context?${query}`, { signal });
}

export const getRecord = (siteId: string, recordId: string, signal?: Signal) => json<FormRecord>(`${ofSite(siteId)}/records/${recordId}`, { signal });
/** @throws Problem `record-conflict` with `conflicts: Conflict[]`, `record-incomplete` with `findings: Finding[]` in `extra` */
export const saveRecord = (siteId: string, recordId: string, base: number, request: SaveRequest) =>
  json<SaveReply>(`${ofSite(siteId)}/records/${recordId}`, { method: 'PUT', body: request, headers: { 'If-Match': `"${base}"` } });
export const listHistory = (siteId: string, recordId: string, pointer?: string, signal?: Signal) =>
  json<Page<HistoryEntry>>(`${ofSite(siteId)}/records/${recordId}/history${pointer ? `?pointer=${encodeURIComponent(pointer)}` : ''}`, { signal });

export const previewExport = (request: ExportRequest, signal?: Signal) => json<ExportPreview>('/api/exports/preview', post(request, signal));
/** The ZIP as a stream; its name is in `Content-Disposition`. */
export const runExport = (request: ExportRequest, signal?: Signal) => send('/api/exports', post(request, signal));
