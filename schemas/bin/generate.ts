/**
 * Writes what follows from `standards/`: the types in `schemas/types/`, and with `--release <name>` the digests of a release.
 *
 *   node schemas/bin/generate.ts                    writes the types
 *   node schemas/bin/generate.ts --check            fails when types or releases are stale; writes nothing
 *   node schemas/bin/generate.ts --release 2026.1   writes the types and the release
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { compileForm } from '../compile.ts';
import { Problem } from '../problem.ts';
import type { Registry } from '../registry.ts';
import { loadStandards } from './load.ts';
import { makeRelease, releaseMistakes } from './release.ts';
import { typesOf } from './types.ts';

const standards = fileURLToPath(new URL('../../standards', import.meta.url));
const types = fileURLToPath(new URL('../types', import.meta.url));

/** The text of each file of `schemas/types/`, by name; of several versions the newest. */
async function typeFiles(registry: Registry): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const { subDataset, version } of registry.standards) {
    files.set(`${subDataset}.ts`, await typesOf(compileForm(registry.getStandard(subDataset, version), registry)));
  }
  return files;
}

function stale(files: ReadonlyMap<string, string>): string[] {
  const present = existsSync(types) ? readdirSync(types) : [];
  const changed = [...files].filter(([name, text]) => !present.includes(name) || readFileSync(join(types, name), 'utf8') !== text).map(([name]) => name);
  return [...changed, ...present.filter((name) => !files.has(name))];
}

function write(files: ReadonlyMap<string, string>): void {
  mkdirSync(types, { recursive: true });
  for (const name of stale(files)) {
    const text = files.get(name);
    if (text === undefined) rmSync(join(types, name));
    else writeFileSync(join(types, name), text);
    console.log(`schemas/types/${name} ${text === undefined ? 'removed' : 'written'}`);
  }
}

function check(registry: Registry, files: ReadonlyMap<string, string>): void {
  const mistakes = [
    ...stale(files).map((name) => `schemas/types/${name} is stale: run npm run generate`),
    ...registry.releases.flatMap((release) => releaseMistakes(registry, release)).map(({ pointer, detail }) => `${pointer}: ${detail}`),
  ];
  for (const mistake of mistakes) console.error(mistake);
  if (mistakes.length > 0) process.exitCode = 1;
}

function writeRelease(registry: Registry, name: string): void {
  mkdirSync(join(standards, 'releases'), { recursive: true });
  writeFileSync(join(standards, 'releases', `${name}.json`), `${JSON.stringify(makeRelease(registry, name), undefined, 2)}\n`);
  console.log(`standards/releases/${name}.json written`);
}

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false }, release: { type: 'string' } } });
try {
  const { registry } = loadStandards(standards);
  const files = await typeFiles(registry);
  if (values.check) check(registry, files);
  else write(files);
  if (values.release !== undefined && !values.check) writeRelease(registry, values.release);
} catch (error) {
  if (!(error instanceof Problem)) throw error;
  for (const { pointer, detail } of error.errors ?? []) console.error(`${pointer}: ${detail}`);
  process.exitCode = 1;
}
