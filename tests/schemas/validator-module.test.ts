import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createStructureCheck } from '../../schemas/dialect.ts';
import { prepareForm, type StructureCheck } from '../../schemas/prepare.ts';
import { validatorModule } from '../../schemas/validator-module.ts';
import { anyAnswers } from './answers.ts';
import { aForm, aStandard, richStandard, rowId, rows, today } from './a-standard.ts';

/** Runs a module's text as a page would, without a file and without the machinery of the tests. */
async function load(text: string): Promise<StructureCheck> {
  const module = await (import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(text)}`) as Promise<{ default: StructureCheck }>);
  return module.default;
}

const text = { type: 'string' };
const everyType = aForm(aStandard({
  short: { ...text, maxLength: 3 }, patterned: { ...text, pattern: '[a-z]{2}\\d+' }, long: { ...text, multiline: true }, whole: { type: 'integer', minimum: -1, maximum: 9 },
  amount: { type: 'number', minimum: 0.1 }, yes: { type: 'boolean' }, day: { ...text, format: 'date' }, about: { ...text, format: 'partial-date' }, hour: { ...text, format: 'time' },
  at: { ...text, format: 'date-time' }, lesion: { ...text, refersTo: 'lesion' }, picture: { ...text, capture: { kind: 'photo', classify: false } },
  code: { ...text, valueSet: 'site/1.0.0' }, codes: { type: 'array', items: { type: 'string', valueSet: 'site/1.0.0' } }, orders: rows({ dose: { type: 'number', maximum: 5 }, day: { ...text, format: 'date' } }),
}));

const values = fc.oneof(
  fc.constantFrom<unknown>('', 'abc', 'abcd', '😀😀😀', '😀😀😀😀', '\ud83d\ud83d\ud83d\ud83d', 'ab12', 'ab', 0, 0.05, 9, 10, 3.5, -2, true, null, [], {}),
  fc.constantFrom<unknown>('2024-02-29', '2023-02-29', '2019', '2019-04', '08:30', '24:00', '2024-02-29T08:30', '2024-02-29T08:30Z', rowId(1), ['skin'], ['skin', 'skin'], [1]),
  fc.constantFrom<unknown>([{ rowId: rowId(1), dose: 6, day: 'x' }], [{ rowId: 'x' }], [{}], [3]),
  fc.jsonValue(),
);

test('a module imports nothing and evaluates nothing', () => {
  expect(validatorModule(everyType.structure)).not.toMatch(/\b(?:import|require|eval|Function)\b/);
});

describe('the module and the server judge alike', () => {
  test('every type and every bad value', async () => {
    const [module, server] = [await load(validatorModule(everyType.structure)), createStructureCheck(everyType.structure)];
    const keys = everyType.items.map((item) => item.key);
    fc.assert(fc.property(fc.dictionary(fc.constantFrom(...keys, 'z'), values), (data) => {
      expect(module(data)).toEqual(server(data));
    }), { numRuns: 1000 });
  });

  test('every record of the rich form', async () => {
    const form = aForm(richStandard);
    const [page, server] = [prepareForm(form, await load(validatorModule(form.structure))), prepareForm(form, createStructureCheck(form.structure))];
    fc.assert(fc.property(anyAnswers, (answers) => {
      expect(page.evaluate(answers, today)).toEqual(server.evaluate(answers, today));
    }));
  });

  test('what is no record at all', async () => {
    const [module, server] = [await load(validatorModule(everyType.structure)), createStructureCheck(everyType.structure)];
    for (const junk of [null, 1, 'x', [], true]) expect(module(junk)).toEqual(server(junk));
  });
});

test('a form survives being sent as JSON', () => {
  const form = aForm(richStandard);
  const [here, there] = [form, JSON.parse(JSON.stringify(form)) as typeof form].map((each) => prepareForm(each, createStructureCheck(each.structure)));
  fc.assert(fc.property(anyAnswers, (answers) => {
    expect(there?.evaluate(answers, today)).toEqual(here?.evaluate(answers, today));
  }));
});
