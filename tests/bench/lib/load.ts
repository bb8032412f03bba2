/**
 * HTTP load on keep-alive connections: each sends its next request when the last answer has been read to its end. Plain
 * sockets and requests made beforehand, because the generator shares the cores with what it measures.
 */
import { connect, type Socket } from 'node:net';
import { quantile, round } from './stats.ts';

export interface Target {
  host: string;
  port: number;
}

export interface Loaded {
  count: number;
  perSecond: number;
  /** Milliseconds. */
  p50: number;
  p95: number;
  p99: number;
  errors: number;
  /** Status line of the first answer that was no success. */
  firstError?: string;
  seconds: number;
  /** CPU seconds of this process. */
  generatorSeconds: number;
}

export interface RequestParts {
  method: string;
  path: string;
  headers: { readonly [name: string]: string };
  body?: string;
}

export function bytesOf({ host, port }: Target, { method, path, headers, body = '' }: RequestParts): Buffer {
  const lines = [`${method} ${path} HTTP/1.1`, `Host: ${host}:${port}`, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)];
  if (body !== '') lines.push('Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`);
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`);
}

export async function load(target: Target, connections: number, requests: readonly Buffer[]): Promise<Loaded> {
  const sockets = await Promise.all(Array.from({ length: connections }, () => open(target)));
  return measure(requests.length, connections, async (index, worker) => {
    const status = await ask(sockets[worker]!, requests[index]!);
    return status < 300 ? undefined : String(status);
  }).finally(() => sockets.forEach((socket) => socket.destroy()));
}

/** `work` gives what went wrong, in a word. */
export async function measure(count: number, workers: number, work: (index: number, worker: number) => Promise<string | undefined>): Promise<Loaded> {
  const latencies = new Float64Array(count);
  let next = 0;
  let errors = 0;
  let firstError: string | undefined;
  const cpu = process.cpuUsage();
  const began = performance.now();
  await Promise.all(Array.from({ length: workers }, async (_, worker) => {
    for (let index = next++; index < count; index = next++) {
      const sent = performance.now();
      const error = await work(index, worker);
      latencies[index] = performance.now() - sent;
      if (error !== undefined) {
        errors += 1;
        firstError ??= error;
      }
    }
  }));
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const at = (share: number) => round(quantile(latencies, share));
  return {
    count, perSecond: round(count / seconds, 0), p50: at(0.5), p95: at(0.95), p99: at(0.99), errors, ...(firstError === undefined ? {} : { firstError }),
    seconds, generatorSeconds: (user + system) / 1e6,
  };
}

async function open({ host, port }: Target): Promise<Socket> {
  const socket = connect({ host, port, noDelay: true });
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  return socket;
}

/** Status of the answer, which must say its length. */
function ask(socket: Socket, request: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    let received: Buffer = Buffer.alloc(0);
    let wanted = Infinity;
    let status = 0;
    const done = (error?: Error) => {
      socket.removeAllListeners('data').removeAllListeners('error').removeAllListeners('close');
      if (error) reject(error);
      else resolve(status);
    };
    socket.on('data', (chunk: Buffer) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
      if (wanted === Infinity) {
        const end = received.indexOf('\r\n\r\n');
        if (end < 0) return;
        const head = received.toString('latin1', 0, end);
        status = Number(head.slice(9, 12));
        wanted = end + 4 + Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
      }
      if (received.length >= wanted) done();
    });
    socket.on('error', done);
    socket.on('close', () => done(new Error('The server closed a connection')));
    socket.write(request);
  });
}
