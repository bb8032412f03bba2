import { describe, expect, test } from 'vitest';
import { compileForm, standardMistakes } from '../../schemas/compile.ts';
import { Problem } from '../../schemas/problem.ts';
import { aCheck, aForm, aRegistry, aStandard, aTables, aValueSet, mistakesOf, richStandard, rows, words } from './a-standard.ts';

const number = { type: 'number' };
const text = { type: 'string' };
const common = 'https://xiangya-forms.org/standards/common/';
const person = {
  $schema: 'https://xiangya-forms.org/standards/dialect.json', $id: `${common}person/1.0.0.json`, ...words('person'), type: 'object',
  properties: {
    sex: { ...words('sex'), type: 'string', valueSet: 'status/1.0.0', bind: 'subject.sex', identifying: 'quasi' },
    recorder: { ...words('recorder'), type: 'string', refersTo: 'person', initial: 'person.id' },
  },
};
const status = { type: 'string', valueSet: 'status/1.0.0' };
const sites = { type: 'array', items: { type: 'string', valueSet: 'site/1.0.0' }, uniqueItems: true };

const withPerson = aRegistry(person);

describe('a mistake is told with its place:', () => {
  test.for([
    ['an unknown keyword', aStandard({ a: { ...number, colour: 'red' } }), '/properties/a/colour', 'Unknown keyword'],
    ['an unknown keyword of a check', aStandard({ a: number }, { check: [{ ...aCheck('a > 1', ['/a']), colour: 'red' }] }), '/check/0/colour', 'Unknown keyword'],
    ['a missing member', aStandard({ a: number }, { layout: undefined }), '', "'layout' is missing"],
    ['a key that is no name', aStandard({ 'A-b': number }), '/properties/A-b', 'Not a permitted name'],
    ['a name that is reserved', aStandard({ today: number }), '/properties/today', 'reserved'],
    ['a name that every object has', aStandard({ toString: number }), '/properties/toString', 'reserved'],
    ['no English title', aStandard({ a: { ...number, text: { en: {} } } }), '/properties/a', 'Has no English title'],
    ['no type', aStandard({ a: {} }), '/properties/a', 'Has no type'],
    ['a keyword that does not fit', aStandard({ a: { ...number, maxLength: 3 } }), '/properties/a/maxLength', 'Has no meaning for number'],
    ['bounds the wrong way round', aStandard({ a: { ...number, minimum: 3, maximum: 2 } }), '/properties/a/maximum', 'below the minimum'],
    ['decimals that are none', aStandard({ a: { ...number, multipleOf: 0.25 } }), '/properties/a/multipleOf', '0.1'],
    ['a dangerous pattern', aStandard({ a: { ...text, pattern: '(a+)+' } }), '/properties/a/pattern', 'repeated part'],
    ['an unknown value set', aStandard({ a: { ...text, valueSet: 'nothing/1.0.0' } }), '/properties/a/valueSet', "Unknown value set 'nothing/1.0.0'"],
    ['an unknown value set of a list', aStandard({ a: { type: 'array', items: { type: 'string', valueSet: 'nothing/1.0.0' } } }), '/properties/a/items/valueSet', 'Unknown value set'],
    ['an unknown common element', aStandard({ a: { $ref: 'https://xiangya-forms.org/standards/common/nothing/1.0.0.json' } }), '/properties/a/$ref', 'No such data element'],
    ['a version that is not there', aStandard({ a: { ...text, valueSet: 'status/2.0.0' } }), '/properties/a/valueSet', "Unknown value set 'status/2.0.0'; there is status/1.0.0"],
    ['a value that nothing knows', aStandard({ a: { ...text, bind: 'subject.shoeSize' } }), '/properties/a/bind', "Unknown value 'subject.shoeSize'"],
    ['a bound value of another type', aStandard({ a: { ...number, bind: 'subject.birthDate' } }), '/properties/a/bind', 'is of type partial-date, the element of type number'],
    ['an unknown value in an expression', aStandard({ a: { type: 'boolean', calculate: "subject.shoeSize == 'x'" } }), '/properties/a/calculate', "Unknown name 'subject.shoeSize'"],
    ['a bound date compared as text', aStandard({ a: { type: 'boolean', calculate: 'subject.birthDate < today' } }), '/properties/a/calculate', 'use onOrBefore'],
    ['a typed direct identifier', aStandard({ a: { ...text, identifying: 'direct' } }), '/properties/a/identifying', 'must be bound'],
    ['such a one in a row', aStandard({ a: rows({ b: { ...text, identifying: 'direct' } }) }), '/properties/a/items/properties/b/identifying', 'must be bound'],
    ['a start that is no person', aStandard({ a: { ...text, refersTo: 'lesion', initial: 'person.id' } }), '/properties/a/initial', 'refers to a person'],
    ['today for a text', aStandard({ a: { ...text, initial: 'today' } }), '/properties/a/initial', 'Has no meaning for text'],
    ['today for a person', aStandard({ a: { ...text, refersTo: 'person', initial: 'today' } }), '/properties/a/initial', 'is for dates'],
    ['a start beside a binding', aStandard({ a: { ...text, refersTo: 'person', bind: 'person.id', initial: 'person.id' } }), '/properties/a/initial', 'starts with its own value'],
    ['an unknown start', aStandard({ a: { ...text, initial: 'now' } }), '/properties/a/initial', 'Must be one of'],
    ['a table of no rows', aStandard({ a: { ...text, display: 'table' } }), '/properties/a/display', 'Has no meaning for text'],
    ['a rule of a row that reads a stranger', aStandard({ a: rows({ b: number }, [], [aCheck('c > 1', ['/b'])]) }), '/properties/a/items/check/0/assert', "Unknown name 'c'"],
    ['a rule of a row reported nowhere', aStandard({ a: rows({ b: number }, [], [aCheck('b > 1', ['/a'])]) }), '/properties/a/items/check/0/at', "nothing at '/a'"],
    ['a rule of a row twice', aStandard({ a: rows({ b: number }, [], [aCheck('b > 1', ['/b']), aCheck('b > 2', ['/b'])]) }), '/properties/a/items/check/1/id', 'Another check'],
    ['a code that a row\'s column lacks', aStandard({ a: rows({ b: status }, [], [aCheck("b == 'gone'", ['/b'])]) }), '/properties/a/items/check/0/assert', "has no code 'gone'"],
    ['a code lacking in a mapped list', aStandard({ a: rows({ b: status }), c: { type: 'boolean', calculate: "includes(a.map(r, r.b), 'gone')" } }), '/properties/c/calculate', "has no code 'gone'"],
    ['a code lacking behind coalesce', aStandard({ a: status, c: { type: 'boolean', calculate: "coalesce(a, '-') in ['none', '-', 'gone']" } }), '/properties/c/calculate', "has no code 'gone'"],
    ['a table that asks for a code that is none', aStandard({ a: number, s: sites, b: { type: 'string', calculate: "lookup('grade', a, 'x')" }, c: { type: 'string', calculate: "lookup('grade', a, d)" }, d: { ...text, valueSet: 'site/1.0.0' } }, { tables: ['grades/1.0.0'] }), '/properties/c/calculate', "Table 'grade' asks for 'measurable'"],
    ['a removal of nothing', aStandard({ a: { $ref: `${common}person/1.0.0.json#/properties/sex`, unit: null } }), '/properties/a/unit', 'Removes what'],
    ['null without a reference', aStandard({ a: { ...text, bind: null } }), '/properties/a/bind', 'Must be string'],
    ['a block taken whole', aStandard({ a: { $ref: `${common}person/1.0.0.json` } }), '/properties/a/$ref', 'name one of its parts'],
    ['a part that a block lacks', aStandard({ a: { $ref: `${common}person/1.0.0.json#/properties/shoeSize` } }), '/properties/a/$ref', "it has no part 'shoeSize'"],
    ['another version of a block', aStandard({ a: { $ref: `${common}person/2.0.0.json#/properties/sex` } }), '/properties/a/$ref', 'there is person/1.0.0'],
    ['an element that stands twice', aStandard({ a: { ...number, title: '长度', element: { HDSD: 'HDSD00.01.001' } }, b: { ...number, title: '长度', element: { HDSD: 'HDSD00.01.001' } } }), '/properties/b/element', "The same element as 'a'"],
    ['calculated and bound at once', aStandard({ a: { ...number, calculate: '1.0', bind: 'subject.age' } }), '/properties/a/bind', 'cannot be bound'],
    ['a bound column', aStandard({ a: rows({ b: { ...text, bind: 'subject.name' } }) }), '/properties/a/items/properties/b/bind', 'Unknown keyword'],
    ['rows in rows', aStandard({ a: rows({ b: rows({ c: number }) }) }), '/properties/a/items/properties/b/items/properties', 'Unknown keyword'],
    ['a required element that is not there', aStandard({ a: number }, { required: ['a', 'b'] }), '/required/1', "Unknown element 'b'"],
    ['a required column that is not there', aStandard({ a: rows({ b: number }, ['c']) }), '/properties/a/items/required/0', "Unknown element 'c'"],
    ['an unknown name', aStandard({ a: { ...number, enableWhen: 'b > 1' } }), '/properties/a/enableWhen', "Unknown name 'b' (at character 1)"],
    ['an unknown name in a column', aStandard({ a: rows({ b: { ...number, calculate: 'c + 1' } }) }), '/properties/a/items/properties/b/calculate', "Unknown name 'c'"],
    ['a type clash', aStandard({ a: number, b: { ...text, calculate: 'a + 1' } }), '/properties/b/calculate', 'must be a text, but is a number'],
    ['a condition that is no condition', aStandard({ a: number, b: { ...text, enableWhen: 'a' } }), '/properties/b/enableWhen', 'must be true or false'],
    ['a code that the value set lacks', aStandard({ a: status, b: { ...text, enableWhen: "a == 'mesurable'" } }), '/properties/b/enableWhen', "Value set status/1.0.0 of 'a' has no code 'mesurable'"],
    ['such a code in a list', aStandard({ a: status, b: { ...text, enableWhen: "a in ['in-situ', 'insitu']" } }), '/properties/b/enableWhen', "has no code 'insitu'"],
    ['such a code of many', aStandard({ a: sites, b: { ...text, enableWhen: "'liver' in a" } }), '/properties/b/enableWhen', "has no code 'liver'"],
    ['such a code in a function', aStandard({ a: sites, b: { ...text, enableWhen: "includes(a, 'liver')" } }), '/properties/b/enableWhen', "has no code 'liver'"],
    ['such a code in a macro', aStandard({ a: sites, b: { ...text, enableWhen: "a.exists(s, s == 'liver')" } }), '/properties/b/enableWhen', "has no code 'liver'"],
    ['such a code in a column', aStandard({ a: rows({ c: status }), b: { ...text, enableWhen: "a.exists(o, o.c == 'gone')" } }), '/properties/b/enableWhen', "has no code 'gone'"],
    ['a calculated code that the value set lacks', aStandard({ a: { ...status, calculate: "true ? 'none' : 'nil'" } }), '/properties/a/calculate', "Can give 'nil'"],
    ['a looked-up code that the value set lacks', aStandard({ a: number, b: { ...status, calculate: "lookup('grade', a, 'x')" } }, { tables: ['grades/1.0.0'] }), '/properties/b/calculate', "Can give 'X'"],
    ['date-times compared as text', aStandard({ a: { ...text, format: 'date-time' }, b: { type: 'boolean', calculate: 'a < today' } }), '/properties/b/calculate', 'use onOrBefore'],
    ['a date function of something else', aStandard({ a: text, b: { ...number, calculate: 'daysBetween(a, today)' } }), '/properties/b/calculate', "not text ('a')"],
    ['an unknown table', aStandard({ a: { ...text, calculate: "lookup('grade', 1, 'x')" } }), '/properties/a/calculate', "Unknown table 'grade'"],
    ['unknown tables', aStandard({ a: number }, { tables: ['nothing/1.0.0'] }), '/tables/0', "Unknown tables 'nothing/1.0.0'"],
    ['a circle of calculations', aStandard({ a: { ...number, calculate: 'b + 1' }, b: { ...number, calculate: 'a + 1' } }), '/properties/a', 'Depends on itself: a → b → a'],
    ['a circle through a condition', aStandard({ a: { ...number, enableWhen: 'b > 1' }, b: { ...number, calculate: 'a + 1' } }), '/properties/a', 'a → b → a'],
    ['a circle through a repeat', aStandard({ a: { ...rows({ b: number }), enableWhen: 'c > 1' }, c: { ...number, calculate: 'sum(a.map(r, r.b))' } }), '/properties/a', 'a → c → a'],
    ['an item that reads itself', aStandard({ a: { ...number, enableWhen: 'a > 1' } }), '/properties/a', 'a → a'],
    ['an item missing from the layout', aStandard({ a: number, b: number }, { layout: { sections: [{ id: 's', ...words('S'), items: ['a'] }] } }), '/layout', "'b' stands in no section"],
    ['an item twice in the layout', aStandard({ a: number }, { layout: { sections: [{ id: 's', ...words('S'), items: ['a', 'a'] }] } }), '/layout/sections/0/items/1', 'stands twice'],
    ['a stranger in the layout', aStandard({ a: number }, { layout: { sections: [{ id: 's', ...words('S'), items: ['a', 'z'] }] } }), '/layout/sections/0/items/1', "Unknown element 'z'"],
    ['two sections of one name', aStandard({ a: number, b: number }, { layout: { sections: [{ id: 's', ...words('S'), items: ['a'] }, { id: 's', ...words('S'), items: ['b'] }] } }), '/layout/sections/1/id', "called 's'"],
    ['a check reported nowhere', aStandard({ a: number }, { check: [aCheck('a > 1', ['/b'])] }), '/check/0/at', "nothing at '/b'"],
    ['a check without English', aStandard({ a: number }, { check: [aCheck('a > 1', ['/a'], { text: { en: {} } })] }), '/check/0/text/en', 'no English message'],
    ['a capture that fills nothing', aStandard({ a: { ...text, capture: { kind: 'photo', classify: false, fills: { width: 'b' } } } }), '/properties/a/capture/fills/width', "Unknown element 'b'"],
    ['a classification for no sub-dataset', aStandard({ a: { ...text, capture: { kind: 'photo', classify: true, classification: { subDataset: 'nothing', fills: {} } } } }), '/properties/a/capture/classification/subDataset', "Unknown sub-dataset 'nothing'"],
  ] as const)('%s', ([, standard, pointer, detail]) => {
    const mistakes = standardMistakes(standard, withPerson);
    expect(mistakes.map((mistake) => mistake.pointer)).toContain(pointer);
    expect(mistakes.find((mistake) => mistake.pointer === pointer && mistake.detail.includes(detail)), JSON.stringify(mistakes)).toBeDefined();
  });
});

