/** The AJCC 8 tables of melanoma, cell by cell, against a second reading of the rules they were written from. */
import { describe, expect, test } from 'vitest';
import { lookUp } from '../../schemas/expression/lookup.ts';
import { hasSources, readSource } from './sources.ts';
import { registry } from './standards.ts';

const document = registry.findTables('ajcc8-melanoma/1.0.0');

function look(name: string, ...args: unknown[]): unknown {
  const table = document?.tables[name];
  if (!table) throw new Error(`No table ${name}`);
  return lookUp({ name, ...table }, args);
}

const stagesWithNodes = ['N0', 'N1a', 'N1b', 'N1c', 'N2a', 'N2b', 'N2c', 'N3a', 'N3b', 'N3c'];

/** The matrix of rule 4, one row for each T, in the order of `stagesWithNodes`. */
const matrix: { [t: string]: string[] } = {
  T0: ['unassignable', 'III', 'IIIB', 'IIIB', 'III', 'IIIC', 'IIIC', 'III', 'IIIC', 'IIIC'],
  Tis: ['0', 'III', 'III', 'III', 'III', 'III', 'III', 'III', 'III', 'III'],
  T1a: ['IA', 'IIIA', 'IIIB', 'IIIB', 'IIIA', 'IIIB', 'IIIC', 'IIIC', 'IIIC', 'IIIC'],
  T1b: ['IA', 'IIIA', 'IIIB', 'IIIB', 'IIIA', 'IIIB', 'IIIC', 'IIIC', 'IIIC', 'IIIC'],
  T2a: ['IB', 'IIIA', 'IIIB', 'IIIB', 'IIIA', 'IIIB', 'IIIC', 'IIIC', 'IIIC', 'IIIC'],
  T2b: ['IIA', 'IIIB', 'IIIB', 'IIIB', 'IIIB', 'IIIB', 'IIIC', 'IIIC', 'IIIC', 'IIIC'],
  T3a: ['IIA', 'IIIB', 'IIIB', 'IIIB', 'IIIB', 'IIIB', 'IIIC', 'IIIC', 'IIIC', 'IIIC'],
  T3b: ['IIB', 'IIIC', 'IIIC', 'IIIC', 'IIIC', 'IIIC', 'IIIC', 'IIIC', 'IIIC', 'IIIC'],
  T4a: ['IIB', 'IIIC', 'IIIC', 'IIIC', 'IIIC', 'IIIC', 'IIIC', 'IIIC', 'IIIC', 'IIIC'],
  T4b: ['IIC', 'IIIC', 'IIIC', 'IIIC', 'IIIC', 'IIIC', 'IIIC', 'IIID', 'IIID', 'IIID'],
};
const clinicalN0: { [t: string]: string } = { Tis: '0', T1a: 'IA', T1b: 'IB', T2a: 'IB', T2b: 'IIA', T3a: 'IIA', T3b: 'IIB', T4a: 'IIB', T4b: 'IIC' };

const allT = [...Object.keys(matrix), 'T1', 'T2', 'T3', 'T4', 'TX', undefined];
const allN = [...stagesWithNodes, 'N1', 'N2', 'N3', 'NX', undefined];
const allM = ['M0', 'M1', 'M1a', 'M1b(0)', 'M1d(1)', 'unknown', undefined];

const bothSuffixes = (category: string): string[] => (/^[TN][1-4]$/.test(category) ? [`${category}a`, `${category}b`] : [category]);

function pathologicalStage(t: string | undefined, pN: string | undefined, cN: string | undefined, m: string | undefined): string {
  if (m?.startsWith('M1')) return 'IV';
  if (m !== 'M0') return 'unassignable';
  const withoutNodes = pN === undefined || pN === 'NX';
  if (withoutNodes && !(cN === 'N0' && ['Tis', 'T1', 'T1a', 'T1b'].includes(t ?? ''))) return 'unassignable';
  const n = withoutNodes ? 'N0' : pN;
  const open = n === 'N0' ? 'unassignable' : 'III';
  if (t === undefined || t === 'TX') return open;
  const stages = new Set(bothSuffixes(t).flatMap((suffixed) => bothSuffixes(n).map((node) => matrix[suffixed]?.[stagesWithNodes.indexOf(node)])));
  return stages.size === 1 ? [...stages][0] ?? open : open;
}

