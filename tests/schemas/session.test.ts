import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Context, Value } from '../../schemas/form.ts';
import { initialValues } from '../../schemas/initial.ts';
import type { FormSession } from '../../schemas/prepare.ts';
import { anyAnswers, anyReason, anyRowId, columnKeys, topKeys, valueOf } from './answers.ts';
import { aCheck, aStandard, prepare, richStandard, rowId, rows, today } from './a-standard.ts';

const rich = prepare(richStandard);
const number = { type: 'number' };

/** One thing that a person does on a form. */
type Act = (session: FormSession) => { touched: string[] };

const keyed = (keys: readonly string[]) => fc.constantFrom(...keys).chain((key) => fc.tuple(fc.constant(key), fc.option(valueOf(key), { nil: undefined })));
const cell = fc.tuple(anyRowId, fc.constantFrom(...columnKeys)).map(([id, key]) => `/orders/${id}/${key}`);
const anyAct: fc.Arbitrary<Act> = fc.oneof(
  keyed([...topKeys, 'z', 'orders']).map(([key, value]): Act => (session) => session.set(`/${key}`, value)),
  fc.tuple(anyRowId, keyed(columnKeys)).map(([id, [key, value]]): Act => (session) => session.set(`/orders/${id}/${key}`, value)),
  fc.tuple(fc.oneof(cell, fc.constantFrom(...topKeys, 'orders', 'total', 'z').map((key) => `/${key}`)), fc.option(anyReason, { nil: undefined }))
    .map(([pointer, reason]): Act => (session) => session.setMissing(pointer, reason)),
  anyRowId.map((id): Act => (session) => session.addRow('/orders', id)),
  anyRowId.map((id): Act => (session) => session.removeRow('/orders', id)),
);
const contexts = fc.constantFrom<Context>(today, { today: '2026-11-22', bound: { 'subject.birthDate': '1961' } });

describe('whatever a person does,', () => {
  test('a session says what a whole evaluation of its answers says', () => {
    fc.assert(fc.property(anyAnswers, contexts, fc.array(anyAct, { maxLength: 12 }), ({ parked: _, ...answers }, context, acts) => {
      const session = rich.open(answers, context);
      expect(session.evaluation()).toEqual(rich.evaluate(session.answers(), context));
      for (const act of acts) {
        act(session);
        expect(session.evaluation()).toEqual(rich.evaluate(session.answers(), context));
      }
    }), { numRuns: 80 });
  });

  test('what looks different afterwards was touched', () => {
    const pointers = [...topKeys, 'rounded', 'grade', 'worst', 'doubled', 'total', 'orders'].map((key) => `/${key}`).concat([1, 2, 3].flatMap((n) => [...columnKeys, 'high'].map((key) => `/orders/${rowId(n)}/${key}`)));
    const looks = (session: FormSession) => pointers.map((pointer) => JSON.stringify([session.value(pointer), session.missing(pointer), session.isEnabled(pointer), session.findings(pointer)]));
    fc.assert(fc.property(anyAnswers, contexts, fc.array(anyAct, { maxLength: 8 }), (answers, context, acts) => {
      const session = rich.open(answers, context);
      for (const act of acts) {
        const before = looks(session);
        const { touched } = act(session);
        const after = looks(session);
        for (const [i, pointer] of pointers.entries()) if (before[i] !== after[i]) expect(touched).toContain(pointer);
      }
    }), { numRuns: 80 });
  });

  test('parked values are read back, and the answers given are not changed', () => {
    fc.assert(fc.property(anyAnswers, contexts, (answers, context) => {
      const copy = structuredClone(answers);
      expect(rich.open(answers, context).evaluation()).toEqual(rich.evaluate(answers, context));
      expect(answers).toEqual(copy);
    }));
  });
});

