/** A server that listens, with clients that vanish and a database that goes away. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { request as httpRequest } from 'node:http';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDatabase, type OpenDatabase } from '../../server/database.ts';
import { engines } from '../support/engines.ts';
import { aSave, aSubject, header, id, problemOf, useServer, type Person } from './support/app.ts';

describe.each(engines())('clients that vanish, on $name', ({ fresh, name }) => {
  const store = fresh();
  const server = useServer(() => store.open);
  let siteId: string;
  let nurse: Person;
  let subjectId: string;
  let port: number;
  let cookie: string;

  beforeAll(async () => {
    await server.app.listen({ host: '127.0.0.1', port: 0 });
    port = (server.app.server.address() as AddressInfo).port;
    siteId = await server.site();
    nurse = await server.person({ siteId, role: 'nurse' });
    subjectId = await aSubject(nurse, siteId);
    cookie = nurse.cookie;
  });

  const heads = (type: string, length: number) => [...Object.entries(header).map(([key, value]) => `${key}: ${value}`), `cookie: ${cookie}`, `content-type: ${type}`, `content-length: ${length}`, 'if-match: "0"'].join('\r\n');
  const cut = async (method: string, path: string, type: string, body: Buffer, part: number): Promise<Socket> => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    await once(socket, 'connect');
    socket.write(`${method} ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n${heads(type, body.length)}\r\n\r\n`);
    socket.write(body.subarray(0, part));
    return socket;
  };

  test('leave no transaction open, and the next save is stored', { timeout: 60_000 }, async () => {
    const save = Buffer.from(JSON.stringify(aSave(subjectId, [{ pointer: '/note', value: 'x'.repeat(150) }])));
    const picture = Buffer.concat([Buffer.from(`--b\r\nContent-Disposition: form-data; name="meta"\r\n\r\n${JSON.stringify({ id: id(), contribution: id() })}\r\n--b\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n`), Buffer.alloc(200_000, 255)]);
    for (let wave = 0; wave < 4; wave += 1) {
      const sockets = await Promise.all(Array.from({ length: 24 }, (_, index) => index % 3 === 2
        ? cut('POST', `/api/sites/${siteId}/subjects/${subjectId}/images`, 'multipart/form-data; boundary=b', picture, 100_000)
        : cut('PUT', `/api/sites/${siteId}/records/${id()}`, 'application/json', save, index % 3 ? save.length : save.length >> 1)));
      await sleep(5 + wave * 10);
      for (const socket of sockets) socket.destroy();
    }
    const replies = await Promise.all(Array.from({ length: 8 }, () => nurse.put(`/api/sites/${siteId}/records/${id()}`, aSave(subjectId), { 'if-match': '"0"' })));
    expect(replies.map(({ statusCode }) => statusCode)).toEqual(replies.map(() => 200));
    if (name === 'postgresql') await expect.poll(() => openTransactions(store.config.url ?? ''), { timeout: 20_000 }).toBe(0);
    await expect.poll(async () => (await server.app.inject('/api/health')).statusCode, { timeout: 20_000 }).toBe(200);
  });

  test('stops a picture of unknown length at 50 MB', { timeout: 60_000 }, async () => {
    const reply = await new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
      const request = httpRequest({ port, host: '127.0.0.1', method: 'POST', path: `/api/sites/${siteId}/subjects/${subjectId}/images`, headers: { ...header, cookie, 'content-type': 'multipart/form-data; boundary=b', 'transfer-encoding': 'chunked' } }, (response) => {
        let body = '';
        response.on('data', (chunk: Buffer) => (body += chunk.toString())).on('end', () => resolve({ status: response.statusCode, body }));
      });
      request.on('error', reject);
      request.write(`--b\r\nContent-Disposition: form-data; name="meta"\r\n\r\n${JSON.stringify({ id: id(), contribution: id() })}\r\n--b\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n`);
      for (let sent = 0; sent < 52; sent += 1) request.write(Buffer.alloc(1024 * 1024));
      request.end('\r\n--b--\r\n');
    });
    expect([reply.status, JSON.parse(reply.body)]).toMatchObject([413, { type: '/problems/image-too-large' }]);
  });
});

/** Transactions that wait for their client; for a moment each does, so it is asked until there are none. */
async function openTransactions(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ open: string }>(`select count(*) as open from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`);
    return Number(rows[0]?.open);
  } finally {
    await client.end();
  }
}

/** A line to the database that can be cut. */
class Line {
  readonly server: Server;
  readonly #sockets = new Set<Socket>();
  #isCut = false;

  constructor(port: number, host: string) {
    this.server = createServer((near) => {
      if (this.#isCut) return void near.destroy();
      const far = connect(port, host);
      for (const socket of [near, far]) {
        this.#sockets.add(socket);
        socket.on('error', () => {}).on('close', () => [near, far].forEach((end) => end.destroy()));
      }
      near.pipe(far).pipe(near);
    });
  }

  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
  }

  mend(): void {
    this.#isCut = false;
  }
}

describe.each(engines().filter(({ name }) => name === 'postgresql'))('a database that goes away, on $name', ({ create }) => {
  let line: Line;
  let open: OpenDatabase;
  let drop: () => Promise<void>;
  beforeAll(async () => {
    const made = await create();
    drop = made.drop;
    const url = new URL(made.config.url ?? '');
    line = new Line(Number(url.port), url.hostname);
    line.server.listen(0, '127.0.0.1');
    await once(line.server, 'listening');
    url.port = String((line.server.address() as AddressInfo).port);
    open = await openDatabase({ ...made.config, url: url.href });
  });
  afterAll(async () => {
    await open.close();
    line.cut();
    line.server.close();
    await drop();
  });
  const server = useServer(() => open);

  test('is told as a 503 that says when to try again; saves go on when it is back, and none is lost or stored twice', async () => {
    const siteId = await server.site();
    const nurse = await server.person({ siteId, role: 'nurse' });
    const subjectId = await aSubject(nurse, siteId);
    const recordId = id();
    const request = aSave(subjectId, [{ pointer: '/note', value: 'kept' }]);
    const save = () => nurse.put(`/api/sites/${siteId}/records/${recordId}`, request, { 'if-match': '"0"' });

    const under = Array.from({ length: 10 }, () => nurse.put(`/api/sites/${siteId}/records/${id()}`, aSave(subjectId), { 'if-match': '"0"' }));
    line.cut();
    for (const reply of await Promise.all(under)) expect([200, 503]).toContain(reply.statusCode);
    const reply = await save();
    expect([reply.statusCode, problemOf(reply), reply.headers['retry-after']]).toEqual([503, 'database-unavailable', '5']);
    expect((await server.app.inject('/api/health')).statusCode).toBe(503);

    line.mend();
    expect((await save()).json()).toMatchObject({ version: 1, data: { note: 'kept' } });
    expect((await save()).json()).toMatchObject({ version: 1 });
    expect((await server.app.inject('/api/health')).statusCode).toBe(200);
  });
});