test('all mistakes of a broken standard are found at once', () => {
  const broken = aStandard({
    a: { ...number, colour: 'red', minimum: 2, maximum: 1 },
    b: { ...text, valueSet: 'nothing/1.0.0', enableWhen: 'x > y' },
    c: { ...number, calculate: 'd + 1' },
    d: { ...number, calculate: "c + lookup('none', 1)" },
    e: { ...number, calculate: "a + 'x'" },
  }, { required: ['z'], check: [aCheck("b == 'q'", ['/nowhere'])] });
  const found = mistakesOf(broken).map(({ pointer }) => pointer);
  expect(found.sort()).toEqual([
    '/check/0/at', '/properties/a/colour', '/properties/a/maximum', '/properties/b/enableWhen', '/properties/b/enableWhen',
    '/properties/b/valueSet', '/properties/d/calculate', '/properties/e/calculate', '/required/0',
  ]);
});

test('what is not a standard at all gets mistakes, not a crash', () => {
  for (const junk of [undefined, null, 1, 'x', [], {}, { properties: 1 }, { ...aStandard({ a: number }), properties: { a: null } }]) {
    expect(mistakesOf(junk as { [key: string]: unknown }).length).toBeGreaterThan(0);
  }
});

test('compiling a broken standard throws its mistakes as a problem', () => {
  const standard = aStandard({ a: {} });
  expect(() => compileForm(standard, aRegistry(standard))).toThrow(Problem);
  try {
    compileForm(standard, aRegistry(standard));
  } catch (error) {
    expect(error).toMatchObject({ key: 'standard-invalid', errors: [{ pointer: '/properties/a', detail: 'Has no type' }] });
  }
});

