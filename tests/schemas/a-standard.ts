/** Small standards for tests of the engine, with good defaults: a test says only what matters to it. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { compileForm, standardMistakes } from '../../schemas/compile.ts';
import { createStructureCheck } from '../../schemas/dialect.ts';
import type { Form } from '../../schemas/form.ts';
import { prepareForm, type PreparedForm } from '../../schemas/prepare.ts';
import type { FieldError } from '../../schemas/problem.ts';
import { createRegistry, type Registry } from '../../schemas/registry.ts';

type Json = { [key: string]: unknown };

const BASE = 'https://xiangya-forms.org/standards/';
export const dialect: unknown = JSON.parse(readFileSync(new URL('../../standards/dialect.json', import.meta.url), 'utf8'));
const boundValues: unknown = JSON.parse(readFileSync(new URL('../../standards/bound-values.json', import.meta.url), 'utf8'));
export const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

export const words = (title: string) => ({ title, text: { en: { title } } });

export function aValueSet(name: string, codes: string[], retired: string[] = []): Json {
  const all = [...codes.map((code) => ({ code, zh: code, en: code })), ...retired.map((code) => ({ code, zh: code, en: code, status: 'retired' }))];
  return { $id: `${BASE}value-sets/${name}/1.0.0.json`, ...words(name), source: 'test', codes: all };
}

export function aTables(name: string, tables: Json): Json {
  return { $id: `${BASE}tables/${name}/1.0.0.json`, ...words(name), source: 'test', note: 'test', tables };
}

/** Elements by key, titled by their key; `parts` are the other members of the standard, such as `check`. */
export function aStandard(elements: { [key: string]: Json }, parts: Json = {}): Json {
  return {
    $schema: `${BASE}dialect.json`,
    $id: `${BASE}test/example/1.0.0.json`,
    ...words('示例'),
    source: 'test',
    per: 'any',
    type: 'object',
    properties: titled(elements),
    layout: { sections: [{ id: 'all', ...words('All'), items: Object.keys(elements) }] },
    ...parts,
  };
}

function titled(elements: { [key: string]: Json }): { [key: string]: Json } {
  return Object.fromEntries(Object.entries(elements).map(([key, element]) => {
    const items = element['items'] as { type?: string; properties?: { [key: string]: Json } } | undefined;
    const columns = items?.properties ? { items: { ...items, properties: titled(items.properties) } } : {};
    return [key, { ...words(key), ...element, ...columns }];
  }));
}

export function aCheck(assert: string, at: string[], parts: Json = {}): Json {
  return { id: 'E-1', severity: 'hard', assert, message: '不对', text: { en: { message: 'wrong' } }, at, source: 'test', ...parts };
}

export function rows(properties: { [key: string]: Json }, required: string[] = [], check?: Json[]): Json {
  return { type: 'array', items: { type: 'object', properties, required, ...(check ? { check } : {}) } };
}

const documents = [
  dialect,
  boundValues,
  aValueSet('missing-reason', ['unknown', 'not-done', 'refused']),
  aValueSet('status', ['measurable', 'in-situ', 'none'], ['old']),
  aValueSet('site', ['skin', 'lung', 'brain']),
  aTables('grades', {
    'grade': {
      arguments: ['thickness', 'status'],
      source: 'test',
      rows: [{ when: ['*', { empty: true }], then: 'X' }, { when: [{ max: 1 }, '*'], then: 'low' }, { when: [{ min: 1.1, max: 4 }, ['measurable', 'old']], then: 'mid' }, { when: [{ empty: false }, '*'], then: 'high' }],
    },
    'worst': { arguments: ['sites'], source: 'test', rows: [{ when: [{ includesAny: ['brain'] }], then: 4 }, { when: [{ includesAny: ['lung', 'skin'] }], then: 1 }] },
  }),
];

/** The documents above and `more`; the standard that a test is about need not be among them. */
export function aRegistry(...more: unknown[]): Registry {
  return more.length === 0 ? plainRegistry : createRegistry([...documents, ...more], digest);
}

const plainRegistry = createRegistry(documents, digest);

export function aForm(standard: Json, ...more: unknown[]): Form {
  return compileForm(standard, aRegistry(...more));
}

export function prepare(standard: Json, ...more: unknown[]): PreparedForm {
  const form = aForm(standard, ...more);
  return prepareForm(form, createStructureCheck(form.structure));
}

export function mistakesOf(standard: Json, ...more: unknown[]): readonly FieldError[] {
  return standardMistakes(standard, aRegistry(...more));
}

/** A row id: UUIDs that differ in their last digits. */
export function rowId(n: number): string {
  return `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`;
}

export const today = { today: '2026-11-22' };

/**
 * A form with everything: branches on branches, calculations on calculations, coded items, a look-up, bound items, a repeat that can
 * be off, columns that depend on their row, on the form and on all rows, and checks over all of it.
 */
export const richStandard = aStandard({
  status: { type: 'string', valueSet: 'status/1.0.0' },
  thickness: { type: 'number', minimum: 0, maximum: 10, multipleOf: 0.01, enableWhen: "status != 'none'" },
  rounded: { type: 'number', calculate: 'round(thickness, 1)' },
  grade: { type: 'string', calculate: "lookup('grade', rounded, status)" },
  explanation: { type: 'string', maxLength: 5, pattern: '[a-z]+', enableWhen: "grade == 'high' || doubled > 3" },
  sites: { type: 'array', items: { type: 'string', valueSet: 'site/1.0.0' }, uniqueItems: true },
  worst: { type: 'number', calculate: "lookup('worst', sites)" },
  doubled: { type: 'number', calculate: 'rounded * 2' },
  birth: { type: 'string', format: 'partial-date', bind: 'subject.birthDate' },
  visited: { type: 'string', format: 'date' },
  wantsOrders: { type: 'boolean' },
  orders: {
    ...rows({
      drug: { type: 'string', maxLength: 20 },
      dose: { type: 'number', minimum: 0, enableWhen: "drug != 'nothing'" },
      share: { type: 'number', calculate: 'round(dose / sum(orders.map(o, o.dose)), 3)' },
      high: { type: 'boolean', calculate: 'dose > thickness' },
      note: { type: 'string', enableWhen: 'high' },
    }, ['dose'], [
      aCheck("dose <= 100 || drug == 'nothing'", ['/dose', '/drug'], { id: 'E-R-1' }),
      aCheck('dose <= thickness * 10', ['/dose'], { id: 'W-R-2', severity: 'soft' }),
      aCheck('share < 1 || size(orders) == 1', ['/share'], { id: 'E-R-3' }),
    ]),
    enableWhen: 'wantsOrders || size(sites) > 1',
  },
  total: { type: 'number', calculate: 'sum(orders.map(o, o.dose))' },
}, {
  tables: ['grades/1.0.0'],
  required: ['status', 'thickness', 'birth', 'grade', 'visited'],
  check: [
    aCheck('thickness < 5 || sites.exists(s, s == \'brain\')', ['/thickness', '/sites']),
    aCheck('onOrBefore(subject.birthDate, visited)', ['/visited', '/birth'], { id: 'E-2' }),
    aCheck('orders.all(o, o.dose <= 100)', ['/orders'], { id: 'W-3', severity: 'soft' }),
    aCheck('daysBetween(visited, today) >= 0', ['/visited'], { id: 'E-4' }),
  ],
});
