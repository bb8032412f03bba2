/** Requests and replies of subjects and of what belongs to them: visits, lesions, specimens. */
import { closed, instant, line, open, pageOf, pageQuery, ref, replies, semver, siteItemParams, siteParams, slug, subjectParams, uuid } from './primitives.ts';
import { visitChanges, visitDetails, visitKind } from './shapes.ts';

const tags = ['subjects'];
const scalar = { type: ['string', 'number', 'boolean'], maxLength: 1000 } as const;
const reason = line(1000);
const day = { type: 'string', format: 'date' } as const;

export const listSubjects = { tags, summary: 'The patients of a hospital, by study number', params: siteParams, querystring: pageQuery, response: replies(200, pageOf(ref('SubjectSummary')), 'A page') };
export const searchSubjects = {
  tags, summary: 'Find by the beginning of a study number, or by a whole identifier', params: siteParams,
  body: closed({ q: line(100), after: pageQuery.properties.after, limit: pageQuery.properties.limit }, ['q']),
  response: replies(200, pageOf(ref('SubjectSummary')), 'A page'),
};
export const postSubject = {
  tags, summary: 'Enrol a patient', params: siteParams,
  body: closed({
    id: uuid, contribution: uuid, studyNumber: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._/-]{0,39}$' },
    identity: { type: 'object', maxProperties: 100, propertyNames: { type: 'string', pattern: '^[A-Za-z][A-Za-z0-9]{0,79}$' }, additionalProperties: scalar }, confirmedNotDuplicate: { type: 'boolean' },
  }, ['id', 'contribution', 'identity']),
  response: replies(201, ref('Subject'), 'Enrolled'),
};
export const getSubject = { tags, summary: 'A patient with visits, lesions, records and pictures', params: siteItemParams, response: replies(200, ref('Subject'), 'The patient') };
export const putSubject = {
  tags, summary: 'Change what is known of a patient; null clears', params: siteItemParams,
  body: closed({ contribution: uuid, identity: { type: 'object', maxProperties: 100, propertyNames: { type: 'string', pattern: '^[A-Za-z][A-Za-z0-9]{0,79}$' }, additionalProperties: { ...scalar, type: [...scalar.type, 'null'] } }, reason, from: day }, ['contribution', 'identity']),
  response: replies(200, ref('Subject'), 'The patient'),
};
export const getIdentifiers = { tags, summary: 'The direct identifiers in clear; each reading is audited', params: siteItemParams, response: replies(200, open, 'By element key') };
export const getIdentifierHistory = { tags, summary: 'All that was ever said of who a patient is; each reading is audited', params: siteItemParams, querystring: pageQuery, response: replies(200, pageOf(ref('KnownFact')), 'A page, by key') };
export const getAccesses = {
  tags, summary: 'Who came to know what identifies a patient, and when; newest first', params: siteItemParams, querystring: pageQuery,
  response: replies(200, pageOf(closed({
    id: uuid, at: instant, by: { type: 'string' }, accountId: uuid, action: { type: 'string' }, paths: { type: 'array', items: { type: 'string' } }, agent: { type: 'string' }, offline: { const: true },
  }, ['id', 'at', 'accountId', 'action'])), 'A page'),
};
export const postErasure = {
  tags, summary: 'Erase what identifies a patient, for ever', params: siteItemParams,
  body: closed({ contribution: uuid, reason, anonymise: { type: 'boolean' } }, ['contribution', 'reason']),
  response: replies(200, ref('Subject'), 'The patient, of whom nothing identifying is left'),
};
export const getFormContext = {
  tags, summary: 'What a new form would be bound to', params: siteItemParams,
  querystring: closed({ subDataset: slug, version: semver, visitId: uuid, lesionId: uuid }, ['subDataset', 'version']),
  response: replies(200, ref('FormContext'), 'Values by bind path'),
};

const added = (id: string) => ({ tags, params: subjectParams, response: replies(201, ref(id), 'Added') }) as const;
export const postVisit = { ...added('Visit'), summary: 'Add a visit', body: closed({ id: uuid, contribution: uuid, kind: visitKind, visitDate: day, details: visitDetails }, ['id', 'contribution', 'kind', 'visitDate']) };
export const postLesion = { ...added('Lesion'), summary: 'Add a lesion; it gets the next number', body: closed({ id: uuid, contribution: uuid, label: line(200) }) };
export const postSpecimen = { ...added('Specimen'), summary: 'Add a specimen', body: closed({ id: uuid, contribution: uuid, code: line(60), lesionId: uuid }, ['id', 'contribution', 'code']) };

const visitParams = closed({ siteId: uuid, subjectId: uuid, id: uuid });
export const getVisitDetails = { tags, summary: 'What is known of a visit; reading its numbers is audited', params: visitParams, response: replies(200, ref('KnownVisit'), 'The visit') };
export const putVisitDetails = {
  tags, summary: 'Add to what is known of a visit, or change it; null clears', params: visitParams,
  body: closed({ contribution: uuid, details: { ...visitChanges, minProperties: 1 }, from: { type: 'string', format: 'date-time' } }, ['contribution', 'details']),
  response: replies(200, ref('KnownVisit'), 'The visit'),
};
export const getIdentity = { tags: ['standards'], summary: 'What may be known of a patient, as a form', response: replies(200, closed({ form: open, enrol: { type: 'array', items: { type: 'string' } } }), 'The form, and what enrolling asks of it') };
export const getIdentityStructure = { tags: ['standards'], summary: 'Its structure check, a JavaScript module' };
