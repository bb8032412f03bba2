/**
 * Every npm script comes here: sets up what is missing, then runs the command and stops with it. No dependencies, and plain
 * JavaScript for Node 20, because it runs before anything is installed.
 */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { findChromium } from '../../tests/support/chromium.mjs';
import { root } from './pinned.mjs';
import { build, install } from './setup.mjs';

const bin = (name, file = name) => join(root, 'node_modules', name, file);
const vitest = [bin('vitest', 'vitest.mjs'), 'run', '-c', 'tests/vitest.config.ts'];

const commands = {
  async start(node, args) {
    await build(node);
    return run(node, ['server/main.ts', ...args]);
  },
  async dev(node, args) {
    const page = run(node, [bin('vite', 'bin/vite.js'), '-c', 'client/vite.config.ts']);
    return Promise.race([page, run(node, ['--watch', 'server/main.ts', ...args])]);
  },
  async test(node, args) {
    await build(node);
    await requireChromium();
    return run(node, [...vitest, ...args]);
  },
  'test:fast': (node, args) => run(node, [...vitest, '--project', 'fast', ...args]),
  async check(node, args) {
    const steps = [
      ['types of server and engine', [bin('typescript', 'bin/tsc'), '--noEmit', '-p', 'tsconfig.json']],
      ['types of the client', [bin('typescript', 'bin/tsc'), '--noEmit', '-p', 'client/tsconfig.json']],
      ['lint', [bin('oxlint', 'bin/oxlint'), '--type-aware', '--deny-warnings']],
      ['generated files', ['schemas/bin/generate.ts', '--check']],
    ];
    for (const [name, step] of steps) {
      console.error(`Checking ${name}`);
      const status = await run(node, step);
      if (status !== 0) return status;
    }
    return commands.test(node, args);
  },
  bench: (node, args) => run(node, ['tests/bench/bench.ts', ...args]),
  generate: (node, args) => run(node, ['schemas/bin/generate.ts', ...args]),
  migrate: (node, args) => run(node, ['server/bin/xf.ts', 'migrate', ...args]),
  xf: (node, args) => run(node, ['server/bin/xf.ts', ...args]),
};

const children = new Set();
let stopping = false;

/** Runs a program of ours in the foreground; resolves to the status to end with. */
function run(node, args) {
  const env = { ...process.env, PATH: [dirname(node), process.env.PATH].filter(Boolean).join(delimiter) };
  return new Promise((resolve, reject) => {
    const child = spawn(node, args, { cwd: root, stdio: 'inherit', env });
    children.add(child);
    child.on('error', reject);
    child.on('exit', (status, signal) => {
      children.delete(child);
      resolve(status ?? 128 + (constants.signals[signal] ?? 0));
    });
  });
}

/** Lets the children finish what they do; those that have not ended after ten seconds are killed. */
function stop() {
  if (stopping) return;
  stopping = true;
  for (const child of children) child.kill('SIGTERM');
  setTimeout(() => children.forEach((child) => child.kill('SIGKILL')), 10_000).unref();
}

function watch() {
  // A terminal sends Ctrl-C to the children as well, and to be told twice means to them that the person will not wait.
  process.on('SIGINT', () => {
    if (!process.stdin.isTTY) return stop();
    stopping = true;
  });
  process.on('SIGTERM', stop);
  process.on('SIGHUP', stop);
  // npm does not pass on the signals that it gets: when it has gone, so do we.
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && stop(), 250).unref();
}

/** The tests look for it again, by themselves; only here may it be downloaded. */
async function requireChromium() {
  const { path, line } = await findChromium({ fetch: true });
  console.error(line);
  if (path === undefined && process.env.CI === 'true') throw new Error('CI runs the browser tests, and they need a Chromium.');
}

const [name = '', ...args] = process.argv.slice(2);
if (!Object.hasOwn(commands, name)) {
  console.error(`Commands: ${Object.keys(commands).join(', ')}`);
  process.exit(2);
}
watch();
try {
  process.exitCode = await commands[name](await install(), args);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
if (stopping) process.exit();
