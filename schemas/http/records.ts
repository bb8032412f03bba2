/** Requests and replies of records. */
import { closed, instant, line, listOf, pageOf, pageQuery, pointer, ref, replies, semver, sha256, siteItemParams, slug, uuid } from './primitives.ts';

const tags = ['records'];
const key = { type: 'string', minLength: 1, maxLength: 100 } as const;
const numbers = { type: 'object', maxProperties: 200, additionalProperties: { type: 'number' } } as const;

const value = {
  anyOf: [
    // Beyond these a whole number would be stored as another one.
    { type: ['string', 'number', 'boolean'], maxLength: 100_000, minimum: -Number.MAX_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER },
    { type: 'array', items: { type: 'string', maxLength: 1000 }, maxItems: 1000 },
    closed({ rowId: uuid }),
  ],
} as const;
const change = {
  ...closed({ pointer, value, missing: slug }, ['pointer']),
  not: { type: 'object', required: ['value', 'missing'], properties: { value: {}, missing: {} } },
} as const;
const importOrigin = closed({ kind: { type: 'string', const: 'import' }, fileSha256: sha256, mapping: key, row: { type: 'integer', minimum: 1 } });
const classificationOrigin = closed({
  kind: { type: 'string', const: 'classification' }, model: closed({ name: key, version: key, sha256 }), runtime: key, inputSha256: sha256,
  scores: numbers, ranked: { ...listOf(key), maxItems: 200 }, abstained: line(500), thresholds: numbers,
  quality: closed({ version: key, focus: { type: 'number' }, brightness: { type: 'number' }, clipped: { type: 'number' }, glare: { type: 'number' }, passed: { type: 'boolean' } }),
  latencyMs: { type: 'number', minimum: 0 }, shownAt: instant, decision: { type: 'string', enum: ['accepted', 'overridden', 'ignored'] }, decidedAt: instant,
}, ['kind', 'model', 'runtime', 'inputSha256', 'scores', 'ranked', 'thresholds', 'quality', 'latencyMs', 'decision', 'decidedAt']);

export const getRecord = { tags, summary: 'A record as it is now', params: siteItemParams, response: replies(200, ref('FormRecord'), 'The record; `ETag` is its version') };
export const putRecord = {
  tags, summary: 'Save changes over the version named in If-Match ("0" for a new record)', params: siteItemParams,
  headers: { type: 'object', properties: { 'if-match': { type: 'string', description: 'The version the changes start from, as in "3"' } } },
  body: closed({
    contribution: uuid, subjectId: uuid, visitId: uuid, lesionId: uuid, subDataset: slug, standardVersion: semver, changes: { ...listOf(change), maxItems: 5000 },
    status: { type: 'string', enum: ['in-progress', 'complete'] }, reason: line(1000), origin: { anyOf: [importOrigin, classificationOrigin] },
  }, ['contribution', 'subjectId', 'subDataset', 'standardVersion', 'changes', 'status']),
  response: replies(200, ref('SaveReply'), 'Saved; `ETag` is the new version'),
};
export const getHistory = {
  tags, summary: 'Who changed what, newest first', params: siteItemParams,
  querystring: { ...pageQuery, properties: { ...pageQuery.properties, pointer } }, response: replies(200, pageOf(ref('HistoryEntry')), 'A page'),
};
