/** `standards check` */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Registry } from '../../../schemas/registry.ts';
import { loadMapping } from '../../exchange/import/load.ts';
import { readyMapping } from '../../exchange/import/ready.ts';
import { createForms } from '../../services/forms.ts';
import { createStandardsGate } from '../../standards-gate/gate.ts';
import { loadStandards, standardsFolder } from '../../standards.ts';
import { pathOf, raise, say, type Command } from '../command.ts';

const checker = fileURLToPath(new URL('../../../schemas/bin/check-standards.ts', import.meta.url));

export const standardsCheck: Command = {
  help: `
npm run -s xf -- standards check [folder | file]

Checks each document against the dialect, compiles each standard, runs its cases, and looks up every place of the mappings.
Each mistake is one line: file#pointer: what is wrong. Without a folder the standards of this installation are checked.

A single file is taken as one from outside: it is checked against the standards of this installation, in a thread with a limit of
time and memory, for what could stop a server too: size, depth, patterns, and expressions that can take too long.
`,
  options: {},
  async run(_, [folder, ...rest]) {
    if (rest.length > 0) raise('One folder at a time.');
    const path = folder === undefined ? standardsFolder : pathOf(folder);
    if (folder !== undefined && (await stat(path)).isFile()) return checkFile(path);
    const child = spawn(process.execPath, [checker, path], { stdio: ['ignore', 'inherit', 'inherit'] });
    const [status] = (await once(child, 'exit')) as [number | null];
    if (status !== 0) process.exitCode = 1;
    const registry = status === 0 ? await loadStandards(path) : await loadStandards(path).catch(() => undefined);
    if (registry) await checkMappings(path, registry);
    else say('The mappings were not looked at: first the mistakes above.');
  },
};

async function checkFile(path: string): Promise<void> {
  const gate = createStandardsGate();
  const mistakes = await gate.check(await readFile(path, 'utf8'));
  await gate.close();
  for (const { pointer, detail } of mistakes) say(`${basename(path)}#${pointer}: ${detail}`);
  if (mistakes.length > 0) process.exitCode = 1;
  else process.stdout.write(`${basename(path)} is as it should be\n`);
}

/** Against the columns that the mapping itself names: a file may still lack one of them. */
async function checkMappings(folder: string, registry: Registry): Promise<void> {
  const forms = createForms(registry);
  const files = await readdir(join(folder, 'mappings')).catch(() => []);
  for (const file of files.filter((name) => name.endsWith('.json') && !name.endsWith('.schema.json')).sort()) {
    try {
      const { mapping } = await loadMapping(join(folder, 'mappings', file));
      readyMapping(mapping, mapping.columns.map(({ column }) => column), (subDataset) => formOf(() => forms.get(subDataset)));
      process.stdout.write(`mappings/${file}: ${mapping.columns.length} columns\n`);
    } catch (error) {
      say(error instanceof Error ? `mappings/${file}: ${error.message}` : String(error));
      process.exitCode = 1;
    }
  }
}

function formOf<T>(get: () => T): T | undefined {
  try {
    return get();
  } catch {
    return undefined;
  }
}
