/**
 * One request to our own server. Whatever goes wrong is a Problem with a public name, or a ConnectionError when there
 * was no answer at all. A session that has run out is renewed in place: the page stays, the request is sent again.
 */
import { Problem, problems } from '../schemas/problem.ts';
import type { FieldError, ProblemName } from '../schemas/problem.ts';
import { thisDevice } from './device.ts';

/** Nothing came back: no network, or no server behind it. What was to be sent is still with the caller. */
export class ConnectionError extends Error {
  constructor() {
    super('The server does not answer');
    this.name = 'ConnectionError';
  }
}

export interface Call {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
  /** Ask the person to sign in again when the session has run out; off for the session's own routes. */
  renews?: boolean;
}

/** Milliseconds without an answer after which a read is given up. */
const patience = 30_000;

let renew: (() => Promise<boolean>) | undefined;

/** Names who asks the person to sign in again; it answers true when the request is worth sending once more. */
export function onSessionExpired(handler: (() => Promise<boolean>) | undefined): void {
  renew = handler;
}

/** @throws Problem | ConnectionError | DOMException named AbortError */
export async function send(path: string, call: Call = {}): Promise<Response> {
  const response = await attempt(path, call);
  if (response.ok) return response;
  const problem = await problemOf(response);
  if (problem.key === 'not-signed-in' && call.renews !== false && renew && (await renew())) return send(path, { ...call, renews: false });
  throw problem;
}

/** Sends, and reads the reply as JSON of the shape that the contract names. */
export async function json<T>(path: string, call: Call = {}): Promise<T> {
  const response = await send(path, call);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

async function attempt(path: string, { method = 'GET', body, headers, signal }: Call): Promise<Response> {
  const isForm = body instanceof FormData;
  const timeout = method === 'GET' ? AbortSignal.timeout(patience) : undefined;
  const signals = [signal, timeout].filter((each) => each !== undefined);
  try {
    return await fetch(path, {
      method,
      credentials: 'same-origin',
      headers: {
        ...(method === 'GET' ? {} : { 'X-Requested-With': 'xiangya-forms' }),
        ...thisDevice(),
        ...(body === undefined || isForm ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
      ...(signals.length ? { signal: AbortSignal.any(signals) } : {}),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ConnectionError();
  }
}

async function problemOf(response: Response): Promise<Problem> {
  const reply = await response.json().catch(() => undefined) as { type?: string; errors?: FieldError[] } | undefined;
  const { type, errors, ...extra } = reply ?? {};
  const name = type?.replace('/problems/', '');
  return new Problem(name && name in problems ? name as ProblemName : nameOf(response.status), errors, extra);
}

/** For an answer that is not ours, as of a proxy in between. */
function nameOf(status: number): ProblemName {
  if (status === 401) return 'not-signed-in';
  if (status === 403) return 'not-permitted';
  if (status === 404) return 'not-found';
  if (status === 429) return 'too-many-requests';
  return status >= 502 && status <= 504 ? 'database-unavailable' : 'internal';
}
