import { expect, test } from 'vitest';
import { acceptsCode } from '../../schemas/accepts-code.ts';
import type { ValueSet } from '../../schemas/form.ts';

const closed: ValueSet = { id: 'a', version: '1.0.0', title: { zh: '', en: '' }, codes: [{ code: 'yes', text: { zh: '是', en: 'Yes' }, status: 'active' }, { code: 'old', text: { zh: '旧', en: 'Old' }, status: 'retired' }] };
const open: ValueSet = { ...closed, open: { pattern: 'C[0-9]{2}|D', content: 'a' } };

test.each([
  [closed, 'yes', true], [closed, 'old', true], [closed, 'C43', false], [closed, '', false],
  [open, 'yes', true], [open, 'C43', true], [open, 'D', true], [open, 'C43.9', false], [open, 'xD', false],
])('%# a code is one of the list, or has the form of an open one', (set, code, accepted) => expect(acceptsCode(set, code)).toBe(accepted));
