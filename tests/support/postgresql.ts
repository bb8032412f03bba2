/** A PostgreSQL for tests: the one of TEST_DATABASE_URL, else a temporary cluster from the binaries of this machine. */
import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';

export interface TestServer {
  /** Of a database in which others may be created. */
  url: string;
  /** What it is, for a line of output. */
  name: string;
  stop(): Promise<void>;
}

const run = promisify(execFile);
const prefix = 'xf-postgresql-';

/** Undefined when there is none. `durable` leaves fsync on, for measurements. */
export async function startPostgresql({ durable = false } = {}): Promise<TestServer | undefined> {
  const given = process.env['TEST_DATABASE_URL'];
  if (given) return { url: given, name: `PostgreSQL ${await versionOf(given)} of TEST_DATABASE_URL`, stop: async () => {} };
  const binaries = findBinaries();
  if (binaries === undefined) return undefined;
  removeOrphans(binaries);
  return startCluster(binaries, durable);
}

/** The newest version that the distribution keeps, else what PATH has. */
function findBinaries(): string | undefined {
  const parent = '/usr/lib/postgresql';
  const versions = existsSync(parent) ? readdirSync(parent).sort((a, b) => Number(b) - Number(a)).map((version) => join(parent, version, 'bin')) : [];
  return [...versions, ...(process.env['PATH'] ?? '').split(delimiter)].find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));
}

async function startCluster(binaries: string, durable: boolean): Promise<TestServer> {
  const user = userFor();
  const folder = mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`));
  const password = randomBytes(16).toString('hex');
  const passwordFile = join(folder, 'password');
  const data = join(folder, 'data');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (user) for (const path of [folder, passwordFile]) chownSync(path, user.uid, user.gid);
  const stop = async (server?: ChildProcess): Promise<void> => {
    if (server && server.exitCode === null) {
      server.kill('SIGINT');
      await once(server, 'exit');
    }
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const as = { ...user, cwd: folder, env: { ...process.env, LC_ALL: 'C' } };
    await run(join(binaries, 'initdb'), ['-D', data, '-U', 'xf', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '-E', 'UTF8', '--locale=C', '--no-sync'], as);
    const port = await freePort();
    const settings = ['listen_addresses=127.0.0.1', `unix_socket_directories=${process.platform === 'win32' ? '' : folder}`, 'max_connections=200', 'timezone=UTC', ...(durable ? [] : ['fsync=off'])];
    const server = spawn(join(binaries, 'postgres'), ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])], { ...as, stdio: 'ignore' });
    const url = `postgresql://xf:${password}@127.0.0.1:${port}/postgres`;
    try {
      return { url, name: `PostgreSQL ${await versionWhenReady(url, server)} in a temporary cluster`, stop: () => stop(server) };
    } catch (error) {
      await stop(server);
      throw error;
    }
  } catch (error) {
    await stop();
    throw error;
  }
}

/** PostgreSQL refuses to run as root; then it runs as another user of the system. */
function userFor(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n').map((line) => line.split(':'));
  const line = lines.find(([name]) => name === 'postgres') ?? lines.find(([name]) => name === 'nobody');
  if (line === undefined) throw new Error('PostgreSQL does not run as root, and this system has neither a user postgres nor nobody');
  return { uid: Number(line[2]), gid: Number(line[3]) };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

async function versionWhenReady(url: string, server: ChildProcess): Promise<string> {
  for (let attempt = 0; attempt < 150; attempt += 1) {
    if (server.exitCode !== null) throw new Error(`The temporary PostgreSQL ended with status ${server.exitCode}`);
    const version = await versionOf(url).catch(() => undefined);
    if (version !== undefined) return version;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('The temporary PostgreSQL did not answer within 15 seconds');
}

async function versionOf(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  const { rows } = await client.query<{ server_version: string }>('show server_version');
  await client.end();
  return rows[0]?.server_version.split(' ')[0] ?? 'of unknown version';
}

/** Clusters whose test run was killed before it could stop them. */
function removeOrphans(binaries: string): void {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(prefix))) {
    const pid = Number(name.slice(prefix.length).split('-')[0]);
    if (isRunning(pid)) continue;
    const folder = join(tmpdir(), name);
    try {
      execFileSync(join(binaries, 'pg_ctl'), ['stop', '-D', join(folder, 'data'), '-m', 'immediate'], { ...userFor(), cwd: '/', stdio: 'ignore' });
    } catch {
      // Not running any more.
    }
    rmSync(folder, { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
