/**
 * Whatever was thrown becomes application/problem+json (RFC 9457), here and nowhere else. What nobody foresaw is a 500 that
 * says nothing; the log gets its kind and where it happened, not its message, which may quote what a person entered.
 */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { Problem, problems, type FieldError, type ProblemName } from '../schemas/problem.ts';
import { DatabaseError } from './database.ts';

/** Unique and foreign keys whose refusal has a name of its own. */
const constraints: { readonly [name: string]: { key: ProblemName; errors?: FieldError[] } } = {
  contribution_pkey: { key: 'contribution-reused' },
  subject_site_id_study_number_key: { key: 'name-taken', errors: [{ pointer: '/studyNumber', detail: 'Another patient has this number' }] },
  specimen_site_id_code_key: { key: 'name-taken', errors: [{ pointer: '/code', detail: 'Another specimen has this code' }] },
  account_username_key: { key: 'name-taken', errors: [{ pointer: '/username', detail: 'Another person has this user name' }] },
  site_code_key: { key: 'name-taken', errors: [{ pointer: '/code', detail: 'Another hospital has this code' }] },
  protocol_run_once: { key: 'run-exists' },
  membership_site_id_fkey: { key: 'site-not-found' },
};

/** The first characters of an SQLSTATE, the longest that fits wins. */
const states: readonly (readonly [string, ProblemName])[] = [
  ['23505', 'name-taken'], ['23503', 'request-invalid'],
  // A text that cannot be what it stands for (a UUID, a date), or holds U+0000, which no text of PostgreSQL can.
  ['22P02', 'request-invalid'], ['22P05', 'request-invalid'], ['22021', 'request-invalid'], ['22007', 'request-invalid'], ['22008', 'request-invalid'],
  ['42501', 'not-permitted'], ['53100', 'storage-full'],
  ['08', 'database-unavailable'], ['53', 'database-unavailable'], ['57', 'database-unavailable'], ['58', 'database-unavailable'],
  ['40', 'database-unavailable'], ['55P03', 'database-unavailable'], ['25P0', 'database-unavailable'],
];

export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof DatabaseError) return problemOfDatabase(error);
  const code = codeOf(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') return new Problem('storage-full');
  if (code.startsWith('FST_') || statusOf(error) !== undefined) return problemOfRequest(error as FastifyError);
  return new Problem('internal');
}

/** Without an SQLSTATE the connection was lost, refused or never given. No class begins with E, and EPIPE has five letters too. */
function problemOfDatabase({ code = '', constraint = '' }: DatabaseError): Problem {
  const known = constraints[constraint];
  if (known) return new Problem(known.key, known.errors);
  if (!/^[0-9A-DF-Z][0-9A-Z]{4}$/.test(code)) return new Problem('database-unavailable');
  return new Problem(states.find(([start]) => code.startsWith(start))?.[1] ?? 'internal');
}

/** What Fastify refuses before a handler runs. */
function problemOfRequest(error: FastifyError): Problem {
  if (error.validation) return new Problem('request-invalid', error.validation.map((each) => fieldErrorOf(each, error.validationContext)));
  const status = statusOf(error) ?? 500;
  if (status === 429) return new Problem('too-many-requests');
  if (status === 404) return new Problem('not-found');
  if (status === 503) return new Problem('database-unavailable');
  if (status >= 500) return new Problem('internal');
  const details: { readonly [code: string]: string } = {
    FST_ERR_CTP_BODY_TOO_LARGE: 'The body is too large', FST_ERR_CTP_INVALID_MEDIA_TYPE: 'The body has another media type than this address takes',
    FST_ERR_BAD_URL: 'The address cannot be read', FST_ERR_MAX_PARAM_LENGTH: 'A part of the address is too long',
    FST_ERR_CTP_EMPTY_JSON_BODY: 'The body is empty', FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'The body is not as long as its header says',
  };
  return new Problem('request-invalid', [{ pointer: '', detail: details[error.code] ?? 'The body is not the JSON it should be' }]);
}

function fieldErrorOf({ instancePath, keyword, params, message }: NonNullable<FastifyError['validation']>[number], part = 'body'): FieldError {
  const member = keyword === 'required' ? params['missingProperty'] : keyword === 'additionalProperties' ? params['additionalProperty'] : undefined;
  const place = `${part === 'body' ? '' : `/${part}`}${instancePath}${typeof member === 'string' ? `/${member.replaceAll('/', '~1')}` : ''}`;
  const detail = keyword === 'required' ? 'is missing' : keyword === 'additionalProperties' ? 'is not known' : message ?? 'is not as it should be';
  return { pointer: place, detail };
}

/** Names that a sender made up are told back as far as they are names: what else stands there may be anything, a megabyte of markup too. */
function plain(pointer: string): string {
  return pointer.split('/').map((name) => (/^[\w.-]{0,80}$/.test(name) ? name : '…')).join('/');
}

export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = problemOf(error);
  const { status, title } = problems[problem.key];
  if (status >= 500) request.log.error(trace(error), problem.key);
  const retryAfter = problem.extra?.['retryAfter'] ?? (status === 503 ? 5 : undefined);
  if (typeof retryAfter === 'number') reply.header('retry-after', retryAfter);
  const body = { type: `/problems/${problem.key}`, title, status, instance: request.id, ...(problem.errors ? { errors: problem.errors.map((each) => ({ ...each, pointer: plain(each.pointer) })) } : {}), ...problem.extra };
  return reply.code(status).header('cache-control', 'no-store').type('application/problem+json').send(JSON.stringify(body));
}

/** What may be logged of an error: its name and code, and the lines of our code. A database error was cleaned of values before. */
function trace(error: unknown): object {
  if (!(error instanceof Error)) return { error: typeof error };
  const at = error.stack?.split('\n').filter((line) => line.trimStart().startsWith('at ')).slice(0, 8).map((line) => line.trim());
  const cause = error.cause === undefined ? {} : { cause: trace(error.cause) };
  return { error: error.name, code: codeOf(error), ...(error instanceof DatabaseError ? { message: error.message, constraint: error.constraint } : {}), at, ...cause };
}

function codeOf(error: unknown): string {
  const code: unknown = Object(error).code;
  return typeof code === 'string' ? code : '';
}

function statusOf(error: unknown): number | undefined {
  const status: unknown = Object(error).statusCode;
  return typeof status === 'number' ? status : undefined;
}
