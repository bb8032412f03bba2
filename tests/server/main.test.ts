/** The server as a process: what it says, how it stops, and why it does not start. */
import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { aFolder } from '../support/folders.ts';
import { start } from '../support/processes.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = (env: { [name: string]: string }, ...args: string[]) => start(process.execPath, ['server/main.ts', ...args], {
  cwd: root, env: { ...process.env, DATABASE_URL: '', HOST: '127.0.0.1', PORT: '0', NODE_OPTIONS: '', ...env },
});

describe('the server process', () => {
  test('makes its folder, prints a one-time link, and stops at once when it is told to', { timeout: 60_000 }, async () => {
    const folder = join(aFolder(), 'data');
    const server = run({ XF_DATA: folder });
    const link = /http:\/\/127\.0\.0\.1:(\d+)\/setup#([\w-]{40,})/.exec(await server.line(/setup#/));
    expect(server.lines.join('\n')).toMatch(/Safe against a crash of this process, not against power loss/);
    if (process.platform !== 'win32') expect(statSync(join(folder, 'keys.json')).mode & 0o777).toBe(0o600);
    expect((await fetch(`http://127.0.0.1:${link?.[1]}/api/health`)).status).toBe(200);

    const stopped = performance.now();
    expect(await server.kill('SIGTERM')).toBe(0);
    expect(performance.now() - stopped).toBeLessThan(8000);

    const again = run({ XF_DATA: folder });
    const other = /setup#([\w-]{40,})/.exec(await again.line(/setup#/));
    expect(other?.[1]).not.toBe(link?.[2]);
    expect(await again.kill('SIGINT')).toBe(0);
  });

  test('says that a port is in use, how to take another, and ends with 1', { timeout: 60_000 }, async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const server = run({ XF_DATA: aFolder(), PORT: String(port) });
    expect(await server.ended).toBe(1);
    taken.close();
    expect(server.lines.join('\n')).toContain(`Port ${port} on 127.0.0.1 is in use`);
    expect(server.lines.join('\n')).toContain(`PORT=${port + 1} npm start`);
  });

  test.for<{ name: string; env: (folder: string) => { [name: string]: string }; says: RegExp }>([
    { name: 'a database that does not answer', env: (folder) => ({ XF_DATA: folder, DATABASE_URL: 'postgresql://xf:secret@127.0.0.1:1/xf' }), says: /PostgreSQL at 127\.0\.0\.1:1\/xf cannot be used/ },
    { name: 'a port that is no number', env: (folder) => ({ XF_DATA: folder, PORT: 'eighty' }), says: /PORT is eighty/ },
    { name: 'a key file that is damaged', env: (folder) => (writeFileSync(join(folder, 'keys.json'), '{'), { XF_DATA: folder }), says: /keys\.json is not JSON/ },
    { name: 'an address that is not of this machine', env: (folder) => ({ XF_DATA: folder, HOST: '203.0.113.1' }), says: /HOST is 203\.0\.113\.1/ },
  ])('says what is wrong with $name, and ends with 1', { timeout: 60_000 }, async ({ env, says }) => {
    const server = run(env(aFolder()));
    expect(await server.ended).toBe(1);
    const said = server.lines.join('\n');
    expect(said).toMatch(says);
    expect(said).not.toMatch(/secret|\n\s+at /);
  });
});
