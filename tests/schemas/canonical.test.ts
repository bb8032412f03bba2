import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalize } from '../../schemas/canonical.ts';

describe('numbers are written as RFC 8785 appendix B has them', () => {
  test.for([
    ['0000000000000000', '0'], ['8000000000000000', '0'], ['0000000000000001', '5e-324'], ['8000000000000001', '-5e-324'],
    ['7fefffffffffffff', '1.7976931348623157e+308'], ['4340000000000000', '9007199254740992'], ['c340000000000000', '-9007199254740992'],
    ['4430000000000000', '295147905179352830000'], ['44b52d02c7e14af5', '9.999999999999997e+22'], ['44b52d02c7e14af6', '1e+23'],
    ['44b52d02c7e14af7', '1.0000000000000001e+23'], ['444b1ae4d6e2ef4e', '999999999999999700000'], ['444b1ae4d6e2ef50', '1e+21'],
    ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'], ['3eb0c6f7a0b5ed8d', '0.000001'], ['41b3de4355555553', '333333333.3333332'],
    ['41b3de4355555557', '333333333.33333343'], ['becbf647612f3696', '-0.0000033333333333333333'], ['43143ff3c1cb0959', '1424953923781206.2'],
  ] as const)('%s as %s', ([bits, text]) => {
    expect(canonicalize(Buffer.from(bits, 'hex').readDoubleBE())).toBe(text);
  });
});

test('keys are ordered by UTF-16 units', () => {
  const value = { '\u20ac': 'Euro Sign', '\r': 'Carriage Return', '\ufb33': 'Hebrew Letter Dalet With Dagesh', '1': 'One', '\ud83d\ude00': 'Emoji: Grinning Face', '\u0080': 'Control', '\u00f6': 'Latin Small Letter O With Diaeresis' };
  const inOrder = [...canonicalize(value).matchAll(/:"(\w+)/g)].map(([, first]) => first);
  expect(inOrder).toEqual(['Carriage', 'One', 'Control', 'Latin', 'Euro', 'Emoji', 'Hebrew']);
});

test('the sample of the RFC comes out as printed there', () => {
  const value: unknown = JSON.parse(String.raw`{"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001], "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]}`);
  expect(canonicalize(value)).toBe('{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}');
});

test.for([
  ['half of a surrogate pair', '\ud83d'], ['the other half', 'x\ude00'], ['half of a pair as a key', { '\ud83d': 1 }],
  ['NaN', Number.NaN], ['infinity', Number.POSITIVE_INFINITY], ['a function', () => 1], ['undefined in a list', [undefined]], ['a bigint', 1n],
] as const)('%s is refused', ([, value]) => {
  expect(() => canonicalize(value)).toThrow(TypeError);
});

test('undefined members are left out', () => {
  expect(canonicalize({ b: undefined, a: 1 })).toBe('{"a":1}');
});

test('one value has one text whatever the order of its keys, and the text is that value', () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    fc.pre(!JSON.stringify(value).includes('\\ud'));
    const text = canonicalize(value);
    expect(canonicalize(reversed(value))).toBe(text);
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
  }));
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).reverse().map(([key, member]) => [key, reversed(member)]));
}
