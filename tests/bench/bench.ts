/** `npm run bench -- <name> [--json] [--option value]`: measures the real thing on this machine. A table, or JSON for a program. */
import { parseArgs } from 'node:util';
import { machineFacts } from './lib/machine.ts';
import type { Bench, BenchOptions, Report } from './lib/report.ts';
import { print } from './lib/table.ts';

const benches: { readonly [name: string]: { what: string; load(): Promise<Bench> } } = {
  save: { what: 'HTTP saves of melanoma-staging on PostgreSQL, beside a raw insert with audit row', load: async () => (await import('./save/save.ts')).save },
  export: { what: 'an export of melanoma-staging, beside COPY out of JSONB and of a typed table', load: async () => (await import('./export/export.ts')).exporting },
  form: { what: 'mount and keystroke of forms in a browser, beside hand-written DOM', load: async () => (await import('./form/form.ts')).form },
  codes: { what: 'finding one of 100,000 codes: on the server and in the page, beside looking through all of them', load: async () => (await import('./codes/codes.ts')).codes },
  validate: { what: 'records evaluated a second, beside bare Ajv, and all standards compiled from nothing', load: async () => (await import('./validate/validate.ts')).validate },
  history: { what: 'events of history anchored and verified a second', load: async () => (await import('./history/history.ts')).history },
  classify: { what: 'milliseconds a frame of the classifier in a browser, and in Node', load: async () => (await import('./classify/classify.ts')).classify },
};

const options = {
  json: { type: 'boolean' }, rounds: { type: 'string' }, connections: { type: 'string' }, counts: { type: 'string' },
  size: { type: 'string' }, frames: { type: 'string' }, keys: { type: 'string' }, profile: { type: 'string' },
} as const;

const help = `npm run bench -- <name> [--json]

${Object.entries(benches).map(([name, { what }]) => `  ${name.padEnd(10)}${what}`).join('\n')}

  --rounds <n>              how often everything is measured; the median is shown
  save     --connections 1,8,32  --counts 2000,4000,6000  --profile <folder> (CPU profile of the server)
  export   --size 20000
  form     --size 50,200,1000  --keys 40
  codes    --size 100000
  validate --size 40,200
  history  --size 100000
  classify --frames 100`;

async function main(): Promise<void> {
  const { values, positionals: [name = '', ...rest] } = parseArgs({ args: process.argv.slice(2), options, allowPositionals: true });
  const bench = rest.length === 0 && Object.hasOwn(benches, name) ? benches[name] : undefined;
  if (bench === undefined) {
    console.error(help);
    process.exitCode = 2;
    return;
  }
  const machine = machineFacts();
  const run = await bench.load();
  const say = (line: string) => console.error(line);
  say(`${machine.cores} cores, Node ${machine.node}, load ${machine.load} before`);
  const report: Report = { bench: name, when: new Date().toISOString(), machine, ...(await run(readOptions(values), say)) };
  if (values.json) console.log(JSON.stringify(report, undefined, 2));
  else print(report);
}

function readOptions(values: { readonly [name: string]: string | boolean | undefined }): BenchOptions {
  const text = (name: string) => (typeof values[name] === 'string' ? values[name] : undefined);
  const numbers = (name: string) => text(name)?.split(',').map((part) => {
    const number = Number(part);
    if (Number.isInteger(number) && number > 0) return number;
    throw new Error(`--${name} takes whole numbers, with commas between them`);
  });
  return { rounds: numbers('rounds')?.[0], connections: numbers('connections'), counts: numbers('counts'), size: numbers('size'), frames: numbers('frames')?.[0], keys: numbers('keys')?.[0], profile: text('profile') };
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
