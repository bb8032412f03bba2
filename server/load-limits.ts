/** How much one person may ask for in a minute, and how long a body may take to arrive: nobody keeps the others waiting. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { fail } from '../schemas/problem.ts';

export type RouteClass = 'export' | 'image' | 'search' | 'write' | 'read';

/** Requests a minute for one account, in one process. Nobody who works by hand comes near; sign-in has limits of its own, by address and name. */
export const perMinute: { readonly [name in RouteClass]: number } = { export: 60, image: 300, search: 1200, write: 3000, read: 6000 };

/** A JSON or XML body of a few megabytes; pictures have the ten minutes of the server. */
export const bodySeconds = 30;

const minute = 60_000;
const mostCounters = 100_000;

export function classOf({ method, routeOptions: { url = '' } }: Pick<FastifyRequest, 'method' | 'routeOptions'>): RouteClass {
  if (/\/exports(\/|$)|\/dictionary\/files\/|\.pdf$/.test(url)) return 'export';
  if (method === 'POST' && /\/images$/.test(url)) return 'image';
  if (/\/(search|codes|names)$/.test(url)) return 'search';
  return method === 'GET' || method === 'HEAD' ? 'read' : 'write';
}

/** For a scope where `request.actor` is known. @throws Problem `too-many-requests` with the seconds to wait */
export function limitRates(app: FastifyInstance, most: { readonly [name in RouteClass]: number } = perMinute): void {
  const counters = new Map<string, number>();
  let begun = 0;
  app.addHook('onRequest', async (request, reply) => {
    const now = performance.now();
    if (now - begun >= minute || counters.size >= mostCounters) {
      counters.clear();
      begun = now;
    }
    const name = classOf(request);
    const key = `${name} ${request.actor.accountId}`;
    const count = (counters.get(key) ?? 0) + 1;
    counters.set(key, count);
    if (count <= most[name]) return;
    const retryAfter = Math.ceil((begun + minute - now) / 1000);
    reply.header('retry-after', retryAfter);
    fail('too-many-requests', undefined, { retryAfter });
  });
}

/** A body that comes byte by byte is cut off; the answer to it, if one is under way, is not waited for either. */
export function limitBodyTime(app: FastifyInstance, seconds = bodySeconds): void {
  const timers = new WeakMap<FastifyRequest, NodeJS.Timeout>();
  const stop = (request: FastifyRequest) => clearTimeout(timers.get(request));
  app.addHook('onRequest', async (request) => {
    const { method, headers, raw } = request;
    if (method === 'GET' || method === 'HEAD' || headers['content-type']?.startsWith('multipart/')) return;
    timers.set(request, setTimeout(() => raw.destroy(), seconds * 1000).unref());
  });
  app.addHook('preValidation', async (request) => stop(request));
  app.addHook('onResponse', async (request) => stop(request));
  app.addHook('onRequestAbort', async (request) => stop(request));
}
