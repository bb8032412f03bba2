/** What a password must be, and why one was refused, in words. */
import type { SignInWays } from '../../../schemas/http/account-api.ts';
import type { Problem } from '../../../schemas/problem.ts';
import { t } from '../../text/index.ts';

export function passwordRule(ways: SignInWays | undefined): string | undefined {
  return ways && t(ways.passwords.isMixed ? 'password.rule.mixed' : 'password.rule.length', { n: ways.passwords.least });
}

const rules = ['too-short', 'too-plain', 'too-common', 'used-before'] as const;

/** Undefined when the problem is another. */
export function refusalInWords(error: Problem): string | undefined {
  const broken = error.extra?.['rules'];
  if (error.key !== 'password-refused' || !Array.isArray(broken)) return undefined;
  return rules.filter((rule) => broken.includes(rule)).map((rule) => t(`password.refused.${rule}`)).join(' ');
}
