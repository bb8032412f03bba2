/** The tables of carcinoma and samples, band by band, against a second reading of the rules they were written from. */
import { describe, expect, test } from 'vitest';
import { lookUp } from '../../schemas/expression/lookup.ts';
import { registry } from './standards.ts';

function look(reference: string, name: string, ...args: unknown[]): unknown {
  const table = registry.findTables(`${reference}/1.0.0`)?.tables[name];
  if (!table) throw new Error(`No table ${name}`);
  return lookUp({ name, ...table }, args);
}

const tenths = (most: number) => Array.from({ length: most * 10 }, (_, i) => (i + 1) / 10);
const bandOf = (value: number, limits: readonly number[]) => limits.filter((limit) => value >= limit).length;

describe('cutaneous squamous cell carcinoma', () => {
  const t = (system: string, diameter: number, rest: { depth?: number; fat?: boolean; pni?: boolean; bone?: string } = {}) =>
    look('keratinocyte-carcinoma', 'cscc-t', system, 'invasive', diameter, rest.depth, rest.fat ?? false, rest.pni ?? false, rest.bone ?? 'none');

  test('the two readings differ at 20 and 40 mm, and there alone', () => {
    for (const mm of tenths(100)) {
      expect(t('ajcc8-hn', mm), `${mm}`).toBe(mm < 20 ? 'T1' : mm < 40 ? 'T2' : 'T3');
      expect(t('uicc8', mm), `${mm}`).toBe(mm <= 20 ? 'T1' : mm <= 40 ? 'T2' : 'T3');
      expect(look('keratinocyte-carcinoma', 'uicc8-skin-t', mm, undefined, false, 'absent', 'none')).toBe(t('uicc8', mm));
    }
    expect(tenths(100).filter((mm) => t('ajcc8-hn', mm) !== t('uicc8', mm))).toEqual([20, 40]);
  });

  test('invasion outranks the diameter, bone outranks the rest', () => {
    for (const system of ['ajcc8-hn', 'uicc8']) for (const mm of [5, 30, 90]) {
      for (const rest of [{ depth: 6.1 }, { fat: true }, { pni: true }, { bone: 'minor-erosion' }]) expect(t(system, mm, rest)).toBe('T3');
      expect(t(system, mm, { fat: true, bone: 'gross-cortical' })).toBe('T4a');
      expect(t(system, mm, { fat: true, bone: 'skull-base-or-axial' })).toBe('T4b');
      expect(look('keratinocyte-carcinoma', 'cscc-t', system, 'in-situ', mm, 9, true, true, 'gross-cortical')).toBe('Tis');
    }
  });

  test('every T, N and M has the stage of the rule', () => {
    const early: { [t: string]: string } = { Tis: '0', T1: 'I', T2: 'II', T3: 'III' };
    for (const [system, regional, distant] of [['ajcc8-hn', 'IV', 'IV'], ['uicc8', 'IVA', 'IVB']]) {
      for (const category of ['TX', 'T0', 'Tis', 'T1', 'T2', 'T3', 'T4a', 'T4b']) for (const n of ['NX', 'N0', 'N1', 'N2', 'N2a', 'N2b', 'N2c', 'N3', 'N3a', 'N3b']) {
        const isSized = ['T1', 'T2', 'T3'].includes(category);
        const stage = category.startsWith('T4') || n.startsWith('N3') || (isSized && n.startsWith('N2')) ? regional : isSized && n === 'N1' ? 'III' : n === 'N0' ? early[category] ?? 'unassignable' : 'unassignable';
        expect(look('keratinocyte-carcinoma', 'cscc-stage', system, category, n, 'M0'), `${system} ${category} ${n}`).toBe(stage);
        expect(look('keratinocyte-carcinoma', 'cscc-stage', system, category, n, 'M1')).toBe(distant);
      }
    }
  });

  test('the factors of Brigham and Women make T1, T2a, T2b, T2b, T3, and bone T3', () => {
    expect([0, 1, 2, 3, 4].map((count) => look('keratinocyte-carcinoma', 'bwh-t', count, 'none'))).toEqual(['T1', 'T2a', 'T2b', 'T2b', 'T3']);
    for (const bone of ['minor-erosion', 'gross-cortical', 'skull-base-or-axial']) expect(look('keratinocyte-carcinoma', 'bwh-t', 0, bone)).toBe('T3');
  });
});

