import { cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { aFolder } from '../support/folders.ts';
import { start, type Started } from '../support/processes.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** `npm start` as a person types it, on any free port and without this machine's settings. */
function npmStart(settings: { [name: string]: string }): Started {
  const { DATABASE_URL: _, XF_KEYS_FILE: __, ...environment } = process.env;
  return start('npm', ['start'], { cwd: root, shell: process.platform === 'win32', env: { ...environment, NODE_ENV: 'production', PORT: '0', ...settings } });
}

async function addressOf(server: Started): Promise<string> {
  const line = await server.line(/is ready at http:/);
  return /http:\S+\//.exec(line)?.[0] ?? '';
}

describe('npm start', () => {
  test('serves, keeps a second one off, and stops everything when npm is told to stop', async () => {
    const folder = aFolder();
    const npm = npmStart({ XF_DATA: folder });
    const address = await addressOf(npm);
    const health = async () => (await (await fetch(`${address}api/health`)).json()) as unknown;
    expect(await health()).toMatchObject({ status: 'ok', database: 'embedded' });
    expect(npm.lines.join('\n')).toMatch(/not against power loss/);

    const second = npmStart({ XF_DATA: folder });
    expect(await second.ended).toBe(1);
    expect(second.lines.join('\n')).toMatch(new RegExp(`Data folder ${folder} is in use by process \\d+; stop it, or set XF_DATA`));
    expect(await health()).toMatchObject({ status: 'ok' });

    npm.child.kill('SIGTERM');
    await expect.poll(() => existsSync(join(folder, 'lock')), { timeout: 15_000 }).toBe(false);
    await expect.poll(() => health().then(() => 'answers', () => 'gone'), { timeout: 10_000 }).toBe('gone');

    // Nothing was lost, and nothing stands in the way of the next start but a port that another program has.
    const listener = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void listener.close());
    await once(listener, 'listening');
    const { port } = listener.address() as AddressInfo;
    const third = npmStart({ XF_DATA: folder, PORT: String(port) });
    expect(await third.ended).toBe(1);
    expect(third.lines.join('\n')).toContain(`Port ${port} on 127.0.0.1 is in use`);
    expect(existsSync(join(folder, 'lock'))).toBe(false);
  });

  test('names a database that cannot be reached, without its password', async () => {
    const npm = npmStart({ XF_DATA: aFolder(), DATABASE_URL: 'postgresql://someone:a-secret@127.0.0.1:1/clinic' });
    expect(await npm.ended).toBe(1);
    expect(npm.lines.join('\n')).toContain('PostgreSQL at 127.0.0.1:1/clinic cannot be used');
    expect(npm.lines.join('\n')).not.toContain('a-secret');
  });

  test('names every setting that is wrong', async () => {
    const npm = npmStart({ PORT: 'eighty', XF_CONNECTIONS: '0', DATABASE_URL: 'mysql://x:hidden@y/z' });
    expect(await npm.ended).toBe(1);
    const said = npm.lines.join('\n');
    for (const name of ['PORT is eighty', 'XF_CONNECTIONS is 0', 'DATABASE_URL must look like']) expect(said).toContain(name);
    expect(said).not.toContain('hidden');
  });
});

describe.skipIf(process.platform === 'win32')('a pinned package', () => {
  /** A checkout with nothing but the launcher, and an npm that brings `content` whatever it is asked for. */
  function aCheckout(content: string) {
    const folder = aFolder();
    cpSync(join(root, 'server/bin'), join(folder, 'server/bin'), { recursive: true });
    const npm = join(folder, 'npm-cli.js');
    mkdirSync(join(folder, 'node_modules'));
    writeFileSync(npm, `require('node:fs').writeFileSync(process.argv[process.argv.indexOf('--pack-destination') + 1] + '/sparticuz-chromium-153.0.0.tgz', ${JSON.stringify(content)})`);
    const fetchChromium = `import('${join(folder, 'server/bin/pinned.mjs')}').then((m) => m.chromiumPackage({ fetch: true })).then(console.log, (error) => { console.log(error.message); process.exitCode = 1; })`;
    return { folder, fetching: start(process.execPath, ['-e', fetchChromium], { env: { ...process.env, npm_execpath: npm } }) };
  }

  test.runIf(process.platform === 'linux' && process.arch === 'x64')('that is not the file that was pinned is not used', async () => {
    const { folder, fetching } = aCheckout('something else');
    expect(await fetching.ended).toBe(1);
    expect(fetching.lines.join('\n')).toMatch(/is not the file that was pinned .* it is not used/);
    expect(readdirSync(join(folder, '.runtime'))).toEqual([]);
  });
});
