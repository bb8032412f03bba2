/** What every request to the API must pass: writes come from our own page, and somebody is signed in. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { agentClass, deviceOf, type Device } from '../schemas/history/device.ts';
import { fail } from '../schemas/problem.ts';
import type { Actor } from './services/permissions.ts';
import type { From, Sessions } from './services/sessions.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; in the scopes that `requireSignIn` guards. */
    actor: Actor;
  }
  interface FastifyContextConfig {
    /** Answers also while a second factor has still to be set up. */
    whilePending?: boolean;
  }
}

const cookieName = 'xf_session';

/**
 * Other origins cannot send our header without being asked first, and are never allowed; the cookie is SameSite=Strict besides.
 * @throws Problem `foreign-origin`
 */
export async function refuseForeignWrites(request: FastifyRequest): Promise<void> {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  const { origin } = request.headers;
  if (request.headers['x-requested-with'] !== 'xiangya-forms') fail('foreign-origin');
  if (origin !== undefined && !isOwn(origin, request.host)) fail('foreign-origin');
}

/** Browsers leave the usual port out; a proxy in front may have put it in. */
function isOwn(origin: string, host: string): boolean {
  const from = URL.parse(origin);
  return from !== null && from.host !== '' && from.host === URL.parse(`${from.protocol}//${host}`)?.host;
}

/** Everything that is registered in this scope needs a session. */
export function requireSignIn(app: FastifyInstance, sessions: Sessions): void {
  app.addHook('onRequest', async (request) => {
    const token = readToken(request);
    const actor = (token === undefined ? undefined : await sessions.find(token)) ?? fail('not-signed-in');
    request.actor = { ...actor, device: requestDevice(request) };
    if (actor.pending && !request.routeOptions.config.whilePending) fail('second-factor-required');
  });
}

const agents = new Map<string, string>();
const mostAgents = 1000;

/** What the request says of the device, for the audit trail. */
export function requestDevice({ headers }: FastifyRequest): Device {
  const userAgent = headers['user-agent']?.slice(0, 500) ?? '';
  let agent = agents.get(userAgent);
  if (agent === undefined) {
    if (agents.size >= mostAgents) agents.clear();
    agents.set(userAgent, (agent = agentClass(userAgent)));
  }
  return deviceOf(headers, agent);
}

/** Where a request comes from, for the list of sessions. */
export function readFrom(request: FastifyRequest): From {
  return { address: request.ip, device: requestDevice(request).agent };
}

export function readToken(request: FastifyRequest): string | undefined {
  return request.cookies[cookieName];
}

/** Only this server gets the cookie back, scripts never see it, and over HTTPS it never travels in clear. */
export function setToken(request: FastifyRequest, reply: FastifyReply, token: string, longestMs: number): void {
  reply.setCookie(cookieName, token, { path: '/api', httpOnly: true, sameSite: 'strict', secure: request.protocol === 'https', maxAge: longestMs / 1000 });
}

export function clearToken(reply: FastifyReply): void {
  reply.clearCookie(cookieName, { path: '/api' });
}
