/** How to call npm: the one that called us when there is one, else the one that came with this Node. Never through a shell where it can be helped. */
import { existsSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

/** @param {string[]} args */
export function npmCommand(args) {
  const script = npmScript();
  if (script) return { command: process.env.npm_node_execpath || process.execPath, args: [script, ...args], options: {} };
  return { command: process.platform === 'win32' ? 'npm.cmd' : 'npm', args, options: { shell: process.platform === 'win32' } };
}

function npmScript() {
  const calling = process.env.npm_execpath;
  if (calling?.endsWith('npm-cli.js') && existsSync(calling)) return calling;
  const beside = dirname(process.execPath);
  const places = [join(beside, 'node_modules/npm/bin/npm-cli.js'), join(beside, '../lib/node_modules/npm/bin/npm-cli.js')];
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const linked = join(folder, 'npm');
    if (process.platform !== 'win32' && existsSync(linked)) places.push(realpathSync(linked));
  }
  return places.find((place) => place.endsWith('npm-cli.js') && existsSync(place));
}
