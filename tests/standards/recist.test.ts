/** RECIST 1.1 and survival over random answers, against a second reading of the rules they were written from. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Data } from '../../schemas/form.ts';
import { preparedOf, registry } from './standards.ts';

interface Target {
  size: number | undefined;
  isNode: boolean;
}

interface Assessment {
  targets: readonly Target[];
  isIncomplete: boolean;
  baseline: number;
  nadir: number;
  nonTarget: string;
  newLesion: string;
}

const today = '2026-11-22';
const runs = { numRuns: 500 };
const size = fc.oneof(fc.constantFrom(0, 5, 9, 10), fc.integer({ min: 0, max: 120 }));

const assessment: fc.Arbitrary<Assessment> = fc.record({
  targets: fc.array(fc.record({ size: fc.option(size, { freq: 8, nil: undefined }), isNode: fc.boolean() }), { minLength: 1, maxLength: 5 }),
  isIncomplete: fc.boolean(),
  baseline: fc.integer({ min: 1, max: 300 }),
  nadir: fc.integer({ min: 0, max: 300 }),
  nonTarget: fc.constantFrom('CR', 'non-CR-non-PD', 'PD', 'NE', 'none'),
  newLesion: fc.constantFrom('yes', 'no', 'unknown'),
});

function targetResponse({ targets, isIncomplete, baseline, nadir }: Assessment): string {
  const sizes = targets.flatMap((target) => (target.size === undefined ? [] : [target.size]));
  const sum = sizes.reduce((total, each) => total + each, 0);
  const progresses = nadir === 0 ? sum > 0 : sum - nadir >= 5 && sum * 5 >= nadir * 6;
  if (isIncomplete) return sizes.length > 0 && progresses ? 'PD' : 'NE';
  if (targets.every((target) => target.size === undefined || (target.isNode ? target.size < 10 : target.size === 0))) return 'CR';
  if (progresses) return 'PD';
  return sum * 10 <= baseline * 7 ? 'PR' : 'SD';
}

function overallResponse(target: string | undefined, { nonTarget, newLesion }: Assessment): string | undefined {
  if (newLesion === 'yes' || nonTarget === 'PD' || target === 'PD') return 'PD';
  if (target === undefined) return nonTarget === 'none' ? undefined : newLesion === 'unknown' ? 'NE' : nonTarget;
  if (newLesion === 'unknown') return 'NE';
  if (target === 'CR') return nonTarget === 'CR' || nonTarget === 'none' ? 'CR' : 'PR';
  return target;
}

const evaluate = (data: Data) => preparedOf(registry.getStandard('response-assessment', '1.0.0')).evaluate({ data }, { today }).data;

function answersOf({ targets, isIncomplete, baseline, nadir, nonTarget, newLesion }: Assessment): Data {
  const cells = targets.flatMap((target, i) => [
    [`t${i + 1}Site`, target.isNode ? 'lymph-node' : 'lung'], [`t${i + 1}IsNode`, target.isNode], ...(target.size === undefined ? [] : [[`t${i + 1}Size`, target.size]]),
  ]);
  return { timepoint: 'follow-up', targetNotEvaluable: isIncomplete, baselineSum: baseline, nadirSum: nadir, nonTargetResponse: nonTarget, newLesion, ...Object.fromEntries(cells) };
}

test('target and overall response follow RECIST 1.1', () => {
  fc.assert(fc.property(assessment, (each) => {
    fc.pre(each.isIncomplete || each.targets.every((target) => target.size !== undefined));
    const data = evaluate({ measurableDisease: true, ...answersOf(each) });
    const target = targetResponse(each);
    expect([data['targetResponse'], data['overallResponse']]).toEqual([target, overallResponse(target, each)]);
  }), runs);
});

test('without measurable disease the targets count for nothing', () => {
  fc.assert(fc.property(assessment, (each) => {
    const data = evaluate({ measurableDisease: false, ...answersOf(each) });
    expect([data['targetResponse'], data['sumDiameters'], data['overallResponse']]).toEqual([undefined, undefined, overallResponse(undefined, each)]);
  }), runs);
});

test('survival times end with the event, or with the last contact', () => {
  const form = preparedOf(registry.getStandard('follow-up-survival', '1.0.0'));
  const dayAfter = (days: number) => new Date(Date.UTC(2020, 0, 1 + days)).toISOString().slice(0, 10);
  const day = fc.integer({ min: 0, max: 2000 });
  fc.assert(fc.property(fc.constantFrom('alive', 'dead', 'lost'), fc.constantFrom('yes', 'no', 'unknown'), day, day, day, (vitalStatus, recurrence, died, recurred, contact) => {
    const { data } = form.evaluate({ data: {
      vitalStatus, recurrence, indexDate: dayAfter(0), contactDate: dayAfter(contact), deathDate: dayAfter(died), recurrenceDate: dayAfter(recurred), causeOfDeath: 'cancer-related',
    } }, { today });
    const isDead = vitalStatus === 'dead';
    const end = isDead ? died : contact;
    expect([data['osDays'], data['osEvent']]).toEqual([end, isDead]);
    expect([data['rfsDays'], data['rfsEvent']]).toEqual([recurrence === 'yes' ? recurred : end, recurrence === 'yes' || isDead]);
    expect(data['dssEvent']).toBe(isDead);
  }), runs);
});
