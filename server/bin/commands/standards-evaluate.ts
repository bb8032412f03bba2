/** `standards evaluate` */
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { Answers, Value } from '../../../schemas/form.ts';
import type { Registry } from '../../../schemas/registry.ts';
import { systemClock, todayAtSite } from '../../services/clock.ts';
import { createForms } from '../../services/forms.ts';
import { loadStandards } from '../../standards.ts';
import { pathOf, raise, say, type Command } from '../command.ts';

interface Input {
  data: Answers['data'];
  missing?: Answers['missing'];
  parked?: Answers['parked'];
  today?: string;
  bound?: { [path: string]: Value };
}

export const standardsEvaluate: Command = {
  help: `
npm run -s xf -- standards evaluate <sub-dataset>[@version] [file|-] [--json]

Reads {"data": {…}, "missing": {"/pointer": "reason"}} from the file, or from standard input, and evaluates it as the form would.
"today" (YYYY-MM-DD) and "bound" ({"subject.birthDate": …}) may stand beside them.

  --json   prints {data, disabled, findings, missing, parked}; without it, a text for people

  echo '{"data":{"primaryTumorStatus":"measurable","breslow":0.9,"ulceration":"absent"}}' | npm run -s xf -- standards evaluate melanoma-staging --json
`,
  options: { json: { type: 'boolean' } },
  async run(values, [name, file = '-', ...rest]) {
    if (name === undefined) raise('Name a sub-dataset.');
    if (rest.length > 0) raise('One file at a time.');
    const registry = await loadStandards();
    const [subDataset = '', version] = name.split('@');
    requireStandard(registry, subDataset, version);
    const { data, missing, parked, today, bound } = readInput(file === '-' ? await text(process.stdin) : await readFile(pathOf(file), 'utf8').catch(() => raise(`${file} cannot be read.`)), file);
    const answers = { data, ...(missing ? { missing } : {}), ...(parked ? { parked } : {}) };
    const result = createForms(registry).get(subDataset, version).evaluate(answers, { today: today ?? todayAtSite(systemClock), ...(bound ? { bound } : {}) });
    const { data: all, disabled, findings, missing: reasons, parked: aside } = result;
    if (values.is('json')) return void process.stdout.write(`${JSON.stringify({ data: all, disabled, findings, missing: reasons, parked: aside }, undefined, 2)}\n`);
    for (const [key, value] of Object.entries(all)) process.stdout.write(`${key} = ${JSON.stringify(value)}\n`);
    for (const pointer of disabled) process.stdout.write(`${pointer} is switched off\n`);
    for (const { pointer, severity, rule, message } of findings) process.stdout.write(`${pointer} ${severity} ${rule}: ${message.zh} / ${message.en}\n`);
  },
};

function readInput(json: string, file: string): Input {
  let input: unknown;
  try {
    input = JSON.parse(json);
  } catch (error) {
    throw new Error(`${file === '-' ? 'Standard input' : file} is not JSON: ${(error as Error).message}`, { cause: error });
  }
  if (!isObject(input) || !isObject(input['data'])) throw new Error(`${file === '-' ? 'Standard input' : file} must be an object with "data", as {"data": {…}, "missing": {…}}`);
  for (const member of ['missing', 'parked', 'bound']) if (input[member] !== undefined && !isObject(input[member])) throw new Error(`"${member}" must be an object`);
  const unknown = Object.keys(input).filter((member) => !['data', 'missing', 'parked', 'today', 'bound'].includes(member));
  if (unknown.length > 0) say(`Ignored: ${unknown.join(', ')}`);
  return input as unknown as Input;
}

function isObject(value: unknown): value is { [member: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Says which names come near an unknown one, and which versions there are of a known one. */
function requireStandard(registry: Registry, subDataset: string, version: string | undefined): void {
  if (registry.findStandard(subDataset, version)) return;
  const versions = registry.standards.filter((standard) => standard.subDataset === subDataset).map((standard) => standard.version);
  if (versions.length > 0) throw new Error(`${subDataset} has no version ${version ?? ''}. There are: ${versions.join(', ')}.`);
  const names = [...new Set(registry.standards.map((standard) => standard.subDataset))];
  const near = names.filter((name) => distance(name, subDataset) <= Math.max(2, Math.floor(name.length / 3)) || (subDataset.length > 2 && name.includes(subDataset)));
  throw new Error(`There is no sub-dataset ${subDataset}. ${near.length > 0 ? `Did you mean ${near.join(' or ')}?` : `There are: ${names.join(', ')}.`}`);
}

/** Levenshtein. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length] ?? 0;
}
