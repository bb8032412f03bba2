/** Scores of skin disease over random answers, against a second reading of the rules they were written from. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lookUp } from '../../schemas/expression/lookup.ts';
import type { Data, Value } from '../../schemas/form.ts';
import { preparedOf, registry } from './standards.ts';

const runs = { numRuns: 300 };

function evaluator(subDataset: string, bound: { [path: string]: Value } = {}): (data: Data) => Data {
  const form = preparedOf(registry.getStandard(subDataset, '1.0.0'));
  return (data) => form.evaluate({ data }, { today: '2026-11-22', bound }).data;
}

const whole = (max: number) => fc.integer({ min: 0, max });
const tenths = (max: number) => whole(max * 10).map((n) => n / 10);
const list = <T>(count: number, of: fc.Arbitrary<T>) => fc.array(of, { minLength: count, maxLength: count });

/** Steps of a score: the place of the last limit that the value reaches. */
const stepsFrom = (limits: readonly number[], value: number) => limits.filter((limit) => value >= limit).length;
const areaScore = (percent: number) => (percent === 0 ? 0 : stepsFrom([0, 10, 30, 50, 70, 90], percent));

const total = (numbers: readonly number[]) => numbers.reduce((sum, n) => sum + n, 0);

/** Weights are tenths and parts halves at the least: whole numbers until the last step, because binary fractions would round 0.15 the wrong way. */
const weighted = (weights: readonly number[], parts: readonly number[]) => total(weights.map((weight, i) => weight * Math.round((parts[i] ?? 0) * 2))) / 20;
const toTenth = (value: number) => Math.floor(value * 10 + 0.5 + 1e-9) / 10;

function regions(names: readonly string[], signs: readonly string[], areas: readonly number[], grades: readonly number[][]): Data {
  return Object.fromEntries(names.flatMap((name, r) => [[`${name}Area`, areas[r]], ...signs.map((sign, s) => [`${name}${sign}`, grades[r]?.[s]])]));
}

test('PASI is the weighted sum of signs and areas', () => {
  const evaluate = evaluator('psoriasis');
  fc.assert(fc.property(list(4, tenths(100)), list(4, list(3, whole(4))), (areas, grades) => {
    const parts = grades.map((grade, r) => total(grade) * areaScore(areas[r] ?? 0));
    const data = evaluate(regions(['head', 'arms', 'trunk', 'legs'], ['Erythema', 'Induration', 'Desquamation'], areas, grades));
    expect(data['pasi']).toBe(toTenth(weighted([1, 2, 3, 4], parts)));
  }), runs);
});

test('EASI weighs head and lower limbs by age', () => {
  fc.assert(fc.property(whole(15), list(4, tenths(100)), list(4, list(4, whole(6).map((n) => n / 2))), (age, areas, grades) => {
    const parts = grades.map((grade, r) => total(grade) * areaScore(areas[r] ?? 0));
    const easi = toTenth(weighted(age >= 8 ? [1, 2, 3, 4] : [2, 2, 3, 3], parts));
    const data = evaluator('eczema')({ ageYears: age, ...regions(['head', 'upper', 'trunk', 'lower'], ['Erythema', 'Oedema', 'Excoriation', 'Lichenification'], areas, grades) });
    expect(data['easi']).toBe(easi);
    expect(data['easiBand']).toBe(['clear', 'almost-clear', 'mild', 'moderate', 'severe', 'very-severe'][stepsFrom([0.1, 1.1, 7.1, 21.1, 50.1], easi)]);
    expect(data['easiBandKorean']).toBe(['below-moderate', 'moderate', 'severe'][stepsFrom([16, 23], easi)]);
  }), runs);
});

