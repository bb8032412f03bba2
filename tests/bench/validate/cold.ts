/**
 * A program that starts, reads the standards, compiles every one of them, and says how long each part took. Its own process,
 * because nothing is cold twice. Prints one line of JSON.
 */
import { fileURLToPath } from 'node:url';
import { loadStandards } from '../../../schemas/bin/load.ts';
import { compileForm } from '../../../schemas/compile.ts';
import { createStructureCheck } from '../../../schemas/dialect.ts';
import { prepareForm } from '../../../schemas/prepare.ts';
import type { StandardRef } from '../../../schemas/form.ts';
import type { Cold } from './measured.ts';

const modules = performance.now();
const { registry } = loadStandards(fileURLToPath(new URL('../../../standards', import.meta.url)));
const read = performance.now();

function load({ subDataset, version }: StandardRef) {
  const form = compileForm(registry.getStandard(subDataset, version), registry);
  const check = createStructureCheck(form.structure);
  return { check, prepared: prepareForm(form, check) };
}

function timed<T, R>(list: readonly T[], nameOf: (each: T) => string, run: (each: T) => R): { results: R[]; times: { name: string; ms: number }[] } {
  const times: { name: string; ms: number }[] = [];
  const results = list.map((each) => {
    const start = performance.now();
    const result = run(each);
    times.push({ name: nameOf(each), ms: performance.now() - start });
    return result;
  });
  return { results, times };
}

const first = timed(registry.standards, ({ subDataset }) => subDataset, load);
const compiled = performance.now();
const bytes = first.results.reduce((sum, { prepared }) => sum + JSON.stringify(prepared.form).length, 0);
const written = performance.now();
const { user, system } = process.cpuUsage();
const again = timed(registry.standards, ({ subDataset }) => subDataset, load);
const start = performance.now();
const check = timed(first.results, ({ prepared }) => prepared.form.standard.subDataset, (each) => each.check({}));

const cold: Cold = {
  standards: first.results.length, elements: first.results.reduce((sum, { prepared }) => sum + prepared.form.items.length, 0), kilobytes: Math.round(bytes / 1024),
  modules, read: read - modules, compile: compiled - read, json: written - compiled, ready: written, cpu: (user + system) / 1000,
  first: first.times, again: again.times, checks: performance.now() - start, check: check.times,
};
console.log(JSON.stringify(cold));