describe('a form', () => {
  const form = aForm(richStandard);

  test('is plain JSON, and says which standard it is of', () => {
    expect(JSON.parse(JSON.stringify(form))).toEqual(form);
    expect(form.standard).toEqual({ dataset: 'test', subDataset: 'example', version: '1.0.0' });
    expect(form.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  test('carries what its items use and nothing else', () => {
    expect(Object.keys(form.valueSets).sort()).toEqual(['missing-reason/1.0.0', 'site/1.0.0', 'status/1.0.0']);
    expect(Object.keys(form.tables).sort()).toEqual(['grade', 'worst']);
    expect(Object.keys(aForm(aStandard({ a: number }, { tables: ['grades/1.0.0'] })).tables)).toEqual([]);
  });

  test('works dependent items out after what they read', () => {
    for (const path of form.order) {
      const [key = '', column] = path.split('/');
      const item = form.items.find((candidate) => candidate.key === key);
      const placed = column === undefined ? item : item?.items?.find((candidate) => candidate.key === column);
      for (const read of [...(placed?.enableWhen?.reads ?? []), ...(placed?.calculate?.reads ?? [])]) {
        if (form.order.includes(read)) expect(form.order.indexOf(read)).toBeLessThan(form.order.indexOf(path));
      }
    }
    expect(form.order).toHaveLength(12);
  });

  test('has one type for each item', () => {
    const types = Object.fromEntries(form.items.flatMap((item) => [item, ...(item.items ?? [])]).map((item) => [item.path, item.type]));
    expect(types).toMatchObject({ 'status': 'code', 'thickness': 'number', 'explanation': 'text', 'sites': 'codes', 'birth': 'partial-date', 'orders': 'repeat', 'orders/high': 'boolean' });
    expect(form.items.find((item) => item.key === 'thickness')).toMatchObject({ decimals: 2, minimum: 0, maximum: 10, required: true, identifying: 'none', concept: [] });
    expect(form.items.find((item) => item.key === 'orders')?.items?.find((item) => item.key === 'dose')).toMatchObject({ required: true });
  });

  test('orders its items as the layout does', () => {
    const turned = aForm(aStandard({ a: number, b: text }, { layout: { sections: [{ id: 'x', ...words('X'), items: ['b'] }, { id: 'y', ...words('Y'), items: ['a'] }] } }));
    expect(turned.items.map((item) => item.key)).toEqual(['b', 'a']);
  });

  test('splits its structure into groups that the optimiser can hold', () => {
    const keys = Array.from({ length: 95 }, (_, i) => `item${i}`);
    const wide = aForm(aStandard(Object.fromEntries(keys.map((key) => [key, number]))));
    const groups = Object.values((wide.structure as { $defs: { [name: string]: { properties: object } } }).$defs);
    expect(groups.map((group) => Object.keys(group.properties).length)).toEqual([40, 40, 15]);
  });
});

test('an element taken by $ref is overridden by what stands beside it', () => {
  const common = { $schema: 'https://xiangya-forms.org/standards/dialect.json', $id: 'https://xiangya-forms.org/standards/common/weight/1.0.0.json', ...words('weight'), type: 'number', unit: 'kg', maximum: 500 };
  const form = aForm(aStandard({ a: { $ref: common.$id, maximum: 5, title: '出生体重', text: { en: { title: 'Birth weight' } } } }), common);
  expect(form.items[0]).toMatchObject({ type: 'number', unit: 'kg', maximum: 5, title: { zh: '出生体重', en: 'Birth weight' } });
});

test('a part of a block is taken by name, and null beside it removes a keyword', () => {
  const sex = `${person.$id}#/properties/sex`;
  const form = aForm(aStandard({
    sex: { $ref: sex }, newborn: { $ref: sex, ...words('newborn'), bind: null }, nurses: rows({ nurse: { $ref: `${person.$id}#/properties/recorder` }, sex: { $ref: sex, bind: null } }),
  }), person);
  const [bound, typed, repeat] = form.items;
  expect(bound).toMatchObject({ type: 'code', bind: 'subject.sex', identifying: 'quasi' });
  expect(typed).toMatchObject({ type: 'code', valueSet: 'status/1.0.0', title: { zh: 'newborn', en: 'newborn' } });
  expect(typed).not.toHaveProperty('bind');
  expect(repeat?.items).toMatchObject([{ type: 'reference', refersTo: 'person', initial: 'person.id' }, { type: 'code' }]);
});

test('an open value set may be compared with any code that looks like one of it', () => {
  const open = { ...aValueSet('icd-10', []), open: { pattern: '^[A-Z][0-9]{2}(\\.[0-9])?$', content: 'icd-10' } };
  const comparing = (code: string) => mistakesOf(aStandard({ a: { ...text, valueSet: 'icd-10/1.0.0' }, b: { type: 'boolean', calculate: `a == '${code}'` } }), open);
  expect(comparing('C43.5')).toEqual([]);
  expect(comparing('C435')).toMatchObject([{ pointer: '/properties/b/calculate' }]);
  expect(aForm(aStandard({ a: { ...text, valueSet: 'icd-10/1.0.0' } }), open).valueSets['icd-10/1.0.0']?.open).toEqual({ pattern: '[A-Z][0-9]{2}(\\.[0-9])?', content: 'icd-10' });
});

test('a table whose rows are ragged or of two types is refused with the registry', () => {
  const ragged = aTables('ragged', { t: { arguments: ['x', 'y'], source: 'test', rows: [{ when: ['*'], then: 1 }, { when: ['*', '*'], then: 'a' }] } });
  expect(() => aRegistry(ragged)).toThrow(expect.objectContaining({
    errors: [
      { pointer: 'tables/ragged/1.0.0.json#/tables/t/rows/0/when', detail: 'Must have 2 conditions, one for each argument' },
      { pointer: 'tables/ragged/1.0.0.json#/tables/t/rows/1/then', detail: 'All results of a table must be of one type' },
    ],
  }));
});
