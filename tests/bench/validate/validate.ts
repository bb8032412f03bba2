/**
 * `npm run bench -- validate`: how many records a second one core evaluates, whole and in structure alone, beside bare Ajv on
 * the same records in the same run; and how long the standards take from nothing. Engines take turns; rates are per second of CPU.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { loadStandards, sha256 } from '../../../schemas/bin/load.ts';
import { compileForm } from '../../../schemas/compile.ts';
import { createStructureCheck } from '../../../schemas/dialect.ts';
import type { Answers, Context } from '../../../schemas/form.ts';
import { formats } from '../../../schemas/formats.ts';
import { prepareForm, type PreparedForm } from '../../../schemas/prepare.ts';
import { quickly } from '../../../schemas/quick-structure.ts';
import { createRegistry } from '../../../schemas/registry.ts';
import { createRandom } from '../../../server/demo/random.ts';
import { sampleOf, surroundings } from '../../support/sample.ts';
import type { Bench, Section } from '../lib/report.ts';
import { median, round } from '../lib/stats.ts';
import type { Cold } from './measured.ts';
import { drawAnswers, makeSpec, type Spec } from './spec.ts';

const records = 500;
const turnMs = 300;
const folder = fileURLToPath(new URL('../../../standards', import.meta.url));

/** One thing that is done to each record; true when it found nothing wrong. */
interface Engine {
  name: string;
  run(record: Answers): boolean;
}

interface Subject {
  name: string;
  elements: number;
  values: number;
  answers: Answers[];
  engines: Engine[];
}

export const validate: Bench = async ({ rounds = 7, size = [40, 200] }, say) => {
  const { registry, files } = loadStandards(folder);
  const made = size.map((each) => madeSubject(makeSpec(each), [...files.values()]));
  const real = registry.standards.map(({ subDataset, version }) => {
    const form = compileForm(registry.getStandard(subDataset, version), registry);
    return realSubject(prepareForm(form, createStructureCheck(form.structure)));
  });
  const cold = await coldStarts(rounds);
  say(`${cold[0]?.standards ?? 0} standards, ${cold[0]?.elements ?? 0} elements`);
  const rates = measure(made, rounds, say);
  const realRates = measure(real, Math.min(rounds, 3), say);
  return {
    facts: { records: `${records} different ones of each made size, 20 of each standard` },
    sections: [
      { title: 'Records a second on one core', rows: made.map((subject) => rateRow(subject, rates)) },
      realSection(real, realRates),
      coldSection(cold),
    ],
    notes: [
      'whole: structure, conditions, calculations, codes, rules. Ajv: one plain JSON Schema, default options, stops at the first error; ours finds all of them.',
      'From nothing: a new process each time (with the memory settings of the server), median. Ready: from the start of the process until every form is compiled, prepared and written as JSON. Ajv is not among it: its check of a form is compiled when a record of it is first wrong.',
    ],
  };
};

function madeSubject(spec: Spec, standards: readonly unknown[]): Subject {
  const registry = createRegistry([...standards, ...spec.documents], sha256);
  const form = compileForm(registry.getStandard(spec.name), registry);
  const whole = createStructureCheck(form.structure);
  const structure = quickly(form.structure, whole);
  const prepared = prepareForm(form, whole);
  const bare = new Ajv2020({ formats: { ...formats } }).compile(spec.jsonSchema);
  const random = createRandom('bench', spec.size);
  const answers = Array.from({ length: records }, () => asReceived(prepared.evaluate({ data: drawAnswers(spec, random) }, surroundings).data));
  const engines: Engine[] = [
    { name: 'whole', run: (record) => isSound(prepared, record, surroundings) },
    { name: 'structure', run: ({ data }) => structure(data).length === 0 },
    { name: 'bare Ajv', run: ({ data }) => bare(data) },
  ];
  return { name: `made, ${spec.size} elements`, elements: spec.size, values: valuesOf(answers), answers, engines };
}

function realSubject(prepared: PreparedForm): Subject {
  const { form } = prepared;
  const answers = Array.from({ length: 20 }, (_, at) => {
    const { data, missing } = sampleOf(prepared, { seed: String(at), share: 1 });
    return { ...asReceived(prepared.evaluate({ data, missing }, surroundings).data), missing };
  });
  return {
    name: form.standard.subDataset, elements: form.items.length, values: valuesOf(answers), answers,
    engines: [{ name: 'whole', run: (record) => isSound(prepared, record, surroundings) }],
  };
}

/** As it comes out of a request, so that its objects have the shape that the parser gives them. */
function asReceived(data: Answers['data']): Answers {
  return { data: JSON.parse(JSON.stringify(data)) as Answers['data'] };
}

function isSound(prepared: PreparedForm, record: Answers, context: Context): boolean {
  return prepared.evaluate(record, context).findings.every(({ severity }) => severity === 'soft');
}

