/** Our server as a process of its own, on a database of its own, with somebody signed in. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { v7 as uuid } from 'uuid';
import { bytesOf, type Target } from './load.ts';

/** What the launcher gives it too. */
const asLaunched = ['--max-semi-space-size=32'];

const root = fileURLToPath(new URL('../../..', import.meta.url));

export interface BenchServer {
  target: Target;
  pid: number;
  siteId: string;
  /** Headers of whoever is signed in. */
  headers: { [name: string]: string };
  /** Throws for anything but a success. */
  ask(method: string, path: string, body?: unknown): Promise<unknown>;
  request(method: string, path: string, headers: { readonly [name: string]: string }, body: unknown): Buffer;
  stop(): Promise<void>;
}

export interface ServerOptions {
  databaseUrl: string;
  /** Arguments for Node, as for a profile. */
  node?: string[];
  environment?: { [name: string]: string };
}

/** What it says goes to a file, as under a service manager: nobody has to read along while it is measured. */
export async function startServer({ databaseUrl, node = [], environment = {} }: ServerOptions): Promise<BenchServer> {
  const folder = mkdtempSync(join(tmpdir(), 'xf-bench-'));
  const logPath = join(folder, 'server.log');
  const log = openSync(logPath, 'w');
  const child = spawn(process.execPath, [...asLaunched, ...node, 'server/main.ts'], {
    cwd: root, stdio: ['ignore', log, log], env: { ...process.env, DATABASE_URL: databaseUrl, XF_DATA: join(folder, 'data'), HOST: '127.0.0.1', PORT: '0', XF_DEMO: '0', XF_RATE_LIMITS: '0', ...environment },
  });
  closeSync(log);
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const { target, token } = await ready(child, logPath);
    return { ...(await signedIn(target, token)), pid: child.pid ?? 0, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function ready(child: ChildProcess, logPath: string): Promise<{ target: Target; token: string }> {
  for (let tries = 0; tries < 600; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    const said = readFileSync(logPath, 'utf8');
    const link = /http:\/\/([^:/]+):(\d+)\/setup#(\S+)/.exec(said);
    if (link) return { target: { host: link[1] ?? '', port: Number(link[2]) }, token: link[3] ?? '' };
    if (child.exitCode !== null) throw new Error(`The server ended:\n${said}`);
  }
  throw new Error('The server was not ready within a minute');
}

async function signedIn(target: Target, token: string): Promise<Omit<BenchServer, 'pid' | 'stop'>> {
  const origin = `http://${target.host}:${target.port}`;
  const headers: { [name: string]: string } = { 'X-Requested-With': 'xiangya-forms' };
  const ask = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const reply = await fetch(origin + path, { method, headers: { ...headers, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    const text = await reply.text();
    if (!reply.ok) throw new Error(`${method} ${path.replace(/[0-9a-f-]{36}/g, '…')}: ${reply.status} ${text.slice(0, 300)}`);
    const cookie = reply.headers.getSetCookie()[0]?.split(';')[0];
    if (cookie) headers['Cookie'] = cookie;
    return text === '' ? undefined : JSON.parse(text);
  };
  const me = (await ask('POST', '/api/setup', { token, username: 'bench', displayName: 'Bench', password: uuid(), site: { code: 'BE01', name: 'Bench' } })) as { sites: { id: string }[] };
  const siteId = me.sites[0]?.id ?? '';
  return { target, siteId, headers, ask, request: (method, path, more, body) => bytesOf(target, { method, path, headers: { ...headers, ...more }, body: JSON.stringify(body) }) };
}
