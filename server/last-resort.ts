/** Answers to what never becomes a request: an address or a head that cannot be read. No hook of a route runs for these, so the headers are set here. */
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyHttpOptions, FastifyReply, FastifyRequest } from 'fastify';
import type { Server } from 'node:http';
import { problems } from '../schemas/problem.ts';
import { sendProblem } from './errors.ts';
import { securityHeaders } from './http-settings.ts';

function frameworkErrors(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  void sendProblem(error, request, reply.headers(securityHeaders));
}

/** By the code of Node's error; all others are a plain 400. */
const statuses: { readonly [code: string]: number } = { ERR_HTTP_REQUEST_TIMEOUT: 408, HPE_HEADER_OVERFLOW: 431 };

function clientErrorHandler(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  if (!socket.writable) return void socket.destroy();
  const status = statuses[error.code ?? ''] ?? 400;
  const body = JSON.stringify({ type: '/problems/request-invalid', title: problems['request-invalid'].title, status });
  const headers = { ...securityHeaders, 'cache-control': 'no-store', 'connection': 'close', 'content-type': 'application/problem+json', 'content-length': String(body.length) };
  socket.end([`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), '', body].join('\r\n'));
  // A client that goes on sending keeps the socket from closing by itself.
  setTimeout(() => socket.destroy(), 1000).unref();
}

export const lastResort = { frameworkErrors, clientErrorHandler } satisfies FastifyHttpOptions<Server>;
