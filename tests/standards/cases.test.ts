/** The cases beside the standards, each a test, and whether together they show everything that a standard does. */
import { describe, expect, test } from 'vitest';
import { runCases, type CasesDocument } from '../../schemas/cases.ts';
import type { Row } from '../../schemas/form.ts';
import { files, nameOf, preparedOf, standards } from './standards.ts';

describe.for(standards.map((document) => [nameOf(document), document] as const))('%s', ([name, document]) => {
  const prepared = preparedOf(document);
  const { form } = prepared;
  const { cases } = files.get(`${name}.cases.json`) as CasesDocument;
  const conditionalColumns = form.items.flatMap(({ key, items = [] }) => items.filter(({ enableWhen }) => enableWhen).map((item) => ({ key, column: item.key })));
  const evaluations = cases.map(({ answers, context }) => prepared.evaluate(answers, { today: '2026-11-22', ...context }));

  test.for(cases.map((each) => [each.description, each] as const))('%s', ([, each]) => {
    expect(runCases(prepared, { cases: [each] })).toEqual([]);
  });

  test('breaks every check in some case, and holds it in another', () => {
    const inRows = form.items.flatMap(({ key, checks = [] }) => checks.map(({ id, at: [column = ''] }) => ({ id, place: new RegExp(`^/${key}/[^/]+${column}$`) })));
    for (const { id, place } of [...form.checks.map(({ id, at: [pointer] }) => ({ id, place: new RegExp(`^${pointer}$`) })), ...inRows]) {
      const reported = evaluations.map(({ findings }) => findings.some((finding) => finding.rule === id && place.test(finding.pointer)));
      expect(new Set(reported), `${id} at ${place.source}`).toEqual(new Set([true, false]));
    }
  });

  test('shows every conditional item in play and not', () => {
    for (const { key, enableWhen } of form.items) {
      if (enableWhen) expect(new Set(evaluations.map(({ disabled }) => disabled.includes(`/${key}`))), key).toEqual(new Set([true, false]));
    }
    for (const { key, column } of conditionalColumns) {
      const off = evaluations.flatMap(({ data, disabled }) => (data[key] as Row[] | undefined ?? []).map(({ rowId }) => disabled.includes(`/${key}/${rowId}/${column}`)));
      expect(new Set(off), `${key}/${column}`).toEqual(new Set([true, false]));
    }
  });

  test('expects a value of every calculated item', () => {
    const expected = new Set(cases.flatMap(({ expect: { data = {} } = {} }) => Object.keys(data).filter((key) => data[key] !== null)));
    expect(form.items.filter(({ key, calculate }) => calculate && !expected.has(key)).map(({ key }) => key)).toEqual([]);
    const inRow = (key: string, column: string) => [...expected].some((pointer) => pointer.startsWith(`/${key}/`) && pointer.endsWith(`/${column}`));
    expect(form.items.flatMap(({ key, items = [] }) => items.filter((item) => item.calculate && !inRow(key, item.key)).map((item) => `${key}/${item.key}`))).toEqual([]);
  });

  test('refuses a wrong type, code, format, bound and an unknown element, as far as it has such items', () => {
    const rules = new Set(evaluations.flatMap(({ findings }) => findings.map(({ rule }) => rule)));
    const entered = form.items.flatMap((item) => [item, ...(item.items ?? [])]).filter(({ bind, calculate, type }) => bind === undefined && calculate === undefined && type !== 'repeat');
    const asked = {
      'unknown-element': true, 'type': entered.length > 0, 'value-set': entered.some(({ valueSet }) => valueSet !== undefined),
      'format': entered.some(({ type }) => /date|time/.test(type)), 'range': entered.some(({ maximum }) => maximum !== undefined),
    };
    for (const [rule, applies] of Object.entries(asked)) if (applies) expect(rules, rule).toContain(rule);
  });
});
