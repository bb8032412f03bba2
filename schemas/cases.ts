/** The cases beside a standard: what it accepts, refuses and calculates. One runner for the tests and the command line. */
import { canonicalize } from './canonical.ts';
import type { Answers, Context, Evaluation, Pointer } from './form.ts';
import { getAt } from './pointer.ts';
import type { PreparedForm } from './prepare.ts';

export interface Case {
  description: string;
  answers: Answers;
  context?: Partial<Context>;
  /** No hard findings. */
  valid: boolean;
  expect?: {
    /** Exact values by key or by pointer; null means absent. */
    data?: { [keyOrPointer: string]: unknown };
    /** Pointers that must be among the disabled. */
    disabled?: Pointer[];
    /** Findings that must be among those reported; of an invalid case all the hard ones, save that not every `required` must be named. */
    findings?: { pointer: Pointer; rule: string }[];
  };
}

export interface CasesDocument {
  cases: Case[];
}

/** A case that did not come out as it says: which one, where in the cases file, and how. */
export interface CaseFailure {
  description: string;
  pointer: Pointer;
  detail: string;
}

/** The day on which cases without a context are evaluated. */
const TODAY = '2026-11-22';

export function runCases(prepared: PreparedForm, { cases }: CasesDocument): CaseFailure[] {
  return cases.flatMap((each, i) => {
    const evaluation = prepared.evaluate(each.answers, { today: TODAY, ...each.context });
    return differences(each, evaluation).map(({ pointer, detail }) => ({ description: each.description, pointer: `/cases/${i}${pointer}`, detail }));
  });
}

interface Difference {
  pointer: Pointer;
  detail: string;
}

function differences(each: Case, evaluation: Evaluation): Difference[] {
  const hard = evaluation.findings.filter((finding) => finding.severity === 'hard').map(nameOf);
  const expected = each.expect?.findings?.map(nameOf) ?? [];
  const reported = evaluation.findings.map(nameOf);
  const found: Difference[] = [];
  if (each.valid && hard.length > 0) found.push({ pointer: '/valid', detail: `Reported: ${hard.join(', ')}` });
  if (!each.valid && hard.length === 0) found.push({ pointer: '/valid', detail: 'No hard finding was reported' });
  for (const [i, name] of expected.entries()) if (!reported.includes(name)) found.push({ pointer: `/expect/findings/${i}`, detail: `Not reported: ${name}` });
  const unlisted = hard.filter((name) => !expected.includes(name) && !name.startsWith('required '));
  if (!each.valid && unlisted.length > 0) found.push({ pointer: '/expect/findings', detail: `Reported but not listed: ${unlisted.join(', ')}` });
  for (const [i, pointer] of (each.expect?.disabled ?? []).entries()) {
    if (!evaluation.disabled.includes(pointer)) found.push({ pointer: `/expect/disabled/${i}`, detail: `'${pointer}' is in play` });
  }
  return [...found, ...dataDifferences(each.expect?.data ?? {}, evaluation)];
}

function dataDifferences(expected: { [keyOrPointer: string]: unknown }, { data }: Evaluation): Difference[] {
  return Object.entries(expected).flatMap(([key, value]) => {
    const actual = getAt(data, key.startsWith('/') ? key : `/${key}`) ?? null;
    return canonicalize(actual) === canonicalize(value) ? [] : [{ pointer: `/expect/data/${key}`, detail: `Is ${canonicalize(actual)}` }];
  });
}

function nameOf({ pointer, rule }: { pointer: Pointer; rule: string }): string {
  return `${rule} at ${pointer}`;
}
