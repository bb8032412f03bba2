/**
 * Finds a Chromium for the tests. Run as a program it prints where (`--json`: with the arguments and environment it wants);
 * `--fetch` allows the pinned package to be downloaded when nothing else is there. Without dependencies, for Node 20 and newer.
 */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const help = 'Install one (Debian: apt-get install chromium; any system: npx playwright install chromium) or set CHROMIUM_PATH.';

/** As root there is no sandbox to be had; the others keep a test from talking to the outside. */
const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** @param {{ fetch?: boolean }} [options] @returns {Promise<{ path?: string, env?: Record<string, string>, args: string[], line: string }>} */
export async function findChromium({ fetch = false } = {}) {
  const named = process.env.CHROMIUM_PATH;
  if (named) {
    if (existsSync(named)) return found(named);
    return { args, line: `Browser tests NOT RUN: CHROMIUM_PATH names ${named}, which does not exist.` };
  }
  const path = onPath() ?? usualPlaces().find((place) => existsSync(place)) ?? (await playwrightsOwn());
  if (path) return found(path);
  const packaged = await fromPackage(fetch);
  if (packaged) return { ...packaged, args, line: `Chromium: ${packaged.path}` };
  return { args, line: `Browser tests NOT RUN: no Chromium found. ${help}` };
}

function found(path) {
  return { path, args, line: `Chromium: ${path}` };
}

function onPath() {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  for (const name of names) for (const folder of folders) if (existsSync(join(folder, name))) return join(folder, name);
  return undefined;
}

function usualPlaces() {
  const chrome = 'Google/Chrome/Application/chrome.exe';
  const edge = 'Microsoft/Edge/Application/msedge.exe';
  if (process.platform === 'darwin') return ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium', '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge'];
  if (process.platform === 'win32') return [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA].filter(Boolean).flatMap((folder) => [join(folder, chrome), join(folder, edge)]);
  return ['/usr/bin/chromium', '/snap/bin/chromium', '/opt/google/chrome/chrome'];
}

async function playwrightsOwn() {
  try {
    const { chromium } = await import('playwright');
    const path = chromium.executablePath();
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

async function fromPackage(fetch) {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  const { chromiumPackage } = await import('../../server/bin/pinned.mjs');
  return chromiumPackage({ fetch });
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const chromium = await findChromium({ fetch: process.argv.includes('--fetch') });
  console.log(process.argv.includes('--json') ? JSON.stringify(chromium) : chromium.line);
}
