/** Requests and replies of protocols and their runs. */
import { closed, count, instant, line, listOf, open, pageOf, pageQuery, replies, semver, siteItemParams, siteParams, slug, text, uuid } from './primitives.ts';

const tags = ['protocols'];
const status = { type: 'string', enum: ['running', 'finished', 'abandoned'] } as const;
const name = { type: 'string', pattern: '^[a-z][A-Za-z0-9]*$', maxLength: 80 } as const;
const reason = line(1000);

const summary = {
  id: uuid, subjectId: uuid, visitId: uuid, lesionId: uuid, protocol: slug, version: semver, title: text, status, startedAt: instant, startedBy: { type: 'string' }, closedAt: instant,
} as const;
const required = ['id', 'subjectId', 'visitId', 'protocol', 'version', 'title', 'status', 'startedAt', 'startedBy'] as const;
const optional = (members: { readonly [name: string]: object }, needed: string[]) => closed(members, needed);

/** The state is the engine's: left open, for a schema would drop what it does not name. */
const run = closed({
  ...summary, now: instant, state: open,
  aliquots: listOf(closed({ specimenId: uuid, code: { type: 'string' }, kind: slug, recordId: uuid, namedAt: instant })),
  deviations: listOf(optional({
    key: { type: 'string' }, code: slug, of: slug, recordId: uuid, minutes: { type: 'integer' }, limit: { type: 'number' }, recordedAt: instant, holds: { type: 'boolean' },
    reasons: listOf(closed({ reason: { type: 'string' }, by: { type: 'string' }, at: instant })),
  }, ['key', 'code', 'of', 'recordedAt', 'holds', 'reasons'])),
  events: listOf(optional({ kind: { type: 'string' }, step: name, key: { type: 'string' }, reason: { type: 'string' }, at: instant, by: { type: 'string' } }, ['kind', 'at', 'by'])),
}, [...required, 'now', 'state', 'aliquots', 'deviations', 'events']);
const told = { response: replies(200, run, 'The run as it is now') };
const stepParams = closed({ siteId: uuid, id: uuid, step: name });

export const listProtocols = { tags, summary: 'The protocols, the newest version of each', response: replies(200, listOf(closed({ name: slug, version: semver, title: text, visit: listOf({ type: 'string' }), lesion: { type: 'string' } })), 'The protocols') };
export const getProtocol = { tags, summary: 'A compiled protocol', params: closed({ name: slug, version: semver }), response: replies(200, open, 'The protocol; never changes') };

export const listRuns = {
  tags, summary: 'Runs of a hospital, the latest first', params: siteParams,
  querystring: { ...pageQuery, properties: { ...pageQuery.properties, subjectId: uuid, status } }, response: replies(200, pageOf(optional(summary, [...required])), 'A page'),
};
export const postRun = {
  tags, summary: 'Start a run', params: siteParams,
  body: closed({ id: uuid, contribution: uuid, protocol: slug, subjectId: uuid, visitId: uuid, lesionId: uuid }, ['id', 'contribution', 'protocol', 'subjectId', 'visitId']),
  response: replies(201, run, 'Started'),
};
export const getRun = { tags, summary: 'A run as it is now; deviations that hold by now are recorded', params: siteItemParams, ...told };
export const postRecord = {
  tags, summary: 'Begin a record of a step or of a picture, or record a moment in it', params: siteItemParams,
  body: closed({ contribution: uuid, recordId: uuid, step: name, picture: slug, moment: closed({ key: name, at: instant }) }, ['contribution', 'recordId', 'step']), ...told,
};
export const postComplete = { tags, summary: 'Complete a step; refused with what is missing', params: stepParams, body: closed({ contribution: uuid }), ...told };
export const postSkip = { tags, summary: 'Leave a step out, with the reason', params: stepParams, body: closed({ contribution: uuid, reason }), ...told };
export const postDeviation = { tags, summary: 'Give the reason of a deviation', params: siteItemParams, body: closed({ contribution: uuid, key: { type: 'string', maxLength: 120 }, reason }), ...told };
export const postAliquots = {
  tags, summary: 'Name aliquots of a record by the rule', params: siteItemParams,
  body: closed({ contribution: uuid, recordId: uuid, counts: { type: 'object', minProperties: 1, maxProperties: 20, additionalProperties: { ...count, maximum: 99 } } }), ...told,
};
export const postClose = { tags, summary: 'Finish a run, or abandon it with the reason', params: siteItemParams, body: closed({ contribution: uuid, outcome: { type: 'string', enum: ['finished', 'abandoned'] }, reason }, ['contribution', 'outcome']), ...told };

const language = { type: 'string', enum: ['zh', 'en'], default: 'zh' } as const;
const pdf = { type: 'string', format: 'binary', description: 'application/pdf' } as const;
export const getLabels = {
  tags, summary: 'The labels of the aliquots, a sheet', params: siteItemParams,
  querystring: closed({ language, recordId: uuid, skip: { type: 'integer', minimum: 0, maximum: 999, default: 0 } }, []), response: replies(200, pdf, 'PDF'),
};
export const getRunSheet = { tags, summary: 'The run on one page', params: siteItemParams, querystring: closed({ language }, []), response: replies(200, pdf, 'PDF') };
