import type { ValueSet } from './form.ts';

/** Whether a code may stand in data: one that is listed, retired ones too, or of an open set one that has its form. */
export function acceptsCode({ codes, open }: ValueSet, code: string): boolean {
  return codes.some((known) => known.code === code) || (open !== undefined && new RegExp(`^(?:${open.pattern})$`, 'u').test(code));
}