test('every T, N and M of Merkel cell carcinoma has the stage of the rule', () => {
  const withoutNodes: { [t: string]: string } = { Tis: '0', T1: 'I', T2: 'IIA', T3: 'IIA', T4: 'IIB' };
  for (const t of ['T0', 'T1', 'T2', 'T3', 'T4']) for (const n of ['NX', 'N0', 'N1', 'N1a', 'N1b', 'N2', 'N3']) {
    const withNodes = t === 'T0' ? (n === 'N1b' ? 'IIIA' : undefined) : n === 'N1a' ? 'IIIA' : ['N1b', 'N2', 'N3'].includes(n) ? 'IIIB' : undefined;
    expect(look('merkel-cell-carcinoma', 'merkel-stage', t, n, 'M0'), `${t} ${n}`).toBe(withNodes ?? (n === 'N0' ? withoutNodes[t] : undefined) ?? 'unassignable');
    expect(look('merkel-cell-carcinoma', 'merkel-stage', t, n, 'M1')).toBe('IV');
  }
  for (const mm of tenths(100)) expect(look('merkel-cell-carcinoma', 'merkel-t', mm, false)).toBe(mm <= 20 ? 'T1' : mm <= 50 ? 'T2' : 'T3');
});

describe('samples', () => {
  test('every minute up to four days has the SPREC code of its band, lower limit included', () => {
    for (let minutes = 0; minutes <= 4 * 24 * 60; minutes += 1) {
      expect(look('sprec', 'sprec-ischemia', minutes)).toBe('ABCDEF'[bandOf(minutes, [2, 10, 20, 30, 60])]);
      const before = bandOf(minutes, [120, 240, 480, 720, 1440, 2880]);
      const after = bandOf(minutes, [60, 120, 480, 1440]);
      expect(look('sprec', 'sprec-precent', minutes, 'RT')).toBe('ACEGIKM'[before]);
      expect(look('sprec', 'sprec-precent', minutes, 'cold')).toBe('BDFHJLN'[before]);
      expect(look('sprec', 'sprec-precent', minutes, 'warm')).toBe(minutes < 120 ? 'O' : 'Z');
      expect(look('sprec', 'sprec-postcent', minutes, 'cold')).toBe('ACEGI'[after]);
      expect(look('sprec', 'sprec-postcent', minutes, 'RT')).toBe('BDFHJ'[after]);
    }
  });

  test('a time before its beginning has no code, an unknown one is X', () => {
    expect([look('sprec', 'sprec-ischemia', -1), look('sprec', 'sprec-precent', -1, 'RT'), look('sprec', 'sprec-postcent', -1, 'cold')]).toEqual([undefined, undefined, undefined]);
    expect(look('sprec', 'sprec-ischemia', undefined)).toBe('X');
  });

  test('every share of nuclei and necrosis, every RIN and every A414 has its grade', () => {
    for (let nuclei = 0; nuclei <= 100; nuclei += 1) for (let necrosis = 0; necrosis <= 100; necrosis += 1) {
      expect(look('sample-quality', 'tissue-grade', nuclei, necrosis)).toBe(necrosis >= 20 || nuclei < 60 ? 'C' : nuclei >= 80 ? 'A' : 'B');
    }
    for (const rin of tenths(10)) expect(look('sample-quality', 'rin-grade', rin)).toBe(rin >= 7 ? 'good' : rin >= 5 ? 'limited' : 'poor');
    for (let i = 0; i <= 1000; i += 1) expect(look('sample-quality', 'haemolysis-grade', i / 1000)).toBe(i < 72 ? 'none' : i <= 300 ? 'mild' : 'gross');
  });
});