/** Values of one record, on average; cells of rows count. */
function valuesOf(answers: readonly Answers[]): number {
  const cells = (value: unknown): number => (Array.isArray(value) && typeof value[0] === 'object' ? value.reduce<number>((sum, row: object) => sum + Object.keys(row).length - 1, 0) : 1);
  return round(answers.reduce((sum, { data }) => sum + Object.values(data).reduce<number>((own, value) => own + cells(value), 0), 0) / answers.length, 0);
}

type Rates = ReadonlyMap<Engine, number>;

/** Median rates per CPU second; the first two rounds only warm up. */
function measure(subjects: readonly Subject[], rounds: number, say: (line: string) => void): Rates {
  const found = new Map<Engine, number[]>();
  for (let at = -2; at < rounds; at++) {
    for (const { answers, engines } of subjects) {
      for (const engine of engines) {
        const rate = rateOf(engine, answers, subjects.length > 10 ? turnMs / 6 : turnMs);
        if (at >= 0) found.set(engine, [...(found.get(engine) ?? []), rate]);
      }
    }
    if (at >= 0) say(`round ${at + 1} of ${rounds}`);
  }
  return new Map([...found].map(([engine, rates]) => [engine, median(rates)]));
}

function rateOf({ name, run }: Engine, answers: readonly Answers[], ms: number): number {
  const before = process.cpuUsage();
  const end = performance.now() + ms;
  let [count, sound] = [0, 0];
  do {
    for (const record of answers) if (run(record)) sound++;
    count += answers.length;
  } while (performance.now() < end);
  const { user, system } = process.cpuUsage(before);
  if (sound !== count) throw new Error(`${name}: ${count - sound} of ${count} sound records were refused`);
  return count / ((user + system) / 1e6);
}

function rateRow({ name, values, engines }: Subject, rates: Rates): Section['rows'][number] {
  const of = (wanted: string) => engines.filter((engine) => engine.name === wanted).map((engine) => rates.get(engine) ?? NaN)[0] ?? NaN;
  return {
    form: name, values, whole: round(of('whole'), 0), structure: round(of('structure'), 0), 'bare Ajv': round(of('bare Ajv'), 0),
    'structure / Ajv': round(of('structure') / of('bare Ajv')), 'whole, million values': round(of('whole') * values / 1e6),
  };
}

function realSection(subjects: readonly Subject[], rates: Rates): Section {
  const rows = subjects.flatMap(({ name, elements, values, engines }) => engines.map((engine) => ({ form: name, elements, values, whole: round(rates.get(engine) ?? NaN, 0) }))).sort((a, b) => a.whole - b.whole);
  const about40 = rows.filter(({ elements }) => elements >= 36 && elements <= 44);
  const middle = (list: typeof rows) => list[list.length >> 1];
  const chosen = [rows[0], rows[1], rows[2], about40[0], middle(about40), middle(rows), ...rows.filter(({ form }) => form === 'melanoma-staging')];
  return { title: `Full records of the ${rows.length} standards: the slowest three; the slowest and the middle one of ${about40.length} with 36 to 44 elements; the middle one of all; melanoma staging`, rows: [...new Set(chosen)].flatMap((row) => row ?? []) };
}

async function coldStarts(rounds: number): Promise<Cold[]> {
  const starts: Cold[] = [];
  for (let at = 0; at < rounds; at++) {
    const { stdout } = await promisify(execFile)(process.execPath, ['--max-semi-space-size=32', fileURLToPath(new URL('cold.ts', import.meta.url))]);
    starts.push(JSON.parse(stdout) as Cold);
  }
  return starts;
}

function coldSection(starts: readonly Cold[]): Section {
  const of = (read: (cold: Cold) => number) => round(median(starts.map(read)), 0);
  const slowest = (read: (cold: Cold) => Cold['first']) => {
    const forms = (starts[0] ? read(starts[0]) : []).map(({ name }) => ({ name, ms: median(starts.flatMap((cold) => read(cold).filter((each) => each.name === name).map(({ ms }) => ms))) }));
    const worst = forms.sort((a, b) => b.ms - a.ms)[0];
    return worst && `${round(worst.ms, 1)} (${worst.name})`;
  };
  return {
    title: 'All standards from nothing, ms',
    rows: [{
      'modules': of(({ modules }) => modules), 'read': of(({ read }) => read), 'compile': of(({ compile }) => compile), 'as JSON': of(({ json }) => json), 'ready': of(({ ready }) => ready), 'CPU': of(({ cpu }) => cpu),
      'slowest form': slowest(({ first }) => first), 'a second time': slowest(({ again }) => again), 'all of Ajv': of(({ checks }) => checks), 'slowest of Ajv': slowest(({ check }) => check),
    }],
  };
}
