/** Proof of sense: every standard has records. A full and a minimal one, and any between, are valid and keep what they say. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CasesDocument } from '../../schemas/cases.ts';
import type { Evaluation, Item } from '../../schemas/form.ts';
import type { PreparedForm } from '../../schemas/prepare.ts';
import type { Answered } from '../../server/demo/answers.ts';
import { fullestCase, sampleOf, surroundings } from '../support/sample.ts';
import { files, nameOf, preparedOf, standards } from './standards.ts';

const hard = ({ findings }: Evaluation) => findings.filter(({ severity }) => severity === 'hard').map(({ rule, pointer }) => `${rule} at ${pointer}`);

/** Items in play that could be answered by somebody, and how many of them are. */
function answeredShare(prepared: PreparedForm, answered: Answered): number {
  const { disabled } = prepared.evaluate(answered, surroundings);
  const open = prepared.form.items.filter((item: Item) => item.bind === undefined && item.calculate === undefined && !disabled.includes(`/${item.key}`));
  return open.length === 0 ? 1 : open.filter(({ key }) => answered.data[key] !== undefined).length / open.length;
}

describe.for(standards.map((document) => [nameOf(document), document] as const))('%s', ([name, document]) => {
  const prepared = preparedOf(document);

  test('has a full record: nearly everything in play is answered, nothing hard is wrong', () => {
    const drawn = sampleOf(prepared, { seed: 'full', share: 1 });
    const begin = fullestCase(files.get(`${name}.cases.json`) as CasesDocument);
    const full = answeredShare(prepared, drawn) >= 0.85 ? drawn : sampleOf(prepared, { seed: 'full', share: 1, begin });
    expect(hard(prepared.evaluate(full, surroundings))).toEqual([]);
    expect(answeredShare(prepared, full)).toBeGreaterThanOrEqual(0.85);
  });

  test('has a minimal record', () => {
    const minimal = sampleOf(prepared, { seed: 'minimal', share: 0 });
    expect(hard(prepared.evaluate(minimal, surroundings))).toEqual([]);
  });

  test('evaluates any valid record to the same again', () => {
    fc.assert(fc.property(fc.uuid(), fc.constantFrom(0.2, 0.5, 0.8, 1), (seed, share) => {
      const answers = sampleOf(prepared, { seed, share });
      const once = prepared.evaluate(answers, surroundings);
      expect(hard(once)).toEqual([]);
      expect(prepared.evaluate({ data: once.data, missing: once.missing, parked: once.parked }, surroundings)).toEqual(once);
    }), { numRuns: 4 });
  });
});