function clinicalStage(t: string | undefined, cN: string | undefined, m: string | undefined): string {
  if (m?.startsWith('M1')) return 'IV';
  if (m !== 'M0' || cN === undefined || cN === 'NX') return 'unassignable';
  return cN === 'N0' ? clinicalN0[t ?? ''] ?? 'unassignable' : 'III';
}

test('the pathological stage of every T, pN, cN and M is that of the five rules', () => {
  for (const t of allT) for (const pN of allN) for (const cN of allN) for (const m of allM) {
    const nothing = t === undefined && pN === undefined && cN === undefined && m === undefined;
    expect(look('ajcc8-mel-path-stage', t, pN, cN, m), `${t} p${pN} c${cN} ${m}`).toBe(nothing ? undefined : pathologicalStage(t, pN, cN, m));
  }
});

test('the clinical stage of every T, cN and M is that of its rule', () => {
  for (const t of allT) for (const cN of allN) for (const m of allM) {
    const nothing = t === undefined && cN === undefined && m === undefined;
    expect(look('ajcc8-mel-clin-stage', t, cN, m), `${t} c${cN} ${m}`).toBe(nothing ? undefined : clinicalStage(t, cN, m));
  }
});

test('every tenth of a millimetre up to 100 has a T category, rising with the thickness', () => {
  for (const ulceration of ['absent', 'present', 'unknown', undefined]) {
    const bands = Array.from({ length: 1000 }, (_, i) => String(look('ajcc8-mel-t', 'measurable', (i + 1) / 10, ulceration)).slice(0, 2));
    expect([...bands].sort()).toEqual(bands);
    expect(new Set(bands)).toEqual(new Set(['T1', 'T2', 'T3', 'T4']));
  }
});

test('every answer on nodes has an N category', () => {
  for (const positive of Array.from({ length: 100 }, (_, i) => i)) for (const detected of [true, false, undefined]) for (const matted of [true, false, undefined]) {
    for (const nonNodal of ['yes', 'no', 'unknown', undefined]) {
      expect(look('ajcc8-mel-n', 'assessed', positive, detected, matted, nonNodal)).toMatch(/^N[0-3]/);
      expect(look('ajcc8-mel-n', 'not-assessed', positive, detected, matted, nonNodal)).toBe('NX');
    }
  }
});

test('the worst site decides the M category', () => {
  const order = ['in-transit', 'skin', 'lung', 'liver', 'brain'];
  const results = ['M1', 'M1a', 'M1b', 'M1c', 'M1d'];
  order.forEach((_, i) => expect(look('ajcc8-mel-m', 'yes', order.slice(0, i + 1).reverse(), undefined)).toBe(results[i]));
});

describe.runIf(hasSources('the AJCC 8 tables against derm-rules.md'))('the rules that the tables were written from', () => {
  test('have this matrix', () => {
    const rows = readSource('derm-rules.md').split('\n').filter((line) => /^\| T(0|is|[1-4][ab]) \|( [^|]+ \|){10}$/.test(line)).map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()));
    expect(Object.fromEntries(rows.map(([t = '', ...stages]) => [t, stages]))).toEqual(matrix);
  });

  test('have this clinical column', () => {
    const section = readSource('derm-rules.md').split('### 1.4')[1]?.split('### 1.5')[0] ?? '';
    const rows = [...section.matchAll(/^\| (T\w+) \| ([^|]+) \|$/gm)].map(([, t, stage]) => [t, stage]);
    expect(Object.fromEntries(rows.filter(([t]) => t !== 'T'))).toEqual(clinicalN0);
  });
});
