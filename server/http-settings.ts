/** Limits, headers and the log of the HTTP server. */
import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import { constants } from 'node:zlib';
import type { FastifyCompressOptions } from '@fastify/compress';
import { LogController, type FastifyHttpOptions, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Actor } from './services/permissions.ts';

const second = 1000;

/** A client that stalls is let go; a picture of 50 MB over poor Wi-Fi has ten minutes. */
export const limits = {
  bodyLimit: 2 * 1024 * 1024,
  connectionTimeout: 60 * second,
  requestTimeout: 600 * second,
  keepAliveTimeout: 65 * second,
  // Node looks after its time limits in this rhythm, by default every half minute: a slow head is cut after 25 s at the latest.
  http: { headersTimeout: 20 * second, connectionsCheckingInterval: 5 * second },
  forceCloseConnections: 'idle',
  routerOptions: { maxParamLength: 200 },
  genReqId: () => randomUUID(),
} as const satisfies FastifyHttpOptions<Server>;

/** No bodies, no query strings, no headers, no messages of errors: nothing that a person may have typed. */
export function logging(on: boolean): FastifyHttpOptions<Server> {
  if (!on) return { logger: false };
  const req = ({ method, url }: FastifyRequest) => ({ method, path: url.split('?')[0] });
  const err = ({ code }: { code?: string }) => ({ type: 'Error', message: '', stack: '', code });
  return { logger: { level: 'info', base: null, serializers: { req, err } }, logController: new LogController({ disableRequestLogging: true }) };
}

/** One line for each request: which route, who, how it ended, how long it took. */
export async function logResponse(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  if (request.routeOptions.logLevel === 'warn') return;
  const { method, actor, routeOptions } = request as FastifyRequest & { actor?: Actor };
  request.log.info({ method, route: routeOptions.url ?? 'none', status: reply.statusCode, ms: Math.round(reply.elapsedTime * 10) / 10, account: actor?.accountId });
}

/** Scripts, workers and pictures come from us alone; threads in WebAssembly need cross-origin isolation. */
export const securityHeaders = {
  'content-security-policy': [
    "default-src 'self'", "script-src 'self' 'wasm-unsafe-eval'", "style-src 'self'", "img-src 'self' blob: data:", "media-src 'self' blob:", "worker-src 'self'",
    "object-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'",
  ].join(';'),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
  'origin-agent-cluster': '?1',
  'permissions-policy': 'camera=(self), microphone=(), geolocation=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const;

/** Pictures and archives are compressed already. Brotli at its best takes seconds; at 4 it is quicker than gzip and smaller. */
export const compressing: FastifyCompressOptions = {
  threshold: 1024,
  customTypes: /^(application\/(json|problem\+json|javascript|wasm|manifest\+json)|text\/.*|image\/svg\+xml)(;|$)/,
  brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } },
};
