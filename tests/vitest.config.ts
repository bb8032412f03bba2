/**
 * All tests. `fast` needs nothing; `server` runs on every database engine at hand; `elements` and `browser` need a Chromium;
 * `launcher` starts the real thing. `npx vitest run -c tests/vitest.config.ts <file>` runs one.
 */
import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig, type TestProjectConfiguration } from 'vitest/config';

const root = fileURLToPath(new URL('..', import.meta.url));
const isolation = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

interface Chromium {
  /** Absent when none can be had; `line` says why and what to do. */
  path?: string;
  env?: { [name: string]: string };
  args: string[];
  line: string;
}

const chromium = JSON.parse(execFileSync(process.execPath, [`${root}tests/support/chromium.mjs`, '--json'], { encoding: 'utf8' })) as Chromium;
if (chromium.path === undefined) {
  if (process.env['CI'] === 'true') throw new Error(chromium.line);
  console.warn(chromium.line);
}

/** The environment of the project's tests in Node; `tests/browser` starts its Chromium from it. */
const env = { CHROMIUM_PATH: chromium.path ?? '', CHROMIUM_ARGS: chromium.args.join(' '), ...chromium.env };

const node: TestProjectConfiguration[] = [
  {
    // Pure functions: nothing that one file leaves behind could be seen by another.
    test: { name: 'fast', root, include: ['tests/{standards,schemas,client}/**/*.test.ts', 'tests/*.test.ts'], testTimeout: 30_000, isolate: false },
  },
  {
    test: {
      name: 'server', root, include: ['tests/server/**/*.test.ts'], exclude: ['tests/server/launcher*.test.ts'],
      globalSetup: ['tests/support/global-setup.ts'], testTimeout: 60_000, hookTimeout: 60_000,
    },
  },
  {
    test: {
      name: 'launcher', root, include: ['tests/server/launcher*.test.ts'],
      globalSetup: ['tests/support/global-setup.ts'], testTimeout: 120_000, hookTimeout: 120_000, fileParallelism: false,
      sequence: { groupOrder: 2 },
    },
  },
];

const drawn: TestProjectConfiguration[] = [
  {
    server: { headers: isolation },
    // All dependencies are found before the first test: one found later would reload the page under a test.
    optimizeDeps: { entries: ['client/**/*.ts', 'schemas/*.ts', 'tests/client/**/*.ts'] },
    test: {
      name: 'elements', root, include: ['tests/client/**/*.browser.ts'], sequence: { groupOrder: 1 },
      browser: {
        enabled: true, headless: true, screenshotFailures: false,
        provider: playwright({ launchOptions: { executablePath: chromium.path ?? '', args: chromium.args, env: { ...process.env, ...chromium.env } } }),
        instances: [{ browser: 'chromium' }],
      },
    },
  },
  {
    test: {
      name: 'browser', root, env, include: ['tests/browser/**/*.test.ts'],
      globalSetup: ['tests/support/global-setup.ts'], testTimeout: 120_000, hookTimeout: 120_000, fileParallelism: false, sequence: { groupOrder: 3 },
    },
  },
];

export default defineConfig({
  test: {
    root,
    passWithNoTests: true,
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: chromium.path === undefined ? node : [...node, ...drawn],
  },
});
