/**
 * Every npm script comes here: sets up what is missing, then runs the command and stops with it. No dependencies, and plain
 * JavaScript for Node 20, because it runs before anything is installed.
 */
import { readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { findChromium } from '../../tests/support/chromium.mjs';
import { run as runChild, stopChildren } from './children.mjs';
import { root } from './pinned.mjs';
import { build, install } from './setup.mjs';

const bin = (name, file = name) => join(root, 'node_modules', name, file);
const vitest = [bin('vitest', 'vitest.mjs'), 'run', '-c', 'tests/vitest.config.ts'];

/** Room for what lives as long as a request: a tenth less CPU a save. `tests/bench` starts its servers so too. */
const forServer = ['--max-semi-space-size=32'];

const commands = {
  async start(node, args) {
    await build(node);
    return run(node, [...forServer, 'server/main.ts', ...args]);
  },
  async dev(node, args) {
    const page = run(node, [bin('vite', 'bin/vite.js'), '-c', 'client/vite.config.ts']);
    const status = await Promise.race([page, run(node, ['--watch', 'server/main.ts', ...args])]);
    stopChildren();
    return status;
  },
  async test(node, args) {
    await build(node);
    await prepareChromium();
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
  async generate(node, args) {
    const status = await run(node, ['schemas/bin/generate.ts', ...args]);
    return status === 0 && !args.includes('--release') ? run(node, ['server/bin/notices.ts', ...args]) : status;
  },
  migrate: (node, args) => run(node, ['server/bin/xf.ts', 'migrate', ...args]),
  // Files are named from where the person is, not from where npm goes.
  xf: (node, args) => run(node, [join(root, 'server/bin/xf.ts'), ...args], process.env.INIT_CWD),
};

/** A program of ours, in the foreground. */
function run(node, args, cwd = root) {
  const env = { ...process.env, PATH: [dirname(node), process.env.PATH].filter(Boolean).join(delimiter) };
  return runChild(node, args, { cwd, stdio: 'inherit', env });
}

let stopping = false;

function stop() {
  if (stopping) return;
  stopping = true;
  stopChildren();
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
  if (process.env.npm_lifecycle_event === undefined) return;
  const callers = callersNow();
  setInterval(() => callersNow() !== callers && stop(), 250).unref();
}

/** The process that called us and, where the system tells, the one before it: npm puts a shell in between. */
function callersNow() {
  try {
    return `${process.ppid} ${readFileSync(`/proc/${process.ppid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ')[1]}`;
  } catch {
    return `${process.ppid}`;
  }
}

/** The tests look for it again, by themselves; only here may it be downloaded. */
async function prepareChromium() {
  const { path, line } = await findChromium({ fetch: true });
  // Where there is none the tests say so themselves, and in CI they fail.
  if (path) console.error(line);
}

const [name = '', ...args] = process.argv.slice(2);
if (!Object.hasOwn(commands, name)) {
  console.error(`Commands: ${Object.keys(commands).join(', ')}`);
  process.exit(2);
}
watch();
try {
  const node = await install();
  if (!stopping) process.exitCode = await commands[name](node, args);
} catch (error) {
  if (!stopping) console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
if (stopping) process.exit();
