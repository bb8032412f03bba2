/** A headless Chromium, as the tests find it. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type CDPSession, type Page } from 'playwright';

/** Frames as soon as they are ready: the display's rhythm is not what is measured. */
const unpaced = ['--disable-frame-rate-limit', '--disable-gpu-vsync', '--enable-precise-memory-info'];

/** Throws, saying what to install, when there is none. */
export async function openBrowser(args: readonly string[] = []): Promise<Browser> {
  const finder = fileURLToPath(new URL('../../support/chromium.mjs', import.meta.url));
  const found = JSON.parse(execFileSync(process.execPath, [finder, '--json', '--fetch'], { encoding: 'utf8' })) as { path?: string; env?: { [name: string]: string }; args: string[]; line: string };
  if (found.path === undefined) throw new Error(found.line);
  const env = Object.fromEntries(Object.entries({ ...process.env, ...found.env }).filter((entry): entry is [string, string] => entry[1] !== undefined));
  return chromium.launch({ executablePath: found.path, headless: true, args: [...found.args, ...unpaced, ...args], env });
}

/** Milliseconds of main-thread work so far. */
export async function taskMs(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN) * 1000;
}

/** MB of JavaScript's heap that is in use, garbage collected first. */
export async function heapMB(session: CDPSession): Promise<number> {
  for (let times = 0; times < 2; times += 1) await session.send('HeapProfiler.collectGarbage');
  return (await session.send('Runtime.getHeapUsage')).usedSize / 1e6;
}

/** A new page, and what its scripts threw. */
export async function openPage(browser: Browser, address: string): Promise<{ page: Page; session: CDPSession; errors: string[] }> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => void (message.type() === 'error' && errors.push(message.text())));
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  await page.goto(address);
  return { page, session, errors };
}
