/** The JSON Schemas with a name: they become the components of the OpenAPI document. Types: `api.ts`. */
import { problems } from '../problem.ts';
import { closed, count, instant, line, listOf, open, pointer, ref, semver, sha256, slug, text, uuid } from './primitives.ts';

export const roles = [
  'nurse', 'investigator', 'monitor', 'data-manager', 'standards-editor', 'analyst', 'site-administrator', 'system-administrator', 'staff',
] as const;
const permissions = [
  'subject:read', 'subject:write', 'subject:read-identifiers', 'subject:erase', 'record:read', 'record:write', 'image:read', 'image:write',
  'export:run', 'standard:read', 'account:write', 'site:write', 'audit:read', 'access:open',
] as const;
const permission = { type: 'string', enum: permissions } as const;
const recordStatus = { type: 'string', enum: ['in-progress', 'complete', 'signed', 'locked'] } as const;
/** Code, name and English name of a hospital. */
export const siteNames = { code: { type: 'string', pattern: '^[A-Z]{2}[0-9]{2}$' }, name: line(200), nameEn: line(200) } as const;
/** Under which a hospital is registered: of WS 218, or the unified social credit code. */
export const organisationCode = { type: 'string', pattern: '^[0-9A-Za-z-]{2,22}$' } as const;
export const visitKind = { type: 'string', enum: ['baseline', 'follow-up', 'treatment', 'operation', 'unplanned', 'outpatient', 'emergency', 'inpatient'] } as const;

/** Lengths are those of WS 445 (DE01.00.010.00, DE08.10.026.00, DE01.00.019.00 …). */
const aMoment = { type: 'string', format: 'date-time' } as const;
const detail = {
  outpatientNumber: line(18), inpatientNumber: line(18), department: line(50), ward: line(50), room: line(10), bed: line(10),
  admittedAt: aMoment, dischargedAt: aMoment, admissionCount: { type: 'integer', minimum: 1, maximum: 999 },
} as const;
export const visitDetails = closed(detail, []);
/** Null clears. */
export const visitChanges = closed(Object.fromEntries(Object.entries(detail).map(([key, schema]) => [key, { anyOf: [schema, { type: 'null' }] }])), []);

const subjectSummary = {
  id: uuid, siteId: uuid, studyNumber: { type: 'string' }, sex: { type: 'string' }, birthDate: { type: 'string' },
  createdAt: instant, records: count, drafts: count, erasedAt: instant,
} as const;
const subjectRequired = ['id', 'siteId', 'studyNumber', 'createdAt', 'records', 'drafts'] as const;
const recordSummary = {
  id: uuid, subjectId: uuid, visitId: uuid, lesionId: uuid, subDataset: slug, standardVersion: semver, status: recordStatus,
  version: count, updatedAt: instant, hardFindings: count, softFindings: count,
} as const;
const recordRequired = ['id', 'subjectId', 'subDataset', 'standardVersion', 'status', 'version', 'updatedAt', 'hardFindings', 'softFindings'] as const;
const answers = { data: open, missing: open, parked: open } as const;

