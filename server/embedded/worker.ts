/** PGlite in a thread of its own: a query blocks this thread, never the one that answers requests. */
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite, protocol } from '@electric-sql/pglite';
import { cleanError, parsers, type Answer } from '../engine.ts';
import type { Reply, Request, Start } from './messages.ts';

const port = parentPort;
if (!port) throw new Error('This file is started by server/embedded/embedded.ts');

const { folder, template } = workerData as Start;
const database = new PGlite({
  parsers,
  // A checkpoint keeps old files of the log for use again: few are enough.
  startParams: [...PGlite.defaultStartParams, '-c', 'max_wal_size=128MB', '-c', 'min_wal_size=32MB'],
  ...(folder === undefined ? {} : { dataDir: folder }),
  ...(template === undefined ? {} : { loadDataDir: new Blob([template as Uint8Array<ArrayBuffer>]) }),
});

port.on('message', (request: Request) => {
  answer(request).then(
    (value) => post({ id: request.id, value }),
    (error: unknown) => post({ id: request.id, error: describe(error) }),
  );
});
database.waitReady.then(
  () => post({ id: 0, value: undefined }),
  (error: unknown) => post({ id: 0, error: describe(error) }),
);

async function answer(request: Request): Promise<unknown> {
  switch (request.act) {
    case 'query':
      return query(request.text, request.values);
    case 'copy':
      return copy(request.text);
    case 'dump':
      return new Uint8Array(await (await database.dumpDataDir('none')).arrayBuffer());
    case 'close':
      return database.close();
  }
}

async function query(text: string, values: readonly unknown[]): Promise<Answer> {
  const result = values.length === 0 ? (await database.exec(text)).at(-1) : await database.query(text, [...values]);
  return { command: result?.command ?? '', affected: result?.affectedRows ?? 0, rows: result?.rows ?? [] };
}

/** By the protocol and not through a file: the role of a transaction may not write files. */
async function copy(text: string): Promise<Uint8Array> {
  const { messages } = await database.execProtocol(protocol.serialize.query(text));
  return Buffer.concat(messages.flatMap((message) => (message.name === 'copyData' && 'chunk' in message ? [message.chunk as Uint8Array] : [])));
}

function describe(error: unknown): { message: string; fields: { [name: string]: unknown } } {
  const { message, code, table, column, constraint } = cleanError(error);
  return { message, fields: { code, table, column, constraint } };
}

function post(reply: Reply): void {
  port?.postMessage(reply);
}