test('SCORAD is A/5 + 7B/2 + C, with two sets of bands', () => {
  const signs = ['scoradErythema', 'scoradOedema', 'scoradOozing', 'scoradExcoriation', 'scoradLichenification', 'scoradDryness'];
  fc.assert(fc.property(tenths(100), list(6, whole(3)), tenths(10), tenths(10), (extent, grades, itch, sleep) => {
    const scorad = toTenth((extent * 20 + total(grades) * 350 + itch * 100 + sleep * 100) / 100);
    const data = evaluator('eczema')({ scoradExtent: extent, ...Object.fromEntries(signs.map((sign, i) => [sign, grades[i]])), scoradItch: itch, scoradSleep: sleep });
    expect(data['scorad']).toBe(scorad);
    expect(data['scoradBand']).toBe(['clear', 'mild', 'moderate', 'severe'][stepsFrom([10, 29, 49], scorad)]);
    expect(data['scoradBandEtfad']).toBe(['mild', 'moderate', 'severe'][stepsFrom([25, 50.1], scorad)]);
  }), runs);
});

test('UAS7 needs all fourteen answers of the diary', () => {
  fc.assert(fc.property(list(14, fc.option(whole(3), { freq: 60, nil: undefined })), (answers) => {
    const data = evaluator('urticaria')(Object.fromEntries(answers.flatMap((answer, i) => (answer === undefined ? [] : [[`${i < 7 ? 'wheal' : 'itch'}${(i % 7) + 1}`, String(answer)]]))));
    const given = answers.filter((answer) => answer !== undefined);
    const score = given.length === 14 ? total(given) : undefined;
    expect(data['uas7']).toBe(score);
    expect(data['uas7Band']).toBe(score === undefined ? (given.length > 0 ? 'incomplete' : undefined) : ['free', 'well-controlled', 'mild', 'moderate', 'severe'][stepsFrom([1, 7, 16, 28], score)]);
  }), runs);
});

test('dermoscopy counts seven points and BRAAFF', () => {
  const seven = ['atypicalNetwork', 'blueWhiteVeil', 'atypicalVessels', 'irregularStreaks', 'irregularDotsGlobules', 'irregularBlotches', 'regressionStructures'];
  const braaff = { acralIrregularBlotch: 1, parallelRidge: 3, asymmetryStructures: 1, asymmetryColours: 1, parallelFurrow: -1, fibrillarPattern: -1 };
  fc.assert(fc.property(list(7, fc.boolean()), list(6, fc.boolean()), (first, second) => {
    const data = evaluator('dermoscopy')({ isAcral: true, ...Object.fromEntries(seven.map((key, i) => [key, first[i]])), ...Object.fromEntries(Object.keys(braaff).map((key, i) => [key, second[i]])) });
    const points = total(first.map((isSeen, i) => (isSeen ? (i < 3 ? 2 : 1) : 0)));
    const score = total(Object.values(braaff).map((weight, i) => (second[i] ? weight : 0)));
    expect([data['sevenPointScore'], data['sevenPointSuspicious'], data['braaffScore'], data['braaffSuspicious']]).toEqual([points, points >= 3, score, score >= 1]);
  }), runs);
});

test('every dermoscopy score that can occur has the same class by both sources', () => {
  const document = registry.findTables('dermoscopy-scores/1.0.0');
  const classOf = (name: string, tds: number) => {
    const table = document?.tables[name];
    return table && lookUp({ name, ...table }, [tds]);
  };
  const evaluate = evaluator('dermoscopy');
  for (const a of [0, 1, 2]) for (let b = 0; b <= 8; b++) for (let c = 1; c <= 6; c++) for (let d = 1; d <= 5; d++) {
    const tds = (13 * a + b + 5 * c + 5 * d) / 10;
    const data = evaluate({ abcdAsymmetry: a, abcdBorder: b, abcdColours: c, abcdStructures: d });
    expect([data['tds'], data['tdsClass']]).toEqual([tds, classOf('tds-class', tds)]);
    expect(classOf('tds-class-alternative', tds), String(tds)).toBe(data['tdsClass']);
  }
});