/** Each has its name as `$id`; Fastify and the validator are given all of them. */
export const shapes: readonly { readonly $id: string; readonly [keyword: string]: unknown }[] = [
  { $id: 'Text', ...closed({ zh: { type: 'string' }, en: { type: 'string' } }) },
  { $id: 'Problem', description: 'RFC 9457; `type` is `/problems/<key>`', type: 'object', additionalProperties: true, required: ['type', 'title', 'status'],
    properties: {
      type: { type: 'string', enum: Object.keys(problems).map((key) => `/problems/${key}`) }, title: { type: 'string' }, status: { type: 'integer' },
      instance: { type: 'string', description: 'Id of the request, as in the log' }, errors: listOf(closed({ pointer: { type: 'string' }, detail: { type: 'string' } })),
    } },
  { $id: 'Health', ...closed({ status: { type: 'string', enum: ['ok', 'failing'] }, database: { type: 'string', enum: ['embedded', 'postgresql'] }, version: { type: 'string' }, release: { type: 'string' }, demo: { const: true } }, ['status', 'database', 'version', 'release']) },
  { $id: 'Me', ...closed({
    accountId: uuid, username: { type: 'string' }, displayName: { type: 'string' },
    sites: listOf(closed({ id: uuid, ...siteNames, roles: listOf({ type: 'string', enum: roles }), permissions: listOf(permission) }, ['id', 'code', 'name', 'roles', 'permissions'])),
    network: listOf(permission), pending: { type: 'string', enum: ['second-factor'] },
    openings: listOf(closed({ id: uuid, siteId: uuid, level: { type: 'string', enum: ['records', 'identifiers'] }, until: instant })), idleSeconds: count,
  }, ['accountId', 'username', 'displayName', 'sites', 'network']) },
  { $id: 'Site', ...closed({ id: uuid, ...siteNames, organisationCode }, ['id', 'code', 'name']) },
  { $id: 'Membership', ...closed({ siteId: uuid, role: { type: 'string', enum: roles } }, ['role']) },
  { $id: 'Account', ...closed({ id: uuid, username: { type: 'string' }, displayName: { type: 'string' }, status: { type: 'string', enum: ['active', 'disabled'] }, signsIn: { type: 'boolean' }, memberships: listOf(ref('Membership')) }) },
  { $id: 'StandardSummary', ...closed({ dataset: slug, subDataset: slug, version: semver, title: text, datasetTitle: text, per: { type: 'string' }, elements: count, sha256, part: { type: 'string', enum: ['core', 'annex'] } }) },
  { $id: 'SubjectSummary', ...closed(subjectSummary, [...subjectRequired]) },
  { $id: 'Subject', ...closed({
    ...subjectSummary, identifierKeys: listOf({ type: 'string' }), visits: listOf(ref('Visit')), lesions: listOf(ref('Lesion')),
    specimens: listOf(ref('Specimen')), recordList: listOf(ref('RecordSummary')), images: listOf(ref('ImageSummary')),
  }, [...subjectRequired, 'identifierKeys', 'visits', 'lesions', 'specimens', 'recordList', 'images']) },
  { $id: 'FormContext', ...closed({ context: open, withheld: listOf({ type: 'string' }) }) },
  { $id: 'KnownVisit', ...closed({ now: visitDetails, states: listOf(closed({ from: instant, details: visitChanges }, ['details'])), withheld: listOf({ type: 'string' }) }) },
  { $id: 'KnownFact', ...closed({ key: { type: 'string' }, from: { type: 'string' }, value: { type: 'string' }, at: instant, by: { type: 'string' } }, ['key', 'at', 'by']) },
  { $id: 'SitePerson', ...closed({ id: uuid, name: { type: 'string' } }) },
  { $id: 'Visit', ...closed({ id: uuid, kind: visitKind, visitDate: { type: 'string' } }) },
  { $id: 'Lesion', ...closed({ id: uuid, ordinal: count, label: { type: 'string' } }) },
  { $id: 'Specimen', ...closed({ id: uuid, code: { type: 'string' }, lesionId: uuid }, ['id', 'code']) },
  { $id: 'ImageSummary', ...closed({ id: uuid, lesionId: uuid, sha256, mediaType: { type: 'string' }, width: count, height: count, bytes: count, createdAt: instant },
    ['id', 'sha256', 'mediaType', 'width', 'height', 'bytes', 'createdAt']) },
  { $id: 'RecordSummary', ...closed(recordSummary, [...recordRequired]) },
  { $id: 'Finding', ...closed({ pointer: { type: 'string' }, severity: { type: 'string', enum: ['hard', 'soft'] }, rule: { type: 'string' }, message: text }) },
  { $id: 'FormRecord', ...closed({ ...recordSummary, ...answers, findings: listOf(ref('Finding')), origin: open, context: open, withheld: listOf({ type: 'string' }), people: open },
    [...recordRequired, 'data', 'missing', 'parked', 'findings', 'context', 'withheld', 'people']) },
  { $id: 'SaveReply', ...closed({ id: uuid, version: count, status: recordStatus, digest: sha256, ...answers, findings: listOf(ref('Finding')), savedAt: instant }) },
  { $id: 'HistoryEntry', ...closed({
    version: count, at: instant, by: { type: 'string' }, status: recordStatus, reason: { type: 'string' },
    changes: listOf(closed({ pointer, old: {}, new: {}, oldMissing: { type: 'string' }, newMissing: { type: 'string' } }, ['pointer'])),
  }, ['version', 'at', 'by', 'status', 'changes']) },
];
