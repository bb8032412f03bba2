/**
 * Checks every document under `standards/`: its shape, that each standard compiles, that its cases come out, that each protocol
 * fits the forms of its steps, and that it stands where its `$id` says. Prints each mistake of all files as `file#pointer: what is wrong`; exits with 1 when there is one.
 *
 *   node schemas/bin/check-standards.ts [folder]
 */
import { fileURLToPath } from 'node:url';
import { runCases, type CasesDocument } from '../cases.ts';
import { commonMistakes } from '../compile/common.ts';
import { compileForm } from '../compile.ts';
import { createStructureCheck } from '../dialect.ts';
import { STANDARDS } from '../documents.ts';
import type { Form } from '../form.ts';
import { prepareForm } from '../prepare.ts';
import { Problem, type FieldError } from '../problem.ts';
import { checkProtocol } from '../protocol/protocols.ts';
import { readStandards } from './load.ts';
import { missingPins } from './release.ts';

const folder = process.argv[2] ?? fileURLToPath(new URL('../../standards', import.meta.url));

/** Mistakes as `file#pointer`, and how much was looked at. */
function check({ registry, files, mistakes: unread }: ReturnType<typeof readStandards>): { mistakes: FieldError[]; standards: number; cases: number } {
  const mistakes = [...unread, ...[...files].flatMap(([path, document]) => misplaced(path, document)), ...commonMistakes(registry), ...registry.releases.flatMap((release) => missingPins(registry, release))];
  const forms = new Map<string, Form>();
  let cases = 0;
  for (const { dataset, subDataset, version } of registry.standards) {
    const path = `${dataset}/${subDataset}/${version}`;
    const document = files.get(`${path}.cases.json`);
    const shape = document === undefined ? [{ pointer: '', detail: 'The standard has no cases' }] : registry.dialect.mistakes('cases', document);
    mistakes.push(...shape.map(({ pointer, detail }) => ({ pointer: `${path}.cases.json#${pointer}`, detail })));
    try {
      const form = compileForm(registry.getStandard(subDataset, version), registry);
      forms.set(`${subDataset}/${version}`, form);
      if (shape.length > 0) continue;
      cases += (document as CasesDocument).cases.length;
      const failures = runCases(prepareForm(form, createStructureCheck(form.structure)), document as CasesDocument);
      mistakes.push(...failures.map(({ pointer, description, detail }) => ({ pointer: `${path}.cases.json#${pointer}`, detail: `${detail} ("${description}")` })));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      mistakes.push(...(error.errors ?? []).map(({ pointer, detail }) => ({ pointer: `${path}.json#${pointer}`, detail })));
    }
  }
  mistakes.push(...protocolsMistakes(files, forms));
  return { mistakes, standards: registry.standards.length, cases };
}

function protocolsMistakes(files: ReadonlyMap<string, unknown>, forms: ReadonlyMap<string, Form>): FieldError[] {
  const schema = files.get('protocols/protocol.schema.json');
  const protocols = [...files].filter(([path]) => path.startsWith('protocols/') && !path.endsWith('.schema.json'));
  if (typeof schema !== 'object' || schema === null) return protocols.length === 0 ? [] : [{ pointer: 'protocols/protocol.schema.json#', detail: 'Is missing' }];
  return protocols.flatMap(([path, document]) =>
    checkProtocol(document, schema, ({ subDataset, version }) => forms.get(`${subDataset}/${version}`)).map(({ pointer, detail }) => ({ pointer: `${path}#${pointer}`, detail })));
}

function misplaced(path: string, document: unknown): FieldError[] {
  const id = typeof document === 'object' && document !== null && '$id' in document ? document.$id : undefined;
  return typeof id === 'string' && id.startsWith(STANDARDS) && id !== `${STANDARDS}${path}` ? [{ pointer: `${path}#/$id`, detail: `Must be ${STANDARDS}${path}` }] : [];
}

function report(mistakes: readonly FieldError[]): void {
  for (const { pointer, detail } of mistakes) console.error(`${pointer}: ${detail}`);
  if (mistakes.length > 0) process.exitCode = 1;
}

try {
  const { mistakes, standards, cases } = check(readStandards(folder));
  report(mistakes);
  if (mistakes.length === 0) console.log(`${standards} standards and ${cases} cases are as they should be`);
} catch (error) {
  if (error instanceof Problem) report(error.errors ?? []);
  else throw error;
}