describe('a change works out only what depends on it:', () => {
  const chains = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [
    [`in${i}`, number], [`out${i}`, { ...number, calculate: `in${i} + 1` }],
  ] as const).flat());
  const session = prepare(aStandard(chains, { check: [aCheck('out3 < 10', ['/in3'])] })).open({ data: {} }, today);

  test.for([
    ['a chain of its own', '/in1', 5, 1, ['/in1', '/out1']],
    ['a chain and its check', '/in3', 5, 2, ['/in3', '/out3']],
    ['the same value again', '/in3', 5, 0, ['/in3']],
    ['a value that breaks a check', '/in3', 50, 2, ['/in3', '/out3']],
    ['nothing, for a calculated item', '/out3', 50, 0, []],
    ['nothing, for a place that is not there', '/in99', 50, 0, []],
  ] as const)('%s', ([, pointer, value, evaluated, touched]) => {
    const update = session.set(pointer, value);
    expect(update.evaluated).toBe(evaluated);
    expect(update.touched.sort()).toEqual(touched);
  });

  test('one row of many', () => {
    const many = prepare(aStandard({ r: rows({ a: number, b: { ...number, calculate: 'a + 1' } }) }))
      .open({ data: { r: [1, 2, 3].map((n) => ({ rowId: rowId(n), a: n })) } }, today);
    expect(many.set(`/r/${rowId(2)}/a`, 9)).toEqual({ touched: [`/r/${rowId(2)}/a`, `/r/${rowId(2)}/b`], evaluated: 1 });
    expect(many.value(`/r/${rowId(2)}/b`)).toBe(10);
    expect(many.value(`/r/${rowId(1)}/b`)).toBe(2);
  });
});

describe('in a session', () => {
  const standard = aStandard({ a: number, b: { ...number, enableWhen: 'a > 1' }, r: rows({ c: number }, ['c']), codes: { type: 'array', items: { type: 'string', valueSet: 'site/1.0.0' } }, s: { type: 'string' } }, { required: ['a', 'r'] });
  const open = () => prepare(standard).open({ data: {} }, today);

  test.for([['s', ''], ['codes', []]] as [string, Value][])('nothing in %s is no answer', ([key, nothing]) => {
    const session = open();
    session.set(`/${key}`, nothing);
    expect(session.answers().data).toEqual({});
  });

  test('a value and a reason put each other out', () => {
    const session = open();
    session.set('/a', 1);
    session.setMissing('/a', 'unknown');
    expect([session.value('/a'), session.missing('/a'), session.findings('/a')]).toEqual([undefined, 'unknown', []]);
    session.set('/a', 2);
    expect([session.value('/a'), session.missing('/a')]).toEqual([2, undefined]);
    session.set('/a', undefined);
    expect(session.findings('/a')).toMatchObject([{ rule: 'required' }]);
  });

  test('an item that is switched off and on again has its value still', () => {
    const session = open();
    session.set('/a', 2);
    session.set('/b', 7);
    expect(session.set('/a', 1).touched.sort()).toEqual(['/a', '/b']);
    expect([session.value('/b'), session.isEnabled('/b'), session.evaluation().parked]).toEqual([undefined, false, { '/b': 7 }]);
    session.set('/a', 2);
    expect([session.value('/b'), session.isEnabled('/b'), session.evaluation().parked]).toEqual([7, true, {}]);
  });

  test('rows come and go', () => {
    const session = open();
    expect(session.findings('/r')).toMatchObject([{ rule: 'required' }]);
    expect(session.addRow('/r', rowId(1)).touched).toContain('/r');
    expect(session.findings('/r')).toEqual([]);
    expect(session.findings(`/r/${rowId(1)}/c`)).toMatchObject([{ rule: 'required' }]);
    session.set(`/r/${rowId(1)}/c`, 3);
    expect(session.answers().data).toEqual({ r: [{ rowId: rowId(1), c: 3 }] });
    session.removeRow('/r', rowId(1));
    expect(session.answers().data).toEqual({});
    expect(session.findings(`/r/${rowId(1)}/c`)).toEqual([]);
    expect(session.set(`/r/${rowId(1)}/c`, 3)).toEqual({ touched: [], evaluated: 0 });
  });
});

test('a new row starts with what its columns start with', () => {
  const form = prepare(aStandard({ orders: rows({ drug: { type: 'string' }, nurse: { type: 'string', refersTo: 'person', initial: 'person.id' }, on: { type: 'string', format: 'date', initial: 'today' } }) }));
  const session = form.open({ data: {} }, { ...today, bound: { 'person.id': rowId(9) } });
  session.addRow('/orders', rowId(1));
  expect(session.answers().data).toEqual({ orders: [{ rowId: rowId(1), nurse: rowId(9), on: '2026-11-22' }] });
  expect(initialValues(form.form.items[0]?.items ?? [], today)).toEqual({ on: '2026-11-22' });
});
