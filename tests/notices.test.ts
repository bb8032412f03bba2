import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { noticesOf } from '../server/bin/notices.ts';

const read = (name: string) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');
const lock = JSON.parse(read('package-lock.json')) as Parameters<typeof noticesOf>[0];

test('the notices name every package that the product runs, with its licence', () => {
  expect(read('THIRD-PARTY-NOTICES.md')).toBe(noticesOf(lock));
});

test('no package of the product is without a licence', () => {
  expect(noticesOf(lock)).not.toContain('see the package');
});
