/** What a clone needs before anything runs: its packages, and the built page. Each is done again only when what it comes from has changed. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run as runChild } from './children.mjs';
import { npmCommand } from './npm.mjs';
import { pickNode, root } from './pinned.mjs';

const lock = join(root, '.runtime', 'setup.lock');
const stamps = { packages: join(root, 'node_modules', '.xf-stamp'), page: join(root, 'dist', '.xf-stamp') };

/** Packages and a Node that runs TypeScript. Returns the path of that Node. */
export async function install() {
  const wanted = digest([join(root, 'package.json'), join(root, 'package-lock.json')], `${process.platform}-${process.arch}`);
  return locked(async () => {
    const needed = read(stamps.packages) !== wanted && !isInstalled();
    const installed = needed ? installPackages() : undefined;
    // Both download; the first failure is the one to tell.
    installed?.catch(() => {});
    const node = pickNode();
    await installed;
    if (read(stamps.packages) !== wanted) writeFileSync(stamps.packages, wanted);
    return node;
  });
}

async function installPackages() {
  console.error('Installing packages (once; again only when package-lock.json changes)');
  const { command, args, options } = npmCommand(['ci', '--include=dev', '--include=optional', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error']);
  const status = await run(command, args, options);
  if (status !== 0) throw new Error('The packages could not be installed; npm says above why. Without internet access, point npm at your own registry (npm config set registry …).');
}

/** Someone may have installed by hand: npm keeps its own note of what lies in node_modules. */
function isInstalled() {
  const note = read(join(root, 'node_modules', '.package-lock.json'));
  if (note === undefined) return false;
  const there = JSON.parse(note).packages;
  const wanted = Object.entries(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages);
  return wanted.every(([path, { version, optional }]) => path === '' || there[path]?.version === version || (optional && there[path] === undefined));
}

/** The page, from client/ and the engine. */
export async function build(node) {
  if (!existsSync(join(root, 'client', 'index.html'))) return console.error('There is no client/index.html: the page is not built');
  const sources = [...filesIn('client'), ...filesIn('schemas'), join(root, 'package-lock.json')];
  const wanted = digest(sources);
  await locked(async () => {
    if (read(stamps.page) === wanted) return;
    console.error('Building the page');
    const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
    const status = await run(node, [vite, 'build', '-c', join('client', 'vite.config.ts'), '--logLevel', 'warn']);
    if (status !== 0) throw new Error('The page could not be built; Vite says above why.');
    writeFileSync(stamps.page, wanted);
  });
}

const notBuiltFrom = /\.(md|py|test\.ts)$/;

function filesIn(folder) {
  const entries = readdirSync(join(root, folder), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile() && !notBuiltFrom.test(entry.name) && !entry.name.startsWith('.')).map((entry) => join(entry.parentPath ?? entry.path, entry.name)).sort();
}

function digest(files, extra = '') {
  const hash = createHash('sha256').update(extra);
  for (const file of files) hash.update(file.slice(root.length)).update('\0').update(readFileSync(file));
  return hash.digest('hex');
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** Output of the tools goes to stderr: stdout belongs to what the person asked for. */
function run(command, args, options = {}) {
  return runChild(command, args, { cwd: root, stdio: ['ignore', 2, 2], ...options });
}

/** One set-up at a time in one checkout. The lock of a process that has died is taken over. */
async function locked(work) {
  for (let waited = 0; !take(); waited += 1) {
    const holder = Number(read(join(lock, 'pid')));
    if (waited === 0) console.error(`Waiting for process ${holder || 'unknown'}, which sets up this folder`);
    // A holder writes its number at once; none after a second means it died in between.
    if (holder ? !isRunning(holder) : waited > 5) rmSync(lock, { recursive: true, force: true });
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const release = () => rmSync(lock, { recursive: true, force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

function take() {
  mkdirSync(join(root, '.runtime'), { recursive: true });
  try {
    mkdirSync(lock);
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
  writeFileSync(join(lock, 'pid'), String(process.pid));
  return true;
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
