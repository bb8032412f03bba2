/** Whether a cell says that its value is missing, and the reason that stands for its spelling. */
import type { Mapping } from './mapping.ts';

/** With `split`, a cell whose every part is a missing value is one, with the reason of the first part. */
export function missingReason(text: string, { missing }: Mapping, split?: string): string | undefined {
  if (Object.hasOwn(missing, text)) return missing[text];
  if (split === undefined || !text.includes(split)) return undefined;
  const reasons = text.split(split).map((part) => (Object.hasOwn(missing, part) ? missing[part] : undefined));
  return reasons.includes(undefined) ? undefined : reasons[0];
}
