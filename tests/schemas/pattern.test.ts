import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { patternMistake, withoutAnchors } from '../../schemas/compile/pattern.ts';

describe('accepts', () => {
  test.for([
    '\\d{17}[\\dX]', '1\\d{10}', '\\d{1,3}', '(?:I|II|III|IV)', '[^@]+@[^@.]+(?:\\.[^@.]+)+', 'MEL-[A-Z]{2}[0-9]{2}-[0-9]{6}', '[A-Z][0-9]{2}(?:\\.[0-9]{1,4})?',
    '[一-龥·]{2,20}', '(?:a|b)*', 'a{2,}', '(?:ab){2,}', '.{1,10}', '(?:a|b)(?:a|b)(?:a|b)(?:a|b)(?:a|b)(?:a|b)(?:a|b)(?:a|b)(?:a|b)(?:a|b)(?:a|b)(?:a|b)', '[0-9a-f]{64}',
  ])('%s', (pattern) => {
    expect(patternMistake(pattern)).toBeUndefined();
  });
});

describe('refuses', () => {
  test.for([
    ['(a+)+', 'repeated part'], ['(a*)*', 'repeated part'], ['(?:a*b?)*', 'repeated part'], ['(a|a)*', 'same character'], ['a*a', 'same character'], ['\\d{1,3}\\d', 'same character'],
    ['(?:a?){20}a{20}', 'same character'], ['(?:ab|ac)+', 'same character'], ['.*x', 'same character'], ['(?=a)b', 'Lookaround'], ['(?<!a)b', 'Lookaround'], ['(?<n>a)', 'Lookaround'],
    ['(a)\\1', '\\1'], ['\\bfoo', '\\b'], ['\\p{L}+', '\\p'], ['a+?', 'Lazy'], ['a$b', 'Anchors'], ['x{400}', '300'], ['(?:x{20}){20}', '300'], ['[a-z', 'Not a regular'], ['(', 'Not a regular'], ['a**', 'Not a regular'],
    ['(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)', 'Too many ways'],
  ] as const)('%s', ([pattern, why]) => {
    expect(patternMistake(pattern)).toContain(why);
  });
});

test('anchors at both ends are understood, an escaped dollar is not one', () => {
  expect(withoutAnchors('^a$')).toBe('a');
  expect(withoutAnchors('a\\$')).toBe('a\\$');
});

/** Patterns of every kind, most of them dangerous. */
const pattern = fc.letrec<{ part: string }>((tie) => ({
  part: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom('a', 'b', '[ab]', '\\d'),
    fc.tuple(tie('part'), tie('part')).map(([a, b]) => a + b),
    fc.tuple(tie('part'), fc.constantFrom('*', '+', '?', '{1,3}', '{2}')).map(([a, quantifier]) => `(?:${a})${quantifier}`),
    fc.tuple(tie('part'), tie('part')).map(([a, b]) => `(?:${a}|${b})`),
  ),
})).part;

test('what is accepted is matched to the end, however the text is made to hurt', () => {
  fc.assert(fc.property(pattern, fc.constantFrom('a', 'ab', 'b', 'aab', '0', 'a0'), (text, unit) => {
    fc.pre(patternMistake(text) === undefined);
    // Were matching exponential, 3,000 characters would outlive the machine, and this test its limit of time.
    expect(new RegExp(`^(?:${text})$`, 'u').test(`${unit.repeat(3000)}!`)).toBe(false);
  }), { numRuns: 400 });
});
