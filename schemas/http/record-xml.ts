/** A record as XML, out and in. */
import { closed, count, listOf, pointer, ref, replies, siteItemParams, siteParams, uuid } from './primitives.ts';

const tags = ['records'];

export const getRecordXml = {
  tags, summary: 'A record as XML under the identifiers of its source standard', params: siteItemParams,
  response: replies(200, { type: 'string', description: 'XML 1.0, UTF-8; see record.xsd' }, 'The record; `ETag` is its version'),
};
export const postRecordXml = {
  tags, summary: 'A new record from XML; the body is application/xml', params: siteParams, consumes: ['application/xml'],
  querystring: closed({ recordId: uuid, subjectId: uuid, visitId: uuid, lesionId: uuid, contribution: uuid }, ['recordId', 'subjectId', 'contribution']),
  response: replies(201, closed({
    record: ref('SaveReply'), passedOver: count,
    refused: listOf(closed({ pointer: { ...pointer, pattern: '^/line/[0-9]+/column/[0-9]+$' }, detail: { type: 'string' } })),
  }), 'Stored as in progress; what was refused is listed by line and column, everything else is kept'),
};
